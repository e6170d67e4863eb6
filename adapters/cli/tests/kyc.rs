//! Cases on statecharts on the command line: the real program, its output and its exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::process::{Command, Stdio};

use serde_json::Value;

const PAPERS: &str = r#"chart: 1
id: papers
context: {asked: 0}
schema: {type: object, properties: {asked: {type: integer, maximum: 1}}}
states:
  collecting:
    on: {submitted: review}
    after: {P30D: {target: expired, restore: remaining}}
  review:
    entry: [{effect: screen, with: {list: OFAC}}]
    invoke: {id: register, type: registry, onDone: approved, onError: {}}
    on:
      resend: {target: collecting, actions: [{assign: {asked: {expr: {"+": [{var: asked}, 1]}}}}]}
      approve: {target: approved, guard: {"!=": [{var: event.data.by}, maker]}}
  approved: {type: final, description: The level is reached., output: {level: 2}}
  expired: {type: final}
"#;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("papers.yaml", PAPERS);
        folder
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    /// The output of a command that ends with a code; its errors, if it is a wrong use.
    fn told(&self, line: &[&str], code: i32) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thalium"));
        command.current_dir(self.0.path()).arg("kyc").args(line).stdin(Stdio::null());
        let told = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let (out, err) = (text(told.stdout), text(told.stderr));
        assert_eq!(told.status.code(), Some(code), "{line:?}\n{out}\n{err}");
        if code == 2 { err } else { out }
    }
}

#[test]
fn a_chart_and_a_kind_are_linted_for_events_that_nothing_makes() {
    let folder = Folder::new();
    let line = ["lint", "papers.yaml", "--outside", "submitted", "--outside", "resend"];
    let told = folder.told(&line, 1);
    assert!(told.contains("waits for `approve`, which nothing makes"), "{told}");
    assert!(!told.contains("waits for `submitted`"), "{told}");

    // What a kind tells its chart comes from it; what may be sent besides, it says.
    let kind = "case: 1\nid: papers\nchart: papers\nqueues: [{id: a, states: [review], roles: [clerk]}]\ndecisions: {approve: {states: [review], roles: [clerk], event: approve}}\n";
    folder.write("kind.yaml", kind);
    let told = folder.told(&["lint", "papers.yaml", "--cases", "kind.yaml"], 0);
    assert!(!told.contains("unknown-event"), "anything may be sent: {told}");
    folder.write("kind.yaml", &format!("{kind}events: {{submitted: {{}}}}\n"));
    let told = folder.told(&["lint", "papers.yaml", "--cases", "kind.yaml"], 1);
    assert!(told.contains("waits for `resend`, which nothing makes"), "{told}");
    assert!(!told.contains("waits for `approve`"), "{told}");
    folder.write(
        "kind.yaml",
        &format!("{kind}events: {{submitted: {{}}, resend: {{roles: [clerk]}}}}\n"),
    );
    assert!(!folder.told(&["lint", "papers.yaml", "--cases", "kind.yaml"], 0).contains("warning"));
    folder.write(
        "kind.yaml",
        &kind.replace("[review], roles: [clerk], event", "[collecting], roles: [clerk], event"),
    );
    let told = folder.told(&["lint", "papers.yaml", "--cases", "kind.yaml"], 1);
    assert!(
        told.starts_with("kind.yaml:5:13: warning: decisions/approve: ")
            && told.contains("(unheard-decision)"),
        "{told}"
    );
    folder.write("kind.yaml", "case: 1\nid: papers\nchart: paper\n");
    let told = folder.told(&["lint", "papers.yaml", "--cases", "kind.yaml"], 2);
    assert!(
        told.contains("kind.yaml:") && told.contains("the chart `paper` is not loaded"),
        "{told}"
    );
}

