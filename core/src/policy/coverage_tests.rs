use super::Rows;
use crate::policy::bundle::{Bundle, File};
use crate::policy::rego::Request;
use crate::policy::snapshot::Snapshot;

/// The first and the last row of each range.
type Ranges = [(u32, u32)];

/// The rows of `limits.rego` that were run, and those that never were.
fn rows(module: &str, test: &str) -> (Box<Ranges>, Box<Ranges>) {
    let test = format!("package limits_test\n\ntest_it if {{\n\t{test}\n}}\n");
    let files = [File::new("limits.rego", module), File::new("limits_test.rego", &test)];
    let snapshot = Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap();
    let plain = snapshot.test(&|_| true, &Request::default()).unwrap();
    let (tests, coverage) = snapshot.test_covered(&|_| true, &Request::default()).unwrap();
    assert_eq!(plain, tests, "watched or not, a test comes to the same");
    let plain = |rows: &[Rows]| rows.iter().map(|rows| (rows.first, rows.last)).collect();
    let file = &coverage.files["limits.rego"];
    (plain(&file.covered), plain(&file.not_covered))
}

#[test]
fn rows_that_tests_run() {
    let cases: [(&str, &str, &str, &Ranges, &Ranges); 11] = [
        (
            "a rule that is never entered",
            "package limits\n\na := 1 if {\n\tinput.a\n}\n\nb := 2 if {\n\tinput.b\n}\n",
            "data.limits.a == 1 with input as {\"a\": true}",
            &[(3, 4)],
            &[(7, 8)],
        ),
        (
            "a second line that is never reached",
            "package limits\n\na if {\n\tinput.a\n\tinput.b\n}\n",
            "not data.limits.a",
            &[(4, 4)],
            &[(3, 3), (5, 5)],
        ),
        (
            "an else that is never tried",
            "package limits\n\na := 1 if {\n\tinput.a\n} else := 2 if {\n\tinput.b\n}\n",
            "data.limits.a == 1 with input as {\"a\": 1}",
            &[(3, 4)],
            &[(5, 6)],
        ),
        (
            "an else that holds",
            "package limits\n\na := 1 if {\n\tinput.a\n} else := 2 if {\n\tinput.b\n}\n",
            "data.limits.a == 2 with input as {\"b\": 1}",
            &[(4, 6)],
            &[(3, 3)],
        ),
        (
            "a default that stands",
            "package limits\n\ndefault a := 1\n\na := 2 if input.a\n",
            "data.limits.a == 1",
            &[(3, 3), (5, 5)],
            &[],
        ),
        (
            "a default that never stands",
            "package limits\n\ndefault a := 1\n\na := 2 if input.a\n",
            "data.limits.a == 2 with input as {\"a\": 1}",
            &[(5, 5)],
            &[(3, 3)],
        ),
        (
            "bodies within bodies",
            "package limits\n\na := [x |\n\tsome x in [1]\n\tx > 1\n\tx > 2\n]\n",
            "data.limits.a == []",
            &[(3, 5)],
            &[(6, 6)],
        ),
        (
            "what is negated, and what every item must be",
            "package limits\n\na if {\n\tnot input.a\n\tevery x in [1, 2] {\n\t\tx < 2\n\t\tx < 1\n\t}\n}\n",
            "not data.limits.a",
            &[(4, 7)],
            &[(3, 3)],
        ),
        (
            "a function whose arguments do not match",
            "package limits\n\nf(\"a\") := 1\n\nf(\"b\") := 2\n",
            "data.limits.f(\"a\") == 1",
            &[(3, 3), (5, 5)],
            &[],
        ),
        (
            "an element that is looked up, and what an index leaves out",
            "package limits\n\np contains \"a\" if input.kind == \"a\"\n\np contains \"b\" if input.kind == \"b\"\n\np contains \"c\" if input.kind == \"c\"\n",
            "\"a\" in data.limits.p with input as {\"kind\": \"a\"}",
            &[(3, 3)],
            &[(5, 5), (7, 7)],
        ),
        (
            "what is printed",
            "package limits\n\na if {\n\tprint(input.a)\n\tsome x in [1]\n\tx == 1\n}\n",
            "data.limits.a",
            &[(3, 6)],
            &[],
        ),
    ];
    for (name, module, test, covered, not_covered) in cases {
        assert_eq!(rows(module, test), (covered.into(), not_covered.into()), "{name}");
    }
}

#[test]
fn percentages_are_whole_and_rounded_down() {
    let files = [
        File::new("limits.rego", "package limits\n\na := 1 if input.a\n\nb := 2\n\nc := 3\n"),
        File::new("limits_test.rego", "package limits_test\n\ntest_a if data.limits.b == 2\n"),
        File::new("none.rego", "package none\n"),
    ];
    let snapshot = Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap();
    let (_, coverage) = snapshot.test_covered(&|_| true, &Request::default()).unwrap();
    assert_eq!(coverage.files["limits.rego"].basis_points(), Some(3333));
    assert_eq!(coverage.files["limits_test.rego"].basis_points(), Some(10_000));
    assert_eq!(coverage.files["none.rego"].basis_points(), None);
    assert_eq!((coverage.rows(), coverage.basis_points()), ((2, 2), Some(5000)));
}
