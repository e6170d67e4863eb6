//! Arrays, objects and sets: sorted where order is no part of the value, so that equality, order and search need no hashing.

use std::cmp::Ordering;
use std::ops::Deref;

use super::Value;

/// The items of an array. Derefs to the slice.
#[derive(Clone, Debug)]
pub struct Array {
    items: Vec<Value>,
    depth: u32,
    size: u64,
}

impl Array {
    /// Of the items.
    #[must_use]
    pub fn new(items: Vec<Value>) -> Self {
        let (depth, size) = measured(items.iter());
        Self { items, depth, size }
    }

    /// How deep it nests.
    #[must_use]
    pub const fn depth(&self) -> u32 {
        self.depth
    }

    /// About how many bytes its text has.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }
}

impl Deref for Array {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

/// The elements of a set: sorted, each once.
#[derive(Clone, Debug, Default)]
pub struct Set {
    items: Vec<Value>,
    depth: u32,
    size: u64,
}

impl Set {
    /// The elements in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Value] {
        &self.items
    }

    /// The elements in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.items.iter()
    }

    /// How many elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The element that equals the value.
    #[must_use]
    pub fn get(&self, value: &Value) -> Option<&Value> {
        self.items.get(self.items.binary_search(value).ok()?)
    }

    /// Whether an element equals the value.
    #[must_use]
    pub fn contains(&self, value: &Value) -> bool {
        self.items.binary_search(value).is_ok()
    }

    /// How deep it nests.
    #[must_use]
    pub const fn depth(&self) -> u32 {
        self.depth
    }

    /// About how many bytes its text has.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Of elements that are sorted already, each once.
    pub(crate) fn sorted(items: Vec<Value>) -> Self {
        let (depth, size) = measured(items.iter());
        Self { items, depth, size }
    }
}

impl FromIterator<Value> for Set {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        let mut items: Vec<Value> = items.into_iter().collect();
        items.sort();
        items.dedup();
        Self::sorted(items)
    }
}

impl<'a> IntoIterator for &'a Set {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// So many keys are looked through sooner than they are searched.
const FEW: usize = 8;

/// The pairs of an object, sorted by key, each key once.
#[derive(Clone, Debug, Default)]
pub struct Object {
    pairs: Vec<(Value, Value)>,
    depth: u32,
    size: u64,
}

impl Object {
    /// The pairs in the order of their keys.
    #[must_use]
    pub fn as_slice(&self) -> &[(Value, Value)] {
        &self.pairs
    }

    /// The pairs in the order of their keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Value, &Value)> {
        self.pairs.iter().map(|(key, value)| (key, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.pairs.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.pairs.iter().map(|(_, value)| value)
    }

    /// How many pairs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The key's value.
    #[must_use]
    pub fn get(&self, key: &Value) -> Option<&Value> {
        if let Value::String(text) = key {
            return self.get_str(text);
        }
        let at = self.pairs.binary_search_by(|(other, _)| other.cmp(key)).ok()?;
        self.pairs.get(at).map(|(_, value)| value)
    }

    /// The value of a key that is a text.
    #[must_use]
    pub fn get_str(&self, key: &str) -> Option<&Value> {
        // Of few keys most have another length.
        if self.pairs.len() <= FEW {
            let is_key = |other: &Value| matches!(other, Value::String(text) if **text == *key);
            return self.pairs.iter().find(|(other, _)| is_key(other)).map(|(_, value)| value);
        }
        let at = self.find(key).ok()?;
        self.pairs.get(at).map(|(_, value)| value)
    }

    /// Whether it has the key.
    #[must_use]
    pub fn contains(&self, key: &Value) -> bool {
        self.get(key).is_some()
    }

    /// A copy in which the key has the value.
    #[must_use]
    pub fn with(&self, key: Value, value: Value) -> Self {
        let mut pairs = self.pairs.clone();
        match pairs.binary_search_by(|(other, _)| other.cmp(&key)) {
            Ok(at) => {
                if let Some(pair) = pairs.get_mut(at) {
                    pair.1 = value;
                }
            }
            Err(at) => pairs.insert(at, (key, value)),
        }
        Self::sorted(pairs)
    }

    /// Gives a key that is a text a value.
    pub(crate) fn put(&mut self, key: &str, value: Value) {
        match self.find(key) {
            Ok(at) => {
                if let Some(pair) = self.pairs.get_mut(at) {
                    pair.1 = value;
                }
            }
            Err(at) => self.pairs.insert(at, (Value::from(key), value)),
        }
        *self = Self::sorted(std::mem::take(&mut self.pairs));
    }

    /// Where a key that is a text stands, or would stand.
    fn find(&self, key: &str) -> Result<usize, usize> {
        self.pairs.binary_search_by(|(other, _)| match other {
            Value::String(text) => text.as_ref().cmp(key),
            Value::Null | Value::Bool(_) | Value::Number(_) => Ordering::Less,
            _ => Ordering::Greater,
        })
    }

    /// How deep it nests.
    #[must_use]
    pub const fn depth(&self) -> u32 {
        self.depth
    }

    /// About how many bytes its text has.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Of pairs that are sorted already, each key once.
    pub(crate) fn sorted(pairs: Vec<(Value, Value)>) -> Self {
        let (depth, size) = measured(pairs.iter().flat_map(|(key, value)| [key, value]));
        Self { pairs, depth, size }
    }
}

impl FromIterator<(Value, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (Value, Value)>>(pairs: I) -> Self {
        let mut pairs: Vec<(Value, Value)> = pairs.into_iter().collect();
        // The sort is stable: of equal keys the last stands last, and is kept.
        pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
        pairs.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                std::mem::swap(&mut later.1, &mut kept.1);
            }
            same
        });
        Self::sorted(pairs)
    }
}

/// Depth and size: a part that stands in several places counts in each, as in the text.
fn measured<'a>(parts: impl Iterator<Item = &'a Value>) -> (u32, u64) {
    let (deep, size) = parts.fold((0, 2_u64), |(deep, size), part| {
        (part.depth().max(deep), size.saturating_add(part.size()).saturating_add(1))
    });
    (deep.saturating_add(1), size)
}

/// Equality and order are those of what is within: depth and size follow from it, and equal numbers may have texts of other lengths.
macro_rules! by_content {
    ($($collection:ident $content:ident,)*) => {$(
        impl PartialEq for $collection {
            fn eq(&self, other: &Self) -> bool {
                self.$content == other.$content
            }
        }

        impl Eq for $collection {}

        impl PartialOrd for $collection {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $collection {
            fn cmp(&self, other: &Self) -> Ordering {
                self.$content.cmp(&other.$content)
            }
        }
    )*};
}

by_content! { Array items, Set items, Object pairs, }