#[test]
fn a_chart_is_checked_linted_and_drawn() {
    let folder = Folder::new();
    let told = folder.told(&["check", "papers.yaml"], 0);
    assert!(told.contains("4: collecting, review, approved, expired"), "{told}");
    let hints = folder.told(&["lint", "papers.yaml"], 0);
    assert!(
        hints.contains("16:3: hint: states/expired") && hints.ends_with("1 findings\n"),
        "{hints}"
    );

    folder.write(
        "lost.yaml",
        &format!("{PAPERS}  lost: {{on: {{found: review}}}}\n").replace("id: papers", "id: lost"),
    );
    // Those that it is loaded with are looked at, too.
    let told = folder.told(&["lint", "papers.yaml", "--with", "lost.yaml"], 1);
    assert!(told.contains("papers.yaml:16:3: hint") && told.contains("lost.yaml:"), "{told}");
    let told = folder.told(&["lint", "papers.yaml", "--json"], 0);
    assert!(told.starts_with(r#"{"file":"papers.yaml","rule":"undescribed-final""#), "{told}");
    let told = folder.told(&["lint", "lost.yaml"], 1);
    assert!(told.contains("warning: states/lost: no path leads to the state `lost`"), "{told}");
    folder.write("wrong.yaml", &PAPERS.replace("submitted: review", "submitted: reviewed"));
    let told = folder.told(&["check", "wrong.yaml"], 2);
    assert!(told.contains("7:10: states/collecting/on/submitted: leads to `reviewed`"), "{told}");

    let mermaid = folder.told(&["draw", "papers.yaml", "--format", "mermaid"], 0);
    assert!(mermaid.starts_with("stateDiagram-v2\n"), "{mermaid}");
    folder.told(&["draw", "papers.yaml", "--output", "papers.svg"], 0);
    assert!(folder.read("papers.svg").starts_with("<svg "));
}

#[test]
fn a_chart_becomes_scxml_and_comes_back() {
    let folder = Folder::new();
    folder.told(&["export", "papers.yaml", "--output", "papers.scxml"], 0);
    assert!(
        folder.read("papers.scxml").contains("<scxml xmlns=\"http://www.w3.org/2005/07/scxml\"")
    );
    let there = folder.told(&["import", "papers.yaml"], 0);
    assert_eq!(folder.told(&["import", "papers.scxml"], 0), there);
    folder.write("papers.json", &there);
    assert_eq!(folder.told(&["export", "papers.json", "--format", "json"], 0), there);
    folder.write("no.scxml", "<scxml");
    assert!(folder.told(&["import", "no.scxml"], 2).contains("1:"));
}

#[test]
fn events_go_through_a_case() {
    let folder = Folder::new();
    let now = ["--now", "2026-01-01T00:00:00Z"];
    let run = |events: &[&str], code| {
        folder.told(&[&["run", "papers.yaml"], events, &now[..]].concat(), code)
    };
    let told = run(&["submitted", "approve={\"by\": \"checker\"}", "--trace"], 0);
    for part in [
        "start → collecting",
        "waits: after.0.collecting at 2026-01-31T00:00:00.000000000Z",
        "submitted → review",
        "send: screen to host {\"list\":\"OFAC\"}",
        "states/review/on/approve holds (event.data.by = \"checker\")",
        "→ approved (done)",
        "done: {\"level\":2}",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(run(&["+P30D"], 0).contains("+P30D → expired (done)"));
    assert!(run(&["+P29D"], 0).contains("+P29D → collecting"));
    let told = run(&["submitted", "resend", "submitted", "resend"], 2);
    assert!(told.contains("asked: Must be less than or equal to 1"), "{told}");
    assert!(
        run(&["+P30D", "submitted"], 2).contains("the case has ended, and was not told: submitted")
    );
    assert!(run(&["submitted={"], 2).contains("is no JSON"));
    assert!(run(&["+P30"], 2).contains("is no delay"));
}

#[test]
fn a_case_is_kept_in_a_file_between_two_events() {
    let folder = Folder::new();
    let step = |arguments: &[&str], code| {
        folder.told(&[&["step", "papers.yaml", "case.session"], arguments].concat(), code)
    };
    assert!(step(&["submitted"], 2).contains("cannot read"), "it has to be begun");
    step(&["--start", "case-7", "--now", "2026-01-01T00:00:00Z"], 0);
    assert!(step(&["--start", "case-7"], 2).contains("is there already"));
    let begun = folder.read("case.session");
    assert!(begun.starts_with("s1."), "{begun}");

    // It rested for ten days, and its timer with it.
    let rest =
        ["--suspended-at", "2026-01-11T00:00:00Z", "--now", "2026-01-21T00:00:00Z", "--json"];
    let told: Value = serde_json::from_str(&step(&rest, 0)).unwrap();
    assert_eq!(told["at"]["pending"][0]["due"], "2026-02-10T00:00:00.000000000Z");

    step(&["submitted", "--now", "2026-01-22T00:00:00Z"], 0);
    let kept = folder.read("case.session");
    step(&["approve={\"by\": \"maker\"}", "--now", "2026-01-23T00:00:00Z"], 0);
    folder.write("papers.yaml", &PAPERS.replace("maximum: 1", "maximum: 2"));
    assert!(step(&["resend"], 2).contains("begun with the version"), "a version is a version");
    folder.write("papers.yaml", PAPERS);
    folder.write("case.session", &kept.replace("s1.", "s9."));
    assert!(step(&["resend"], 2).contains("is no session that was kept"));
    folder.write("case.session", &kept);
    let svg = ["draw", "papers.yaml", "--session", "case.session"];
    assert!(folder.told(&svg, 0).contains("<svg "));
    let ended: Value = serde_json::from_str(&step(&["--cancel", "--json"], 0)).unwrap();
    assert_eq!(ended["at"]["done"], true);
    assert!(step(&["resend"], 2).contains("has ended"));
}

#[test]
fn rules_of_ballerine_become_a_guard() {
    let folder = Folder::new();
    let rules = |operator: &str| {
        format!(
            r#"{{"operator": "and", "rules": [{{"key": "score", "operator": "{operator}", "value": 40}}]}}"#
        )
    };
    folder.write("rules.json", &rules("GT"));
    folder.told(&["import", "rules.json", "--rules", "--output", "guard.json"], 0);
    let chart = format!(
        r#"{{"chart": 1, "id": "risk", "context": {{"score": 0}}, "states": {{
        "waiting": {{"on": {{"CHECKED": [{{"target": "high", "guard": {}}}, "low"]}}}}, "high": {{}}, "low": {{}}}}}}"#,
        folder.read("guard.json")
    );
    folder.write("risk.json", &chart);
    for (score, state) in [(41, "high"), (40, "low")] {
        let data = format!(r#"{{"score": {score}}}"#);
        let run = ["run", "risk.json", "--dialect", "javascript", "--data", &data, "CHECKED"];
        let told = folder.told(&run, 0);
        assert!(told.contains(state), "{told}");
    }
    folder.write("rules.json", &rules("AML_CHECK"));
    let told = folder.told(&["import", "rules.json", "--rules"], 2);
    assert!(told.contains("AML_CHECK"), "{told}");
    folder.told(&["import", "rules.json", "--rules", "--ballerine"], 2);
}

