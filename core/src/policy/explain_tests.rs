use super::{Explain, STEPS, StepKind};
use crate::policy::bundle::{Bundle, File};
use crate::policy::rego::{Request, Told, Value};
use crate::policy::snapshot::Snapshot;

fn snapshot(module: &str) -> Snapshot {
    let files = [
        File::new("aml.rego", module),
        File::new("data.json", r#"{"limits": {"L1": "10", "L2": "20"}}"#),
    ];
    Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap()
}

fn request(input: &str) -> Request {
    Request { input: Some(Value::from_json(input).unwrap()), ..Request::default() }
}

/// The explanation's text, without the module's name.
fn full(module: &str, path: &str, input: &str) -> String {
    let snapshot = snapshot(module);
    let why = snapshot.explain(path, request(input), Explain::default()).unwrap();
    let plain = snapshot.evaluate(&snapshot.entry(path).unwrap(), request(input));
    assert_eq!(why.answer, plain, "explained or not, the answer is the same");
    why.full().replace("(aml.rego:", "(")
}

#[test]
fn what_was_run_is_told_in_its_order() {
    let cases = [
        (
            "a rule within a rule, and the default",
            "package aml\n\ndefault allow := false\n\nallow if {\n\tnot stopped\n}\n\nstopped if input.country in [\"XX\"]\n",
            "aml/allow",
            r#"{"country": "XX"}"#,
            "failed: data.aml.allow  (5)
  failed: not stopped  (6)
    held: not stopped  (6)
      held: data.aml.stopped = true  (9)
        held: stopped if input.country in [\"XX\"]  (9)
held: default data.aml.allow = false  (3)
",
        ),
        (
            "what is undefined",
            "package aml\n\na := x if {\n\tx := input.missing\n\tx > 1\n}\n",
            "aml/a",
            "{}",
            "failed: data.aml.a  (3)\n  undefined: x := input.missing  (4)\n",
        ),
        (
            "an else",
            "package aml\n\na := 1 if {\n\tinput.x\n} else := 2\n",
            "aml/a",
            "{}",
            "failed: data.aml.a  (3)\n  undefined: input.x  (4)\nheld: data.aml.a = 2  (5)\n",
        ),
        (
            "several ways",
            "package aml\n\na contains level if {\n\tsome level, most in data.limits\n\tmost == \"20\"\n}\n",
            "aml/a",
            "{}",
            "held: data.aml.a = \"L2\"  (3)
  held: some level, most in data.limits  (4)
    so  [\"L1\", \"10\"]  (4)
      failed: most == \"20\"  [\"10\", \"20\"]  (5)
    so  [\"L2\", \"20\"]  (4)
      held: most == \"20\"  [\"20\", \"20\"]  (5)
",
        ),
        (
            "more values than one",
            "package aml\n\na contains x if {\n\tsome x in [1, 2]\n}\n",
            "aml/a",
            "{}",
            "held: data.aml.a = 1  (3)
  held: some x in [1, 2]  (4)
    so  [1]  (4)
    so  [2]  (4)
      and  [2]  (3)
",
        ),
        (
            "a function's arguments, and the branch that does not match",
            "package aml\n\nfee(\"x\") := 1\n\nfee(_) := 2\n\na := fee(input.kind)\n",
            "aml/a",
            r#"{"kind": "y"}"#,
            "held: data.aml.a = 2  (7)
  failed: data.aml.fee(\"y\")  (3)
    failed: fee(\"x\") := 1  [\"y\", \"x\"]  (3)
  held: data.aml.fee(\"y\") = 2  (5)
",
        ),
        (
            "what an index leaves out",
            "package aml\n\na := 1 if input.k == \"a\"\n\na := 2 if input.k == \"b\"\n\na := 3 if input.k == \"c\"\n",
            "aml/a",
            r#"{"k": "b"}"#,
            "data.aml.a: left out, it cannot hold  (3)
data.aml.a: left out, it cannot hold  (7)
held: data.aml.a = 2  (5)
  held: a := 2 if input.k == \"b\"  [\"b\", \"b\"]  (5)
",
        ),
        (
            "what is printed and traced",
            "package aml\n\na if {\n\tprint(\"of\", input.x, input.missing)\n\ttrace(\"here\")\n}\n",
            "aml/a",
            r#"{"x": [1, "b"]}"#,
            "held: data.aml.a = true  (3)
  note: of [1, \"b\"] <undefined>  (4)
  held: trace(\"here\")  (5)
    note: here  (5)
",
        ),
        (
            "an error",
            "package aml\n\na := 1 if input.x\n\na := 2 if input.x\n",
            "aml/a",
            r#"{"x": true}"#,
            "held: data.aml.a = 1  (3)
  held: a := 1 if input.x  (3)
held: data.aml.a = 2  (5)
  held: a := 2 if input.x  (5)
aml.rego:5: eval_conflict_error: complete rules must not produce multiple outputs
",
        ),
    ];
    for (name, module, path, input, wanted) in cases {
        assert_eq!(full(module, path, input), wanted, "{name}");
    }
}

#[test]
fn several_values_are_printed_one_by_one() {
    let module = "package aml\n\na if {\n\tprint(\"limit\", data.limits[_])\n}\n";
    let why = snapshot(module).explain("aml/a", request("{}"), Explain::default()).unwrap();
    assert_eq!(why.said(), "aml.rego:4: limit 10\naml.rego:4: limit 20\n");
}

#[test]
fn nothing_printed_changes_an_answer() {
    let module = "package aml\n\na if {\n\tprint(b)\n\tnot print(1)\n\tprint()\n}\n\nb := 1\n\nb := 2 if input.two\n";
    let snapshot = snapshot(module);
    let plain = snapshot.evaluate(&snapshot.entry("aml/a").unwrap(), request("{\"two\": 1}"));
    assert_eq!(plain, Ok(Some(Value::Bool(true))));
}

#[test]
fn values_can_be_left_out() {
    let module = "package aml\n\na := input.secret if {\n\tprint(input.secret)\n\tf(input.secret)\n\tsome x in [input.secret]\n\tx == input.secret\n}\n\nf(x) if x != 1\n";
    let how = Explain { values: false, ..Explain::default() };
    let why = snapshot(module).explain("aml/a", request(r#"{"secret": "p4ss"}"#), how).unwrap();
    assert!(!format!("{:?}{}", why.steps, why.full()).contains("p4ss"));
    assert!(why.notes.is_empty() && why.steps.len() > 4, "{:?}", why.steps);
}

#[test]
fn what_is_large_is_left_out() {
    let module = "package aml\n\na := numbers.range(1, 1000) if true\n";
    let why = snapshot(module).explain("aml/a", request("{}"), Explain::default()).unwrap();
    assert!(why.steps[0].values.is_empty());
}

#[test]
fn an_explanation_is_bounded() {
    let module =
        "package aml\n\na := [x |\n\tsome x in numbers.range(1, 50000)\n\tx > 0\n\tprint(x)\n]\n";
    let snapshot = snapshot(module);
    for (steps, most) in [(0, 0), (5, 5), (usize::MAX, STEPS)] {
        let how = Explain { steps, values: true };
        let why = snapshot.explain("aml/a", request("{}"), how).unwrap();
        assert!(why.cut && why.steps.len() == most, "{steps}");
        assert!(why.full().contains("more than there is room for"));
        assert!(why.notes.len() <= 1000 && why.answer.unwrap().is_some());
    }
}

#[test]
fn a_path_that_leads_nowhere_is_refused() {
    let error =
        snapshot("package aml\n\na := 1\n").explain("aml/b", request("{}"), Explain::default());
    assert!(error.unwrap_err().to_string().contains("neither a rule nor a document"));
    let why =
        snapshot("package aml\n\na := 1\n").explain("limits", request("{}"), Explain::default());
    assert!(why.unwrap().steps.is_empty());
}

/// What runs out of steps says where.
#[test]
fn a_question_without_an_end_says_where() {
    let module =
        "package aml\n\na if {\n\tcount([x | some x in numbers.range(1, 100000)]) > 1\n}\n";
    let asked = Request { steps: 1000, ..request("{}") };
    let why = snapshot(module).explain("aml/a", asked, Explain::default()).unwrap();
    assert!(why.answer.is_err());
    assert_eq!(why.steps[0].told, Some(Told::Ended));
    assert!(matches!(why.steps[0].kind, StepKind::Rule { .. }));
}

/// Deep chains end in an error, watched too, on a stack of two megabytes.
#[test]
fn deep_chains_end_watched_too() {
    for rule in [
        "p«at» := [p«next»]",
        "p«at» := [x | x := p«next»]",
        "p«at» := x if { some y in [p«next»]; some x in [y] }",
        "p«at» if { every x in [1] { p«next» } }",
        "p«at» if { not not_p«at» }\nnot_p«at» if { not p«next» }",
        "p«at» := x if { some x in [p«next»] with input as 1 }",
        "p«at» contains x if { some x in [1]; p«next»[x] }",
        "p«at» if { print(p«next») }",
        "p«at» := f«at»(1)\nf«at»(x) := [x, p«next»]",
        "p«at» := {\"a\": {\"a\": {\"a\": [[{x: x | x := p«next»}]]}}}",
    ] {
        let mut source = "package p\n".to_owned();
        for at in 0..1000 {
            let text =
                rule.replace("«at»", &at.to_string()).replace("«next»", &(at + 1).to_string());
            source.push_str(&text);
            source.push('\n');
        }
        source.push_str("p1000 := 1\n");
        let snapshot = snapshot(&source);
        let run = move || {
            let why = snapshot.explain("p/p0", request("{}"), Explain::default()).unwrap();
            why.answer.unwrap_err().to_string()
        };
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap();
        assert!(thread.join().unwrap().contains("nests deeper"), "{rule}");
    }
}
