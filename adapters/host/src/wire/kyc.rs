//! What is asked about people and needs nothing that is open: machine-readable zones, callbacks of providers, risk scores.

use serde::{Deserialize, Serialize};
use thalium::kyc::callback::{self, CallbackError, Key, Keys, Proof, Provider};
use thalium::kyc::case::{Desk, Kind, lint_kind};
use thalium::kyc::chart::Chart;
use thalium::kyc::logic::Dialect;
use thalium::kyc::mrz::Mrz;
use thalium::kyc::risk::{Override, RiskModel};
use thalium::policy::rego::Value;
use thalium_ballerine::Mode;

use super::chart::{self, ChartFinding};
use super::decision::{parsed, without};
use super::failure::Failure;
use super::policy::OpenPolicy;
use super::{Surface, instant_of, json, operation, read_json};
use crate::time::{SECOND, format_instant};

/// What is asked. In JSON the field `op` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum KycCall {
    /// Reads the machine-readable zone of a travel document. Answer: a `MrzView`.
    ReadMrz(ReadMrz),
    /// Proves who sent a callback, and reads it. Answer: a `CallbackView`.
    ReadCallback(ReadCallback),
    /// The risk of a customer. Answer: a `RiskScore`.
    ScoreRisk(ScoreRisk),
    /// Workflow definitions of Ballerine as charts. Answer: a `BallerineImport`.
    ImportBallerine(ImportBallerine),
    /// Rules of Ballerine's rule engine as a guard. Answer: a `RulesImport`.
    ImportRules(ImportRules),
    /// What is probably wrong in a kind of cases, beside its charts. Answer: a list of `ChartFinding`.
    LintCases(LintCases),
}

/// A machine-readable zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReadMrz {
    /// Its lines, or one run of its characters.
    pub text: String,
    /// The day for which is told whether it has expired, `YYYY-MM-DD`. By default that of the clock, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<String>,
}

/// A callback, as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReadCallback {
    /// Who sent it: `onfido`, `persona`, `sumsub`, `veriff`, `jumio` or `ballerine`.
    pub provider: String,
    /// Its headers, as they came.
    #[serde(default)]
    pub headers: Vec<CallbackHeader>,
    /// Its body, as it came: not read and written again.
    pub body: String,
    /// The keys of which one has signed it: several while they change.
    #[serde(default)]
    pub keys: Vec<CallbackKey>,
    /// How old what is signed with a time may be, in seconds: by default 300.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<u32>,
    /// Of a provider that signs nothing: the address of the connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The addresses that such a provider sends from.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

/// A header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CallbackHeader {
    /// Its name.
    pub name: String,
    /// What it says.
    pub value: String,
}

/// A key that callbacks are signed with.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CallbackKey {
    /// What it is called.
    pub id: String,
    /// The secret, as the provider shows it.
    pub secret: String,
    /// The name of the client that the provider sends along, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// From when on it is valid: RFC 3339 or nanoseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<String>,
    /// Until when it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<String>,
}

impl std::fmt::Debug for CallbackKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CallbackKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What the risk of a customer is computed from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScoreRisk {
    /// The model: JSON or YAML, in the format of `docs/risk.md`.
    pub model: String,
    /// What is known of the customer, an object. Its numbers are read exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<serde_json::Value>,
    /// What officers decided instead, each an object with `level` or `score`, `by`, `reason`, `expires` and, if wanted, `since`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<serde_json::Value>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

/// Workflow definitions of Ballerine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportBallerine {
    /// A definition, or an array of them of which the first is the main one: JSON.
    pub text: String,
    /// Whether what Ballerine tolerates is refused.
    #[serde(default)]
    pub strict: bool,
}

/// Rules of Ballerine's rule engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportRules {
    /// A set of rules, `{"operator": "and", "rules": [{"key", "operator", "value"}]}`: JSON.
    pub text: String,
}

/// A kind of cases, to be linted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LintCases {
    /// The kind: JSON or YAML, in the format of `docs/cases.md`.
    pub kind: String,
    /// The charts: JSON, YAML or SCXML.
    pub charts: Vec<String>,
    /// How JSON Logic takes values of other kinds: `strict`, which is the default, or `javascript`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<String>,
    /// The policy that guards ask (`{"rego": PATH}`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<OpenPolicy>,
}