#[test]
fn definitions_of_ballerine_become_charts() {
    let folder = Folder::new();
    let definition = |id: &str, more: &str| {
        format!(
            r#"{{"id": "{id}", "definitionType": "statechart-json", "definition": {{"initial": "idle", "states": {{
            "idle": {{"on": {{"START": "closed"}}}}, "closed": {{"type": "final"}}}}}}{more}}}"#
        )
    };
    folder.write("one.json", &definition("one", ""));
    folder.told(&["import", "one.json", "--ballerine", "--output", "one.chart.json"], 0);
    let told = folder.told(&["check", "one.chart.json", "--dialect", "javascript"], 0);
    assert!(told.contains("idle, closed"), "{told}");
    // Alone it is a chart that says nothing of what Ballerine has.
    folder.told(&["import", "one.json"], 2);
    let two = format!("[{}, {}]", definition("main", ""), definition("child", ""));
    folder.write("two.json", &two);
    let told = folder.told(&["import", "two.json", "--ballerine"], 2);
    assert!(told.contains("1 more charts: say with --folder"), "{told}");
    folder.told(&["import", "two.json", "--ballerine", "--folder", "charts"], 0);
    assert!(folder.read("charts/main.json").contains("main"));
    folder.told(&["check", "charts/main.json", "--with", "charts/child.json"], 0);
    let told = folder.told(&["import", "two.json", "--ballerine", "--folder", "charts"], 2);
    assert!(told.contains("is there already"), "{told}");
    folder.write("same.json", &format!("[{}, {}]", definition("same", ""), definition("same", "")));
    folder.told(&["import", "same.json", "--ballerine", "--folder", "others"], 2);
    assert!(!folder.0.path().join("others").exists(), "nothing is half done");
    // What is tolerated is told, and refused where that is asked.
    folder.write("lenient.json", &definition("lenient", r#", "colour": "red""#));
    folder.told(&["import", "lenient.json", "--ballerine"], 0);
    let told = folder.told(&["import", "lenient.json", "--ballerine", "--strict"], 2);
    assert!(told.contains("colour"), "{told}");
}
