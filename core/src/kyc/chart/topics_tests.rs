//! Descriptors of events.

use proptest::prelude::*;

use super::{Topics, stem, stems_for};

/// SCXML's rule, word for word: a prefix of tokens, or anything.
fn matches(descriptor: &str, event: &str) -> bool {
    let stem = stem(descriptor);
    let tokens: Vec<&str> = event.split('.').collect();
    stem.is_empty() || tokens.starts_with(&stem.split('.').collect::<Vec<_>>())
}

#[test]
fn descriptors_match_by_tokens() {
    let cases = [
        ("document", "document", true),
        ("document", "document.received", true),
        ("document.*", "document", true),
        ("document.", "document.received.late", true),
        ("document", "documents", false),
        ("document.received", "document", false),
        ("document.received", "document.refused", false),
        ("*", "anything.at.all", true),
        ("error.*", "error.execution", true),
        ("foo", "fo", false),
        ("foo", "foo-bar", false),
    ];
    for (descriptor, event, wanted) in cases {
        let topics =
            Topics::new(["foo", "foo-bar", "document.refused", stem(descriptor)].into_iter());
        let found = topics.row(stem(descriptor)).holds(topics.of(event));
        assert_eq!(found, wanted, "{descriptor} {event}");
        assert_eq!(matches(descriptor, event), wanted, "{descriptor} {event}");
        let is_for = stems_for(event).any(|found| found == stem(descriptor));
        assert_eq!(is_for, wanted, "{descriptor} {event}");
    }
}

proptest! {
    #[test]
    fn numbers_match_as_tokens_do(
        descriptors in prop::collection::vec("\\*|[ab-](\\.?[ab-]){0,4}(\\.|\\.\\*)?", 1..12),
        events in prop::collection::vec("[ab-](\\.?[ab-]){0,5}", 1..12),
    ) {
        let topics = Topics::new(descriptors.iter().map(|descriptor| stem(descriptor)));
        for descriptor in &descriptors {
            for event in &events {
                let found = topics.row(stem(descriptor)).holds(topics.of(event));
                prop_assert_eq!(found, matches(descriptor, event), "{} {}", descriptor, event);
            }
        }
    }
}

#[test]
fn a_whole_name_is_itself_alone() {
    let topics = Topics::new(["done.state.a", "done.state.a.b", "done"].into_iter());
    for (event, wanted) in [
        ("done.state.a", true),
        ("done.state.a.b", false),
        ("done.state.a.c", false),
        ("done.state", false),
    ] {
        assert_eq!(topics.whole("done.state.a").holds(topics.of(event)), wanted, "{event}");
    }
}
