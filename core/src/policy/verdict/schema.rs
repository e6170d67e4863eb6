//! The shape of an obligation for languages that have no tagged unions: all fields of all kinds, each only where its kind has it.

use std::borrow::Cow;

use schemars::generate::SchemaGenerator;
use schemars::{JsonSchema, Schema};

use super::Obligation;

/// What has to be done; `type` says what, and which of the other fields there are.
#[derive(JsonSchema)]
#[schemars(rename = "Obligation")]
#[allow(dead_code, reason = "it is described and never made")]
struct Flat {
    /// What.
    r#type: ObligationType,
    /// `hold`: for how many seconds.
    #[schemars(skip_serializing_if = "Option::is_none")]
    seconds: Option<u64>,
    /// `freeze`: until when.
    #[schemars(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "instant"))]
    until: Option<String>,
    /// `approvals`: in which role they are.
    #[schemars(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// `approvals`: how many.
    #[schemars(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    /// `open_case`: in which queue.
    #[schemars(skip_serializing_if = "Option::is_none")]
    queue: Option<String>,
    /// `open_case`: of which kind.
    #[schemars(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// `draft_report`: which report.
    #[schemars(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
    /// `step_up`: which factor.
    #[schemars(skip_serializing_if = "Option::is_none")]
    factor: Option<String>,
    /// `notify`: which topic.
    #[schemars(skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
}

/// What has to be done.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described and never made")]
enum ObligationType {
    /// Hold what was asked for.
    Hold,
    /// Freeze the account.
    Freeze,
    /// Have others approve it.
    Approvals,
    /// Open a case.
    OpenCase,
    /// Draft a report to the authority.
    DraftReport,
    /// Ask for a second factor.
    StepUp,
    /// Tell a topic.
    Notify,
}

impl JsonSchema for Obligation {
    fn schema_name() -> Cow<'static, str> {
        Flat::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Flat::json_schema(generator)
    }
}
