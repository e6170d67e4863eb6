//! JMESPath: values found in values by a text of one line, compiled once, with exact numbers.
//!
//! It is the language of <https://jmespath.org/specification.html>, and answers what jmespath.py answers, but:
//! - Objects are sorted: `keys`, `values` and `*` follow the order of the names, which the specification leaves open.
//! - Numbers are exact decimals of any size. `avg` has 34 significant digits, and a half goes to the even one.
//! - Two texts have an order, as in jmespath.py, where the specification knows none; what has no order compares to null.
//! - `to_number` reads what JSON writes as a number, and nothing that only Python reads.
//! - An unknown function, a wrong number of arguments, a step of zero and a `&` where no function takes one are refused when a text is compiled.
//!
//! ```
//! use thalium::kyc::jmespath::JmesPath;
//! use thalium::kyc::logic::Budget;
//! use thalium::value::Value;
//!
//! let owners = JmesPath::compile("owners[?share >= `0.25`].name | sort(@)")?;
//! let company = Value::from_json(
//!     r#"{"owners": [{"name": "Lindqvist", "share": 0.6}, {"name": "Abara", "share": 0.25}, {"name": "Fund", "share": 0.15}]}"#,
//! )?;
//! let found = owners.evaluate(&company, &mut Budget::default())?;
//! assert_eq!(found.to_json(), r#"["Abara","Lindqvist"]"#);
//!
//! let told = JmesPath::compile("owners[?share >= 0.25]").unwrap_err().to_string();
//! assert_eq!(told, "column 18: `0` stands where an expression should; a number is written in backticks, as `1`");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fault;
mod function;
mod lexer;
mod machine;
mod node;
mod parser;
mod reads;

pub use parser::{NESTING, TEXT};

use crate::kyc::logic::data::Data;
use crate::kyc::logic::error::Stop;
use crate::kyc::logic::{Budget, GuardError, Roots};
use crate::value::Value;
use node::Node;
pub(in crate::kyc) use reads::Read;

/// An expression, compiled.
#[derive(Debug)]
pub struct JmesPath(Node);

impl JmesPath {
    /// Compiles a text of at most [`TEXT`] bytes.
    ///
    /// # Errors
    ///
    /// It is no JMESPath, or nests deeper than [`NESTING`]; the place is the column, in characters from one.
    pub fn compile(text: &str) -> Result<Self, GuardError> {
        parser::parse(text).map(Self).map_err(|fault| fault.of(text))
    }

    /// What of the data it can read.
    #[must_use]
    pub fn roots(&self) -> Roots {
        let mut roots = Roots::default();
        self.0.roots(&mut roots);
        roots
    }

    /// What the expression finds in the data; null if it is nothing.
    ///
    /// # Errors
    ///
    /// A function is given a value of another kind than it takes, or the budget is used up.
    pub fn evaluate(&self, data: &Value, budget: &mut Budget) -> Result<Value, GuardError> {
        let answer = machine::eval(&self.0, data, budget);
        answer.map(std::borrow::Cow::into_owned).map_err(error)
    }

    /// As [`JmesPath::evaluate`], of what is lent: an object is made of it only for more than names after names.
    pub(in crate::kyc) fn evaluate_lent(
        &self,
        data: Data<'_>,
        budget: &mut Budget,
    ) -> Result<Value, GuardError> {
        match (&self.0, data) {
            (_, Data::Value(value)) => self.evaluate(value, budget),
            (Node::Fields(names), _) => {
                budget.step(1).map_err(|spent| error(spent.into()))?;
                let found = names.iter().try_fold(data, |at, name| at.part(name));
                Ok(found.map_or(Value::Null, Data::to_value))
            }
            _ => self.evaluate(&data.to_value(), budget),
        }
    }

    /// Whether what it finds counts as true: not null, false, or an empty text, list or object. Zero is true.
    ///
    /// # Errors
    ///
    /// As [`JmesPath::evaluate`].
    pub fn holds(&self, data: &Value, budget: &mut Budget) -> Result<bool, GuardError> {
        machine::eval(&self.0, data, budget).map(|answer| machine::is_true(&answer)).map_err(error)
    }
}

/// Whether what was found counts as true, as [`JmesPath::holds`] has it.
pub(in crate::kyc) fn is_true(value: &Value) -> bool {
    machine::is_true(value)
}

fn error(stop: Stop) -> GuardError {
    stop.placed(|column| fault::place(column.unwrap_or(1)))
}

#[cfg(test)]
#[path = "property_tests.rs"]
mod properties;
