//! A bundle's programs: each at its path, with the tests that stand beside it.

use super::code::Code;
use super::error::{TypedError, excerpt};
use super::facts::Facts;
use super::input::InputError;
use super::instant::Instant;
use super::program::Program;
use super::{Definition, FACTS};
use crate::policy::rego::{Object, Request, Value};
use crate::policy::{Audience, Outcome, REASONS, Reason, Severity, Verdict};

/// The most tests of a program.
pub const CASES: usize = 4096;

/// The longest name of a test, in bytes.
const CASE_NAME: usize = 256;

/// The last key of a program's path: what is asked for has one name, in Rego and here.
const VERDICT: &str = "verdict";

/// A program of a bundle: that of the file `limits/typed.json` answers at the path `limits/verdict`.
#[derive(Debug)]
pub struct Bundled {
    keys: Vec<Box<str>>,
    file: String,
    program: Program,
    pub(in crate::policy) cases: Vec<Case>,
}

/// A test: what a request is decided.
#[derive(Clone, Debug)]
pub(in crate::policy) struct Case {
    pub(in crate::policy) name: String,
    /// The file that it stands in, and its place there from 1.
    pub(in crate::policy) file: String,
    pub(in crate::policy) place: u32,
    input: Option<Value>,
    now: Instant,
    outcome: Outcome,
    codes: Option<Vec<u32>>,
}

impl Bundled {
    /// Of the file of a definition. Its directories are the path.
    pub(in crate::policy) fn read(file: &str, document: &Value) -> Result<Self, TypedError> {
        let program = Program::load(&Definition::from_value(document)?)?;
        let mut keys: Vec<Box<str>> = file.split('/').map(Box::from).collect();
        // The file's own name gives its place to what it answers.
        keys.pop();
        keys.push(VERDICT.into());
        Ok(Self { keys, file: file.to_owned(), program, cases: Vec::new() })
    }

    /// Its path, such as `limits/verdict`.
    #[must_use]
    pub fn path(&self) -> String {
        self.keys.join("/")
    }

    /// The keys of its path.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.keys.iter().map(AsRef::as_ref)
    }

    /// The file that it was read from, such as `limits/typed.json`.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The program.
    #[must_use]
    pub const fn program(&self) -> &Program {
        &self.program
    }

    /// What a request is decided, by its input and its time.
    pub(in crate::policy) fn decide(
        &self,
        input: Option<&Value>,
        now_ns: i64,
    ) -> Result<Verdict, InputError> {
        Ok(self.program.decide(&Facts::from_input(&self.program, input, now_ns)?))
    }

    /// The same as a value: an input that gives no facts is denied, and the reason says why.
    pub(in crate::policy) fn answer(&self, request: &Request) -> Value {
        let decided = self.decide(request.input.as_ref(), request.now_ns);
        decided.unwrap_or_else(|error| refused(&error)).to_rego()
    }

    /// Adds the tests of a file.
    pub(in crate::policy) fn add_cases(
        &mut self,
        file: &str,
        document: &Value,
    ) -> Result<(), TypedError> {
        let items = document.as_array().filter(|items| items.len() <= CASES);
        let items = items.ok_or_else(|| {
            TypedError::new("tests", format_args!("is no list of at most {CASES} tests"))
        })?;
        for (item, place) in items.iter().zip(1..) {
            self.cases.push(case(file, place, item)?);
        }
        Ok(())
    }
}

impl Case {
    /// What is not as the test wants it; none if all is.
    pub(in crate::policy) fn fault(&self, of: &Bundled) -> Option<String> {
        let verdict = match of.decide(self.input.as_ref(), self.now.0) {
            Ok(verdict) => verdict,
            Err(error) => return Some(error.to_string()),
        };
        let codes: Vec<u32> = verdict.reasons.iter().map(|reason| reason.code).collect();
        if verdict.outcome != self.outcome {
            let (is, wanted) = (word(verdict.outcome), word(self.outcome));
            return Some(format!("is {wanted} by the test, and decided {is} for {codes:?}"));
        }
        let wanted = self.codes.as_ref().filter(|wanted| **wanted != codes)?;
        Some(format!("has the codes {wanted:?} by the test, and is decided for {codes:?}"))
    }
}

/// A denial because an input gives no facts.
fn refused(error: &InputError) -> Verdict {
    let reason = Reason {
        code: Code::FactsRefused.number(),
        rule: FACTS.to_owned(),
        audience: Audience::Operator,
        severity: Severity::Medium,
        message: error.to_string(),
        facts: Vec::new(),
    };
    Verdict { outcome: Outcome::Deny, reasons: vec![reason], obligations: Vec::new() }
}

const OUTCOMES: [Outcome; 3] = [Outcome::Allow, Outcome::Review, Outcome::Deny];

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allow => "allow",
        Outcome::Review => "review",
        Outcome::Deny => "deny",
    }
}

fn case(file: &str, place: u32, item: &Value) -> Result<Case, TypedError> {
    let path = format!("tests[{}]", place.saturating_sub(1));
    let wrong = |field: &str, what: &str| TypedError::new(format_args!("{path}{field}"), what);
    let fields = object(&path, item, &["name", "input", "now", "want"])?;
    let text = |name: &str| fields.get_str(name).and_then(Value::as_str);
    let name = text("name").filter(|name| (1..=CASE_NAME).contains(&name.len()));
    let name = name.ok_or_else(|| wrong(".name", "is no text of 1 to 256 bytes"))?;
    let now = text("now").ok_or_else(|| wrong(".now", "is no text: write a time"))?;
    let now = now.parse::<Instant>().map_err(|error| wrong(".now", &error.to_string()))?;
    let want = fields.get_str("want").ok_or_else(|| wrong(".want", "is missing"))?;
    let want = object(&format!("{path}.want"), want, &["outcome", "codes"])?;
    let told = want.get_str("outcome").and_then(Value::as_str);
    let outcome = OUTCOMES.into_iter().find(|outcome| Some(word(*outcome)) == told);
    let outcome =
        outcome.ok_or_else(|| wrong(".want.outcome", "is none of `allow`, `review` and `deny`"))?;
    let number = |code: &Value| u32::try_from(code.as_number()?.to_u64()?).ok();
    let codes = want.get_str("codes").map(|codes| {
        let codes = codes.as_array().filter(|codes| codes.len() <= REASONS);
        let codes = codes.and_then(|codes| codes.iter().map(number).collect());
        codes.ok_or_else(|| wrong(".want.codes", "is no list of at most 256 codes"))
    });
    Ok(Case {
        name: name.to_owned(),
        file: file.to_owned(),
        place,
        input: fields.get_str("input").cloned(),
        now,
        outcome,
        codes: codes.transpose()?,
    })
}

/// An object that has no other fields than these.
fn object<'v>(path: &str, value: &'v Value, names: &[&str]) -> Result<&'v Object, TypedError> {
    let object = value.as_object().ok_or_else(|| TypedError::new(path, "is no object"))?;
    let known = |key: &&Value| key.as_str().is_some_and(|key| names.contains(&key));
    match object.keys().find(|key| !known(key)) {
        None => Ok(object),
        Some(key) => {
            let what = format!("has the unknown field {}", excerpt(&key.to_json()));
            Err(TypedError::new(path, what))
        }
    }
}
