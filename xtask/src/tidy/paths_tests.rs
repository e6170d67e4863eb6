use super::*;

fn imports(code: &str) -> Vec<String> {
    paths(code).iter().filter(|path| path.imported).map(Path::shown).collect()
}

fn mentions(code: &str) -> Vec<String> {
    paths(code).iter().filter(|path| !path.imported).map(Path::shown).collect()
}

#[test]
fn use_trees_are_expanded() {
    assert_eq!(imports("use std::fs;"), ["std::fs"]);
    assert_eq!(
        imports("pub(crate) use ::std::{self, fs::{File, *}, io as output,};"),
        ["std", "std::fs::File", "std::fs::*", "std::io"]
    );
    assert_eq!(imports("fn a() -> impl B + use<'a> {} use c::d;"), ["c::d"]);
    assert_eq!(imports("use r#type::a;"), ["type::a"]);
}

#[test]
fn names_are_resolved_through_the_imports() {
    assert_eq!(mentions("use std::time; time::Instant"), ["std::time::Instant"]);
    assert_eq!(mentions("use std::time as t; t::Instant"), ["std::time::Instant"]);
    assert_eq!(imports("use std::time; use time::Instant;"), ["std::time", "std::time::Instant"]);
    assert_eq!(mentions("use rand::rand; rand::a"), ["rand::rand::a"]);
    assert_eq!(mentions("use a::b; use b::a; b::c"), ["b::a::b::c"], "a circle ends");
}

#[test]
fn fields_methods_and_lifetimes_are_no_paths() {
    assert_eq!(mentions("a.b().c::<D>() + &'e f"), ["a", "D", "f"]);
}

#[test]
fn generic_arguments_are_counted_and_read() {
    let found =
        paths("A<B, C<D, E>>::f() A::<(B, C)>::g() fn h<T>() -> A<T, U,> { a < b; a::c < d }");
    let counted: Vec<(String, usize)> = found
        .iter()
        .filter(|path| path.last() != "h")
        .map(|path| (path.shown(), path.arguments))
        .collect();
    let expected = [
        ("A::f", 2),
        ("B", 0),
        ("C", 2),
        ("D", 0),
        ("E", 0),
        ("f", 0),
        ("A::g", 1),
        ("B", 0),
        ("C", 0),
        ("g", 0),
        ("fn", 0),
        ("T", 0),
        ("A", 2),
        ("T", 0),
        ("U", 0),
        ("a", 0),
        ("b", 0),
        ("a::c", 0),
        ("d", 0),
    ];
    assert_eq!(counted, expected.map(|(name, count)| (name.to_owned(), count)));
}

#[test]
fn macros_are_told_from_inequalities() {
    let called = |code: &str| paths(code).iter().any(|path| path.called_as_macro);
    assert!(called("println!(a)") && called("std::println! {}"));
    assert!(!called("if println != 3 {}") && !called("println(a)"));
}

#[test]
fn a_path_reaches_what_lies_on_it_or_what_a_glob_brings_in() {
    let reaches = |code: &str, start: &[&str]| paths(code).iter().any(|path| path.reaches(start));
    for code in
        ["use std::fs;", "use std::fs::File;", "use std::fs::*;", "use std::*;", "std::fs::read(a)"]
    {
        assert!(reaches(code, &["std", "fs"]), "{code}");
    }
    for code in ["use std::fmt;", "use std::fmt::*;", "use crate::std::fs;", "std::fsx()"] {
        assert!(!reaches(code, &["std", "fs"]), "{code}");
    }
    assert!(
        !reaches("use std::time::*;", &["std"])
            || reaches("use std::time::*;", &["std", "time", "Instant"])
    );
}
