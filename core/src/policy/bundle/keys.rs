//! Keys that stand twice in one object of YAML: a reader takes the last and tells nobody. JSON's own reader refuses them where it is told to.

use std::collections::BTreeSet;

use saphyr_parser::{Event, Parser};

/// How much of a key is shown.
const SHOWN: usize = 64;

/// The keys so far of an object; none for a list.
type Keys = Option<BTreeSet<String>>;

/// The first key of a well-formed text that stands twice in one object.
pub(super) fn twice(text: &str) -> Option<String> {
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
                return Some(key.chars().take(SHOWN).collect());
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
        let yaml = [
            ("a: 1\nb: {a: 1}\nc: [{a: 1}, {a: a}]\n", None),
            ("a:\n  b: 1\n  \"b\": 2\n", Some("b")),
            ("- {x: &n [1], y: *n, z: {x: 1}, y: 2}\n", Some("y")),
            ("a: 1\n---\na: 1\na: 2\n", None),
        ];
        for (text, wanted) in yaml {
            assert_eq!(twice(text).as_deref(), wanted, "{text}");
        }
    }
}
