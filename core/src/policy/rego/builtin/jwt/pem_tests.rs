use super::first;

fn told(text: &str) -> Option<(&str, Vec<u8>, &str)> {
    first(text).map(|block| (block.label, block.bytes, block.rest))
}

#[test]
fn the_first_block_is_found() {
    for (text, want) in [
        ("-----BEGIN A-----\nYWI=\n-----END A-----\nrest", Some(("A", "ab", "rest"))),
        ("x\n-----BEGIN A-----\r\nYW I=\r\n-----END A-----\r\n", Some(("A", "ab", ""))),
        ("-----BEGIN A-----\nK: v\nL: w\n\nYWI=\n-----END A-----", Some(("A", "ab", ""))),
        ("-----BEGIN A-----\n-----END A-----\n", Some(("A", "", ""))),
        ("-----BEGIN A B-----\nYQ==\n-----END A B-----  \n", Some(("A B", "a", ""))),
        // What is none is passed, and what follows is looked at.
        (
            "-----BEGIN A-----\nYWI=\n-----BEGIN B-----\nYQ==\n-----END B-----\n",
            Some(("B", "a", "")),
        ),
        (
            "-----BEGIN A-----\n*\n-----END A-----\n-----BEGIN B-----\nYQ==\n-----END B-----",
            Some(("B", "a", "")),
        ),
        // The first end is another's.
        ("-----BEGIN A-----\nYWI=\n-----END B-----\n-----END A-----\n", None),
        ("-----BEGIN A-----\nYWI=\n-----END A----- x\n", None),
        ("-----BEGIN A-----\nYWI\n-----END A-----\n", None),
        ("-----BEGIN A-----\nK: v\n-----END A-----\n", None),
        (" -----BEGIN A-----\nYWI=\n-----END A-----\n", None),
        ("-----BEGIN A----\nYWI=\n-----END A-----\n", None),
        ("-----BEGIN A-----\n", None),
        ("", None),
    ] {
        let want = want.map(|(label, bytes, rest)| (label, bytes.as_bytes().to_vec(), rest));
        assert_eq!(told(text), want, "{text:?}");
    }
}

#[test]
fn hostile_texts_take_no_longer_than_others() {
    for (unit, tail) in [
        ("-----BEGIN A-----\n", ""),
        ("-----BEGIN A-----\n", "-----END A-----x\n"),
        ("-----BEGIN A-----\n", "-----END B-----\n"),
        ("-----BEGIN :-----\n", "-----END A-----\n"),
        ("-----BEGIN A-----\nAAAA\n", "-----END A-----\n"),
        ("-----END A-----\n", ""),
        ("-----BEGIN A-----\n-----END A-----x\n", ""),
        ("-----BEGIN ", "-----END "),
        ("-----", ""),
    ] {
        let text = unit.repeat(100_000) + tail;
        _ = first(&text);
    }
}
