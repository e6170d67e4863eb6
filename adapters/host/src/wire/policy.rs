//! Policies, as plain data.
//!
//! An input is JSON whose numbers are exact: a request is read by the reader of policies, so that no amount becomes a float on its way.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use thalium::api::Invalid;
use thalium::kyc::case::PolicyFile;
use thalium::policy::bundle::{File, SignatureKey};
use thalium::policy::explain::Explain;
use thalium::policy::rego::{Request, RuleKind, Value};
use thalium::policy::snapshot::DecideError;
use thalium::policy::testing::TestOutcome;
use thalium::policy::typed::{Bundled, Need, Read};

use super::decision::{parsed, without};
use super::diff::{AskDiff, PolicyDiff};
use super::failure::Failure;
use super::review::{AskRows, AskWhy, PolicyCoverage, of_filter};
use super::{Surface, instant_of, json, operation};
use crate::{Asked, CaseFault, INPUT_BYTES, Policy, PolicyError, bundle_files, hex};

/// Which policy to open. One of `path` and `files`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct OpenPolicy {
    /// Where the bundle is: a directory, an archive (`.tar.gz`), or one module.
    pub path: Option<String>,
    /// The bundle's files: the text of each by its path in the bundle.
    pub files: Option<std::collections::BTreeMap<String, String>>,
    /// The bundle must be signed by one of these keys; left out, a signature is not looked at.
    pub keys: Option<Vec<PolicyKey>>,
}

/// A key by which a bundle's signature is verified.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PolicyKey {
    /// Its id, which the signature names; empty if it serves for every signature.
    #[serde(default)]
    pub id: String,
    /// The algorithm, such as `RS256`.
    pub algorithm: String,
    /// A public key or certificate (PEM), a set of public keys (JWK), or the secret of an HMAC.
    pub key: String,
    /// What the signature must be for, if anything.
    #[serde(default)]
    pub scope: String,
}

impl std::fmt::Debug for PolicyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PolicyKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What is asked of a policy. In JSON the field `op` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum PolicyCall {
    /// The verdict at a path; where it is undefined, a denial that says so. Answer: a `Verdict`.
    Decide(AskPath),
    /// What stands at a path. Answer: `{"result": …}`, without a result where it is undefined.
    Evaluate(AskPath),
    /// All ways in which a query holds. Answer: `{"ways": [{…}, …]}`, with the variables of each.
    QueryPolicy(AskQuery),
    /// What was loaded. Answer: a `PolicyView`.
    DescribePolicy(super::Nothing),
    /// Runs the tests of the bundle. Answer: a `PolicyTests`.
    TestPolicy(AskTests),
    /// What stands at a path, and why. Answer: a `PolicyExplanation`.
    Explain(AskWhy),
    /// What is probably wrong in the modules. Answer: a list of `PolicyFinding`.
    LintPolicy(super::Nothing),
    /// Which rows of a table a rule is true for. Answer: a `RowFilter`.
    FilterRows(AskRows),
    /// What changes from this version to another. Answer: a `PolicyDiff`.
    DiffPolicy(AskDiff),
}

/// A path, with what it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskPath {
    /// The path, such as `aml/verdict`.
    pub path: String,
    /// The input, any JSON. Its numbers are read exactly.
    #[serde(default)]
    pub input: Option<serde_json::Value>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default)]
    pub now: Option<String>,
    /// Whether errors of built-in functions end the evaluation, instead of making the expression undefined.
    #[serde(default)]
    pub strict: bool,
}

/// A query, with what it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskQuery {
    /// The query, such as `some level; data.kyc.limits[level].max_withdrawal > 100000`.
    pub query: String,
    /// The input, any JSON. Its numbers are read exactly.
    #[serde(default)]
    pub input: Option<serde_json::Value>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default)]
    pub now: Option<String>,
    /// Whether errors of built-in functions end the evaluation, instead of making the expression undefined.
    #[serde(default)]
    pub strict: bool,
}

/// Which tests to run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AskTests {
    /// Only those with this text in their names.
    pub only: String,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    pub now: Option<String>,
    /// Whether it is told which rows of the modules they ran.
    pub coverage: bool,
}

