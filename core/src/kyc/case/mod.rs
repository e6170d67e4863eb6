//! Cases of a back office: what people do with what runs on a chart. `docs/cases.md` tells it.
//!
//! What happens is told as [`Fact`]s; whoever keeps them makes them durable before anything is told of them. All that cases are follows from
//! the facts in their order: [`Cases::fold`] takes one in, [`Cases::decide`] makes new ones and changes nothing.

mod act;
#[cfg(test)]
#[path = "apart_tests.rs"]
mod apart;
mod beside;
mod callback;
mod command;
mod customer;
mod desk;
mod fact;
mod json;
mod kind;
mod lint;
mod looked;
mod migrate;
#[cfg(test)]
#[path = "office_tests.rs"]
mod office;
mod opening;
mod own;
mod paper;
mod queue;
mod refusal;
#[cfg(test)]
#[path = "register_tests.rs"]
mod register;
mod registry;
mod replay;
mod report;
mod rest;
#[cfg(test)]
#[path = "shipped_tests.rs"]
mod shipped;
#[cfg(test)]
#[path = "shipped_company_tests.rs"]
mod shipped_company;
mod state;
mod told;
mod vote;

pub use callback::{BODY, CALLBACKS};
pub use command::{By, Command, Finding, NAME, TEXT};
pub use customer::DEVICES;
pub use desk::{Desk, RISKS};
pub use fact::{Change, Defined, Fact, PolicyFile, Staffed};
pub use json::{Deliveries, Json, Kept};
pub use kind::{
    Assign, Cancelling, DocumentEvents, Kind, Levels, Migrating, Opening, Overriding, Paper, Part,
    Queue, Registering, Reopening, Resting, Ruling, Sending, Senior,
};
pub use lint::{KIND_RULES, lint_kind};
pub use refusal::Refusal;
pub use registry::{Advanced, Cases, Done, Lend, Person, STAFF, Told};
pub use replay::{DIFFERENCES, Difference, Replay, Replayed, What, replay};
pub use report::{
    AGES, DecisionReport, DocumentReport, KindReport, PersonReport, QueueReport, Report, Spread,
    VotesReport,
};
pub use state::{
    Case, Decided, Document, Evidence, InForce, InQueue, PartyStanding, Pending, Request, Standing,
    Vote,
};
pub use told::{command as told_command, effect as told_effect};
