//! Cases on the command line: the real program, its output and its exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const CHART: &str = "
chart: 1
id: account
context: {risk: low, votes: 0}
states:
  collecting:
    on: {papers.in: review}
  review:
    entry: [{effect: open_review, with: {risk: {expr: {var: risk}}}}]
    after: {P20D: lapsed}
    on:
      risk.is: {actions: [{assign: {risk: {expr: {var: event.data.level}}}}]}
      decision.first: {actions: [{assign: {votes: {expr: {'+': [{var: votes}, 1]}}}}]}
      decision.back: {actions: [{assign: {votes: 0}}]}
      approved: settled
      limits.raised: {actions: [{effect: raise, with: {to: {expr: {var: event.data.to}}}}]}
      limits.restored: {actions: [{effect: restore}]}
  lapsed: {type: final}
  settled: {type: final, output: {risk: {expr: {var: risk}}}}
";

const KIND: &str = "
case: 1
id: account
chart: account
evidence: [risk]
queues:
  - {id: usual, states: [review], roles: [clerk, senior], within: P2D, escalate: overdue}
  - {id: overdue, when: false, roles: [senior]}
decisions:
  approve:
    states: [review]
    roles: [clerk, senior]
    quorum: 2
    reasons: [checked, accepted]
    not_by: [opener, submitter]
    proposed: decision.first
    event: approved
    returned: decision.back
documents:
  passport: {attempts: 2, roles: [clerk], reasons: [illegible]}
document_events: {submitted: papers.in}
overrides: {roles: [senior], most: P5D, event: limits.raised, expired: limits.restored}
reopening: {roles: [senior]}
";

/// What a program told: its exit code, its output, its errors.
type Told = (i32, String, String);

/// A place with books and files.
struct Office {
    folder: tempfile::TempDir,
    keys: Vec<String>,
}

