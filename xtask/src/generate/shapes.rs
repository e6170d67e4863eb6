//! The types of the schema, as every language's declarations are made of them.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Map, Value};

use crate::failure::Failure;

/// What the ledger answers.
pub(super) struct Answers {
    pub(super) enums: Vec<Enumeration>,
    pub(super) types: Vec<Type>,
}

/// A type whose values are names.
pub(super) struct Enumeration {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) names: Vec<String>,
}

/// A type with fields.
pub(super) struct Type {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) fields: Vec<Field>,
}

/// A field.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) kind: Kind,
    /// Whether there may be nothing in it.
    pub(super) is_optional: bool,
    /// Whether it is personal, and written into no log by being printed.
    pub(super) is_personal: bool,
}

/// What a field holds.
pub(super) enum Kind {
    Text,
    /// Text that is left out where it is empty.
    TextOrEmpty,
    Number,
    Bool,
    /// Decimal text with its asset.
    Money,
    /// Decimal text in the asset around it.
    Decimal,
    /// The same, or nothing.
    DecimalOrEmpty,
    /// Decimal text of no asset: a price, a quantity.
    Exact,
    Instant,
    Date,
    Uuid,
    Map,
    Texts,
    Enum(String),
    Of(String),
    List(String),
    /// What was asked for, as it was written.
    Asked,
}

impl Kind {
    /// How the languages' readers call it; empty where there is nothing to convert.
    pub(super) fn reader(&self) -> String {
        match self {
            Self::Text | Self::Number | Self::Bool | Self::Enum(_) | Self::Asked => "",
            Self::TextOrEmpty => "text",
            Self::Money => "money",
            Self::Decimal => "decimal",
            Self::DecimalOrEmpty => "decimal?",
            Self::Exact => "exact",
            Self::Instant => "instant",
            Self::Date => "date",
            Self::Uuid => "uuid",
            Self::Map => "map",
            Self::Texts => "texts",
            Self::Of(name) => name,
            Self::List(name) => return format!("[{name}]"),
        }
        .to_owned()
    }
}

impl Kind {
    /// The method by which Kotlin and Swift read it.
    pub(super) fn method(&self) -> &'static str {
        match self {
            Self::Text | Self::Date => "text",
            Self::TextOrEmpty => "textOrEmpty",
            Self::Number => "number",
            Self::Bool => "flag",
            Self::Money => "money",
            Self::Decimal | Self::DecimalOrEmpty => "decimal",
            Self::Exact => "exact",
            Self::Instant => "instant",
            Self::Uuid => "uuid",
            Self::Map => "map",
            Self::Texts => "texts",
            Self::Asked => "command",
            Self::Enum(_) => "name",
            Self::Of(_) => "of",
            Self::List(_) => "list",
        }
    }
}

/// Reads the schema's answers of some kinds: `answers`, and `device` for what is told on a device.
pub(super) fn answers(schema: &Value, kinds: &[&str]) -> Result<Answers, Failure> {
    let mut definitions = Map::new();
    for kind in kinds {
        let of_kind = schema.get(kind).and_then(Value::as_object);
        definitions.extend(
            of_kind.ok_or_else(|| Failure::new(format!("the schema has no {kind}")))?.clone(),
        );
    }
    let definitions = &definitions;
    let mut found = Answers { enums: Vec::new(), types: Vec::new() };
    let told = told(definitions);
    for (name, definition) in definitions {
        if !told.contains(name.as_str()) && names_of(definition).is_none() {
            continue;
        }
        let (name, about) = (name.clone(), about(definition));
        if let Some(names) = names_of(definition) {
            let names = names.into_iter().map(str::to_owned).collect();
            found.enums.push(Enumeration { name, about, names });
        } else {
            let fields = fields(&name, definition, definitions)?;
            found.types.push(Type { name, about, fields });
        }
    }
    Ok(found)
}

/// The types that are told: those that no other refers to, and what they are made of. What was asked for is told as it was
/// written, so that the types of questions are not among them.
fn told(definitions: &Map<String, Value>) -> BTreeSet<&str> {
    let parts = |name: &str| definitions.get(name).map(referred_in).unwrap_or_default();
    let used: BTreeSet<&str> = definitions.keys().flat_map(|name| parts(name)).collect();
    let mut open: Vec<&str> =
        definitions.keys().map(String::as_str).filter(|name| !used.contains(name)).collect();
    let mut told = BTreeSet::new();
    while let Some(name) = open.pop() {
        let is_told = definitions.get(name).is_some_and(|one| one.get("properties").is_some());
        if is_told && told.insert(name) {
            open.extend(parts(name));
        }
    }
    told
}

/// The types that a definition refers to.
fn referred_in(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(fields) => {
            referred(value).into_iter().chain(fields.values().flat_map(referred_in)).collect()
        }
        Value::Array(items) => items.iter().flat_map(referred_in).collect(),
        _ => Vec::new(),
    }
}