/// A policy that was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyView {
    /// The bundle's name for this version; empty where it has none.
    pub revision: String,
    /// What names this content and no other, in hexadecimal.
    pub digest: String,
    /// The paths under `data` that the bundle owns; an empty one is all of it.
    pub roots: Vec<String>,
    /// The rules, by file and row.
    pub rules: Vec<PolicyRule>,
    /// The programs of typed rules, by path.
    pub typed: Vec<PolicyProgram>,
}

/// A program of typed rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyProgram {
    /// The path of its verdict, such as `limits/verdict`.
    pub path: String,
    /// The file.
    pub file: String,
    /// The facts that it knows.
    pub facts: Vec<PolicyFact>,
}

/// A fact that a program of typed rules knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyFact {
    /// Its name, such as `amount`.
    pub name: String,
    /// Its type: `text`, `texts`, `bool`, `units` (whole numbers) or `instant`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether a request without it is denied.
    pub needed: PolicyNeed,
}

/// Whether a request without a fact is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PolicyNeed {
    /// Whatever else the request has.
    Always,
    /// By what else it has.
    Sometimes,
    /// No rule reads it.
    Never,
}

/// The rules of one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyRule {
    /// The name, such as `data.aml.verdict`.
    pub name: String,
    /// What they make together.
    pub makes: PolicyRuleKind,
    /// How many there are, without the default.
    pub count: u64,
    /// The module of the first.
    pub file: String,
    /// The row of the first.
    pub row: u32,
}

/// What the rules of one name make together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PolicyRuleKind {
    /// One value.
    Value,
    /// A set.
    Set,
    /// An object whose keys follow from the rules' bodies.
    Object,
    /// A function's answers.
    Function,
}

/// What the tests of a bundle came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyTests {
    /// How many passed.
    pub passed: u64,
    /// How many failed, or came to no end.
    pub failed: u64,
    /// How many are yet to be done.
    pub skipped: u64,
    /// The tests, by file and row.
    pub tests: Vec<PolicyTest>,
    /// Which rows of the modules they ran, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<PolicyCoverage>,
}

/// A test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyTest {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub outcome: PolicyTestOutcome,
    /// Why it did not pass, where there is more to say: the cases that are not true, or the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The module.
    pub file: String,
    /// The row.
    pub row: u32,
}

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PolicyTestOutcome {
    /// It is true.
    Passed,
    /// It is something else, or undefined.
    Failed,
    /// It came to no end.
    Error,
    /// It is yet to be done.
    Skipped,
}

/// Opens a policy, which JSON names.
///
/// # Errors
/// A request that cannot be read, or what [`Policy::open`] says.
pub fn open_policy(request: &str) -> Result<Policy, Failure> {
    super::read_json::<OpenPolicy>(request)?.open()
}

const ONE: &str = "give one of `path` and `files`";

fn texts(files: &BTreeMap<String, String>) -> Vec<File<'_>> {
    let files = files.iter().map(|(name, text)| File {
        name: Cow::Borrowed(name),
        bytes: Cow::Borrowed(text.as_bytes()),
    });
    files.collect()
}

impl OpenPolicy {
    /// Opens it.
    ///
    /// # Errors
    /// What [`Policy::open`] says.
    pub fn open(&self) -> Result<Policy, Failure> {
        match (&self.path, &self.files) {
            (Some(path), None) => Ok(Policy::open(path, self.keys().as_deref())?),
            (None, Some(files)) => Ok(Policy::of(&texts(files), self.keys().as_deref())?),
            _ => Err(Failure::usage("path", ONE)),
        }
    }

    /// Its files, to be kept with what asks it; they are signed as they must be.
    pub(crate) fn kept(&self) -> Result<Vec<PolicyFile>, CaseFault> {
        let files = match (&self.path, &self.files) {
            (Some(path), None) => bundle_files(Path::new(path))?,
            (None, Some(files)) => texts(files),
            _ => {
                let error = Invalid { field: "policy".into(), message: ONE.into() };
                return Err(crate::Error::from(error).into());
            }
        };
        Policy::of(&files, self.keys().as_deref())?;
        let kept = |file: File<'_>| PolicyFile {
            name: file.name.into_owned(),
            bytes: file.bytes.into_owned().into(),
        };
        Ok(files.into_iter().map(kept).collect())
    }

    fn keys(&self) -> Option<Vec<SignatureKey>> {
        let key =
            |PolicyKey { id, algorithm, key, scope }| SignatureKey { id, algorithm, key, scope };
        self.keys.as_ref().map(|keys| keys.iter().cloned().map(key).collect())
    }
}

