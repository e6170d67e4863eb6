//! JSON as a command. Fields are checked before they are read, so that a misspelt one is told and not lost.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use thalium::ledger::account::AccountKind;
use thalium::party::Basis;

use crate::Command;
use crate::api::party::{
    AmendParty, AssignAccount, DefineRetention, ForgetParty, GrantAccess, LiftHold, MergeParties,
    PlaceHold, RegisterParty, RelateParties, RevokeAccess, SealData, SplitParty,
};

/// A request that cannot be read: which field, what is wrong, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The field; empty if all of it is at fault.
    pub field: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl Unreadable {
    /// What is wrong with a field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Text,
    Count,
    Flag,
    Texts,
    Object,
    Kind,
    Legs,
}

const EXTRA: &[(&str, Shape)] = &[
    ("description", Shape::Text),
    ("metadata", Shape::Object),
    ("effective_date", Shape::Text),
    ("code", Shape::Count),
    ("user_data_128", Shape::Text),
    ("user_data_64", Shape::Count),
    ("user_data_32", Shape::Count),
    ("linked", Shape::Flag),
    ("subject", Shape::Text),
    ("basis", Shape::Text),
    ("years", Shape::Count),
    ("retention", Shape::Text),
    ("public", Shape::Texts),
];

/// The fields of each operation beside `op`; `true` if it takes the common ones of a movement as well.
fn fields(op: &str) -> Option<(&'static [(&'static str, Shape)], bool)> {
    use Shape::{Count, Kind, Legs, Object, Text, Texts};
    Some(match op {
        "asset" => (&[("code", Text), ("scale", Count), ("kind", Kind), ("ledger", Count)], false),
        "account" => (
            &[
                ("key", Text),
                ("id", Text),
                ("asset", Text),
                ("kind", Text),
                ("parent", Text),
                ("name", Text),
                ("code", Count),
                ("overdraft", Shape::Flag),
                ("flags", Texts),
                ("user_data_128", Text),
                ("user_data_64", Count),
                ("user_data_32", Count),
                ("metadata", Object),
                ("timestamp", Text),
                ("subject", Text),
                ("basis", Text),
                ("years", Count),
                ("retention", Text),
                ("public", Texts),
            ],
            false,
        ),
        "post" => {
            (&[("key", Text), ("id", Text), ("from", Text), ("to", Text), ("amount", Text)], true)
        }
        "hold" => (
            &[
                ("key", Text),
                ("id", Text),
                ("from", Text),
                ("to", Text),
                ("amount", Text),
                ("timeout", Count),
            ],
            true,
        ),
        "capture" => {
            (&[("key", Text), ("id", Text), ("hold", Text), ("to", Text), ("amount", Text)], true)
        }
        "release" => (&[("key", Text), ("id", Text), ("hold", Text)], true),
        "transaction" => (&[("key", Text), ("id", Text), ("legs", Legs)], true),
        "transfer" => (
            &[
                ("key", Text),
                ("id", Text),
                ("from", Text),
                ("to", Text),
                ("amount", Text),
                ("pending", Text),
                ("timeout", Count),
                ("flags", Texts),
                ("timestamp", Text),
            ],
            true,
        ),
        _ => return None,
    })
}

/// Reads a command.
///
/// # Errors
/// What is wrong with it: no JSON, an operation or a field that does not exist, a value of another kind.
pub fn command(text: &str) -> Result<Command, Unreadable> {
    from_object(object(text)?)
}

/// Reads an object in which no field is named twice.
///
/// # Errors
/// Text that is none.
pub fn object(text: &str) -> Result<Map<String, Value>, Unreadable> {
    let Strict(value) = serde_json::from_str(text).map_err(|error| {
        let at = error.column();
        if error.is_data() {
            let message = format!("names a field twice (column {at}): which of the two is meant?");
            return Unreadable::new("", message);
        }
        Unreadable::new(
            "",
            format!("is no JSON (column {at}): write one object, as in {{\"op\":\"post\",…}}"),
        )
    })?;
    let Value::Object(object) = value else {
        return Err(Unreadable::new(
            "",
            "is no JSON object: write one object, as in {\"op\":\"post\",…}",
        ));
    };
    Ok(object)
}

