//! [SCXML](https://www.w3.org/TR/scxml/) documents as charts, and charts as SCXML documents.
//!
//! [`import`] reads all of SCXML 1.0 and tells everything that is wrong with a document, with row and column. [`export`] writes a chart so that
//! reading it gives the same chart. What a chart has and SCXML has not (descriptions, a schema, how a timer is restored, expressions that are data)
//! stands in attributes and elements of the namespace `urn:thalium:chart:1`, which other processors pass over; a timer is written as the `<send>`
//! and `<cancel>` that it is short for.
//!
//! What does this crate not do? It checks the form of a document, not its sense: names that lead nowhere and expressions that mean nothing are found
//! when a chart is compiled. It reads no document types and no entities, and fetches nothing: a `src` stays an address.
//!
//! ```
//! let text = r#"<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0">
//!   <state id="review"><transition event="approve" target="open"/></state>
//!   <final id="open"/>
//! </scxml>"#;
//! let chart = thalium_scxml::import(text).map_err(|errors| errors[0].clone())?;
//! assert_eq!(chart.states[0].transitions[0].targets, ["open"]);
//! let again = thalium_scxml::export(&chart)?;
//! assert_eq!(again, thalium_scxml::export(&thalium_scxml::import(&again).map_err(|errors| errors[0].clone())?)?);
//! # Ok::<(), thalium::kyc::chart::ChartError>(())
//! ```

#![forbid(unsafe_code)]

mod bounds;
mod read;
mod read_act;
mod write;
mod write_act;
mod xml;

pub use bounds::{ATTRIBUTES, BYTES, DEPTH, NAMESPACES, NODES};
pub use read::import;
pub use write::export;
