//! The facade as plain data in JSON: what bindings send and what they get, by the names of the operations.
//!
//! [`call`] asks something of an open ledger, [`run`] does something with the files of one. A request is an object whose
//! field `op` names the operation; a field that an operation does not know is refused by name. A failure is
//! `{"code":…,"message":…}`, with the field at fault where there is one.
//!
//! ```
//! use thalium_host::{Thalium, wire};
//!
//! let t = Thalium::open("memory:")?;
//! let told = wire::call(&t, r#"{"op":"submit","commands":[{"op":"account","key":"c1","asset":"ZAR","kind":"liability"}]}"#)?;
//! assert!(told.contains(r#""status":"created""#));
//! let account = wire::call(&t, r#"{"op":"get_account","name":"c1"}"#)?;
//! assert!(account.contains(r#""available":"0.00""#));
//! # Ok::<(), wire::Failure>(())
//! ```

mod case;
mod chart;
mod collection;
mod command;
mod decision;
mod device;
mod diff;
mod exchange;
mod failure;
mod kyc;
mod operation;
mod options;
mod policy;
mod report;
mod review;
mod rollup;
mod task;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thalium::audit::merkle;

use crate::api::party::ReadData;
use crate::clock::instant_in;
use crate::{Command, Error, Outcome, Question, SyncCall, SyncReply, Thalium, Ticket, api, time};

pub(crate) use chart::chart_effect;
pub use chart::{
    AdvanceSession, ChartCall, ChartEffect, ChartFinding, ChartGuard, ChartMapping, ChartMicrostep,
    ChartPending, ChartRead, ChartSession, ChartStep, ChartText, ChartView, DrawChart, HeldSession,
    LintChart, OpenChart, ResumeSession, StartSession, StepSession, WriteChart, chart, open_chart,
};
pub use collection::{AnswerForm, FollowedCase, HandInDocument, HandInQuery};
pub use command::{PERSONAL_FIELDS, Unreadable, command, from_object, object};
pub use device::{
    At, DeviceCall, EndSync, FailSync, Followed, FollowedStatement, Intend, IntentAt, IntentQuery,
    Nothing, Prune, device,
};
pub use diff::{
    AskDiff, DiffChange, DiffMore, DiffName, DiffPackage, DiffRow, DiffRule, DiffSite, DiffTyped,
    DiffVersion, PolicyDiff,
};
pub use exchange::{
    BlnkDifference, BlnkReport, ExportTable, ImportBlnk, ImportTables, TableForm, TableName,
};
pub use failure::{CODES, Failure};
pub use kyc::{
    BallerineImport, BallerineLeniency, CallbackHeader, CallbackKey, CallbackView, ImportBallerine,
    ImportRules, KycCall, LintCases, MrzView, ReadCallback, ReadMrz, RiskScore, RulesImport,
    ScoreRisk, import_ballerine, import_rules, lint_cases, read_callback, read_mrz, score_risk,
};
pub use operation::{OPERATIONS, Operation, Surface};
pub use options::{KeySource, OpenOptions, open};
pub use policy::{
    AskPath, AskQuery, AskTests, OpenPolicy, PolicyCall, PolicyFact, PolicyKey, PolicyNeed,
    PolicyProgram, PolicyRule, PolicyRuleKind, PolicyTest, PolicyTestOutcome, PolicyTests,
    PolicyView, decide_policy, open_policy, policy,
};
pub use report::{
    BackupReport, CasesReport, DecisionsReport, RestoreReport, RollupsReport, VerifyReport,
    inspection,
};
pub use review::{
    AskRows, AskWhy, ColumnKind, FilteredRows, PolicyCoverage, PolicyExplanation,
    PolicyFileCoverage, PolicyFinding, PolicyRows, PolicyStep, PolicyStepOutcome, RowColumn,
    RowFilter, RowParameter,
};
#[cfg(feature = "tables")]
pub use rollup::ingest_batches;
pub use task::{Task, run};

/// What a search by an identifier looks like.
const SEARCH: &str = "is missing, or something else is: write \"identifier\", such as \"email\", and \"value\", both text";

/// What a call for tokens looks like.
const TOKENS: &str = "are missing, or something else is: write \"purpose\", \"identifier\", such as \"email\", and a list of \"values\", all text";

/// What a call for masked digits looks like.
const DIGITS: &str =
    "are missing, or something else is: write \"purpose\" and a list of \"values\", all text";

/// Commands that one call may carry.
const COMMANDS_MAX: usize = 8_192;

/// Commands that are submitted together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Submit {
    /// The commands, in order.
    pub commands: Vec<Command>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    pub now: Option<String>,
    /// Who asks; by default who opened the ledger. It is written into the log: put no personal data here.
    pub actor: Option<String>,
    /// In which role.
    pub role: Option<String>,
    /// The caller's id of the request, for tracing.
    pub request_id: Option<String>,
    /// Where the request came from.
    pub origin: Option<String>,
}