/// The verdict at a path for an input that is the text of JSON: the quick way, as JSON.
///
/// # Errors
/// An instant that is none, or what [`Policy::decide`] says.
pub fn decide_policy(
    policy: &Policy,
    path: &str,
    input: Option<&str>,
    now: Option<&str>,
) -> Result<String, Failure> {
    let now = now.map(|text| instant_of("now", text)).transpose()?;
    json(&policy.decide(path, &Asked { input, now, ..Asked::default() })?)
}

/// Asks something of a policy, and gives the answer as JSON.
///
/// # Errors
/// A request that cannot be read, or what [`Policy`]'s own methods say.
pub fn policy(policy: &Policy, request: &str) -> Result<String, Failure> {
    let length = request.len();
    let request = parsed(request)?;
    let op = request.get_str("op").and_then(Value::as_str).unwrap_or_default();
    if operation::surface_of(op) != Some(Surface::Policy) {
        return Err(operation::unknown(op, Surface::Policy));
    }
    // The input is kept apart: it is read once, exactly.
    let (fields, input) = without(&request, "input");
    let call: PolicyCall = super::read_json(&fields)?;
    let takes_none = matches!(
        call,
        PolicyCall::DescribePolicy(_)
            | PolicyCall::TestPolicy(_)
            | PolicyCall::LintPolicy(_)
            | PolicyCall::DiffPolicy(_)
    );
    if input.is_some() && takes_none {
        return Err(Failure::usage("input", "is nothing that this is asked with: leave it out"));
    }
    // An input is no longer than the request that it stands in.
    let is_large = |input: &Value| length > INPUT_BYTES && input.to_json().len() > INPUT_BYTES;
    if input.as_ref().is_some_and(is_large) {
        return Err(PolicyError::InputTooLarge.into());
    }
    let asked = |now: Option<&str>, strict| {
        let now = now.map(|text| instant_of("now", text)).transpose()?;
        let asked = Asked { now, strict, ..Asked::default() }.request()?;
        Ok::<_, Failure>(Request { input: input.clone(), ..asked })
    };
    let snapshot = policy.snapshot();
    match call {
        PolicyCall::Decide(call) => {
            let request = asked(call.now.as_deref(), call.strict)?;
            let verdict = snapshot.decide(&*policy.entry(&call.path)?, request);
            json(&verdict.map_err(PolicyError::from)?)
        }
        PolicyCall::Evaluate(call) => {
            let request = asked(call.now.as_deref(), call.strict)?;
            let value = snapshot.evaluate(&*policy.entry(&call.path)?, request);
            let value = value.map_err(PolicyError::from)?;
            let result = value.map(|value| (Value::from("result"), value));
            Ok(Value::object(result).to_json())
        }
        PolicyCall::QueryPolicy(call) => {
            let request = asked(call.now.as_deref(), call.strict)?;
            let ways = snapshot.run(&policy.compiled(&call.query)?, request);
            let ways = Value::array(ways.map_err(PolicyError::from)?.into_iter().map(Value::from));
            Ok(Value::object([(Value::from("ways"), ways)]).to_json())
        }
        PolicyCall::DescribePolicy(super::Nothing {}) => json(&policy.describe()),
        PolicyCall::TestPolicy(call) => {
            let request = asked(call.now.as_deref(), false)?;
            json(&policy.test_for(&call.only, &request, call.coverage)?)
        }
        PolicyCall::Explain(call) => {
            let steps = call.steps.map_or(Explain::default().steps, |steps| {
                usize::try_from(steps).unwrap_or(usize::MAX)
            });
            let how = Explain { steps, values: !call.without_values };
            let request = asked(call.now.as_deref(), call.strict)?;
            json(&policy.explain_for(&call.path, request, how)?)
        }
        PolicyCall::LintPolicy(super::Nothing {}) => json(&policy.lint()),
        PolicyCall::FilterRows(call) => {
            json(&policy.rows(&call, asked(call.now.as_deref(), false)?)?)
        }
        PolicyCall::DiffPolicy(call) => json(&PolicyDiff::from(policy.diff(&call.to.open()?))),
    }
}

