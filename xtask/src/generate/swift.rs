//! Swift's types of what the ledger answers, and how each is read.

use std::fmt::Write;

use super::camel;
use super::shapes::{Answers, Field, Kind};

const HEAD: &str =
    "// What the ledger answers. Made of the facade's types by `cargo xtask generate`.
import Foundation
";

/// Words that Swift keeps, which a name may be between backticks.
const RESERVED: &str = "Any Self as associatedtype await break case catch class continue default defer deinit do else enum extension fallthrough \
    false fileprivate for func guard if import in init inout internal is let nil operator precedencegroup private protocol public repeat rethrows \
    return self static struct subscript super switch throw throws true try typealias var where while";

/// A name, as Swift writes it.
fn quoted(name: &str) -> String {
    let name = camel(name);
    if RESERVED.split(' ').any(|word| word == name) { format!("`{name}`") } else { name }
}

pub(super) fn types(answers: &Answers) -> String {
    let mut out = HEAD.to_owned();
    for one in &answers.enums {
        let _ = write!(out, "\n/// {}\npublic enum {}: String, Sendable {{\n", one.about, one.name);
        for name in &one.names {
            let _ = writeln!(out, "    case {} = \"{name}\"", quoted(name));
        }
        out.push_str("}\n");
    }
    for one in &answers.types {
        let _ =
            writeln!(out, "\n/// {}\npublic struct {}: Sendable, Hashable {{", one.about, one.name);
        for field in &one.fields {
            let (name, kind) = (quoted(&field.name), type_of(&field.kind));
            let mark = if field.is_optional { "?" } else { "" };
            let _ = writeln!(out, "    /// {}\n    public let {name}: {kind}{mark}", field.about);
        }
        out.push_str("\n    init(_ told: Told) throws {\n");
        for field in &one.fields {
            // A field may be called as what it is read from.
            let _ = writeln!(out, "        self.{} = {}", quoted(&field.name), reader(field));
        }
        out.push_str("    }\n}\n");
    }
    out
}

fn type_of(kind: &Kind) -> String {
    match kind {
        // Foundation has no civil date: it stays text.
        Kind::Text | Kind::TextOrEmpty | Kind::Date => "String",
        Kind::Number => "Int64",
        Kind::Bool => "Bool",
        Kind::Money | Kind::Decimal | Kind::DecimalOrEmpty => "Money",
        Kind::Exact => "Decimal",
        Kind::Instant => "Timestamp",
        Kind::Uuid => "UUID",
        Kind::Map => "[String: String]",
        Kind::Texts => "[String]",
        Kind::Asked => "Command",
        Kind::Enum(name) | Kind::Of(name) => name,
        Kind::List(name) => return format!("[{name}]"),
    }
    .to_owned()
}

fn reader(field: &Field) -> String {
    let reader = field.kind.method();
    let or_nil = if field.is_optional { "OrNil" } else { "" };
    let read = format!("try told.{reader}{or_nil}(\"{}\"", field.name);
    match &field.kind {
        Kind::Of(name) | Kind::List(name) => format!("{read}, {name}.init)"),
        _ => format!("{read})"),
    }
}
