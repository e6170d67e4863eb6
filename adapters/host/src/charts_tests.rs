//! Charts as a host opens them, and sessions as text.

use super::*;
use thalium::kyc::chart::Event;

const TEXT: &str = "{chart: 1, id: papers, context: {n: 1}, states: {waiting: {on: {sent: settled}, after: {PT1H: late}}, settled: {type: final}, late: {type: final}}}";

fn event(name: &str) -> Event {
    Event { name: name.to_owned(), ..Event::default() }
}

#[test]
fn a_session_is_kept_as_text_and_belongs_to_its_version() {
    let chart = Chart::of(TEXT).unwrap();
    let step = chart.definition().start("case-1", 1, &Value::Null).unwrap();
    let text = chart.hold(&step);
    assert_eq!(chart.held(&text).unwrap(), step.session);

    let other = Chart::of(&TEXT.replace("PT1H", "PT2H")).unwrap();
    let refused = other.held(&text).unwrap_err();
    assert!(matches!(refused, ChartFault::Version { .. }), "{refused}");
}

#[test]
fn what_is_no_session_is_refused_and_nothing_else_happens() {
    let chart = Chart::of(TEXT).unwrap();
    let text = chart.hold(&chart.definition().start("case-1", 1, &Value::Null).unwrap());
    let cut = |length: usize| text.chars().take(length).collect::<String>();
    for wrong in [
        String::new(),
        "s1".to_owned(),
        "s1..".to_owned(),
        text.replace("s1.", "s2."),
        format!("{text}0"),
        format!("{text}.00"),
        cut(text.len() - 2),
        cut(68),
        text.replace('.', ":"),
        format!("{text}zz"),
    ] {
        let refused = chart.held(&wrong).unwrap_err();
        assert!(matches!(refused, ChartFault::Session(_)), "{wrong}: {refused}");
    }
    // A digit that is another is no session, or another one; it is no panic, and what it comes to is a session all the same.
    for at in 68..text.len() {
        let mut other = text.clone().into_bytes();
        other[at] = if other[at] == b'0' { b'1' } else { b'0' };
        let other = String::from_utf8(other).unwrap();
        if let Ok(session) = chart.held(&other) {
            let _ = chart.definition().step(&session, event("sent"), 2);
            let _ = chart.definition().advance(&session, i64::MAX);
        }
    }
}

#[test]
fn charts_are_read_from_files_whatever_they_are_written_in() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let yaml = Chart::open(write("a.yaml", TEXT), ChartOptions::default()).unwrap();
    let json = write("a.json", &yaml.definition().chart().to_json());
    let scxml = write("a.scxml", &format!("\u{feff}{}", yaml.scxml().unwrap()));
    for path in [json, scxml] {
        let other = Chart::open(&path, ChartOptions::default()).unwrap();
        assert_eq!(other.definition().digest(), yaml.definition().digest(), "{}", path.display());
    }
    let missing = Chart::open(folder.path().join("none"), ChartOptions::default()).unwrap_err();
    assert!(matches!(missing, ChartFault::Read { .. }), "{missing}");
    let file = fs::File::create(folder.path().join("large")).unwrap();
    file.set_len(u64::try_from(CHART_BYTES).unwrap() + 1).unwrap();
    let large = Chart::open(folder.path().join("large"), ChartOptions::default()).unwrap_err();
    assert!(large.to_string().contains("more than 16 MiB"), "{large}");
}
