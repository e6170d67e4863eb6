//! What is different between two values: the changes that make one of the other, with their places as JSON Pointers.

use std::fmt;
use std::sync::Arc;

use crate::value::Value;

/// The most changes that are told one by one; where there are more, the values are told as a whole.
pub const CHANGES: usize = 1_000;
/// How deep values are looked into; what differs below is told at this depth.
const DEEP: usize = 64;

/// A place at which two values differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where, as a JSON Pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)): `/granted/level`; empty is the whole value.
    pub path: String,
    /// What stood there; none, if nothing did.
    pub before: Option<Value>,
    /// What stands there; none, if nothing does any more.
    pub after: Option<Value>,
}

impl Change {
    /// As an object: its `path`, and `before` and `after` where there is one.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut fields = vec![("path", Value::from(&*self.path))];
        fields.extend(self.before.clone().map(|before| ("before", before)));
        fields.extend(self.after.clone().map(|after| ("after", after)));
        Value::fields(fields)
    }
}

/// `/attempts: 1 -> 2`, `+ /level: 3`, `- /obsolete: null`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "(whole)" } else { &self.path };
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => {
                write!(f, "{path}: {} -> {}", before.to_json(), after.to_json())
            }
            (None, Some(after)) => write!(f, "+ {path}: {}", after.to_json()),
            (Some(before), None) => write!(f, "- {path}: {}", before.to_json()),
            (None, None) => f.write_str(path),
        }
    }
}

/// What is different between two values, in the order of the paths; empty if they are equal.
///
/// Members of objects are compared by their keys and items of arrays by their places; a set is compared as a whole. No two changes stand in
/// one another. Where there are more than [`CHANGES`], there is one: the whole of both values, so that what is told is always all of it.
///
/// ```
/// use thalium::kyc::difference;
/// use thalium::value::Value;
///
/// let before = Value::from_json(r#"{"level": 1, "hits": ["a"], "note": null}"#)?;
/// let after = Value::from_json(r#"{"level": 2, "hits": ["a", "b"]}"#)?;
/// let told: Vec<String> = difference(&before, &after).iter().map(ToString::to_string).collect();
/// assert_eq!(told, [r#"+ /hits/1: "b""#, "/level: 1 -> 2", "- /note: null"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn difference(before: &Value, after: &Value) -> Vec<Change> {
    let mut walk = Walk { path: Vec::new(), found: Vec::new() };
    walk.pair(before, after);
    if walk.found.len() <= CHANGES {
        return walk.found;
    }
    vec![Change { path: String::new(), before: Some(before.clone()), after: Some(after.clone()) }]
}

struct Walk {
    path: Vec<String>,
    found: Vec<Change>,
}

impl Walk {
    /// INVARIANT: goes no deeper than [`DEEP`].
    fn pair(&mut self, before: &Value, after: &Value) {
        // One more than can be told is enough.
        if self.found.len() > CHANGES {
            return;
        }
        match (before, after) {
            (Value::Object(one), Value::Object(other)) if self.path.len() < DEEP => {
                if Arc::ptr_eq(one, other) {
                    return;
                }
                let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
                // Both are sorted by their keys.
                loop {
                    match (left.peek().copied(), right.peek().copied()) {
                        (Some((key, old)), Some((own, new))) if key == own => {
                            self.at(&key_of(key), Some(old), Some(new));
                            left.next();
                            right.next();
                        }
                        (Some((key, old)), Some((own, _))) if key < own => {
                            self.at(&key_of(key), Some(old), None);
                            left.next();
                        }
                        (Some((key, old)), None) => {
                            self.at(&key_of(key), Some(old), None);
                            left.next();
                        }
                        (_, Some((own, new))) => {
                            self.at(&key_of(own), None, Some(new));
                            right.next();
                        }
                        (None, None) => break,
                    }
                }
            }
            (Value::Array(one), Value::Array(other)) if self.path.len() < DEEP => {
                if Arc::ptr_eq(one, other) {
                    return;
                }
                for at in 0..one.len().max(other.len()) {
                    self.at(&at.to_string(), one.get(at), other.get(at));
                }
            }
            _ if before == after => {}
            _ => self.note(Some(before), Some(after)),
        }
    }

    fn at(&mut self, step: &str, before: Option<&Value>, after: Option<&Value>) {
        self.path.push(step.replace('~', "~0").replace('/', "~1"));
        match (before, after) {
            (Some(before), Some(after)) => self.pair(before, after),
            _ => self.note(before, after),
        }
        self.path.pop();
    }

    fn note(&mut self, before: Option<&Value>, after: Option<&Value>) {
        if self.found.len() > CHANGES {
            return;
        }
        let path = self.path.iter().map(|step| format!("/{step}")).collect();
        self.found.push(Change { path, before: before.cloned(), after: after.cloned() });
    }
}

/// A key that is no text, which JSON does not have, is told as its JSON.
fn key_of(key: &Value) -> String {
    key.as_str().map_or_else(|| key.to_json(), str::to_owned)
}

#[cfg(test)]
#[path = "difference_tests.rs"]
mod tests;
