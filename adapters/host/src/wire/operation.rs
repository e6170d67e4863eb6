//! The list of operations: what exists, in every language.

use super::failure::Failure;

/// On what an operation works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// A question to the books of an open ledger.
    Books,
    /// An open ledger.
    Ledger,
    /// The rollups of an open ledger.
    Rollups,
    /// The policies that an open ledger decides by, and what it decided.
    Decisions,
    /// The cases of an open ledger.
    Cases,
    /// The files of a ledger or of a backup.
    Files,
    /// A customer's device.
    Device,
    /// Nothing that is open: what is asked about people.
    Kyc,
    /// A policy.
    Policy,
    /// A chart that cases run on.
    Chart,
}

impl Surface {
    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Books => "books",
            Self::Ledger => "ledger",
            Self::Rollups => "rollups",
            Self::Decisions => "decisions",
            Self::Cases => "cases",
            Self::Files => "files",
            Self::Device => "device",
            Self::Kyc => "kyc",
            Self::Policy => "policy",
            Self::Chart => "chart",
        }
    }
}

/// An operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name.
    pub name: &'static str,
    /// On what it works.
    pub surface: Surface,
}

macro_rules! operations {
    ($($surface:ident: $($name:literal)*;)*) => {
        /// Every operation. One that is missing in a language fails that language's tests.
        pub const OPERATIONS: &[Operation] =
            &[$($(Operation { name: $name, surface: Surface::$surface },)*)*];
    };
}

operations! {
    Books: "list_assets" "get_account" "list_accounts" "get_transfer" "get_transaction" "list_transfers" "list_holds"
        "history" "statement" "balance_history" "volumes" "trial_balance" "get_party" "list_parties" "list_holders" "list_grants"
        "list_retentions";
    Ledger: "submit" "sync" "root" "check" "stats" "health" "metrics" "drain" "rotate_keys" "rewrap_keys" "check_keys"
        "export_table" "import_tables" "import_blnk" "read_data" "export_party" "party_page" "rotate_subject_keys" "check_subject_keys" "find_parties" "make_tokens" "mask_digits"
        "access_log";
    Rollups: "define_rollup" "drop_rollup" "list_rollups" "ingest_trades" "correct_trade" "remove_trade" "advance_rollup"
        "klines" "list_symbols" "rollup_changes";
    Decisions: "load_policy" "roll_back_policy" "drop_policy" "list_policies" "decide_on_record" "list_decisions"
        "replay_decisions";
    Cases: "define_cases" "list_kinds" "set_staff" "list_staff" "change_case" "advance_cases" "get_case" "list_cases"
        "list_queues" "case_log" "case_report" "replay_cases" "draw_case" "rehearse_migration";
    Files: "backup" "restore" "rehearse" "verify" "inspect" "upgrade" "new_key";
    Device: "intend" "cancel_intent" "get_intent" "list_intents" "prune_intents" "follow" "unfollow" "followed_accounts"
        "followed_account" "followed_holds" "followed_statement" "begin_sync" "end_sync" "fail_sync" "hurry_sync"
        "follow_case" "unfollow_case" "followed_cases" "followed_case" "hand_in_document" "check_document" "answer_form" "cancel_hand_in"
        "get_hand_in" "list_hand_ins";
    Kyc: "read_mrz" "read_callback" "score_risk" "import_ballerine" "import_rules" "lint_cases";
    Policy: "decide" "evaluate" "query_policy" "describe_policy" "test_policy" "explain" "lint_policy" "filter_rows"
        "diff_policy";
    Chart: "describe_chart" "lint_chart" "draw_chart" "write_chart" "start_session" "step_session" "advance_session"
        "resume_session" "cancel_session" "describe_session";
}

/// On what an operation works, if there is one of that name.
pub(super) fn surface_of(name: &str) -> Option<Surface> {
    OPERATIONS.iter().find(|op| op.name == name).map(|op| op.surface)
}

/// The failure for an operation that is not there.
pub(super) fn unknown(name: &str, surface: Surface) -> Failure {
    // Books, rollups and decisions are asked for through an open ledger.
    let where_called = |surface| match surface {
        Surface::Books | Surface::Rollups | Surface::Decisions | Surface::Cases => Surface::Ledger,
        Surface::Kyc => Surface::Files,
        other => other,
    };
    let is_known = |op: &&Operation| where_called(op.surface) == where_called(surface);
    let known: Vec<_> = OPERATIONS.iter().filter(is_known).map(|op| op.name).collect();
    let name: String = name.chars().take(64).collect();
    Failure::usage("op", format!("there is no operation `{name}`; there are {}", known.join(", ")))
}
