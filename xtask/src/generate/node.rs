//! TypeScript's types of what the ledger answers, and how each field is read.

use std::fmt::Write;

use super::camel;
use super::shapes::{Answers, Kind};

const HEAD: &str = r"// What the ledger answers. Made of the facade's types by `cargo xtask generate`.
import type { Money } from './money.js'
import type { Timestamp } from './timestamp.js'
";

pub(super) fn types(answers: &Answers) -> String {
    let mut out = HEAD.to_owned();
    for one in &answers.enums {
        let names: Vec<_> = one.names.iter().map(|name| format!("'{name}'")).collect();
        let _ = write!(
            out,
            "\n/** {} */\nexport type {} = {}\n",
            one.about,
            one.name,
            names.join(" | ")
        );
    }
    for one in &answers.types {
        let _ = write!(out, "\n/** {} */\nexport interface {} {{\n", one.about, one.name);
        for field in &one.fields {
            let (mark, optional) = if field.is_optional { ("?", " | undefined") } else { ("", "") };
            let (name, kind) = (camel(&field.name), type_of(&field.kind));
            let _ = writeln!(
                out,
                "  /** {} */\n  readonly {name}{mark}: {kind}{optional}",
                field.about
            );
        }
        out.push_str("}\n");
    }
    out.push_str("\n/** How each field is read. @internal */\nexport const SHAPES: Record<string, Record<string, string>> = {\n");
    for one in &answers.types {
        let shapes: Vec<_> = one
            .fields
            .iter()
            .map(|field| {
                // Dates and ids stay text: JavaScript has no type of its own for either.
                let reader = match field.kind {
                    Kind::Date | Kind::Uuid | Kind::Exact => String::new(),
                    ref kind => kind.reader(),
                };
                format!("{}: '{reader}'", field.name)
            })
            .collect();
        let _ = writeln!(out, "  {}: {{ {} }},", one.name, shapes.join(", "));
    }
    out.push_str("}\n");
    out
}

fn type_of(kind: &Kind) -> String {
    match kind {
        Kind::Text | Kind::TextOrEmpty | Kind::Date | Kind::Uuid | Kind::Exact => "string",
        Kind::Number => "number",
        Kind::Bool => "boolean",
        Kind::Money | Kind::Decimal | Kind::DecimalOrEmpty => "Money",
        Kind::Instant => "Timestamp",
        Kind::Map => "Readonly<Record<string, string>>",
        Kind::Texts => "readonly string[]",
        Kind::Asked => "unknown",
        Kind::Enum(name) | Kind::Of(name) => name,
        Kind::List(name) => return format!("readonly {name}[]"),
    }
    .to_owned()
}
