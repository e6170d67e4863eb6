//! Kotlin's types of what the ledger answers, and how each is read.

use std::fmt::Write;

use super::camel;
use super::shapes::{Answers, Field, Kind};

const HEAD: &str = r"// What the ledger answers. Made of the facade's types by `cargo xtask generate`.
package io.thalium

import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import java.util.UUID
";

/// Words of Kotlin's own that no name may be but between backticks.
const RESERVED: &str = "as break class continue do else false for fun if in interface is null object package return \
    super this throw true try typealias typeof val var when while";

/// A field's name, as Kotlin writes it.
fn name_of(field: &Field) -> String {
    let name = camel(&field.name);
    if RESERVED.split(' ').any(|word| word == name) { format!("`{name}`") } else { name }
}

pub(super) fn types(answers: &Answers) -> String {
    let mut out = HEAD.to_owned();
    for one in &answers.enums {
        let _ = write!(out, "\n/** {} */\npublic enum class {}(", one.about, one.name);
        out.push_str(
            "\n    /** Its name in requests and answers. */\n    public val wire: String,\n) {\n",
        );
        for name in &one.names {
            let _ = writeln!(out, "    {}(\"{name}\"),", name.to_uppercase());
        }
        let _ = write!(
            out,
            "    ;\n\n    internal companion object {{\n        fun of(wire: String): {0} = entries.first {{ it.wire == wire }}\n    }}\n}}\n",
            one.name
        );
    }
    for one in &answers.types {
        let _ = writeln!(out, "\n/** {} */\npublic data class {}(", one.about, one.name);
        for field in &one.fields {
            let (name, kind) = (name_of(field), type_of(&field.kind));
            let mark = if field.is_optional { "?" } else { "" };
            let _ =
                writeln!(out, "    /** {} */\n    public val {name}: {kind}{mark},", field.about);
        }
        let _ = writeln!(out, ") {{");
        if one.fields.iter().any(|field| field.is_personal) {
            let shown = one.fields.iter().filter(|field| !field.is_personal);
            let shown: Vec<_> = shown.map(name_of).map(|name| format!("{name}=${name}")).collect();
            let _ = writeln!(out, "    /** Without what is personal. */");
            let shown = shown.join(", ");
            let _ = writeln!(
                out,
                "    override fun toString(): String = \"{}({shown}, …)\"\n",
                one.name
            );
        }
        let _ = writeln!(out, "    internal companion object {{");
        let _ = writeln!(out, "        fun read(told: Told): {0} = {0}(", one.name);
        for field in &one.fields {
            let _ = writeln!(out, "            {} = {},", name_of(field), reader(field));
        }
        out.push_str("        )\n    }\n}\n");
    }
    out
}

fn type_of(kind: &Kind) -> String {
    match kind {
        Kind::Text | Kind::TextOrEmpty => "String",
        Kind::Number => "Long",
        Kind::Bool => "Boolean",
        Kind::Money | Kind::Decimal | Kind::DecimalOrEmpty => "Money",
        Kind::Exact => "BigDecimal",
        Kind::Instant => "Instant",
        Kind::Date => "LocalDate",
        Kind::Uuid => "UUID",
        Kind::Map => "Map<String, String>",
        Kind::Texts => "List<String>",
        Kind::Asked => "Command",
        Kind::Enum(name) | Kind::Of(name) => name,
        Kind::List(name) => return format!("List<{name}>"),
    }
    .to_owned()
}

fn reader(field: &Field) -> String {
    // An enumeration is found by its text.
    let reader = match &field.kind {
        Kind::Enum(_) => "text",
        kind => kind.method(),
    };
    let or_null = if field.is_optional { "OrNull" } else { "" };
    let read = format!("told.{reader}{or_null}(\"{}\"", field.name);
    let safe = if field.is_optional { "?" } else { "" };
    match &field.kind {
        Kind::Of(name) | Kind::List(name) => format!("{read}, {name}::read)"),
        Kind::Enum(name) => format!("{read}){safe}.let({name}::of)"),
        Kind::Date => format!("{read}){safe}.let(LocalDate::parse)"),
        _ => format!("{read})"),
    }
}
