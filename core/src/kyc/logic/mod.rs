//! JSON Logic: guards that are data, compiled once and evaluated without a clock, a network or a surprise.
//!
//! A rule is an object whose one key is an operator and whose value has its arguments: `{"<": [{"var": "attempts"}, 3]}`. It can ask the data and
//! calculate, and it can do nothing else. What is not for it: calls of methods, dates, patterns, and operators of one's own.
//!
//! - [`Dialect::Strict`] is ours, for what is written anew. It takes no value for one of another kind, and says where a rule tries to.
//! - [`Dialect::JavaScript`] answers what json-logic-js answers, for rules that were written for it.
//!
//! ```
//! use thalium::kyc::logic::{Budget, Logic};
//! use thalium::value::Value;
//!
//! let rule = r#"{"and": [{"==": [{"var": "document.status"}, "verified"]}, {"<": [{"var": "attempts"}, 3]}]}"#;
//! let guard = Logic::compile(&Value::from_json(rule)?)?;
//! let case = Value::from_json(r#"{"document": {"status": "verified"}, "attempts": 1}"#)?;
//! assert!(guard.holds(&case, &mut Budget::default())?);
//!
//! let other = Value::from_json(r#"{"document": {"status": "verified"}, "attempts": "1"}"#)?;
//! let told = guard.holds(&other, &mut Budget::default()).unwrap_err().to_string();
//! assert_eq!(told, "and/1/<: compares a text with a number; only two numbers or two texts have an order");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub(in crate::kyc) mod budget;
mod code;
mod compile;
pub(in crate::kyc) mod data;
pub(in crate::kyc) mod decimal;
pub(in crate::kyc) mod error;
mod item;
mod javascript;
mod machine;
mod numeric;
mod roots;
pub(in crate::kyc) mod strict;

pub use budget::{Budget, SIZE};
pub use compile::{NESTING, PARTS};
pub use error::GuardError;
pub use roots::Roots;

use crate::value::Value;
use code::Node;
use compile::{Compiler, Place};
use data::Data;
use item::Item;
use machine::Machine;
pub(in crate::kyc) use machine::Record;

/// How a rule takes values of kinds that it was not written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Not at all: it is an error that names the path.
    ///
    /// A condition is true or false, and nothing else; `!!` makes one of any value. Numbers are compared with numbers and texts with texts, by
    /// their characters' code points; null is equal to null alone, and other kinds are not compared. Sum, difference and product are exact, a
    /// quotient has 34 significant digits and a half goes to the even one, and a division by zero is an error. Lists and objects are equal if
    /// their parts are. `substr` counts characters.
    #[default]
    Strict,
    /// As JavaScript does, in what json-logic-js 2.0 makes of it: `1 == "1"`, `"" < 1`, `{"+": ["3 days"]}` is 3.
    ///
    /// It differs from it where exact decimals differ from doubles, and where an answer would depend on more than the data:
    /// - A sum, difference, product or remainder is exact: `0.1 + 0.2` is `0.3`, whole numbers beyond 2⁵³ keep their digits, and as text all
    ///   digits are written. A quotient has 34 significant digits instead of about 17.
    /// - There is no negative zero, and nothing becomes infinite but a division by zero and a text that says so or has more than 10,000
    ///   digits; a calculation beyond that is an error.
    /// - A list or an object is equal to no other and not to itself either, where JavaScript finds the same object equal to itself.
    /// - What is no number, infinite or undefined is null once it stands in a list or is the answer, as in JSON. [`Logic::holds`] still knows it.
    /// - Keys of objects have no order but that of their names, and only `length` is read of what is no part of JSON.
    /// - Half a pair of UTF-16 that `substr` cuts off becomes U+FFFD. An unknown operator is refused when the rule is compiled.
    JavaScript,
}

/// A rule, compiled.
#[derive(Debug)]
pub struct Logic {
    node: Node,
    places: Vec<Place>,
    dialect: Dialect,
}

impl Logic {
    /// Compiles a rule of the strict dialect.
    ///
    /// # Errors
    ///
    /// It has an operator that is not known or arguments too few or too many, or it is too large; the place is the path within the rule.
    pub fn compile(rule: &Value) -> Result<Self, GuardError> {
        Self::compile_as(rule, Dialect::Strict)
    }

