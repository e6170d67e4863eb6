use super::*;

#[test]
fn literals_that_are_no_json_become_texts() {
    let cases = [
        ("a == `1`", "a == `1`", false),
        ("a == `foo`", "a == `\"foo\"`", true),
        ("a == ` foo bar`", "a == `\"foo bar\"`", true),
        ("a == 'it`s' && b == `x`", "a == 'it`s' && b == `\"x\"`", true),
        ("\"a`b\" == `[1, 2]`", "\"a`b\" == `[1, 2]`", false),
        ("a == `{\"b\": \"\\`\"}`", "a == `{\"b\": \"\\`\"}`", false),
        ("a == 'b\\'`c`'", "a == 'b\\'`c`'", false),
        ("open == `x", "open == `x", false),
    ];
    for (text, wanted, is_other) in cases {
        let (told, was_other) = literals(text);
        assert_eq!((told.as_str(), was_other), (wanted, is_other), "{text}");
    }
}

#[test]
fn what_asks_is_seen() {
    let asking = [
        "a == b",
        "a.b > `1` && !c",
        "length(owners[?a == b]) > `0`",
        "contains(list, 'x')",
        "a == '|' || b != c",
        "owners[0] | a == b",
    ];
    let answering = [
        "a",
        "a || b == c",
        "owners[?a == b]",
        "a && b",
        "not_null(a)",
        "a == b | c",
        "{a: b == c}",
    ];
    for text in asking {
        assert!(asks(text), "{text}");
    }
    for text in answering {
        assert!(!asks(text), "{text}");
    }
}

#[test]
fn braces_are_filled_in() {
    let cases = [
        ("https://a.test/x", None),
        ("https://a.test/{secret.KEY}/x", None),
        (
            "{a.b-c}",
            Some(
                "join('', [`\"\"`, to_string(not_null(a.\"b-c\", 'undefined')) | [@][?!contains(@, '{')] | [0], `\"\"`])",
            ),
        ),
        (
            "x/{id}/{secret.K}",
            Some(
                "join('', [`\"x/\"`, to_string(not_null(id, 'undefined')) | [@][?!contains(@, '{')] | [0], `\"/{secret.K}\"`])",
            ),
        ),
        ("open {", None),
    ];
    for (text, wanted) in cases {
        assert_eq!(template(text).as_deref(), wanted, "{text}");
    }
}

#[test]
fn functions_that_can_fail_are_seen() {
    for (text, wanted) in [
        ("{a: b}", false),
        ("(a || b).c", false),
        ("to_string(a)", false),
        ("join('', a)", true),
        ("'join('", false),
        ("{n: not_null(a, length(b))}", true),
    ] {
        assert_eq!(calls(text), wanted, "{text}");
    }
}

#[test]
fn white_space_is_one_blank() {
    assert_eq!(blanks("{a:\n\t b,  c: 'd  e'}"), "{a: b, c: 'd e'}");
}
