//! Rego v1: a policy is compiled once and answers queries by the input and the data that come with them; it reads no clock, no network and no chance.

mod ast;
mod builtin;
mod code;
mod collection;
mod compile;
mod data;
mod emit;
mod error;
mod expr;
mod goal;
mod index;
mod json;
mod lexer;
mod machine;
mod metadata;
mod number;
mod number_float;
mod parse_term;
mod parser;
mod part;
mod policy;
mod resolve;
mod safety;
mod scope;
mod text;
mod tree;
mod value;
mod yaml;

pub use builtin::Exhausted;
pub use collection::{Array, Object, Set};
pub use error::{EvalError, Failure, LoadError, Place, Refused};
pub use json::JsonError;
pub use number::{DIGITS, Number, NumberError};
pub use parser::Dialect;
pub use policy::{BYTES, Bindings, Policy, Query, Request, STEPS};
pub use value::{DEPTH, Value};

#[cfg(test)]
mod engine_tests;
#[cfg(test)]
mod limits_tests;
#[cfg(test)]
mod seeds_tests;
