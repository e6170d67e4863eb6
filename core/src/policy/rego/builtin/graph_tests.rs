use super::super::harness::{call, check};

#[test]
fn walks_every_part() {
    check(
        "walk",
        &[
            ("[1]", "[[[], 1]]"),
            (
                r#"[{"a": [5], "b": ["§", 6]}]"#,
                r#"[[[], {"a": [5], "b": {6}}], [["a"], [5]], [["a", 0], 5], [["b"], {6}], [["b", 6], 6]]"#,
            ),
        ],
    );
}

#[test]
fn reaches() {
    check(
        "graph.reachable",
        &[
            (
                r#"[{"a": ["b"], "b": ["c", "x"], "c": ["a"], "d": []}, ["a"]]"#,
                r#"{"a", "b", "c"}"#,
            ),
            (r#"[{"a": null}, ["§", "a", "z"]]"#, r#"{"a"}"#),
            (r#"[{}, "a"]"#, "type: operand 2 must be {array, set} but got string"),
        ],
    );
    check(
        "graph.reachable_paths",
        &[
            (
                r#"[{"a": ["b", "c"], "b": ["c"], "c": []}, ["a"]]"#,
                r#"{["a", "b", "c"], ["a", "c"]}"#,
            ),
            (r#"[{"a": ["b"], "b": ["a"]}, ["a"]]"#, r#"{["a", "b"]}"#),
            (r#"[{"a": []}, ["a", "b"]]"#, r#"{["a"]}"#),
            (r#"[{"a": [""]}, ["a"]]"#, r#"{["a"]}"#),
        ],
    );
}

#[test]
fn long_paths_do_not_take_the_stack() {
    let pairs: Vec<String> =
        (0..2_000).map(|node| format!(r#""{node}": ["{}"]"#, node + 1)).collect();
    let args = format!(r#"[{{{}}}, ["0"]]"#, pairs.join(","));
    assert!(call("graph.reachable_paths", &args).starts_with(r#"{["0", "1", "#));
}
