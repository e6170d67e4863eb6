//! What OPA refuses when a policy is loaded, beyond what cannot be compiled.

use super::ast::{Term, TermKind};
use super::builtin::Builtin;
use super::error::{Place, Refusal, Refused};
use super::globals::is_document;
use super::goal::{Make, T};
use super::resolve::{Resolved, Resolver};
use super::tree::{Kind, NodeId, ROOT, Tree};
use super::value::Value;

/// Built-in functions that v1 has no more.
pub(in crate::policy) const DEPRECATED: [&str; 11] = [
    "all",
    "any",
    "cast_array",
    "cast_boolean",
    "cast_null",
    "cast_object",
    "cast_set",
    "cast_string",
    "net.cidr_overlap",
    "re_match",
    "set_diff",
];

/// The kinds of arguments that OPA's declarations allow: a letter for each kind, a word for each argument.
///
/// Any, array, boolean, number, object, string, Set, the null of JSON as `0`. What is not listed is not checked.
const KINDS: &[(&str, &str)] = &[
    ("abs", "n"),
    ("and", "S S"),
    ("array.concat", "a a"),
    ("array.reverse", "a"),
    ("array.slice", "a n n"),
    ("base64.decode", "s"),
    ("base64.encode", "s"),
    ("base64.is_valid", "s"),
    ("base64url.decode", "s"),
    ("base64url.encode", "s"),
    ("bits.and", "n n"),
    ("bits.lsh", "n n"),
    ("bits.negate", "n"),
    ("bits.or", "n n"),
    ("bits.rsh", "n n"),
    ("bits.xor", "n n"),
    ("ceil", "n"),
    ("concat", "s aS"),
    ("contains", "s s"),
    ("count", "Saos"),
    ("crypto.md5", "s"),
    ("crypto.sha1", "s"),
    ("crypto.sha256", "s"),
    ("div", "n n"),
    ("endswith", "s s"),
    ("floor", "n"),
    ("format_int", "n n"),
    ("hex.decode", "s"),
    ("hex.encode", "s"),
    ("indexof", "s s"),
    ("json.unmarshal", "s"),
    ("lower", "s"),
    ("max", "aS"),
    ("min", "aS"),
    ("minus", "nS nS"),
    ("mul", "n n"),
    ("numbers.range", "n n"),
    ("object.keys", "o"),
    ("object.union", "o o"),
    ("or", "S S"),
    ("plus", "n n"),
    ("product", "aS"),
    ("regex.match", "s s"),
    ("regex.replace", "s s s"),
    ("regex.split", "s s"),
    ("rem", "n n"),
    ("replace", "s s s"),
    ("round", "n"),
    ("sort", "aS"),
    ("split", "s s"),
    ("sprintf", "s a"),
    ("startswith", "s s"),
    ("substring", "s n n"),
    ("sum", "aS"),
    ("time.parse_duration_ns", "s"),
    ("time.parse_rfc3339_ns", "s"),
    ("to_number", "nsb0"),
    ("trim", "s s"),
    ("trim_left", "s s"),
    ("trim_prefix", "s s"),
    ("trim_right", "s s"),
    ("trim_space", "s"),
    ("trim_suffix", "s s"),
    ("units.parse", "s"),
    ("units.parse_bytes", "s"),
    ("upper", "s"),
];

/// Refuses arguments whose kind is written there and is none that the function takes.
pub(super) fn check_args(name: &str, args: &[T], at: Place) -> Resolved<()> {
    let Some((_, kinds)) = KINDS.iter().find(|(other, _)| *other == name) else { return Ok(()) };
    for (arg, allowed) in args.iter().zip(kinds.split(' ')) {
        if kind(arg).is_some_and(|kind| !allowed.contains(kind)) {
            let message = format!("{name}: invalid argument(s)");
            return Err(Refusal::new(Refused::Type, at, message));
        }
    }
    Ok(())
}

/// The kind of a term's value, where it is plain to see.
fn kind(term: &T) -> Option<char> {
    Some(match term {
        T::Const(Value::Null) => '0',
        T::Const(Value::Bool(_)) => 'b',
        T::Const(Value::Number(_)) => 'n',
        T::Const(Value::String(_)) | T::Template(_) => 's',
        T::Const(Value::Array(_)) | T::Array(_) => 'a',
        T::Const(Value::Object(_)) | T::Object(_) => 'o',
        T::Const(Value::Set(_)) | T::Set(_) => 'S',
        T::Closure(closure) => match closure.make {
            Make::Array => 'a',
            Make::Set => 'S',
            Make::Object => 'o',
        },
        T::Var(_) | T::Ref(..) | T::Call(..) => return None,
    })
}

/// Refuses a `with` on what cannot be replaced.
pub(super) fn check_replaced(builtin: &Builtin, at: Place) -> Resolved<()> {
    let refuse = |what: &str| {
        let message = format!("with keyword replacing built-in function: {what}");
        Err(Refusal::new(Refused::Compile, at, message))
    };
    let name = builtin.name;
    if builtin.relation {
        return refuse("target must not be a relation");
    }
    match name {
        "print" => refuse("target must not be a void function"),
        "eq" | "rego.metadata.chain" | "rego.metadata.rule" => {
            refuse(&format!("replacement of `{name}` invalid"))
        }
        "equal" => {
            // OPA makes it a unification in some places, which is not replaced there.
            let message = "`==` cannot be replaced";
            Err(Refusal::new(Refused::Unsupported, at, message))
        }
        internal if internal.starts_with("internal.") => {
            refuse(&format!("replacement of internal function `{name}` invalid"))
        }
        _ => Ok(()),
    }
}

/// Refuses a `with` on a part of what rules make.
pub(super) fn check_whole(tree: &Tree, keys: &[Value], at: Place) -> Resolved<()> {
    let mut node: NodeId = ROOT;
    let Some((_, above)) = keys.split_last() else { return Ok(()) };
    for key in above {
        let Some(child) = tree.child(node, key) else { return Ok(()) };
        node = child;
        if tree.node(node).is_some_and(|node| node.kind != Kind::Package) {
            let message = "with keyword cannot partially replace virtual document(s)";
            return Err(Refusal::new(Refused::Compile, at, message));
        }
    }
    Ok(())
}

impl Resolver<'_> {
    /// Refuses variables that are named as documents, in v1.
    pub(super) fn check_names(&self, terms: &[Term], what: &str) -> Resolved<()> {
        for term in terms {
            if let TermKind::Var(name) = &term.kind
                && self.globals.v1
                && is_document(name)
            {
                let message =
                    format!("{what} must not shadow `{name}` (use a different variable name)");
                return Err(Refusal::new(Refused::Compile, term.at, message));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "checks_tests.rs"]
mod tests;
