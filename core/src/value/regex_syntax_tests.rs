use super::super::Exhausted;
use super::{PatternError, translate, weighed};

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
        ("((a{10}){10}){2,5}|b", 500, 900),
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
        ("(a{100}){100}", "invalid repeat count: `{100}`"),
        ("(?:(a{10}|b)+c){101}", "invalid repeat count: `{101}`"),
        ("(a{2}){501}", "invalid repeat count: `{501}`"),
        ("((a{10,}){10}){11}", "invalid repeat count: `{11}`"),
        (r"\h", r"invalid escape sequence: `\h`"),
        (r"\Z", r"invalid escape sequence: `\Z`"),
        (r"\K", r"invalid escape sequence: `\K`"),
        (r"\1", r"invalid escape sequence: `\1`"),
        (r"\x{110000}", r"invalid escape sequence: `\x`"),
        (r"[\b]", r"invalid escape sequence: `\b`"),
        ("(?x)a", "invalid or unsupported Perl syntax: `(?x`"),
        ("(?R)", "invalid or unsupported Perl syntax: `(?R`"),
        ("(?>a)", "invalid or unsupported Perl syntax: `(?>`"),
        ("(?u)a", "invalid or unsupported Perl syntax: `(?u`"),
        (r"\p{Foo}", r"invalid character class range: `\p{Foo}`"),
        (r"\pQ", r"invalid character class range: `\pQ`"),
        ("[[:^^alpha:]]", "invalid character class range: `[:^^alpha:]`"),
    ] {
        let wrong = PatternError::Wrong(format!("error parsing regexp: {what}"));
        assert_eq!(translate(pattern), Err(wrong), "{pattern}");
    }
}

#[test]
fn counts_in_one_another_are_read_as_far_as_go_reads_them() {
    for pattern in [
        "(a{100}){10}",
        "(a{10}){10}b{1000}",
        "((a{2}){500})*",
        "(a{1000}){1}",
        "(a{1000}){0}",
        "((a{1000}){0}){1000}",
        "(a{1000}){0,1}",
        "(a{2}|b{500}){2}",
    ] {
        assert!(translate(pattern).is_ok(), "{pattern}: {:?}", translate(pattern));
    }
}

#[test]
fn what_go_may_read_and_nothing_here_does_is_told_apart() {
    // What of Unicode is in Go since 1.25, or is half of a character.
    for pattern in
        [r"\p{greek}", r"\p{Letter}", r"\p{Assigned}", r"\p{Cn}", r"\x{D800}", r"[\x{dfff}]"]
    {
        assert_eq!(
            translate(pattern),
            Err(PatternError::Exhausted(Exhausted::Unsupported)),
            "{pattern}"
        );
    }
}

#[test]
fn classes_hold_what_they_hold_in_go() {
    for (pattern, text, found) in [
        ("^[a&&b]+$", "a&b", true),
        ("^[+--]+$", ",-", true),
        ("^[a~~b]+$", "~a", true),
        ("^[[a]b]$", "[b]", true),
        ("^[[:alpha:]&&[:digit:]]$", "&", true),
        ("^[[:]$", ":", true),
        ("^[]-a]$", "^", true),
        ("^[^]a]$", "]", false),
        (r"^[\d\-z]+$", "5-z", true),
        (r"^[^\D5]$", "5", false),
        (r"^[^\D5]$", "6", true),
        (r"^\pC$", "\u{378}", false),
        (r"^\PC$", "\u{378}", true),
        (r"^\pC$", "\u{7}", true),
        (r"^\p{Cs}$", "a", false),
        (r"^\P{Cs}$", "a", true),
        (r"^\s$", "\u{b}", false),
        (r"^[[:space:]]$", "\u{b}", true),
        (r"^\d$", "\u{661}", false),
        (r"(?i)^\w$", "\u{212a}", true),
        (r"\bé", "é", false),
        (r"\Bé", "é", true),
        ("(?)a", "a", true),
        ("a{,2}", "a{,2}", true),
        ("a{ 1}", "a{ 1}", true),
        ("a b#c", "a b#c", true),
        ("(?s).", "\n", true),
        (".", "\n", false),
        ("a$", "a\n", false),
        ("(?m)a$", "a\n", true),
        ("(?U)a+", "aa", true),
        (r"\Q[a\E]", "[a]", true),
        (r"\a\f\v\x41\x{1F600}\07", "\u{7}\u{c}\u{b}A\u{1F600}\u{7}", true),
    ] {
        let translated = translate(pattern).unwrap_or_else(|error| panic!("{pattern}: {error:?}"));
        let regex = regex::Regex::new(&translated);
        let regex = regex.unwrap_or_else(|error| panic!("{pattern}: {error}"));
        assert_eq!(regex.is_match(text), found, "{pattern} {text:?}");
    }
}
