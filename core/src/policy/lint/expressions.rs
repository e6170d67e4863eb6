//! Expressions that cannot mean what they say.

use super::walk::{Seen, whole};
use super::{Report, is_test};
use crate::policy::rego::ast::{Literal, LiteralKind, Module, Term, TermKind};
use crate::policy::rego::{DEPRECATED, Value};

/// What compares.
const COMPARES: [&str; 6] = ["equal", "gt", "gte", "lt", "lte", "neq"];

/// What one module's expressions tell.
pub(super) fn check(module: &Module, report: &mut Report) {
    let test = is_test(module);
    for rule in &module.rules {
        let todo = rule.name.starts_with("todo_test_");
        whole(rule, &mut |seen| match seen {
            Seen::Literal(literal) if is_constant(literal) && !todo => {
                let message = "the condition is always the same".to_owned();
                report.add("constant-condition", literal.at, message);
            }
            Seen::Literal(_) => {}
            Seen::Term(term) => match &term.kind {
                TermKind::Op(name, args) => operator(term, name, args, report),
                TermKind::Call(name, args) => call(term, name, args, test, report),
                _ => {}
            },
        });
    }
}

fn is_constant(literal: &Literal) -> bool {
    let LiteralKind::Term(term) = &literal.kind else { return false };
    let is_scalar = |term: &Term| matches!(term.kind, TermKind::Scalar(_));
    match &term.kind {
        TermKind::Scalar(_) => true,
        TermKind::Op(name, args) => COMPARES.contains(name) && args.iter().all(is_scalar),
        _ => false,
    }
}

fn operator(term: &Term, name: &str, args: &[Term], report: &mut Report) {
    if matches!(name, "gt" | "gte" | "lt" | "lte") {
        let mut texts = args.iter().filter_map(text);
        if let (Some(text), None) = (texts.next(), texts.next())
            && is_decimal(text)
        {
            let message = format!("`\"{text}\"` is a text, and is compared as one");
            report.add("text-order", term.at, message);
        }
    }
    if name == "neq" && args.iter().any(is_loop) {
        let message = "it holds as soon as one item differs".to_owned();
        report.add("not-equals-in-loop", term.at, message);
    }
}

fn call(term: &Term, name: &Term, args: &[Term], test: bool, report: &mut Report) {
    let Some(name) = dotted(name) else { return };
    match name.as_str() {
        "print" | "trace" if !test => {
            report.add("print-or-trace-call", term.at, format!("`{name}` stands in a rule"));
        }
        "sprintf" => {
            if let [format, values, ..] = args
                && let (Some(format), TermKind::Array(values)) = (text(format), &values.kind)
                && let Some(verbs) = verbs(format)
                && verbs != values.len()
            {
                let message =
                    format!("the format has {verbs} verbs, and there are {} values", values.len());
                report.add("sprintf-arguments-mismatch", term.at, message);
            }
        }
        deprecated if DEPRECATED.contains(&deprecated) => {
            report.add("deprecated-builtin", term.at, format!("`{name}` is deprecated"));
        }
        _ => {}
    }
}

/// How many values a format takes; none where it names them by their places or takes widths from them.
fn verbs(format: &str) -> Option<usize> {
    let mut verbs = 0;
    let mut chars = format.chars();
    while let Some(char) = chars.next() {
        if char != '%' {
            continue;
        }
        let verb =
            chars.by_ref().find(|char| !matches!(char, '0'..='9' | '.' | '+' | '-' | '#' | ' '))?;
        match verb {
            '%' => {}
            '[' | '*' => return None,
            _ => verbs += 1,
        }
    }
    Some(verbs)
}

fn text(term: &Term) -> Option<&str> {
    match &term.kind {
        TermKind::Scalar(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// Digits, with a point between them or none.
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(text),
    }
}

/// Whether a reference goes over all items.
fn is_loop(term: &Term) -> bool {
    let wildcard = |key: &Term| matches!(&key.kind, TermKind::Var(name) if name.as_ref() == "_");
    matches!(&term.kind, TermKind::Ref(_, path) if path.iter().any(wildcard))
}

/// A function's name.
fn dotted(name: &Term) -> Option<String> {
    match &name.kind {
        TermKind::Var(name) => Some(name.as_ref().to_owned()),
        TermKind::Ref(head, path) => {
            let TermKind::Var(head) = &head.kind else { return None };
            let keys: Option<Vec<&str>> = path.iter().map(text).collect();
            Some(format!("{head}.{}", keys?.join(".")))
        }
        _ => None,
    }
}
