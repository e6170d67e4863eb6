//! Documents, field by field.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Change, Listed, Row, cut, shown};
use crate::policy::rego::{Object, Set, Value};

/// The longest pointer that is told, in bytes.
const POINTER: usize = 1024;

/// About how many bytes of lists are looked into for single items; those beyond are told whole.
// Each list within lists is written down again.
const LISTS: u64 = 1 << 30;

/// What changes from one document to the other, at most so many rows.
pub(super) fn compare(before: &Value, after: &Value, most: usize) -> Listed<Row> {
    let mut rows = Listed::default();
    walk(before, after, &mut |keys, change, before, after| {
        rows.add(most, || Row {
            pointer: pointer(keys),
            change,
            before: before.map(shown),
            after: after.map(shown),
        });
    });
    rows
}

/// Called with the keys of a part, how it changes, and what it is before and after.
pub(super) type On<'o> = &'o mut dyn FnMut(&[String], Change, Option<&Value>, Option<&Value>);

/// Tells all parts that change, in the order of their keys. The same document the other way round tells the same parts.
pub(super) fn walk(before: &Value, after: &Value, on: On<'_>) {
    Walk { keys: Vec::new(), lists: LISTS, on }.parts(before, after);
}

/// The JSON pointer of keys.
pub(super) fn pointer(keys: &[String]) -> String {
    let mut text = String::new();
    for key in keys {
        _ = write!(text, "/{}", key.replace('~', "~0").replace('/', "~1"));
        if text.len() > POINTER {
            break;
        }
    }
    cut(text, POINTER)
}

/// The entries of two maps, each with what is there before and after.
pub(super) fn both<'a, K: Ord, V>(
    before: &'a BTreeMap<K, V>,
    after: &'a BTreeMap<K, V>,
) -> impl Iterator<Item = (&'a K, Option<&'a V>, Option<&'a V>)> {
    let mut all: BTreeMap<&K, (Option<&V>, Option<&V>)> =
        before.iter().map(|(key, value)| (key, (Some(value), None))).collect();
    for (key, value) in after {
        all.entry(key).or_default().1 = Some(value);
    }
    all.into_iter().map(|(key, (before, after))| (key, before, after))
}

struct Walk<'o> {
    keys: Vec<String>,
    lists: u64,
    on: On<'o>,
}

impl Walk<'_> {
    fn parts(&mut self, before: &Value, after: &Value) {
        match (before, after) {
            (Value::Object(old), Value::Object(new)) => {
                let (old, new) = (fields(old), fields(new));
                for ((_, key), old, new) in both(&old, &new) {
                    self.within(key.clone(), old.copied(), new.copied());
                }
            }
            (Value::Set(old), Value::Set(new)) => {
                let items = |set: &Set| set.iter().cloned().map(|item| (item, ())).collect();
                for (item, old, new) in both(&items(old), &items(new)) {
                    match (old, new) {
                        (Some(()), None) => self.tell(Change::Removed, Some(item), None),
                        (None, Some(())) => self.tell(Change::Added, None, Some(item)),
                        _ => {}
                    }
                }
            }
            (Value::Array(old), Value::Array(new)) => {
                let cost = before.size().saturating_add(after.size());
                match self.lists.checked_sub(cost) {
                    Some(rest) => {
                        self.lists = rest;
                        self.items((before, old), (after, new));
                    }
                    None => self.whole(before, after),
                }
            }
            _ => self.whole(before, after),
        }
    }

    /// What changes as a whole. `1` and `1.0` are not the same: a policy can tell them apart.
    fn whole(&mut self, before: &Value, after: &Value) {
        if before.kind() != after.kind() || before.to_json() != after.to_json() {
            self.tell(Change::Changed, Some(before), Some(after));
        }
    }

    fn within(&mut self, key: String, before: Option<&Value>, after: Option<&Value>) {
        self.keys.push(key);
        match (before, after) {
            (Some(before), Some(after)) => self.parts(before, after),
            (Some(_), None) => self.tell(Change::Removed, before, None),
            (None, Some(_)) => self.tell(Change::Added, None, after),
            (None, None) => {}
        }
        self.keys.pop();
    }

    fn tell(&mut self, change: Change, before: Option<&Value>, after: Option<&Value>) {
        (self.on)(&self.keys, change, before, after);
    }

    /// The items that come, go or change. Where those that stay are in another order, the list is told whole.
    fn items(&mut self, (before, old): (&Value, &[Value]), (after, new): (&Value, &[Value])) {
        let texts = |items: &[Value]| items.iter().map(Value::to_json).collect::<Vec<_>>();
        let (old_texts, new_texts) = (texts(old), texts(new));
        let (gone, stayed) = unmatched(&old_texts, &new_texts);
        let (come, found) = unmatched(&new_texts, &old_texts);
        if stayed != found {
            return self.tell(Change::Changed, Some(before), Some(after));
        }
        let gone: BTreeMap<usize, &Value> =
            gone.into_iter().filter_map(|at| Some((at, old.get(at)?))).collect();
        let come: BTreeMap<usize, &Value> =
            come.into_iter().filter_map(|at| Some((at, new.get(at)?))).collect();
        for (at, old, new) in both(&gone, &come) {
            self.within(at.to_string(), old.copied(), new.copied());
        }
    }
}

/// The places of items that the other list has not, or not as often, and those that it has.
fn unmatched<'t>(texts: &'t [String], others: &[String]) -> (Vec<usize>, Vec<&'t str>) {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    others.iter().for_each(|text| *left.entry(text).or_default() += 1);
    let (mut places, mut matched) = (Vec::new(), Vec::new());
    for (at, text) in texts.iter().enumerate() {
        match left.get_mut(text.as_str()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                matched.push(text.as_str());
            }
            _ => places.push(at),
        }
    }
    (places, matched)
}

/// The fields by their keys as they are told. A text is another key than a number that is written so.
fn fields(object: &Object) -> BTreeMap<(&'static str, String), &Value> {
    let label = |key: &Value| key.as_str().map_or_else(|| key.to_json(), str::to_owned);
    object.iter().map(|(key, value)| ((key.kind(), label(key)), value)).collect()
}