/// Workflow definitions of Ballerine as charts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BallerineImport {
    /// The chart of the first definition: JSON.
    pub chart: String,
    /// The charts of the others, to be loaded together with it: JSON.
    pub charts: Vec<String>,
    /// How JSON Logic takes values of other kinds in them: `strict` or `javascript`.
    pub dialect: String,
    /// What was tolerated.
    pub leniencies: Vec<BallerineLeniency>,
}

/// Rules of Ballerine's rule engine as a guard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RulesImport {
    /// The guard, a rule of JSON Logic: JSON.
    pub guard: String,
    /// How JSON Logic takes values of other kinds in it: `javascript`.
    pub dialect: String,
}

/// Something that Ballerine tolerates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BallerineLeniency {
    /// The rule that it broke.
    pub rule: String,
    /// The path to it.
    pub path: String,
    /// The row, from one.
    pub row: u32,
    /// The column, from one.
    pub column: u32,
    /// What is wrong with it, and what became of it.
    pub message: String,
}

/// A machine-readable zone that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MrzView {
    /// `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`.
    pub format: String,
    /// The document code, such as `P`.
    pub document_code: String,
    /// Who issued it: a code of ICAO 9303, as it stands.
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// The primary identifier: the last names as a rule.
    pub primary: String,
    /// The secondary identifier: the given names as a rule.
    pub secondary: String,
    /// Whether the names may have been cut off.
    pub names_truncated: bool,
    /// The nationality: a code of ICAO 9303, as it stands.
    pub nationality: String,
    /// The day of birth, `YYYY-MM-DD`; none, where part of it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub born: Option<String>,
    /// `female`, `male` or `unspecified`.
    pub sex: String,
    /// The last day on which it is valid, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// `valid`, `expired` or `unknown`, on the day that was given.
    pub status: String,
    /// Whether every check digit is right.
    pub valid: bool,
    /// The check digits that are not.
    pub wrong: Vec<String>,
    /// What else stands there.
    pub optional: Vec<String>,
}

/// A callback that was proven and read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CallbackView {
    /// Who sent it.
    pub provider: String,
    /// The key that signed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// When it was signed, where the provider says so: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<String>,
    /// The id by which a second delivery is known: a case that it is delivered to knows it by that.
    pub event_id: String,
    /// What the provider calls it.
    pub kind: String,
    /// The provider's own id of the check.
    pub about: String,
    /// The caller's own reference, where the provider carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it happened: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<String>,
    /// What it comes to, in the same words for every provider.
    pub outcome: String,
    /// The provider's own reasons.
    pub reasons: Vec<String>,
    /// Whether it is of the provider's sandbox, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<bool>,
    /// The SHA-256 of the body, to be kept with it as evidence.
    pub evidence: String,
    /// The event that a chart is told.
    pub event: String,
    /// What that carries: the text of a JSON object.
    pub data: String,
}

/// The risk of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RiskScore {
    /// The score: a decimal number.
    pub score: String,
    /// The level that it comes to.
    pub level: String,
    /// Whether there is to be no business with the customer.
    pub refuse: bool,
    /// When the information about the customer is to be updated: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_by: Option<String>,
    /// What it was made of, point by point, for people.
    pub explained: Vec<String>,
    /// The digest of the model.
    pub model: String,
    /// All of it: the text of a JSON object, whose numbers are exact.
    pub text: String,
}

/// Asks something that needs nothing that is open, and gives the answer as JSON.
///
/// # Errors
/// A request that cannot be read, or what it asks for is refused.
pub(super) fn call(request: &str) -> Result<String, Failure> {
    let whole = parsed(request)?;
    let op = whole.get_str("op").and_then(Value::as_str).unwrap_or_default();
    if operation::surface_of(op) != Some(Surface::Kyc) {
        return Err(operation::unknown(op, Surface::Kyc));
    }
    // Facts and overrides are read exactly.
    let (fields, overrides) = without(&whole, "overrides");
    let (fields, facts) = without(&parsed(&fields)?, "facts");
    let call: KycCall = read_json(&fields)?;
    let is_scored = matches!(call, KycCall::ScoreRisk(_));
    if !is_scored && (facts.is_some() || overrides.is_some()) {
        let field = if facts.is_some() { "facts" } else { "overrides" };
        return Err(Failure::usage(field, "is nothing that this is asked with: leave it out"));
    }
    match call {
        KycCall::ReadMrz(call) => json(&read_mrz(&call)?),
        KycCall::ReadCallback(call) => json(&read_callback(&call)?),
        KycCall::ScoreRisk(call) => json(&score_risk(&call, facts, overrides)?),
        KycCall::ImportBallerine(call) => json(&import_ballerine(&call)?),
        KycCall::ImportRules(call) => json(&import_rules(&call)?),
        KycCall::LintCases(call) => json(&lint_cases(&call)?),
    }
}

