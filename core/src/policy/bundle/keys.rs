//! Keys that stand twice in one object: a reader of JSON takes the last and tells nobody.

use std::collections::BTreeSet;

use saphyr_parser::{Event, Parser};

use crate::policy::rego::Value;

/// How much of a key is shown.
const SHOWN: usize = 64;

/// The first key of a well-formed text that stands twice in one object.
pub(super) fn twice(text: &str, is_yaml: bool) -> Option<String> {
    let key = if is_yaml { twice_in_yaml(text) } else { twice_in_json(text) };
    key.map(|key| key.chars().take(SHOWN).collect())
}

/// The keys so far of an object; none for a list.
type Keys = Option<BTreeSet<String>>;

fn twice_in_json(text: &str) -> Option<String> {
    let mut open: Vec<Keys> = Vec::new();
    // Where the text begins that is being read, and the last one that was read.
    let (mut begun, mut is_escaped, mut last) = (None, false, "");
    for (at, byte) in text.bytes().enumerate() {
        match (begun, byte) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), b'\\') => is_escaped = true,
            (Some(from), b'"') => {
                last = text.get(from..=at).unwrap_or_default();
                begun = None;
            }
            (Some(_), _) => {}
            (None, b'"') => begun = Some(at),
            (None, b'{') => open.push(Some(BTreeSet::new())),
            (None, b'[') => open.push(None),
            (None, b'}' | b']') => _ = open.pop(),
            (None, b':') => {
                // One key can be written in many ways.
                let key = Value::from_json(last).ok()?;
                let key = key.as_str()?.to_owned();
                if let Some(Some(keys)) = open.last_mut()
                    && !keys.insert(key.clone())
                {
                    return Some(key);
                }
            }
            (None, _) => {}
        }
    }
    None
}

fn twice_in_yaml(text: &str) -> Option<String> {
    // With the keys, whether a key comes next.
    let mut open: Vec<(Keys, bool)> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.ok()?;
        let is_node = matches!(
            event,
            Event::Scalar(..)
                | Event::Alias(_)
                | Event::SequenceStart(..)
                | Event::MappingStart(..)
        );
        if is_node && let Some((Some(keys), is_key)) = open.last_mut() {
            if let (true, Event::Scalar(key, ..)) = (*is_key, &event)
                && !keys.insert(key.to_string())
            {
                return Some(key.to_string());
            }
            *is_key = !*is_key;
        }
        match event {
            Event::MappingStart(..) => open.push((Some(BTreeSet::new()), true)),
            Event::SequenceStart(..) => open.push((None, false)),
            Event::MappingEnd | Event::SequenceEnd => _ = open.pop(),
            // The first of several documents is read.
            Event::DocumentEnd => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::twice;

    #[test]
    fn a_key_that_stands_twice_is_found() {
        let json = [
            (r#"{"a": 1, "b": {"a": 1}, "c": [{"a": 1}, {"a": "a"}]}"#, None),
            (r#"{"a": {"b": 1, "c": "\":{", "\u0062": 2}}"#, Some("b")),
            (r#"[{"a:\\": 1}, {"a": 1, "x": ["a"], "a": 2}]"#, Some("a")),
            (r#"{"a": "b", "c": "b", "b": 1}"#, None),
        ];
        for (text, wanted) in json {
            assert_eq!(twice(text, false).as_deref(), wanted, "{text}");
        }
        let yaml = [
            ("a: 1\nb: {a: 1}\nc: [{a: 1}, {a: a}]\n", None),
            ("a:\n  b: 1\n  \"b\": 2\n", Some("b")),
            ("- {x: &n [1], y: *n, z: {x: 1}, y: 2}\n", Some("y")),
            ("a: 1\n---\na: 1\na: 2\n", None),
        ];
        for (text, wanted) in yaml {
            assert_eq!(twice(text, true).as_deref(), wanted, "{text}");
        }
    }
}
