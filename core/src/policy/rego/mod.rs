//! Rego v1: a policy is compiled once and answers queries by the input and the data that come with them; it reads no clock, no network and no chance.

pub(super) mod ast;
mod builtin;
mod calls;
mod checks;
mod code;
mod compile;
mod data;
mod emit;
mod error;
mod expr;
#[path = "../filter/run.rs"]
mod filter;
mod globals;
mod goal;
mod index;
mod lexer;
mod lookup;
mod machine;
mod metadata;
mod needs;
mod negation;
mod parse_term;
mod parser;
mod part;
mod policy;
mod prepared;
mod resolve;
mod rules;
mod safety;
mod scope;
mod trace;
mod tree;
mod work;

use crate::value::{self, json, number, yaml};

pub use crate::value::{
    Array, DEPTH, DIGITS, Exhausted, JsonError, Number, NumberError, Object, Set, Value,
};
pub(super) use builtin::{hex, is_taken};
pub(super) use checks::DEPRECATED;
pub(super) use code::Site;
pub use error::{EvalError, Failure, LoadError, Place, Refused};
pub(super) use filter::condition;
pub(super) use lexer::comments;
pub(super) use metadata::{Metadata as Annotations, keys_of};
pub use parser::Dialect;
pub(super) use parser::parse_module;
pub use policy::{BYTES, Bindings, Module, Policy, Query, Request, STEPS};
pub use rules::{RuleKind, Rules};
pub use trace::Told;
pub(super) use trace::{Entered, Observer};
pub(super) use tree::Foreign;

#[cfg(test)]
mod engine_tests;
#[cfg(test)]
mod limits_tests;
#[cfg(test)]
mod seeds_tests;
#[cfg(test)]
mod text_tests;