/// Reads a command from an object.
///
/// # Errors
/// As [`command`].
pub fn from_object(object: Map<String, Value>) -> Result<Command, Unreadable> {
    let op = match object.get("op") {
        Some(Value::String(op)) => op.clone(),
        Some(_) => {
            return Err(Unreadable::new(
                "op",
                "is no text: write one of the operations, as in \"op\":\"post\"",
            ));
        }
        None => {
            return Err(Unreadable::new(
                "op",
                "is missing: write what to do, as in \"op\":\"post\"",
            ));
        }
    };
    // A null is a field that is not there.
    let object: Map<String, Value> =
        object.into_iter().filter(|(_, value)| !value.is_null()).collect();
    if let Some(command) = of_party(&op, &object) {
        return command;
    }
    let Some((own, takes_extra)) = fields(&op) else {
        let message = format!("there is no operation `{}`: {}", short(&op), OPERATIONS);
        return Err(Unreadable::new("op", message));
    };
    let extra = if takes_extra { EXTRA } else { &[] };
    for (name, value) in &object {
        if name == "op" {
            continue;
        }
        let Some((_, shape)) = own.iter().chain(extra).find(|(known, _)| known == name) else {
            let known: Vec<&str> = own.iter().chain(extra).map(|(known, _)| *known).collect();
            let message = format!("`{op}` has no such field; it has {}", known.join(", "));
            return Err(Unreadable::new(short(name), message));
        };
        check(name, *shape, value)?;
    }
    serde_json::from_value(Value::Object(object))
        .map_err(|error| Unreadable::new("", error.to_string()))
}

const OPERATIONS: &str = "use post, hold, capture, release, transaction, transfer, account or asset, or for people \
    register_party, amend_party, relate_parties, assign_account, seal_data, merge_parties, split_party, place_hold, lift_hold, \
    forget_party, grant_access, revoke_access or define_retention";

/// Reads a command of parties, if it is one.
fn of_party(op: &str, object: &Map<String, Value>) -> Option<Result<Command, Unreadable>> {
    macro_rules! read {
        ($($name:literal $type:ident)*) => {
            match op { $($name => Some(typed::<$type>(object).map(Command::from)),)* _ => None }
        };
    }
    if op == "seal_data" {
        return Some(sealed(object).map(Command::from));
    }
    read! {
        "register_party" RegisterParty
        "amend_party" AmendParty
        "relate_parties" RelateParties
        "assign_account" AssignAccount
        "merge_parties" MergeParties
        "split_party" SplitParty
        "place_hold" PlaceHold
        "lift_hold" LiftHold
        "forget_party" ForgetParty
        "grant_access" GrantAccess
        "revoke_access" RevokeAccess
        "define_retention" DefineRetention
    }
}

/// Reads personal data. What serde says of a value shows it, so it is not told.
fn sealed(object: &Map<String, Value>) -> Result<SealData, Unreadable> {
    let is_other = |name: &&String| !["op", "party", "fields"].contains(&name.as_str());
    if let Some(name) = object.keys().find(is_other) {
        let message = "`seal_data` has no such field; it has party, fields";
        return Err(Unreadable::new(short(name), message));
    }
    typed(object).map_err(|error| match error.field.as_str() {
        "party" => Unreadable::new("party", "is missing or no text: write a key or an id"),
        _ => Unreadable::new("fields", PERSONAL_FIELDS),
    })
}

/// What fields of personal data look like.
pub const PERSONAL_FIELDS: &str = "are missing or no fields of personal data: write {\"name\":{\"value\":\"…\",\
    \"purpose\":\"…\"}}, and beside these only basis (consent or law), years or retention, and identifier";

/// Reads an object as a type that refuses what it does not know; an error names the field.
fn typed<T: serde::de::DeserializeOwned>(object: &Map<String, Value>) -> Result<T, Unreadable> {
    let mut object = object.clone();
    object.remove("op");
    let read = |object: Map<String, Value>| serde_json::from_value::<T>(Value::Object(object));
    read(object.clone()).map_err(|error| {
        let message = error.to_string();
        // Serde names a field that is missing or unknown; any other is found by reading each alone.
        let named = message.split_once(" field `").and_then(|(_, rest)| rest.split_once('`'));
        let alone = |(name, value): (&String, &Value)| {
            let alone = Map::from_iter([(name.clone(), value.clone())]);
            let error = read(alone).err()?.to_string();
            (!error.starts_with("missing field")).then(|| name.clone())
        };
        let found = named.map(|(name, _)| name.to_owned());
        let field = found.or_else(|| object.iter().find_map(alone)).unwrap_or_default();
        Unreadable::new(short(&field), message)
    })
}