fn fields(
    name: &str,
    definition: &Value,
    definitions: &Map<String, Value>,
) -> Result<Vec<Field>, Failure> {
    let list = |key| definition.get(key).and_then(Value::as_array).map(Vec::as_slice);
    let required: Vec<&str> =
        list("required").unwrap_or_default().iter().filter_map(Value::as_str).collect();
    let Some(properties) = definition.get("properties").and_then(Value::as_object) else {
        return Ok(Vec::new());
    };
    // The order of the required ones is that of their definition.
    let others = properties.keys().map(String::as_str).filter(|field| !required.contains(field));
    let mut fields = Vec::new();
    for field in required.iter().copied().chain(others) {
        let Some(shape) = properties.get(field) else { continue };
        let (kind, is_optional) = kind_of(shape, definitions).ok_or_else(|| {
            Failure::new(format!("{name}.{field}: no language has a type for this yet: {shape}"))
        })?;
        // A text or a map that is left out where it is empty is empty, and not nothing.
        let (kind, is_optional) = match (kind, is_optional || required.contains(&field)) {
            (Kind::Text, false) => (Kind::TextOrEmpty, false),
            (Kind::Map, false) => (Kind::Map, false),
            (kind, false) => (kind, true),
            (kind, true) => (kind, is_optional),
        };
        let is_personal = shape.get("x-personal").is_some_and(|mark| mark == true);
        let (name, about) = (field.to_owned(), about(shape));
        fields.push(Field { name, about, kind, is_optional, is_personal });
    }
    Ok(fields)
}

/// The names of an enumeration.
fn names_of(definition: &Value) -> Option<Vec<&str>> {
    if let Some(names) = definition.get("enum").and_then(Value::as_array) {
        return names.iter().map(Value::as_str).collect();
    }
    let variants = definition.get("oneOf")?.as_array()?;
    variants.iter().map(|variant| variant.get("const")?.as_str()).collect()
}

fn kind_of(shape: &Value, definitions: &Map<String, Value>) -> Option<(Kind, bool)> {
    if let Some(name) = referred(shape) {
        let definition = definitions.get(name)?;
        let is_enum = names_of(definition).is_some();
        if !is_enum && definition.get("properties").is_none() {
            return Some((Kind::Asked, false));
        }
        let name = name.to_owned();
        return Some((if is_enum { Kind::Enum(name) } else { Kind::Of(name) }, false));
    }
    if let Some([one, null]) = shape.get("anyOf").and_then(Value::as_array).map(Vec::as_slice)
        && null.get("type").and_then(Value::as_str) == Some("null")
    {
        return Some((kind_of(one, definitions)?.0, true));
    }
    let (kind, is_optional) = match shape.get("type")? {
        Value::String(kind) => (kind.as_str(), false),
        Value::Array(kinds) => (kinds.first()?.as_str()?, kinds.len() > 1),
        _ => return None,
    };
    let kind = match (kind, shape.get("format").and_then(Value::as_str)) {
        ("string", Some("money")) => Kind::Money,
        ("string", Some("decimal")) => Kind::Decimal,
        ("string", Some("decimal?")) => return Some((Kind::DecimalOrEmpty, true)),
        ("string", Some("exact")) => Kind::Exact,
        ("string", Some("instant")) => Kind::Instant,
        ("string", Some("date")) => Kind::Date,
        ("string", Some("uuid")) => Kind::Uuid,
        ("string", _) => Kind::Text,
        ("integer", _) => Kind::Number,
        ("boolean", _) => Kind::Bool,
        ("object", _) => Kind::Map,
        ("array", _) => match referred(shape.get("items")?) {
            Some(name) => Kind::List(name.to_owned()),
            None => Kind::Texts,
        },
        _ => return None,
    };
    Some((kind, is_optional))
}

fn referred(shape: &Value) -> Option<&str> {
    shape.get("$ref")?.as_str()?.rsplit('/').next()
}

/// What a type or a field is for, without the links of Rust's documentation.
fn about(definition: &Value) -> String {
    let mut rest = definition.get("description").and_then(Value::as_str).unwrap_or_default();
    let mut out = String::new();
    while let Some((before, linked)) = rest.split_once('[') {
        let Some((name, behind)) = linked.split_once(']') else { break };
        out.push_str(before);
        let code = name.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
        let _ = match (code, behind.starts_with('(')) {
            (Some(name), _) => write!(out, "`{}`", name.rsplit("::").next().unwrap_or(name)),
            (None, true) => write!(out, "{name}"),
            (None, false) => write!(out, "[{name}]"),
        };
        let target = behind.strip_prefix('(').and_then(|target| target.split_once(')'));
        rest = target.map_or(behind, |(_, behind)| behind);
    }
    out.push_str(rest);
    out.replace('\n', " ")
}