    /// Compiles a rule of a dialect.
    ///
    /// # Errors
    ///
    /// As [`Logic::compile`]; the dialect of JavaScript takes any number of arguments.
    pub fn compile_as(rule: &Value, dialect: Dialect) -> Result<Self, GuardError> {
        let mut compiler = Compiler { dialect, places: Vec::new() };
        let node = compiler.rule(rule)?;
        Ok(Self { node, places: compiler.places, dialect })
    }

    /// The dialect.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What of the data it can read.
    #[must_use]
    pub fn roots(&self) -> Roots {
        let mut roots = Roots::default();
        roots.walk(&self.node);
        roots
    }

    /// The value of the rule on the data. What JSON cannot hold, which only JavaScript has, is null.
    ///
    /// # Errors
    ///
    /// A value is of another kind than is needed, or the budget is used up.
    pub fn evaluate(&self, data: &Value, budget: &mut Budget) -> Result<Value, GuardError> {
        self.run(Data::Value(data), budget, None).map(Item::into_value)
    }

    /// The same, and tells of every value that is read from the data: its path, and the value or what stands in for it.
    ///
    /// Within `map` and its like the items of a list are read, which have been told of with the list.
    ///
    /// # Errors
    ///
    /// As [`Logic::evaluate`]; what was read until then has been told of.
    pub fn evaluate_recorded(
        &self,
        data: &Value,
        budget: &mut Budget,
        record: &mut dyn FnMut(&str, &Value),
    ) -> Result<Value, GuardError> {
        self.run(Data::Value(data), budget, Some(record)).map(Item::into_value)
    }

    /// Whether the rule holds for the data.
    ///
    /// # Errors
    ///
    /// As [`Logic::evaluate`], or the strict dialect answers neither true nor false.
    pub fn holds(&self, data: &Value, budget: &mut Budget) -> Result<bool, GuardError> {
        self.is_held(&self.run(Data::Value(data), budget, None)?)
    }

    /// The same, and tells of every value that is read, as [`Logic::evaluate_recorded`] does. What is recorded changes no answer.
    ///
    /// # Errors
    ///
    /// As [`Logic::holds`].
    pub fn holds_recorded(
        &self,
        data: &Value,
        budget: &mut Budget,
        record: &mut dyn FnMut(&str, &Value),
    ) -> Result<bool, GuardError> {
        self.is_held(&self.run(Data::Value(data), budget, Some(record))?)
    }

    /// As [`Logic::evaluate`], of what is lent, and told of or not.
    pub(in crate::kyc) fn evaluate_with(
        &self,
        data: Data<'_>,
        budget: &mut Budget,
        record: Option<&mut Record<'_>>,
    ) -> Result<Value, GuardError> {
        self.run(data, budget, record).map(Item::into_value)
    }

    /// As [`Logic::holds`], of what is lent, and told of or not.
    pub(in crate::kyc) fn holds_with(
        &self,
        data: Data<'_>,
        budget: &mut Budget,
        record: Option<&mut Record<'_>>,
    ) -> Result<bool, GuardError> {
        self.is_held(&self.run(data, budget, record)?)
    }

    fn is_held(&self, answer: &Item<'_>) -> Result<bool, GuardError> {
        match (answer.value(), self.dialect) {
            (Value::Bool(held), _) => Ok(*held),
            (_, Dialect::JavaScript) => Ok(answer.is_true()),
            (other, Dialect::Strict) => {
                Err(strict::no_condition(other).placed(|_| "rule".to_owned()))
            }
        }
    }

    fn run<'a>(
        &'a self,
        data: Data<'a>,
        budget: &mut Budget,
        record: Option<&mut Record<'_>>,
    ) -> Result<Item<'a>, GuardError> {
        let mut machine = Machine { dialect: self.dialect, budget, record, root: data };
        let answer = machine.eval(&self.node, data);
        answer.map_err(|stop| stop.placed(|at| compile::path(&self.places, at)))
    }
}

#[cfg(test)]
#[path = "property_tests.rs"]
mod properties;
#[cfg(test)]
#[path = "strict_tests.rs"]
mod tests;