fn check(name: &str, shape: Shape, value: &Value) -> Result<(), Unreadable> {
    let refuse = |message: &str| Err(Unreadable::new(name, message));
    match (shape, value) {
        (Shape::Text, Value::String(kind))
            if name == "kind" && AccountKind::ALL.iter().all(|known| known.name() != kind) =>
        {
            refuse(&format!(
                "is `{}`: write asset, liability, equity, income or expense",
                short(kind)
            ))
        }
        (Shape::Text, Value::String(basis))
            if name == "basis" && Basis::ALL.iter().all(|known| known.name() != basis) =>
        {
            refuse(&format!("is `{}`: write consent or law", short(basis)))
        }
        (Shape::Text, Value::String(_))
        | (Shape::Flag, Value::Bool(_))
        | (Shape::Kind, Value::String(_) | Value::Object(_)) => Ok(()),
        (Shape::Text, Value::Number(_)) if name == "amount" => refuse(
            "is a bare number, which others may round: write it between quotes, as in \"250.00 ZAR\"",
        ),
        (Shape::Text, _) => refuse("is no text: write it between quotes"),
        (Shape::Count, Value::Number(number)) => {
            let limit = count_limit(name);
            match number.as_u64() {
                Some(found) if found <= limit => Ok(()),
                _ => refuse(&format!(
                    "`{}` is out of range: write a whole number up to {limit}",
                    short(&number.to_string())
                )),
            }
        }
        (Shape::Count, _) => refuse("is no number: write a whole number without quotes"),
        (Shape::Flag, _) => refuse("is neither true nor false"),
        (Shape::Kind, _) => {
            refuse("is no kind: write crypto, security, points or {\"fiat\":{\"number\":710}}")
        }
        (Shape::Texts, Value::Array(texts)) if texts.iter().all(Value::is_string) => Ok(()),
        (Shape::Texts, _) => refuse("is no list of names: write it as in [\"history\"]"),
        (Shape::Object, Value::Object(texts)) if texts.values().all(Value::is_string) => Ok(()),
        (Shape::Object, _) => refuse("is no object of texts: write it as in {\"order\":\"ord-7\"}"),
        (Shape::Legs, Value::Array(legs)) => {
            for (index, leg) in legs.iter().enumerate() {
                check_leg(index, leg)?;
            }
            Ok(())
        }
        (Shape::Legs, _) => {
            refuse("is no list: write [{\"account\":…,\"side\":\"debit\",\"amount\":\"1.00\"},…]")
        }
    }
}

fn check_leg(index: usize, leg: &Value) -> Result<(), Unreadable> {
    let refuse =
        |field: &str, message: &str| Err(Unreadable::new(format!("legs[{index}]{field}"), message));
    let Value::Object(leg) = leg else { return refuse("", "is no object") };
    for field in ["account", "side", "amount"] {
        if !leg.get(field).is_some_and(Value::is_string) {
            return refuse(&format!(".{field}"), "is missing or no text: write it between quotes");
        }
    }
    if let Some(side) = leg.get("side").and_then(Value::as_str)
        && !["debit", "credit"].contains(&side)
    {
        return refuse(".side", &format!("is `{}`: write debit or credit", short(side)));
    }
    match leg.keys().find(|name| !["account", "side", "amount"].contains(&name.as_str())) {
        Some(name) => refuse(
            &format!(".{}", short(name)),
            "a leg has no such field; it has account, side, amount",
        ),
        None => Ok(()),
    }
}

/// The largest value of a counting field.
fn count_limit(name: &str) -> u64 {
    match name {
        "scale" => 38,
        "years" => u8::MAX.into(),
        "code" => u16::MAX.into(),
        "timeout" | "ledger" | "user_data_32" => u32::MAX.into(),
        _ => u64::MAX,
    }
}

/// A value in which no object names a field twice: of two amounts none may win unseen.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value in which no field is named twice")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        // No field takes one: it is kept to be refused by name.
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = map.next_entry::<String, Strict>()? {
            if object.insert(name, value).is_some() {
                return Err(de::Error::custom("a field is named twice"));
            }
        }
        Ok(object.into())
    }
}

/// An excerpt of what was found, for an error.
fn short(text: &str) -> String {
    text.chars().take(64).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