/// The log's size and root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Root {
    /// Events in the log.
    pub events: u64,
    /// The root of their Merkle tree, in hexadecimal.
    pub root: String,
}

/// The digest of the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Checked {
    /// The digest of the state, in hexadecimal: the same on every machine and in every language.
    pub state_hash: String,
}

/// How large a ledger is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stats {
    /// Events in the log.
    pub events: u64,
    /// Accounts.
    pub accounts: u64,
    /// Transfers.
    pub transfers: u64,
    /// Holds that are open.
    pub open_holds: u64,
    /// The newest instant in the log.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub clock: String,
    /// The number of the data key with which is encrypted what is written; zero where nothing is.
    pub data_key: u32,
}

/// Asks something of an open ledger, and gives the answer as JSON.
///
/// # Errors
/// A request that cannot be read, or what [`Thalium`]'s own methods say.
pub fn call(ledger: &Thalium, request: &str) -> Result<String, Failure> {
    let object = object(request)?;
    let op = operation(&object)?.to_owned();
    if operation::surface_of(&op) == Some(Surface::Rollups) {
        return rollup::call(ledger, &op, object);
    }
    if operation::surface_of(&op) == Some(Surface::Decisions) {
        return decision::call(ledger, &op, request);
    }
    if operation::surface_of(&op) == Some(Surface::Cases) {
        return case::call(ledger, &op, request);
    }
    if operation::surface_of(&op) == Some(Surface::Kyc) {
        return kyc::call(request);
    }
    match op.as_str() {
        "submit" => {
            let (outcomes, ticket) = decide(ledger, object)?;
            ledger.wait(ticket)?;
            json(&outcomes)
        }
        "sync" => json(&sync(ledger, object)?),
        "export_table" => json(&exchange::export_table(ledger, &read(object)?)?),
        "import_tables" => json(&exchange::import_tables(ledger, &read(object)?)?),
        "import_blnk" => json(&exchange::import_blnk(ledger, &read(object)?)?),
        "read_data" => {
            let call: ReadData = read(object)?;
            json(&ledger.read_data_at(instant(ledger, call.now.as_deref())?, &call)?)
        }
        "export_party" => {
            let call: ReadData = read(object)?;
            json(&ledger.export_party_at(instant(ledger, call.now.as_deref())?, &call)?)
        }
        "party_page" => {
            let call: ReadData = read(object)?;
            let export = ledger.export_party_at(instant(ledger, call.now.as_deref())?, &call)?;
            json(&export.to_page())
        }
        "find_parties" => {
            // What serde says of a value would show it.
            let call = read(object).map_err(|_| Failure::usage("value", SEARCH))?;
            json(&ledger.find_parties(&call)?)
        }
        "make_tokens" => {
            let call = read(object).map_err(|_| Failure::usage("values", TOKENS))?;
            json(&ledger.make_tokens(&call)?)
        }
        "mask_digits" => {
            let call = read(object).map_err(|_| Failure::usage("values", DIGITS))?;
            json(&ledger.mask_digits(&call)?)
        }
        "access_log" => json(&ledger.access_log(&read(object)?)?),
        "root" => {
            nothing(object)?;
            let (events, root) = ledger.root()?;
            json(&Root { events, root: merkle::hex(&root) })
        }
        "check" => {
            nothing(object)?;
            json(&Checked { state_hash: merkle::hex(&ledger.check()?) })
        }
        "stats" => {
            nothing(object)?;
            json(&stats(ledger)?)
        }
        "health" => {
            nothing(object)?;
            json(&ledger.health()?)
        }
        "metrics" => {
            nothing(object)?;
            json(&ledger.metrics()?)
        }
        "drain" => {
            nothing(object)?;
            ledger.drain()?;
            json(&())
        }
        "rotate_keys" => {
            nothing(object)?;
            json(&ledger.rotate_keys()?)
        }
        "rewrap_keys" => {
            let keys: KeySource = read(object)?;
            let keys = keys.keys()?.ok_or_else(|| {
                Failure::usage("key_file", "is missing: give key_file, key or passphrase")
            })?;
            ledger.rewrap_keys(keys)?;
            json(&())
        }
        "rotate_subject_keys" => {
            nothing(object)?;
            json(&ledger.rotate_subject_keys(|_, _| {})?)
        }
        "check_subject_keys" => {
            nothing(object)?;
            json(&ledger.check_subject_keys()?)
        }
        "check_keys" => {
            nothing(object)?;
            json(&ledger.check_keys()?)
        }
        op if operation::surface_of(op) == Some(Surface::Books) => {
            // Serde names the field that it does not know; the tag is read again.
            let question: Question =
                serde_json::from_value(Value::Object(object)).map_err(|e| Failure::unread(&e))?;
            json(&ledger.ask(&question)?)
        }
        op => Err(operation::unknown(op, Surface::Ledger)),
    }
}

impl Thalium {
    /// Answers a question to the books.
    ///
    /// # Errors
    /// A field that cannot be read; a ledger that has stopped.
    pub fn ask(&self, question: &Question) -> Result<api::Answer, Error> {
        Ok(self.read_state(|engine| api::answer(engine, question))??)
    }
}