/// What is probably wrong in a kind of cases, beside its charts: votes that no chart hears where they are given, queues that no case comes to.
///
/// # Errors
/// A kind or a chart that does not load, with all that is wrong.
pub fn lint_cases(call: &LintCases) -> Result<Vec<ChartFinding>, Failure> {
    let charts = call.charts.iter().map(|text| crate::read_chart(text));
    let charts: Vec<Chart> = charts.collect::<Result<_, _>>()?;
    let kind = Kind::from_text(&call.kind).map_err(crate::ChartFault::from)?;
    let surroundings = chart::surroundings(call.dialect.as_deref(), call.policy.as_ref())?;
    Desk::load(kind.clone(), charts.clone(), surroundings).map_err(crate::ChartFault::from)?;
    Ok(lint_kind(&kind, &charts).into_iter().map(ChartFinding::from).collect())
}

fn instant(now: Option<&str>) -> Result<i64, Failure> {
    now.map_or_else(|| Ok(crate::now()), |text| instant_of("now", text))
}

/// Charts of workflow definitions of Ballerine.
///
/// # Errors
/// A text that is none, or what cannot be carried over; in the strict mode also what Ballerine tolerates.
pub fn import_ballerine(call: &ImportBallerine) -> Result<BallerineImport, Failure> {
    let mode = if call.strict { Mode::Strict } else { Mode::Lenient };
    let imported = thalium_ballerine::import(&call.text, mode)
        .map_err(|errors| Failure::from(crate::ChartFault::from(errors)))?;
    let leniencies = imported.leniencies.into_iter().map(|it| BallerineLeniency {
        rule: it.rule.to_owned(),
        path: it.path,
        row: it.row,
        column: it.column,
        message: it.what,
    });
    Ok(BallerineImport {
        chart: imported.chart.to_json(),
        charts: imported.others.iter().map(Chart::to_json).collect(),
        dialect: name_of(imported.dialect),
        leniencies: leniencies.collect(),
    })
}

fn name_of(dialect: Dialect) -> String {
    match dialect {
        Dialect::Strict => "strict",
        Dialect::JavaScript => "javascript",
    }
    .to_owned()
}

/// A guard of rules of Ballerine's rule engine.
///
/// # Errors
/// A text that is none, or an operator that looks at more than a value.
pub fn import_rules(call: &ImportRules) -> Result<RulesImport, Failure> {
    let guard = thalium_ballerine::rules(&call.text)
        .map_err(|errors| Failure::from(crate::ChartFault::from(errors)))?;
    Ok(RulesImport { guard: guard.to_json(), dialect: name_of(Dialect::JavaScript) })
}

/// Reads the machine-readable zone of a travel document.
///
/// # Errors
/// What is no zone, and a day that is none.
pub fn read_mrz(call: &ReadMrz) -> Result<MrzView, Failure> {
    let clock = format_instant(crate::now());
    let today = call.today.as_deref().or_else(|| clock.get(..10)).unwrap_or_default();
    let today = today.parse().map_err(|_| Failure::usage("today", "is no day: `2026-11-30`"))?;
    let read = Mrz::read(&call.text).map_err(|error| Failure::usage("text", error.to_string()))?;
    let wrong = read.checks.iter().filter(|check| !check.is_good);
    let optional = [&read.optional, &read.optional_second];
    Ok(MrzView {
        format: read.format.name().to_owned(),
        document_code: read.document_code.clone(),
        issuer: read.issuer.clone(),
        number: read.number.clone(),
        primary: read.names.primary.clone(),
        secondary: read.names.secondary.clone(),
        names_truncated: read.names.is_truncated,
        nationality: read.nationality.clone(),
        born: read.born_on(today).map(|day| day.to_string()),
        sex: read.sex.name().to_owned(),
        expires: read.expires_on(today).map(|day| day.to_string()),
        status: read.status(today).name().to_owned(),
        valid: read.is_valid(),
        wrong: wrong.map(|check| check.field.name().to_owned()).collect(),
        optional: optional.into_iter().filter(|text| !text.is_empty()).cloned().collect(),
    })
}

