use super::*;

#[test]
fn results_of_several_harnesses_add_up() {
    let mut count = Count::default();
    for line in [
        "running 4 tests",
        "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 9 filtered out; finished in 0.02s",
        "transfer-tables: 1041/1041",
        "the ratio of a to b is 3/4",
        "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s",
    ] {
        count.see(line);
    }
    assert_eq!(count, Count { passed: 5, failed: 1, ignored: 1, suites: 1 });
}

#[test]
fn only_a_name_and_two_numbers_make_a_suite_line() {
    assert!(is_suite_line("time-bucket: 12/12"));
    assert!(is_suite_line("rego v1: strings: 7/8"));
    for line in ["", ": 1/2", "a: 1", "a: 1/", "a: b/c", "see a: 1/2 there"] {
        assert!(!is_suite_line(line), "`{line}`");
    }
}

#[test]
fn the_closing_line_is_plain() {
    let count = Count { passed: 5, failed: 0, ignored: 1, suites: 2 };
    assert_eq!(
        closing_line(count, "quick", "1.0 s"),
        "test: 5 passed, 0 failed, 1 ignored (quick tier, 1.0 s); 2 conformance suites reported above"
    );
}

#[test]
fn full_is_full_whatever_the_environment_says() {
    assert_eq!(tier(true), "full");
}
