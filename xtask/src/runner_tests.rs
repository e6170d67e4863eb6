use super::*;

#[test]
fn a_command_is_shown_as_one_would_type_it() {
    let mut command = Command::new("cargo");
    command.args(["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").env_remove("GONE");
    assert_eq!(display(&command), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
}

#[test]
fn the_summary_lists_steps_in_order_and_their_total() {
    let step = |name: &str, passed| Step { name: name.to_owned(), took: Duration::ZERO, passed };
    let runner = Runner { steps: vec![step("one", true), step("second", false)] };
    let summary = runner.summary();
    let words: Vec<Vec<&str>> =
        summary.lines().map(|line| line.split_whitespace().take(2).collect()).collect();
    assert_eq!(words, [["one", "ok"], ["second", "FAILED"], ["total", "0.0"]]);
}

#[test]
fn lines_are_seen_without_their_ends_even_when_the_last_has_none() {
    let (mut printed, mut seen) = (Vec::new(), Vec::new());
    pass_on(&b"a: 1/2\r\nb"[..], &mut printed, &mut |line: &str| seen.push(line.to_owned()))
        .unwrap();
    assert_eq!(seen, ["a: 1/2", "b"]);
    assert_eq!(printed, b"a: 1/2\r\nb");
}

#[test]
fn a_missing_program_is_named() {
    let mut command = Command::new("thalium-no-such-program");
    let error = command.status().unwrap_err();
    let failure = cannot_start(&command, &error);
    assert!(failure.to_string().contains("`thalium-no-such-program` could not be started"));
}
