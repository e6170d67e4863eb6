//! Rollups as text; the vectors have most of it.
