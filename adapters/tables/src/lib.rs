//! Accounts and transfers as tables: CSV for people and spreadsheets, JSON lines for programs, Parquet for notebooks and
//! warehouses; one list of columns for all three. [`Writer`] writes rows, [`read`] reads them, and [`commands`] makes
//! commands of them that book the same under the same ids and times. [`PostColumns`] and [`TradeColumns`] are posts and trades
//! as Arrow has them.
//!
//! Money is exact in every form: counts of smallest units beside their asset and scale, and decimal text. In Parquet a
//! count is a decimal of 38 digits; one that has more is refused, and CSV and JSON lines have it.

#![forbid(unsafe_code)]

mod batches;
pub mod commands;
mod form;
mod gathered;
mod parquet;
mod pieces;
mod posts;
mod read;
mod rows;
mod table;
mod texts;
mod times;
mod trades;
mod write;

pub use arrow_array;
pub use arrow_schema;
pub use batches::Batches;
pub use form::Form;
pub use gathered::{Element, Gathered};
pub use pieces::pieces;
pub use posts::{PostColumns, Posts, PostsError};
pub use read::{ReadError, Row, csv_rows, json_rows, read, read_batches};
pub use rows::{account_row, kline_row, transfer_row};
pub use table::{Cell, Column, Shape, Table};
pub use texts::{Texts, texts};
pub use trades::TradeColumns;
pub use write::{WriteError, Writer};
