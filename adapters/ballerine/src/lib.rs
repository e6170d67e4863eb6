//! Workflow definitions of [Ballerine](https://github.com/ballerine-io/ballerine) as charts of Thalium.
//!
//! [`import`] reads a definition of the kind `statechart-json`: its states become states, its guards keep their languages, and each plugin becomes
//! something that the host is asked for, as data, in the states that it is named for. What it means is what `@ballerine/workflow-core` 0.5.30 does
//! with it; where that is nothing, or not what is written there, a [`Leniency`] says so, and [`Mode::Strict`] refuses it. What cannot be carried
//! over is refused with its place. [`rules`] makes a guard of the rules that Ballerine's rule engine runs.
//!
//! What does this crate not do? It calls nothing: a chart asks its host. It knows no `bpmn-json`, and nothing that is code.
//!
//! ```
//! use thalium::kyc::{Definition, Surroundings};
//! use thalium_ballerine::{Mode, import};
//!
//! let text = r#"{
//!   "id": "papers",
//!   "definitionType": "statechart-json",
//!   "definition": {
//!     "initial": "waiting",
//!     "context": {"score": 80},
//!     "states": {
//!       "waiting": {"on": {"SENT": [
//!         {"target": "accepted", "cond": {"type": "json-logic", "options": {"rule": {">": [{"var": "score"}, 50]}}}},
//!         {"target": "refused"}
//!       ]}},
//!       "accepted": {"type": "final"},
//!       "refused": {"type": "final"}
//!     }
//!   }
//! }"#;
//! let imported = import(text, Mode::Strict).map_err(|errors| errors[0].clone())?;
//! let surroundings = Surroundings { dialect: imported.dialect, ..Surroundings::default() };
//! let definition = Definition::load(imported.chart, imported.others, surroundings)?;
//! let begun = definition.start("case-1", 0, &thalium::value::Value::Null)?;
//! let sent = definition.step(&begun.session, thalium::kyc::chart::Event::named("SENT"), 1)?;
//! assert_eq!(definition.program().atomic(&sent.session).collect::<Vec<_>>(), ["accepted"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod api;
mod child;
mod common;
mod definition;
mod guard;
mod json;
mod make;
mod names;
mod path;
mod plugin;
mod report;
mod rules;
mod state;
mod transition;
mod weave;

pub use definition::import;
pub use json::{BYTES, DEPTH, KEY, VALUES};
pub use report::{Imported, LENIENCIES, Leniency, Mode, RULES};
pub use rules::rules;
