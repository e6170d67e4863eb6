//! What is left out of decisions that are handed on: JSON pointers (RFC 6901), as Open Policy Agent's decision logs have them.

use crate::policy::rego::Value;

/// The most masks.
pub const MASKS: usize = 1024;
/// The longest pointer, in bytes.
const POINTER: usize = 1024;

/// Which parts of decisions are removed or replaced.
///
/// ```
/// use thalium::api::decision::Masks;
/// use thalium::policy::rego::Value;
///
/// let masks = Masks::read(&Value::from_json(
///     r#"["/input/password", {"op": "upsert", "path": "/input/name", "value": "**"}]"#,
/// )?)?;
/// let decision = Value::from_json(r#"{"input": {"name": "Zodwa", "password": "x", "amount": 5}}"#)?;
/// assert_eq!(
///     masks.apply(&decision).to_json(),
///     r#"{"erased":["/input/password"],"input":{"amount":5,"name":"**"},"masked":["/input/name"]}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Masks(Vec<Mask>);

#[derive(Clone, Debug)]
struct Mask {
    pointer: String,
    path: Vec<String>,
    /// What takes its place; it goes, where nothing does.
    value: Option<Value>,
}

/// Masks that are none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("mask {place}: {message}")]
pub struct MaskError {
    /// Which, from zero.
    pub place: usize,
    /// What is wrong, and what to write.
    pub message: String,
}

impl Masks {
    /// Reads masks: a list of pointers whose values go, and of objects `{"op": "remove" | "upsert", "path", "value"}`. Each begins with
    /// `/input`, `/result` or `/error`.
    ///
    /// # Errors
    /// The first that is none.
    pub fn read(value: &Value) -> Result<Self, MaskError> {
        let whole = |message: &str| MaskError { place: 0, message: message.to_owned() };
        let masks = value
            .as_elements()
            .ok_or_else(|| whole("masks are no list: write [\"/input/name\"]"))?;
        if masks.len() > MASKS {
            return Err(whole("there are too many masks: 1,024 are the most"));
        }
        let read = |(place, mask)| Mask::read(mask).map_err(|message| MaskError { place, message });
        Ok(Self(masks.iter().enumerate().map(read).collect::<Result<_, _>>()?))
    }

    /// Whether nothing is masked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A decision without what is masked. `erased` and `masked` list the pointers of what went and of what was replaced.
    #[must_use]
    pub fn apply(&self, decision: &Value) -> Value {
        let (mut decision, mut erased, mut masked) = (decision.clone(), Vec::new(), Vec::new());
        for mask in &self.0 {
            let path: Vec<&str> = mask.path.iter().map(String::as_str).collect();
            let Some(changed) = change(&decision, &path, mask.value.as_ref()) else { continue };
            decision = changed;
            let told = if mask.value.is_some() { &mut masked } else { &mut erased };
            told.push(Value::from(mask.pointer.as_str()));
        }
        for (name, pointers) in [("erased", erased), ("masked", masked)] {
            if !pointers.is_empty() {
                decision = with(&decision, name, Value::array(pointers));
            }
        }
        decision
    }
}

impl Mask {
    fn read(mask: &Value) -> Result<Self, String> {
        let text = |name| mask.get_str(name).and_then(Value::as_str);
        let known = ["op", "path", "value"];
        let is_other =
            |(key, _): &(&Value, &Value)| !key.as_str().is_some_and(|key| known.contains(&key));
        if let Some((key, _)) = mask.as_object().and_then(|mask| mask.iter().find(is_other)) {
            return Err(format!("{} is no field of a mask: it has op, path, value", key.to_json()));
        }
        let (pointer, value) = match (mask.as_str(), text("op"), mask.get_str("value")) {
            (Some(pointer), ..) => (pointer, None),
            (None, Some("remove"), None) => (text("path").unwrap_or_default(), None),
            (None, Some("upsert"), Some(value)) => (text("path").unwrap_or_default(), Some(value)),
            _ => {
                return Err(
                    "is none: write a pointer such as \"/input/name\", or {\"op\": \"remove\", \"path\": …} or {\"op\": \"upsert\", \"path\": …, \"value\": …}"
                        .to_owned(),
                );
            }
        };
        let mut path = pointer.split('/').map(|key| key.replace("~1", "/").replace("~0", "~"));
        let is_rooted = path.next().is_some_and(|first| first.is_empty());
        let path: Vec<String> = path.collect();
        let first = path.first().map(String::as_str);
        if !is_rooted
            || !matches!(first, Some("input" | "result" | "error"))
            || pointer.len() > POINTER
        {
            return Err(format!(
                "`{}` is no pointer into a decision: begin with /input, /result or /error",
                pointer.chars().take(64).collect::<String>()
            ));
        }
        Ok(Self { pointer: pointer.to_owned(), path, value: value.cloned() })
    }
}

/// A value with what stands at a path replaced, or removed; `None` where that changes nothing. Only what is there is removed; what is set
/// is set where its parent is there. An item of a list becomes null: those behind it keep their places, and other masks find them.
fn change(value: &Value, path: &[&str], to: Option<&Value>) -> Option<Value> {
    let (key, rest) = path.split_first()?;
    match value {
        Value::Object(pairs) => {
            let name = Value::from(*key);
            let next = match (rest.is_empty(), to) {
                (true, Some(to)) => Some(to.clone()),
                (true, None) => pairs.get(&name).map(|_| None)?,
                (false, _) => Some(change(pairs.get(&name)?, rest, to)?),
            };
            let others = pairs.iter().filter(|(key, _)| **key != name);
            let others = others.map(|(key, value)| (key.clone(), value.clone()));
            Some(Value::object(others.chain(next.map(|next| (name.clone(), next)))))
        }
        Value::Array(items) => {
            let place: usize = key.parse().ok().filter(|place| *place < items.len())?;
            let next = match (rest.is_empty(), to) {
                (true, to) => to.cloned().unwrap_or(Value::Null),
                (false, _) => change(items.get(place)?, rest, to)?,
            };
            let item = |(at, item): (usize, &Value)| {
                if at == place { next.clone() } else { item.clone() }
            };
            Some(Value::array(items.iter().enumerate().map(item)))
        }
        _ => None,
    }
}

/// An object with a field.
pub(super) fn with(object: &Value, name: &str, value: Value) -> Value {
    let pairs = object.as_object().into_iter().flat_map(|pairs| pairs.iter());
    let pairs = pairs.map(|(key, value)| (key.clone(), value.clone()));
    Value::object(pairs.chain([(Value::from(name), value)]))
}

#[cfg(test)]
#[path = "mask_tests.rs"]
mod tests;
