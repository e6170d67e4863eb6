//! Cases: what is called by name.

use super::decision::{apart, whole};
use super::failure::Failure;
use super::{ChartText, Nothing, Surface, json, operation};
use crate::Thalium;
use crate::cases::{CaseFault, ChangeCase};

/// Calls an operation of cases.
pub(super) fn call(ledger: &Thalium, op: &str, request: &str) -> Result<String, Failure> {
    match op {
        "define_cases" => json(&ledger.define_cases(&whole(request)?)?),
        "list_kinds" => {
            let Nothing {} = whole(request)?;
            json(&ledger.list_kinds()?)
        }
        "set_staff" => json(&ledger.set_staff(&whole(request)?)?),
        "list_staff" => {
            let Nothing {} = whole(request)?;
            json(&ledger.list_staff()?)
        }
        "change_case" => {
            // The data is read exactly.
            let (call, data): (ChangeCase, _) = apart(request, "data")?;
            json(&ledger.change_case(&call, data)?)
        }
        "advance_cases" => json(&ledger.advance_cases(&whole(request)?)?),
        "get_case" => json(&ledger.get_case(&whole(request)?)?),
        "list_cases" => json(&ledger.list_cases(&whole(request)?)?),
        "list_queues" => json(&ledger.list_queues(&whole(request)?)?),
        "case_log" => json(&ledger.case_log(&whole(request)?)?),
        "case_report" => json(&ledger.case_report(&whole(request)?)?),
        "replay_cases" => {
            let Nothing {} = whole(request)?;
            json(&ledger.replay_cases()?)
        }
        "rehearse_migration" => json(&ledger.rehearse_migration(&whole(request)?)?),
        "draw_case" => json(&ChartText { text: ledger.draw_case(&whole(request)?)? }),
        op => Err(operation::unknown(op, Surface::Ledger)),
    }
}

impl From<CaseFault> for Failure {
    fn from(error: CaseFault) -> Self {
        match error {
            CaseFault::Ledger(error) => error.into(),
            CaseFault::Chart(error) => error.into(),
            CaseFault::Policy(error) => error.into(),
        }
    }
}
