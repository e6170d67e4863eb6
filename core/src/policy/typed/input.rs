//! Facts read from a request's `input`, strictly: what the program does not know is told, and not left.

use super::error::{FactsError, excerpt};
use super::facts::{Fact, Facts};
use super::instant::Instant;
use super::program::Program;
use crate::policy::near::nearest;
use crate::policy::rego::Value;

/// Why an input gives no facts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// It is no object.
    #[error("the input is {kind} where an object of facts belongs")]
    Shape {
        /// What it is.
        kind: &'static str,
    },
    /// The program does not know a name: a fact that is written wrong would else be missing, and tell nobody why.
    #[error("`{name}` is no fact of `{program}`{hint}")]
    Unknown {
        /// The name, with the objects that it stands in.
        name: String,
        /// The program's name.
        program: String,
        /// What was meant, perhaps.
        hint: String,
    },
    /// A fact is there by its whole name and within an object: nobody knows which is meant.
    #[error("fact `{name}` is in the input twice: by its whole name and within an object")]
    Twice {
        /// Its name.
        name: String,
    },
    /// The time is in the input.
    #[error("`now` is the request's own time: leave it out of the input")]
    Now,
    /// A fact is of another type, or too large.
    #[error(transparent)]
    Fact(#[from] FactsError),
}

/// The fact that the request's clock gives.
const NOW: &str = "now";

impl Facts {
    /// Those of a request: its input, and its time in nanoseconds since 1970. Without an input none but the time is known.
    ///
    /// A fact `account.opened` is the input's `account.opened` or the `opened` of its `account`; its value is written as
    /// [`Facts::from_value`] says. What is `null` is missing.
    ///
    /// ```
    /// use thalium::policy::rego::Value;
    /// use thalium::policy::typed::{Definition, Facts, Program};
    ///
    /// let definition = r#"{"version": 1, "name": "limits", "facts": {"account.opened": "instant", "amount": "units"}}"#;
    /// let program = Program::load(&Definition::from_value(&Value::from_json(definition)?)?)?;
    /// let read = |json: &str| Facts::from_input(&program, Some(&Value::from_json(json).unwrap()), 0).map(|_| ());
    /// assert_eq!(read(r#"{"amount": "100", "account": {"opened": "2026-01-01T00:00:00Z"}}"#), Ok(()));
    /// let told = read(r#"{"amuont": "100"}"#).unwrap_err().to_string();
    /// assert_eq!(told, "`amuont` is no fact of `limits`: `amount` is");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// What is no object, has what is no fact, a fact twice, or `now`, which is the request's; a fact that is of another type or too large.
    pub fn from_input(
        program: &Program,
        input: Option<&Value>,
        now_ns: i64,
    ) -> Result<Self, InputError> {
        let mut facts = Self::new(program);
        if let Some(input) = input {
            let object = input.as_object().ok_or(InputError::Shape { kind: input.kind() })?;
            for (key, value) in object.iter() {
                let name = key.as_str().unwrap_or_default();
                if name == NOW {
                    return Err(InputError::Now);
                }
                match facts.kind_of(name) {
                    Some(kind) => facts.read(name, kind, value)?,
                    None if name.contains('.') => return Err(unknown(program, name)),
                    None => facts.within(program, input, &mut name.to_owned(), value)?,
                }
            }
        }
        facts.set(NOW, Fact::Instant(Instant(now_ns)))?;
        Ok(facts)
    }

    /// The facts that stand in an object, whose name is `path`. Each level has a part of a fact's name, which bounds how deep they go.
    fn within(
        &mut self,
        program: &Program,
        input: &Value,
        path: &mut String,
        value: &Value,
    ) -> Result<(), InputError> {
        let length = path.len();
        path.push('.');
        let leads = self.leads(path);
        let fields = value.as_object().filter(|_| leads);
        let Some(fields) = fields else {
            path.truncate(length);
            return Err(unknown(program, path));
        };
        for (key, value) in fields.iter() {
            let key = key.as_str().unwrap_or_default();
            path.push_str(key);
            // A part of a name has no dot: else one fact could be written in many ways.
            match self.kind_of(path).filter(|_| !key.contains('.')) {
                Some(_) if input.get_str(path).is_some() => {
                    return Err(InputError::Twice { name: path.clone() });
                }
                Some(kind) => self.read(path, kind, value)?,
                None if key.contains('.') => return Err(unknown(program, path)),
                None => self.within(program, input, path, value)?,
            }
            path.truncate(length + 1);
        }
        path.truncate(length);
        Ok(())
    }
}

fn unknown(program: &Program, name: &str) -> InputError {
    let near = nearest(name, program.facts().filter(|name| *name != NOW));
    let hint = near.map_or_else(String::new, |near| format!(": `{near}` is"));
    InputError::Unknown { name: excerpt(name), program: program.name().to_owned(), hint }
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
