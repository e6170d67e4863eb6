use super::*;

fn words(code: &str) -> Vec<&str> {
    tokens(code).into_iter().map(|token| token.text).collect()
}

fn code_words(text: &str) -> String {
    words(&Source::parse(text).code).join(" ")
}

#[test]
fn comments_and_literals_are_no_code() {
    for (text, code) in [
        ("a // b\nc", "a c"),
        ("a /* b /* c */ d */ e", "a e"),
        (r#"a("b \" c", d)"#, "a ( , d )"),
        ("a(r\"b\\\", c)", "a ( , c )"),
        ("a(r#\"b \" c\"#, d)", "a ( , d )"),
        ("a(br##\"b \"# c\"##, d)", "a ( , d )"),
        ("a(b'\"', c)", "a ( b , c )"),
        ("a('\"', '\\'', 'é', '\u{1f600}', b)", "a ( , , , , b )"),
        (
            "fn a<'b>(c: &'b str) -> &'static str {}",
            "fn a < ' b > ( c : & ' b str ) -> & ' static str { }",
        ),
        ("let r#type = for_r\"x\";", "let r # type = for_r ;"),
        ("'outer: loop { break 'outer; }", "' outer : loop { break ' outer ; }"),
        ("\"unclosed", ""),
        ("/* unclosed", ""),
    ] {
        assert_eq!(code_words(text), code, "{text}");
    }
}

#[test]
fn views_have_the_length_and_the_lines_of_the_text() {
    let text = "a // ß\n\"é\n\" /* 漢\n字 */ b\n";
    let source = Source::parse(text);
    for view in [&source.code, &source.all_code, &source.comments] {
        assert_eq!(view.len(), text.len());
        assert_eq!(view.lines().count(), text.lines().count());
    }
    assert!(source.comments.contains('漢') && !source.comments.contains('é'));
    assert_eq!(line_of(text, text.find('b').unwrap()), 4);
}

#[test]
fn what_only_tests_see_is_taken_out() {
    for (text, code) in [
        ("#[cfg(test)]\nmod tests { fn a() { b(); } }\nfn c() {}", "fn c ( ) { }"),
        ("#[cfg(test)] use a::{b, c};\nfn d() {}", "; fn d ( ) { }"),
        ("#[test]\n#[ignore]\nfn a<T, U>() where T: V, {}\nfn b() {}", "fn b ( ) { }"),
        ("#[cfg(all(test, unix))] const A: [u8; 2] = [1; 2]; b!();", "b ! ( ) ;"),
        ("struct A { #[cfg(test)] b: C, d: E }", "struct A { d : E }"),
        ("struct A { #[cfg(test)] b: C }", "struct A { }"),
        ("#[cfg(not(test))] fn a() {}", "# [ cfg ( not ( test ) ) ] fn a ( ) { }"),
        ("#[cfg(any(test, b))] c;", "# [ cfg ( any ( test , b ) ) ] c ;"),
    ] {
        assert_eq!(code_words(text), code, "{text}");
    }
}

#[test]
fn test_modules_in_other_files_are_known() {
    let source = Source::parse(
        "#[cfg(test)]\n#[path = \"a_tests.rs\"]\nmod tests;\n#[cfg(test)]\npub(crate) mod b;\nmod c;",
    );
    let expected = [
        TestModule { name: "tests".to_owned(), path: Some("a_tests.rs".to_owned()) },
        TestModule { name: "b".to_owned(), path: None },
    ];
    assert_eq!(source.test_modules(), expected);
    assert!(!source.is_test_file());
    assert!(Source::parse("//! Doc.\n#![cfg(test)]\nfn a() {}").is_test_file());
}
