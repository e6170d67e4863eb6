use super::{translate, weighed};

#[test]
fn is_of_ascii_and_without_operators() {
    for (go, here) in [
        (r"\d\W\b", r"[0-9][^0-9A-Za-z_](?-u:\b)"),
        (r"[\d\]a&&[b]", r"[[0-9]\]a\&\&\[b]"),
        (r"x{,2}{1", r"x\{\,2\}\{1"),
        (r"\Qa.b\Ec", r"a\.bc"),
        (r"\p{^Greek}\PN\x{e9}\101", r"\P{Greek}\P{N}éA"),
        (r"(?P<n>a)(?<1>b)(?i:c)(?s-m)", r"(?P<n>a)(?P<_1>b)(?i:c)(?s-m)"),
        (r"[[:^alpha:]-]", r"[[:^alpha:]\-]"),
    ] {
        assert_eq!(translate(go).unwrap(), here, "{go}");
    }
}

#[test]
fn counts_weigh() {
    for (pattern, least, most) in [
        ("abc", 3, 3),
        ("a{100}", 100, 110),
        ("((a{100}){100}){2,5}|b", 50_000, 60_000),
        (r"(?:ab|\pL)*", 30, 60),
    ] {
        let weight = weighed(pattern).unwrap().1;
        assert!((least..=most).contains(&weight), "{pattern}: {weight}");
    }
}

#[test]
fn refuses_in_gos_words() {
    for (pattern, what) in [
        ("[", "missing closing ]: `[`"),
        ("(a", "missing closing ): `(a`"),
        ("a)", "unexpected ): `a)`"),
        ("++", "missing argument to repetition operator: `+`"),
        ("a|*", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("a{2,1}", "invalid repeat count: `{2,1}`"),
        (r"\8", r"invalid escape sequence: `\8`"),
        (r"\", "trailing backslash at end of expression: ``"),
        ("[z-a]", "invalid character class range: `z-a`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?P<a b>c)", "invalid named capture: `(?P<a b>`"),
    ] {
        assert_eq!(translate(pattern), Err(format!("error parsing regexp: {what}")), "{pattern}");
    }
}
