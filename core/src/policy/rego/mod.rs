//! Rego v1: a policy is compiled once and answers queries by the input and the data that come with them; it reads no clock, no network and no chance.

mod ast;
mod builtin;
mod checks;
mod code;
mod collection;
mod compile;
mod data;
mod emit;
mod error;
mod expr;
mod globals;
mod goal;
mod index;
mod json;
mod lexer;
mod lookup;
mod machine;
mod metadata;
mod negation;
mod number;
mod number_float;
mod parse_term;
mod parser;
mod part;
mod policy;
mod prepared;
mod resolve;
mod rules;
mod safety;
mod scope;
mod text;
mod tree;
mod value;
mod work;
mod yaml;

pub use builtin::Exhausted;
pub(super) use builtin::hex;
pub use collection::{Array, Object, Set};
pub use error::{EvalError, Failure, LoadError, Place, Refused};
pub use json::JsonError;
pub use number::{DIGITS, Number, NumberError};
pub use parser::Dialect;
pub use policy::{BYTES, Bindings, Module, Policy, Query, Request, STEPS};
pub use rules::{RuleKind, Rules};
pub use value::{DEPTH, Value};

#[cfg(test)]
mod engine_tests;
#[cfg(test)]
mod limits_tests;
#[cfg(test)]
mod seeds_tests;