impl Policy {
    /// What was loaded, with its rules by file and row.
    #[must_use]
    pub fn describe(&self) -> PolicyView {
        let snapshot = self.snapshot();
        let mut rules: Vec<PolicyRule> = snapshot
            .policy()
            .rules()
            .map(|rules| PolicyRule {
                name: rules.name(),
                makes: match rules.kind {
                    RuleKind::Complete => PolicyRuleKind::Value,
                    RuleKind::Set => PolicyRuleKind::Set,
                    RuleKind::Partial => PolicyRuleKind::Object,
                    RuleKind::Function => PolicyRuleKind::Function,
                },
                count: rules.count as u64,
                file: rules.file.to_owned(),
                row: rules.row,
            })
            .collect();
        rules.sort_by(|a, b| (&a.file, a.row, &a.name).cmp(&(&b.file, b.row, &b.name)));
        PolicyView {
            revision: snapshot.manifest().revision.clone(),
            digest: hex(&snapshot.digest()),
            roots: snapshot.manifest().roots.clone(),
            rules,
            typed: snapshot.typed().iter().map(|program| program_view(program)).collect(),
        }
    }

    /// Runs the tests with a text in their names, by file and row. `asked` is with what each is asked that does not say it itself.
    ///
    /// # Errors
    /// An input that is no JSON.
    pub fn test(&self, only: &str, asked: &Asked<'_>) -> Result<PolicyTests, PolicyError> {
        self.test_for(only, &asked.request()?, false)
    }

    /// As [`Policy::test`], with the rows of the modules that they ran.
    ///
    /// # Errors
    /// As [`Policy::test`].
    pub fn test_covered(&self, only: &str, asked: &Asked<'_>) -> Result<PolicyTests, PolicyError> {
        self.test_for(only, &asked.request()?, true)
    }

    fn test_for(
        &self,
        only: &str,
        request: &Request,
        covered: bool,
    ) -> Result<PolicyTests, PolicyError> {
        let wanted = |name: &str| name.contains(only);
        let (mut tests, coverage) = if covered {
            let (tests, coverage) = self.snapshot().test_covered(&wanted, request)?;
            (tests, Some(coverage.into()))
        } else {
            (self.snapshot().test(&wanted, request)?, None)
        };
        let mut told =
            PolicyTests { passed: 0, failed: 0, skipped: 0, tests: Vec::new(), coverage };
        tests.extend(self.snapshot().test_typed(&wanted));
        tests.sort_by(|a, b| (&a.file, a.row, &a.name).cmp(&(&b.file, b.row, &b.name)));
        for test in tests {
            let (outcome, why) = match test.outcome {
                TestOutcome::Passed => (PolicyTestOutcome::Passed, None),
                TestOutcome::Failed(cases) if cases.is_empty() => (PolicyTestOutcome::Failed, None),
                TestOutcome::Failed(cases) => {
                    (PolicyTestOutcome::Failed, Some(format!("not true: {}", cases.join(", "))))
                }
                TestOutcome::Error(error) => (PolicyTestOutcome::Error, Some(error.to_string())),
                TestOutcome::Skipped => (PolicyTestOutcome::Skipped, None),
            };
            *match outcome {
                PolicyTestOutcome::Passed => &mut told.passed,
                PolicyTestOutcome::Skipped => &mut told.skipped,
                PolicyTestOutcome::Failed | PolicyTestOutcome::Error => &mut told.failed,
            } += 1;
            let (name, file, row) = (test.name, test.file, test.row);
            told.tests.push(PolicyTest { name, outcome, why, file, row });
        }
        Ok(told)
    }
}

fn program_view(bundled: &Bundled) -> PolicyProgram {
    let fact = |read: Read<'_>| PolicyFact {
        name: read.name.to_owned(),
        kind: read.kind.name().to_owned(),
        needed: match read.need {
            Need::Always => PolicyNeed::Always,
            Need::Sometimes => PolicyNeed::Sometimes,
            Need::Never => PolicyNeed::Never,
        },
    };
    PolicyProgram {
        path: bundled.path(),
        file: bundled.file().to_owned(),
        facts: bundled.program().reads().into_iter().map(fact).collect(),
    }
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        let field = match &error {
            PolicyError::Filter(error) => of_filter(error).1,
            PolicyError::Ask(_) => Some("path"),
            PolicyError::Query(_) => Some("query"),
            PolicyError::Input(_)
            | PolicyError::InputTooLarge
            | PolicyError::Decide(DecideError::Input(_)) => Some("input"),
            _ => None,
        };
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
            field: field.map(str::to_owned),
        }
    }
}
