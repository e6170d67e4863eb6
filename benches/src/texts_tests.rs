use super::*;

#[test]
fn names_are_coded_as_they_first_come_whatever_their_length() {
    let rows = [
        "BTC-USD",
        "",
        "ETH-USD",
        "BTC-USD",
        "",
        "é",
        "BTC-USDT",
        "a long name of a symbol",
        "ETH-USD",
    ];
    let of_rows = Texts::of(rows.into_iter()).unwrap();
    let (codes, names) = of_rows.coded().unwrap();
    assert_eq!(codes, [0, 1, 2, 0, 1, 3, 4, 5, 2]);
    assert_eq!(names, ["BTC-USD", "", "ETH-USD", "é", "BTC-USDT", "a long name of a symbol"]);
    assert!(of_rows.rows().eq(rows.map(str::as_bytes)));
}

#[test]
fn each_of_many_names_has_a_code_of_its_own() {
    // From one byte to twenty; the bytes that are zero and the number of bytes tell them apart too.
    let zeros = (1..20).map(|length| "\0".repeat(length));
    let names: Vec<String> =
        (0..9_000).map(|n| format!("{n}{}", "X".repeat(n % 20))).chain(zeros).collect();
    let twice: Vec<&str> = names.iter().chain(&names).map(String::as_str).collect();
    let rows = Texts::of(twice.iter().copied()).unwrap();
    let (codes, found) = rows.coded().unwrap();
    assert_eq!(found, names);
    assert!(codes.iter().zip(&twice).all(|(code, name)| found[*code as usize] == *name));
    let none = Texts::of(std::iter::empty()).unwrap();
    assert_eq!(none.coded().unwrap(), (Vec::new(), Vec::new()));
}

#[test]
fn lines_that_differ_are_counted() {
    for (own, other, count) in [
        ("a,1\nb,2\n", "b,2\na,1\n", 0),
        ("a,1\nb,2\n", "a,1\nb,3\n", 1),
        ("a,1\nb,2\n", "a,1\n", 1),
        ("a,1\n", "a,1\nb,2\nc,3\n", 2),
        ("a,1\na,1\nb,2\n", "a,1\nb,2\nb,2\n", 1),
        ("", "", 0),
    ] {
        assert_eq!(differing(own, other), count, "{own:?} {other:?}");
    }
}
