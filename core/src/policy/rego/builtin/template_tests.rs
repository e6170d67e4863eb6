use super::super::harness::{call, check};

#[test]
fn renders() {
    for (template, data, answer) in [
        ("{{.a}} {{.b.c}}", r#"{"a": "x", "b": {"c": 1.5}}"#, "x 1.5"),
        ("var: [{{.none}}] {{.none.deep}}", "{}", "var: [<undefined>] <undefined>"),
        (
            "{{range $i, $n := .l}}{{if $i}},{{end}}hello {{$n}}{{end}}",
            r#"{"l": ["a", "b"]}"#,
            "hello a,hello b",
        ),
        ("{{range .l}}{{.}};{{else}}none{{end}}", r#"{"l": []}"#, "none"),
        (
            "{{range $k, $v := .}}{{$k}}={{$v}} {{end}}",
            r#"{"b": 2, "a": [1, null]}"#,
            "a=[1 <nil>] b=2 ",
        ),
        ("{{if .a}}A{{else if .b}}B{{else}}C{{end}}", r#"{"b": true}"#, "B"),
        ("{{with .a}}{{.b}}{{$.c}}{{end}}", r#"{"a": {"b": 1}, "c": 2}"#, "12"),
        ("a {{- .x -}} b", r#"{"x": 1}"#, "a1b"),
        ("{{/* nothing */}}{{ $x := .a }}{{ $x = `b` }}{{ $x }}", r#"{"a": 1}"#, "b"),
        ("{{ .a | printf \\\"%s-%d\\\" | len }}", r#"{"a": "x"}"#, "14"),
        (
            "{{ index .l 1 }} {{ index .m `k` }} {{ len .l }}",
            r#"{"l": [1, 2], "m": {"k": 3}}"#,
            "2 3 2",
        ),
        ("{{ if and (eq .a `x`) (not .b) }}yes{{ end }}", r#"{"a": "x"}"#, "yes"),
        (
            "{{ range .l }}{{ if eq . `b` }}{{ continue }}{{ end }}{{ if eq . `d` }}{{ break }}{{ end }}{{ . }}{{ end }}",
            r#"{"l": ["a", "b", "c", "d"]}"#,
            "ac",
        ),
        ("{{ print 1 2 `a` 3 }}{{ println }}", "{}", "1 2a3\\n"),
        ("{{ . }}", r#"{"a": {"b": "c"}}"#, "map[a:map[b:c]]"),
    ] {
        let args = format!(r#"["{template}", {data}]"#);
        assert_eq!(call("strings.render_template", &args), format!("\"{answer}\""), "{args}");
    }
}

#[test]
fn refuses() {
    check(
        "strings.render_template",
        &[
            (r#"["{{.a", {}]"#, "error: template: unclosed action"),
            (r#"["{{if .a}}", {}]"#, "error: template: unexpected EOF"),
            (r#"["{{end}}", {}]"#, "error: template: unexpected {{end}}"),
            (r#"["{{$x}}", {}]"#, "error: template: undefined variable \"$x\""),
            (r#"["{{foo}}", {}]"#, "error: template: function \"foo\" not defined"),
            (
                r#"["{{.a.b}}", {"a": "x"}]"#,
                "error: template: can't evaluate field b in type string",
            ),
            (r#"["{{eq .a 1}}", {"a": 1}]"#, "error: template: incompatible types for comparison"),
            (r#"["", []]"#, "type: operand 2 must be object but got array"),
        ],
    );
    let beyond = "exhausted: needs what this engine does not support";
    check(
        "strings.render_template",
        &[
            (r#"["{{1.5}}", {}]"#, beyond),
            (r#"["{{0x10}}", {}]"#, beyond),
            (r#"["{{'a'}}", {}]"#, beyond),
            (r#"["{{html .a}}", {}]"#, beyond),
            (r#"["{{define \"a\"}}{{end}}", {}]"#, beyond),
            (r#"["{{print \"\\x41\"}}", {}]"#, beyond),
            (r#"["{{index .a 0}}", {"a": "b"}]"#, beyond),
            (
                r#"["{{99999999999999999999}}", {}]"#,
                "exhausted: has a number, a text or a pattern that is larger than a query may have",
            ),
        ],
    );
    let deep = "{{if .}}".repeat(100) + &"{{end}}".repeat(100);
    check(
        "strings.render_template",
        &[(&format!(r#"["{deep}", {{}}]"#), "exhausted: nests deeper than a query may")],
    );
}