/// Reads JSON that is no request of its own.
///
/// # Errors
/// Text that does not hold what was expected.
pub fn read_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::unread(&error))
}

/// Submits several requests of one operation `submit` each, for a caller that has many waiting: all are decided, and become
/// durable together. One answer each, in order.
pub fn submit_many<'a>(
    ledger: &Thalium,
    requests: impl IntoIterator<Item = &'a str>,
) -> Vec<Result<String, Failure>> {
    let submit = |request: &str| {
        let object = object(request)?;
        match operation(&object)? {
            "submit" => decide(ledger, object),
            other => Err(operation::unknown(other, Surface::Ledger)),
        }
    };
    let decided: Vec<_> = requests.into_iter().map(submit).collect();
    let told = decided.into_iter().map(|decided| {
        let (outcomes, ticket) = decided?;
        ledger.wait(ticket)?;
        json(&outcomes)
    });
    told.collect()
}

/// Decides what is submitted; the outcomes may be told when the ticket was waited for.
fn decide(
    ledger: &Thalium,
    mut object: Map<String, Value>,
) -> Result<(Vec<Outcome>, Ticket), Failure> {
    // The commands are read one by one, so that what is wrong is told with its command.
    let commands = object.remove("commands");
    let submit: Submit = read(object)?;
    let Some(Value::Array(commands)) = commands else {
        return Err(Failure::usage("commands", "is missing or no list: write [{\"op\":…},…]"));
    };
    if commands.len() > COMMANDS_MAX {
        let message = format!(
            "are {}, at most {COMMANDS_MAX} can be submitted together: send several requests",
            commands.len()
        );
        return Err(Failure::usage("commands", message));
    }
    let said = [&submit.actor, &submit.role, &submit.request_id, &submit.origin];
    let context = ledger.context_with(said);
    let now = instant(ledger, submit.now.as_deref())?;
    let mut read = Vec::with_capacity(commands.len());
    for (index, value) in commands.into_iter().enumerate() {
        let command = match value {
            Value::Object(object) => command::from_object(object),
            _ => Err(Unreadable::new("", "is no object: write {\"op\":…}")),
        };
        // A misspelt field is the program's fault, not the customer's: nothing of the request is booked.
        read.push(command.map_err(|error| Failure::of_command(index, &error))?);
    }
    Ok(ledger.decide_at(&context, now, &read)?)
}

/// Books what a customer's device asks for, and tells what is new on their accounts.
fn sync(ledger: &Thalium, mut object: Map<String, Value>) -> Result<SyncReply, Failure> {
    // A back end may hand on the text as it came.
    if let Some(Value::String(text)) = object.get("request") {
        let request = self::object(text)?;
        object.insert("request".to_owned(), Value::Object(request));
    }
    // A misspelt field is told by its name, as it is where commands are submitted.
    let intents = object.get("request").and_then(|request| request.get("intents"));
    for (index, intent) in intents.and_then(Value::as_array).into_iter().flatten().enumerate() {
        if let Some(Value::Object(command)) = intent.get("command") {
            let at = format!("request.intents[{index}].command");
            command::from_object(command.clone())
                .map_err(|error| Failure::of_field(&at, &error))?;
        }
    }
    let call: SyncCall = read(object)?;
    let now = instant(ledger, call.now.as_deref())?;
    Ok(ledger.sync_at(now, &call)?)
}

/// The instant of a request: its own, or the clock's.
fn instant(ledger: &Thalium, text: Option<&str>) -> Result<i64, Failure> {
    Ok(ledger.instant(text)?)
}

/// The instant in a field.
fn instant_of(field: &str, text: &str) -> Result<i64, Failure> {
    Ok(instant_in(field, text)?)
}

fn stats(ledger: &Thalium) -> Result<Stats, Failure> {
    let data_key = ledger.data_key();
    Ok(ledger.read(|book| Stats {
        events: book.event_count(),
        accounts: book.account_count() as u64,
        transfers: book.transfer_count(),
        open_holds: book.open_holds().len() as u64,
        clock: time::format_instant(book.clock()),
        data_key,
    })?)
}

/// The operation that an object names.
fn operation(object: &Map<String, Value>) -> Result<&str, Failure> {
    match object.get("op") {
        Some(Value::String(op)) => Ok(op),
        _ => Err(Failure::usage("op", "is missing: write what to do, as in \"op\":\"health\"")),
    }
}

/// Reads what stands beside the operation.
fn read<T: serde::de::DeserializeOwned>(mut object: Map<String, Value>) -> Result<T, Failure> {
    object.remove("op");
    serde_json::from_value(Value::Object(object)).map_err(|error| Failure::unread(&error))
}

/// Nothing may stand beside the operation.
fn nothing(object: Map<String, Value>) -> Result<(), Failure> {
    let Nothing {} = read(object)?;
    Ok(())
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::unread(&error))
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