impl Office {
    fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keys: Vec::new() }
    }

    /// With keys, which what is personal is sealed with.
    fn with_keys() -> Self {
        let mut office = Self::empty();
        office.run(&["keys", "new", "key"], 0);
        office.keys = vec!["--key-file".to_owned(), "key".to_owned()];
        office.run(&["init"], 0);
        office
    }

    /// With a kind of cases, and those who work there.
    fn new() -> Self {
        let office = Self::empty();
        office.run(&["init"], 0);
        office.write("chart.yaml", CHART);
        office.write("kind.yaml", KIND);
        office.write("scan.pdf", "a scan");
        let told = office.kyc("define kind.yaml chart.yaml", 0);
        assert!(told.contains("approve") && told.contains("usual, overdue"), "{told}");
        for (person, roles) in
            [("reviewer-1", "clerk"), ("reviewer-2", "clerk"), ("senior-1", "senior")]
        {
            office.kyc(&format!("staff set {person} {roles}"), 0);
        }
        office
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn try_run(&self, line: &[&str]) -> Told {
        self.given(line, "")
    }

    /// What becomes of a command that is given something to read.
    fn given(&self, line: &[&str], input: &str) -> Told {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thalium"));
        command.current_dir(self.folder.path()).args(["--dir", "books"]).args(&self.keys);
        command.args(line).env("SECRET", "a secret");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // What is wrongly used ends before it reads anything.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let told = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (told.status.code().unwrap(), text(told.stdout), text(told.stderr))
    }

    /// The output of a command that ends with a code; its errors, if it is a wrong use.
    fn run(&self, line: &[&str], code: i32) -> String {
        let (found, out, err) = self.try_run(line);
        assert_eq!(found, code, "{line:?}\n{out}\n{err}");
        if code == 2 { err } else { out }
    }

    /// The words of a line; `'…'` is one.
    fn kyc(&self, line: &str, code: i32) -> String {
        let words = line.split('\'').enumerate().flat_map(|(index, part)| match index % 2 {
            1 => vec![part],
            _ => part.split_whitespace().collect(),
        });
        self.run(&["kyc"].into_iter().chain(words).collect::<Vec<_>>(), code)
    }

    /// What a line tells in JSON.
    fn json(&self, line: &str) -> Value {
        let told = self.kyc(&format!("{line} --json"), 0);
        serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told}"))
    }

    fn seen(&self, case: &str) -> String {
        self.json(&format!("case show {case}"))["evidence_digest"].as_str().unwrap().to_owned()
    }
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_case_goes_from_its_definition_to_a_decision_of_two_people() {
    let office = Office::new();
    assert!(office.kyc("kinds", 0).contains("account"));
    assert_eq!(office.kyc("queue", 0), "no case waits\n");
    let told = office.kyc(
        "case open c-1 account --actor front-1 --request-id r-1 --now 2026-01-01T00:00:00Z",
        0,
    );
    assert_eq!(told, "c-1 → collecting\n");
    let again = office.kyc("case open c-1 account --actor front-1 --request-id r-1", 0);
    assert_eq!(again, "c-1 → collecting (done already)\n");
    let told = office.kyc("case open c-1 account --actor front-1", 1);
    assert!(told.starts_with("rejected  c-1  case_exists: there is a case `c-1`"), "{told}");
    assert!(office.kyc("case send c-1 nothing --actor front-1", 0).contains("(not heard)"));

    // The file is read, and its hash is kept.
    let told = office.kyc(
        "case submit-document c-1 passport scan.pdf --actor front-2 --valid-until 2031-05-01",
        0,
    );
    assert!(told.starts_with("c-1 → review  in usual\n  send: open_review"), "{told}");
    let case = office.json("case show c-1");
    let paper = &case["documents"][0];
    assert_eq!(paper["hash"], hex(Sha256::digest("a scan")));
    assert_eq!(
        (&paper["file"], &paper["valid_until"]),
        (&json!("scan.pdf"), &json!("2031-05-01T00:00:00.000000000Z"))
    );
    assert!(office.kyc("queue", 0).contains("usual"));
    assert!(office.kyc("queue usual", 0).contains("c-1"));
    assert!(office.kyc("queue --overdue", 2).contains("name it"));

    let told = office.kyc("case claim c-1 --actor reviewer-1", 0);
    assert_eq!(told, "c-1 → review  in usual  with reviewer-1\n");
    assert!(office.kyc("case claim c-1 --actor front-1", 1).contains("no_person"));
    office.kyc("case note c-1 'looks like the picture' --actor reviewer-1", 0);
    let told =
        office.kyc("case decide-document c-1 passport revise --seen 00 --actor reviewer-1", 2);
    assert!(told.contains("is no SHA-256"), "{told}");
    let told = office
        .kyc("case decide-document c-1 passport approve --file kind.yaml --actor reviewer-1", 1);
    assert!(told.contains("stale"), "another one was seen: {told}");
    office.kyc("case decide-document c-1 passport approve --file scan.pdf --actor reviewer-1", 0);
    assert!(office.kyc("case list --assignee reviewer-1", 0).contains("c-1"));
    assert_eq!(office.kyc("case list --status ended", 0), "no case fits\n");

    // A script says what was seen.
    let line = ["kyc", "decide", "c-1", "approve", "--reason", "checked", "--actor", "reviewer-1"];
    let (code, out, err) = office.try_run(&line);
    assert_eq!(code, 2, "{out}{err}");
    assert!(out.contains(&office.seen("c-1")) && err.contains("--seen is missing"), "{out}{err}");

    let vote = |who: &str, seen: &str, more: &str, code| {
        office.kyc(&format!("decide c-1 approve --seen {seen} --actor {who} {more}"), code)
    };
    let seen = office.seen("c-1");
    let other = seen.chars().rev().collect::<String>();
    assert!(vote("reviewer-1", &other, "--reason checked", 1).contains("stale: the evidence"));
    assert!(vote("reviewer-1", &seen, "", 1).contains("reasons: a reason is missing"));
    assert!(vote("reviewer-2", &seen, "--reason checked", 1).contains("assigned"));
    let told = vote("reviewer-1", &seen, "--reason checked --comment 'seen'", 0);
    assert!(told.contains("approve by reviewer-1"), "{told}");
    assert!(vote("reviewer-1", &seen, "--reason checked", 1).contains("same_person"));
    let told = office.kyc("return c-1 --why 'one more look' --actor reviewer-2", 0);
    assert!(!told.contains("approve by"), "{told}");
    vote("reviewer-1", &seen, "--reason checked", 0);

    // What is attached changes the evidence, and the first vote is none any more.
    office.kyc("case attach c-1 report kind.yaml --file report-118 --actor senior-1", 0);
    assert!(vote("reviewer-1", &seen, "--reason checked", 1).contains("stale"));
    let seen = office.seen("c-1");
    vote("reviewer-1", &seen, "--reason checked", 0);
    assert!(vote("senior-1", &seen, "--reason checked", 1).contains("had_part"));
    let told = vote("reviewer-2", &seen, "--reason checked --reason accepted", 0);
    assert!(told.starts_with("c-1 → ended\n  done: {\"risk\":\"low\"}"), "{told}");

    let shown = office.kyc("case show c-1", 0);
    for part in ["status    ended", "report-118", "reviewer-2", "approve", "passport", "taken"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let told = office.kyc("case show c-2", 1);
    assert_eq!(told, "");
    assert!(office.kyc("case draw c-1", 0).contains("<svg "));
    assert!(office.kyc("case draw c-1 --format mermaid", 0).starts_with("stateDiagram-v2"));

    let log = office.kyc("case log c-1", 0);
    assert!(log.contains("submit_document") && log.contains("one more look"), "{log}");
    let log = office.kyc("case log c-1 --json --limit 2", 0);
    let second: Value = serde_json::from_str(log.lines().nth(1).unwrap()).unwrap();
    assert_eq!((&second["do"], log.lines().count()), (&json!("send"), 2));
    let whole = office.kyc("case log", 0);
    assert!(whole.contains("define") && whole.contains("staff"), "{whole}");

    let told = office.kyc("replay", 0);
    assert!(told.starts_with("the same  ") && told.contains(" of 1 cases"), "{told}");
    assert_eq!(office.json("replay")["same"], true);
    let report = office.json("report");
    assert_eq!(
        (&report["decisions"][0]["taken"], &report["kinds"][0]["ended"]),
        (&json!(1), &json!(1))
    );
    let report = office.kyc("report", 0);
    assert!(report.contains("accepted 1") && report.contains("9 of 10"), "{report}");
    assert!(office.run(&["verify"], 0).contains("cases"));

    assert!(office.kyc("case reopen c-1 --why 'again' --actor reviewer-1", 1).contains("role"));
    let told = office.kyc("case reopen c-1 --why 'again' --actor senior-1", 0);
    assert_eq!(told, "c-1 → collecting\n");
    let told = office.kyc("case cancel c-1 --why 'by mistake' --actor senior-1", 0);
    assert!(told.starts_with("c-1 → cancelled"), "{told}");
}

#[test]
fn time_passes_and_cases_go_on() {
    let office = Office::new();
    for key in ["c-1", "c-2"] {
        office.kyc(&format!("case open {key} account --now 2026-01-01T00:00:00Z"), 0);
        let line = format!("case submit-document {key} passport - --now 2026-01-01T00:00:00Z");
        office.kyc(&line, 0);
    }
    let by = "--actor senior-1 --now 2026-01-02T00:00:00Z";
    let told = office.kyc(&format!("case assign c-1 reviewer-2 {by}"), 0);
    assert!(told.contains("with reviewer-2"), "{told}");
    office.kyc(&format!("case release c-1 {by}"), 0);
    office.kyc(&format!("case snooze c-2 --until 2026-01-10 --why 'the bank' {by}"), 0);
    let queue = |more: &str| office.kyc(&format!("queue usual --now 2026-01-02 {more}"), 0);
    assert!(!queue("").contains("c-2") && queue("--snoozed").contains("c-2"));
    office.kyc(&format!("case wake c-2 {by}"), 0);
    assert!(
        queue("--unassigned --csv")
            .starts_with("case,kind,states,queue,due,with\nc-1,account,review,usual,")
    );

    let told = office.kyc(
        &format!(
            "case override c-2 --until 2026-01-05 --why 'a court' --data '{{\"to\": 5}}' {by}"
        ),
        0,
    );
    assert!(told.contains("send: raise to host {\"to\":5}"), "{told}");
    let told = office.kyc("advance --now 2026-01-04T00:00:00Z", 0);
    assert_eq!(told, "2 cases changed\n");
    assert!(office.kyc("queue overdue", 0).contains("c-1"));
    let report = office.kyc("report --now 2026-01-04T00:00:00Z", 0);
    assert!(report.contains("█"), "{report}");
    let told = office.kyc("advance --now 2026-01-06T00:00:00Z", 0);
    assert!(told.starts_with("  c-2: send: restore to host"), "{told}");
    assert!(told.ends_with("\n1 cases changed\n"), "{told}");
    let told = office.json("advance --now 2026-01-06T00:00:00Z");
    assert_eq!((&told["changed"], &told["more"]), (&json!(0), &json!(false)));
    let escalate = |who: &str, code| {
        let line = format!("case escalate c-1 usual --why 'not late' --actor {who}");
        office.kyc(&format!("{line} --now 2026-01-06T00:00:00Z"), code)
    };
    assert!(escalate("nobody", 1).contains("no_person"));
    assert!(escalate("senior-1", 0).contains("in usual"));
    office.kyc(&format!("case request-document c-1 passport --why expired {by}"), 0);
    assert!(office.kyc("case show c-1", 0).contains("requested"));
}

#[test]
fn staff_come_and_go() {
    let office = Office::new();
    let told = office.kyc("staff set reviewer-2 clerk senior --away", 0);
    assert_eq!(told, "reviewer-2  clerk, senior (away)  0 cases\n");
    assert!(office.kyc("staff list", 0).contains("clerk, senior  away"));
    office.kyc("staff set reviewer-2 --off", 0);
    assert!(!office.kyc("staff list", 0).contains("reviewer-2"));
    assert!(office.kyc("staff set reviewer-2", 2).contains("ROLE"));
}

#[test]
fn what_is_wrong_in_a_kind_is_told_with_its_place() {
    let office = Office::new();
    office.write("wrong.yaml", &KIND.replace("within: P2D", "witin: P2D"));
    let told = office.kyc("define wrong.yaml chart.yaml", 2);
    assert!(told.contains("wrong.yaml:\n") && told.contains("queues/0/witin"), "{told}");
    office.write("no.yaml", "chart: 2");
    let told = office.kyc("define kind.yaml no.yaml", 2);
    assert!(told.contains("no.yaml"), "{told}");
    let told = office.kyc("case open c-1 acount", 1);
    assert!(told.contains("no_kind"), "{told}");
    assert!(office.kyc("case send c-1 +P1D", 2).contains("thalium kyc advance"));
}

#[test]
fn cases_go_on_in_another_version() {
    let office = Office::new();
    let at = "--now 2026-01-01T00:00:00Z";
    for key in ["c-1", "c-2", "c-3"] {
        office.kyc(&format!("case open {key} account {at}"), 0);
    }
    office.kyc(&format!("case submit-document c-2 passport scan.pdf {at}"), 0);
    office.write("chart.yaml", &CHART.replace("collecting", "intake"));
    office.kyc("define kind.yaml chart.yaml", 0);
    let map = "migration: 1\nsame: true\ncontext: {keep: true}\n";
    office.write("part.yaml", map);
    office.write("map.yaml", &format!("{map}states: {{collecting: intake}}\n"));
    let by = "--actor senior-1 --now 2026-01-02T00:00:00Z";
    let migrate = |map: &str, code| office.kyc(&format!("migrate account {map} {by}"), code);

    let told = migrate("part.yaml --dry-run", 1);
    assert!(told.contains("collecting") && told.contains("c-1"), "{told}");
    assert!(told.ends_with("3 cases are to be moved: 1 would be\n"), "{told}");
    let told = migrate("map.yaml --dry-run", 0);
    assert_eq!(told, "3 cases are to be moved: 3 would be\n");
    assert!(office.kyc("case show c-1", 0).contains("collecting"), "nothing was changed");

    let told = migrate("part.yaml", 1);
    assert!(told.ends_with("3 cases were to be moved: 1 were\n"), "{told}");
    let told: Value = serde_json::from_str(&migrate("part.yaml --json", 1)).unwrap();
    assert_eq!((&told["cases"], &told["refused"][0]["cases"]), (&json!(2), &json!(2)));
    assert_eq!(migrate("map.yaml", 0), "2 cases were to be moved: 2 were\n");
    assert!(office.kyc("case show c-1", 0).contains("intake"));
    assert_eq!(migrate("map.yaml", 0), "0 cases were to be moved: 0 were\n");
    assert!(office.kyc("migrate acount map.yaml", 2).contains("no kind of case"));
    assert!(office.kyc("replay", 0).starts_with("the same"));
}

/// The kind that ships as an example, about a party: what is sealed is told for a reason alone.
#[test]
fn the_shipped_kind_decides_about_a_party() {
    let office = Office::with_keys();
    office.run(&["party", "add", "c1", "--actor", "front-1"], 0);
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/kyc");
    let charts = ["individual", "each", "document", "decision", "monitoring"];
    let charts: Vec<String> =
        charts.iter().map(|chart| format!("{shipped}/{chart}.yaml")).collect();
    office.kyc(&format!("define {shipped}/cases.yaml {}", charts.join(" ")), 0);
    for (person, roles) in [
        ("onboarder-1", "onboarding"),
        ("reviewer-1", "compliance"),
        ("senior-1", "senior_compliance"),
        ("screener", "screening"),
    ] {
        office.kyc(&format!("staff set {person} {roles}"), 0);
    }
    office.write("begin.json", r#"{"party": "c1"}"#);
    office.write("more.json", r#"{"party": "c1", "granted": {"level": "L3"}}"#);
    office.write("code.txt", "a code");
    let open = "case open k-1 individual --party c1 --actor front-1 --data";
    assert!(office.kyc(&format!("{open} @more.json"), 1).contains("says what `granted` is"));
    office.kyc(&format!("{open} @begin.json"), 0);
    let told = office.kyc("case open k-2 individual --party c1 --data @begin.json", 1);
    assert!(told.contains("has the case `k-1` of this kind"), "{told}");
    let sent = |event: &str| office.kyc(&format!("case send k-1 '{event}' --actor screener"), 0);
    let proven = |document: &str| {
        office.kyc(&format!("case submit-document k-1 {document} code.txt --actor front-1"), 0);
        sent(&format!(r#"document.processing={{"party": "c1", "document": "{document}"}}"#));
        let good = format!(
            "case decide-document k-1 {document} approve --file code.txt --actor onboarder-1"
        );
        office.kyc(&good, 0);
    };
    sent(r#"application.requested={"level": "L0"}"#);
    proven("wallet");
    assert!(sent(r#"application.requested={"level": "L1"}"#).contains("send: ask_document"));
    ["email", "phone"].into_iter().for_each(proven);
    let cleared = r#"screening.done={"party": "c1", "for": "application", "level": "L1", "hits": [], "pep": false, "risk": "low"}"#;
    let told = office.kyc(&format!("case send k-1 '{cleared}' --actor front-1"), 1);
    assert!(told.contains("no_person"), "not everybody says that nothing was found: {told}");
    let told = sent(
        r#"screening.done={"party": "c1", "for": "application", "level": "L1", "hits": [{"list": "UN"}], "pep": true, "risk": "low"}"#,
    );
    assert!(told.contains("requires_review") && told.contains("in senior"), "{told}");

    let case = office.json("case show k-1");
    assert_eq!((&case["sealed"], case.get("data")), (&json!(true), None));
    let case = office.json("case show k-1 --why review --actor reviewer-1");
    assert!(case["data"].as_str().unwrap().contains("\"list\":\"UN\""), "{case}");

    let seen = office.seen("k-1");
    let vote = |who: &str, code| {
        let said = r#"--comment 'another person' --reason false_positive"#;
        office.kyc(&format!("decide k-1 approve --seen {seen} --actor {who} {said}"), code)
    };
    assert!(vote("front-1", 1).contains("no_person"));
    assert!(vote("reviewer-1", 0).contains("approve by reviewer-1"));
    let told = vote("senior-1", 0);
    assert!(told.contains("send: set_level"), "{told}");
    // Limits and policies read it in the register of parties.
    let told = office.kyc("case show k-1", 0);
    assert!(told.contains("register of parties: level 2, risk low, flags pep\n"), "{told}");
    let party: Value =
        serde_json::from_str(&office.run(&["party", "show", "c1", "--json"], 0)).unwrap();
    assert_eq!((&party["kyc_level"], &party["flags"]), (&json!(2), &json!(["pep"])), "{party}");
    // What examples/kyc/README.md says of how a host gives them to policies.
    let decides = || {
        let party: Value =
            serde_json::from_str(&office.run(&["party", "show", "c1", "--json"], 0)).unwrap();
        let level = ["none", "L0", "L1", "L2", "L3", "INSTITUTIONAL"]
            [usize::try_from(party["kyc_level"].as_u64().unwrap()).unwrap()];
        let has = |flag: &str| party["flags"].as_array().unwrap().contains(&json!(flag));
        let status = if has("suspended") { "suspended" } else { "approved" };
        let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/policies");
        let input = std::fs::read_to_string(format!("{shipped}/inputs/aml.json")).unwrap();
        let mut input: Value = serde_json::from_str(&input).unwrap();
        input["party"]["kyc"] = json!({ "level": level, "status": status });
        input["party"]["pep"] = json!(has("pep"));
        input["transaction"]["value"] = json!("90000.00");
        input["history"]["windows"]["86400"] = json!({"count": 0, "sum": "0", "deposit": "0", "withdrawal": "0", "trade": "0", "values": []});
        office.write("aml.json", &input.to_string());
        let line = ["policy", "decide", shipped, "aml/verdict", "--input", "aml.json", "--json"];
        let (code, out, err) = office.try_run(&line);
        let verdict: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
        let codes = verdict["reasons"].as_array().unwrap().iter();
        (code, codes.map(|reason| reason["code"].as_u64().unwrap()).collect::<Vec<_>>())
    };
    assert_eq!(decides(), (0, vec![]), "level 1 permits it");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let until = (now + std::time::Duration::from_secs(864_000)).as_nanos();
    let line = format!("case override k-1 --why 'a warning' --until {until} --actor senior-1");
    assert!(office.kyc(&line, 0).contains("send: suspend"));
    let (code, codes) = decides();
    assert!(code == 1 && codes.contains(&12301), "suspended: {codes:?}");
    assert!(office.kyc("case log k-1", 0).contains("(sealed)"));
    let log = office.kyc("case log k-1 --why audit --json --actor auditor-1", 0);
    assert!(log.contains("another person"), "{log}");
    assert!(office.kyc("replay", 0).starts_with("the same"));
    assert!(office.kyc("report", 0).contains("false_positive"));
}

/// A device hands in what its customer's case asks for, and is told of no more than the options say.
#[test]
fn a_device_hands_in_to_its_customers_case() {
    let office = Office::with_keys();
    office.write("chart.yaml", CHART);
    office.write("kind.yaml", KIND);
    office.kyc("define kind.yaml chart.yaml", 0);
    for party in ["zodwa", "sipho"] {
        office.run(&["party", "add", party], 0);
        office.kyc(&format!("case open of-{party} account --party {party} --actor front-1"), 0);
    }
    let device = |options: &str, request: &Value| {
        let line = format!("sync --customer zodwa --party zodwa {options}");
        office.given(&line.split_whitespace().collect::<Vec<_>>(), &request.to_string())
    };
    let paper = |case: &str| {
        let passport = json!({"document": "passport", "hash": hex([7; 32])});
        let made_at = "2026-01-30T09:59:00Z";
        let hand_in = json!({"key": "p", "made_at": made_at, "case": case, "document": passport});
        json!({"hand_ins": [hand_in], "cases": [case]})
    };
    let told = |told: Told| -> (i32, Value) { (told.0, serde_json::from_str(&told.1).unwrap()) };

    let (code, reply) = told(device("--state collecting", &paper("of-zodwa")));
    assert_eq!((code, &reply["handed_in"][0]["code"]), (1, &json!("not_permitted")), "{reply}");
    assert_eq!(reply["cases"][0]["states"], json!(["collecting"]), "{reply}");
    let asked = "--document passport --state review --reason illegible --form risk.is=level";
    let (code, reply) = told(device(asked, &paper("of-sipho")));
    assert_eq!((code, &reply["refused_cases"]), (1, &json!(["of-sipho"])), "{reply}");
    let (code, reply) = told(device(asked, &paper("of-zodwa")));
    assert_eq!((code, &reply["handed_in"][0]["ok"]), (0, &json!(true)), "{reply}");
    let case = &reply["cases"][0];
    assert_eq!(case["states"], json!(["review"]), "{reply}");
    assert_eq!(case["forms"][0]["form"], "risk.is", "{reply}");

    let answers = json!({"form": "risk.is", "answers": "{\"level\": \"high\"}"});
    let form =
        json!({"key": "f", "made_at": "2026-01-30T09:59:00Z", "case": "of-zodwa", "form": answers});
    let (code, reply) = told(device(asked, &json!({"hand_ins": [form]})));
    assert_eq!((code, &reply["handed_in"][0]["ok"]), (0, &json!(true)), "{reply}");
    let (code, _, err) = device("--form risk.is", &json!({}));
    assert!(code == 2 && err.contains("names no variables"), "{err}");
    assert!(office.kyc("case log of-zodwa", 0).contains("zodwa"));
}

#[test]
fn a_machine_readable_zone_is_read() {
    let office = Office::empty();
    // The specimen of ICAO Doc 9303, part 4.
    let zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n";
    office.write("zone.txt", zone);
    let told = office.kyc("mrz zone.txt --today 2012-01-01", 0);
    for part in
        ["TD3 P", "L898902C3", "ERIKSSON, ANNA MARIA", "1974-08-12", "(valid)", "all are right"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(office.kyc("mrz zone.txt --today 2026-11-30", 1).contains("2012-04-15 (expired)"));
    office.write("wrong.txt", &zone.replace("L898902C3", "L898902D3"));
    let told = office.kyc("mrz wrong.txt --today 2012-01-01", 1);
    assert!(told.contains("wrong: "), "{told}");
    office.write("none.txt", "a letter");
    office.kyc("mrz none.txt", 2);
    assert!(office.kyc("mrz zone.txt --today tomorrow", 2).contains("is no day"));
    let told: Value =
        serde_json::from_str(&office.kyc("mrz zone.txt --today 2012-01-01 --json", 0)).unwrap();
    assert_eq!((&told["valid"], &told["issuer"]), (&json!(true), &json!("UTO")));
}

#[test]
fn a_risk_is_scored_point_by_point() {
    let office = Office::empty();
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/kyc/risk.yaml");
    let facts = json!({
        "occupation": "cash_intensive", "source_of_funds": "salary", "country_risk": "medium", "product": "trading",
        "delivery_channel": "remote_verified", "expected_volume": "250000.00", "adverse_media": false, "alerts": 1,
        "pep": false, "country": "ZA", "sanctioned": false,
    });
    office.write("facts.json", &facts.to_string());
    let score = |more: &str, code| {
        office.kyc(&format!("risk {model} facts.json --now 2026-03-01T09:00:00Z {more}"), code)
    };
    let told = score("", 0);
    assert!(told.contains("geography: 12.5") && told.contains("score 38.5: medium"), "{told}");
    let told: Value = serde_json::from_str(&score("--json", 0)).unwrap();
    assert_eq!((&told["score"], &told["level"]), (&json!("38.5"), &json!("medium")));
    office.write("over.json", r#"{"level": "high", "by": "officer-1", "reason": "adverse media", "expires": "2026-06-01T00:00:00Z"}"#);
    assert!(score("--override over.json", 0).contains("high"));
    office.write("bad.json", r#"[{"level": "high"}]"#);
    assert!(score("--override bad.json", 2).contains("is missing"));
    office.write(
        "facts.json",
        &facts.to_string().replace("\"sanctioned\":false", "\"sanctioned\":true"),
    );
    assert!(score("", 1).contains("prohibited"));
    office.write("facts.json", "[");
    assert!(score("", 2).contains("is no JSON"));
}

#[test]
fn a_callback_is_proven_or_not() {
    let office = Office::empty();
    let body = r#"{"payload":{"resource_type":"workflow_run","action":"workflow_run.completed","object":{"id":"run-1","status":"approved","completed_at_iso8601":"2026-01-31T09:30:00Z","href":"https://example.com/run-1"}}}"#;
    // HMAC-SHA-256 of RFC 2104.
    let block = |pad: u8| {
        let mut block = [pad; 64];
        block.iter_mut().zip(b"a secret").for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::digest([&block(0x36)[..], body.as_bytes()].concat());
    let signature = hex(Sha256::digest([&block(0x5c)[..], &inner[..]].concat()));
    office.write("body.json", body);
    office.write("headers.txt", &format!("Host: example.com\nX-SHA2-Signature: {signature}\n\n"));
    let line = "callback onfido --headers headers.txt --body body.json";
    let told = office.kyc(&format!("{line} --key 2026=SECRET"), 0);
    assert!(told.contains("check.approved") && told.contains("run-1"), "{told}");
    let told = office.json(&format!("{line} --key 2026=SECRET"));
    assert_eq!((&told["key"], &told["outcome"]), (&json!("2026"), &json!("approved")));
    assert_eq!(told["evidence"], hex(Sha256::digest(body)));

    // Delivered to a case: it knows one that came before, and one that was overtaken.
    let office = {
        office.run(&["init"], 0);
        office.write("chart.yaml", "{chart: 1, id: checked, states: {waiting: {on: {check.approved: cleared}}, cleared: {type: final}}}");
        office.write("kind.yaml", "{case: 1, id: checked, chart: checked}");
        office.kyc("define kind.yaml chart.yaml", 0);
        office.kyc("case open c-1 checked --now 2026-01-31T09:00:00Z", 0);
        office
    };
    let deliver = format!(
        "{line} --key 2026=SECRET --case c-1 --actor provider.onfido --now 2026-01-31T09:31:00Z"
    );
    assert!(office.kyc(&deliver, 0).starts_with("c-1 → ended"));
    assert!(office.kyc(&deliver, 0).contains("(done already)"));
    assert!(office.kyc(&format!("{deliver} --keep"), 0).contains("(done already)"));
    let told = office.kyc(&format!("{line} --key 2026=SECRET --case c-2"), 1);
    assert!(told.contains("no_case"), "{told}");
    assert!(office.kyc("case log c-1", 0).contains("callback"));

    office.write("body.json", &body.replace("approved", "declined"));
    let told = office.kyc(&format!("{line} --key 2026=SECRET"), 1);
    assert!(told.contains("made the signature"), "{told}");
    let told = office.kyc(&format!("{line} --key 2026=NOT_SET"), 2);
    assert!(told.contains("the variable `NOT_SET` is not set"), "{told}");
    office.write("headers.txt", "POST /hook HTTP/1.1\n");
    let told = office.kyc(&format!("{line} --key 2026=SECRET"), 2);
    assert!(told.contains("headers.txt:1: is no header"), "{told}");
    let told = office.kyc("callback somebody --body body.json", 2);
    assert!(told.contains("provider"), "{told}");
}