/// Proves who sent a callback, and reads it.
///
/// # Errors
/// A request that cannot be read; `refused`: it is not proven, or its body is none of that provider's.
pub fn read_callback(call: &ReadCallback) -> Result<CallbackView, Failure> {
    let provider = Provider::from_name(&call.provider)
        .map_err(|error| Failure::usage("provider", error.to_string()))?;
    let (now, body) = (instant(call.now.as_deref())?, call.body.as_bytes());
    let verified = if provider.signs() {
        let headers: Vec<(&str, &str)> =
            call.headers.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect();
        callback::verify(provider, &headers, body, &keys(call)?, now)
    } else {
        let address = |field: &'static str, text: &str| {
            text.parse().map_err(|_| Failure::usage(field, "is no address of the Internet"))
        };
        let from = call.from.as_deref().ok_or_else(|| {
            Failure::usage(
                "from",
                "is missing: this provider signs nothing and is known by its address",
            )
        })?;
        let allowed = call.allowed.iter().map(|text| address("allowed", text));
        let allowed = allowed.collect::<Result<Vec<_>, _>>()?;
        callback::verify_origin(provider, address("from", from)?, &allowed, body)
    };
    let refused = |error: CallbackError| Failure::refused("body", error.to_string());
    let verified = verified.map_err(refused)?;
    // It is the provider's, and what it says cannot be used.
    let read = verified.read(body).map_err(|error| Failure::usage("body", error.to_string()))?;
    let event = verified.to_event(&read);
    Ok(CallbackView {
        provider: provider.name().to_owned(),
        key: match verified.proof {
            Proof::Key { id } => Some(id),
            Proof::Origin { .. } => None,
        },
        signed_at: verified.signed_at.map(format_instant),
        event_id: read.event_id.clone(),
        kind: read.kind.clone(),
        about: read.about.clone(),
        subject: read.subject.clone(),
        occurred_at: read.occurred_at.map(format_instant),
        outcome: read.outcome.name().to_owned(),
        reasons: read.reasons.clone(),
        sandbox: read.sandbox,
        evidence: read.evidence.clone(),
        event: event.name,
        data: event.data.unwrap_or(Value::Null).to_json(),
    })
}

/// The keys of a call. No message tells a secret.
fn keys(call: &ReadCallback) -> Result<Keys, Failure> {
    let wrong = |error: callback::KeyError| Failure::usage("keys", error.to_string());
    let mut keys = Vec::with_capacity(call.keys.len());
    for key in &call.keys {
        let mut read = Key::new(key.id.as_str(), key.secret.as_bytes()).map_err(wrong)?;
        if let Some(client) = &key.client {
            read = read.with_client(client.as_str()).map_err(wrong)?;
        }
        let at = |text: &Option<String>| {
            text.as_deref().map(|text| instant_of("keys", text)).transpose()
        };
        let read = read.valid(at(&key.not_before)?, at(&key.not_after)?);
        keys.push(read.map_err(wrong)?);
    }
    let keys = Keys::new(keys).map_err(wrong)?;
    match call.tolerance {
        Some(seconds) => keys.tolerating(i64::from(seconds) * SECOND).map_err(wrong),
        None => Ok(keys),
    }
}

/// The risk of a customer, by facts and overrides that are given beside the call.
///
/// # Errors
/// A model that is refused, and facts or overrides that it cannot be scored with.
pub fn score_risk(
    call: &ScoreRisk,
    facts: Option<Value>,
    overrides: Option<Value>,
) -> Result<RiskScore, Failure> {
    let model = RiskModel::from_text(&call.model)
        .map_err(|errors| Failure::from(crate::ChartFault::from(errors)))?;
    let refused =
        |error: thalium::kyc::risk::RiskError| Failure::refused("facts", error.to_string());
    let overrides = match &overrides {
        None | Some(Value::Null) => Vec::new(),
        Some(given) => given
            .as_array()
            .ok_or_else(|| Failure::usage("overrides", "is an array of objects"))?
            .iter()
            .map(|one| Override::from_value(one).map_err(refused))
            .collect::<Result<_, _>>()?,
    };
    let facts = facts.unwrap_or_else(|| Value::object([]));
    let score = model.score(&facts, instant(call.now.as_deref())?, &overrides).map_err(refused)?;
    Ok(RiskScore {
        score: score.score.to_string(),
        level: score.level.clone(),
        refuse: score.refuse,
        refresh_by: score.refresh_by.map(format_instant),
        explained: score.explain(),
        model: crate::hex(&score.digest),
        text: score.to_value().to_json(),
    })
}
