//! Python's types of what the ledger answers.

use std::fmt::Write;

use super::shapes::{Answers, Field, Kind, Type};

const HEAD: &str = r#""""What the ledger answers. Made of the facade's types by `cargo xtask generate`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

from ._instant import Timestamp
from ._money import Money
from ._value import Value
"#;

pub(super) fn types(answers: &Answers) -> String {
    let mut out = HEAD.to_owned();
    for one in &answers.enums {
        let literals: Vec<_> = one.names.iter().map(|name| format!("\"{name}\"")).collect();
        let _ = write!(out, "\n{} = Literal[{}]\n", one.name, literals.join(", "));
        let _ = writeln!(out, "\"\"\"{}\"\"\"", code(&one.about));
    }
    answers.types.iter().for_each(|one| class(&mut out, one));
    out
}

fn class(out: &mut String, one: &Type) {
    let names: Vec<_> =
        one.fields.iter().map(|field| format!("\"{}\"", name_of(&field.name))).collect();
    let comma = if names.len() == 1 { "," } else { "" };
    let _ = write!(out, "\n\nclass {}(Value):\n    \"\"\"{}\"\"\"\n\n", one.name, code(&one.about));
    let _ = writeln!(out, "    __slots__ = ({}{comma})", names.join(", "));
    let _ = writeln!(out, "    _fields: ClassVar[tuple[str, ...]] = __slots__");
    let pairs = |of: &dyn Fn(&Field) -> Option<String>| {
        let pair =
            |field: &Field| Some(format!("\"{}\": \"{}\"", name_of(&field.name), of(field)?));
        one.fields.iter().filter_map(pair).collect::<Vec<_>>().join(", ")
    };
    let shapes = pairs(&|field| Some(field.kind.reader()).filter(|reader| !reader.is_empty()));
    let renamed = pairs(&|field| (name_of(&field.name) != field.name).then(|| field.name.clone()));
    for (attribute, pairs) in [("_shapes", shapes), ("_names", renamed)] {
        if !pairs.is_empty() {
            let _ = writeln!(out, "    {attribute}: ClassVar[dict[str, str]] = {{{pairs}}}");
        }
    }
    out.push('\n');
    for field in &one.fields {
        let optional = if field.is_optional { " | None" } else { "" };
        let (name, about) = (name_of(&field.name), code(&field.about));
        let _ = writeln!(
            out,
            "    {name}: {}{optional}\n    \"\"\"{about}\"\"\"",
            type_of(&field.kind)
        );
    }
}

fn type_of(kind: &Kind) -> String {
    match kind {
        Kind::Text | Kind::TextOrEmpty => "str",
        Kind::Number => "int",
        Kind::Bool => "bool",
        Kind::Money | Kind::Decimal | Kind::DecimalOrEmpty => "Money",
        Kind::Exact => "Decimal",
        Kind::Instant => "Timestamp",
        Kind::Date => "date",
        Kind::Uuid => "UUID",
        Kind::Map => "Mapping[str, str]",
        Kind::Texts => "tuple[str, ...]",
        Kind::Asked => "Any",
        Kind::Enum(name) | Kind::Of(name) => name,
        Kind::List(name) => return format!("tuple[{name}, ...]"),
    }
    .to_owned()
}

/// Code as Python's documentation marks it.
fn code(about: &str) -> String {
    about.replace('`', "``")
}

/// The name of a field where Python has another use for its own.
fn name_of(field: &str) -> &str {
    match field {
        "from" => "src",
        "to" => "dst",
        field => field,
    }
}
