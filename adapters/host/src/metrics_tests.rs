use thalium::api::{Account, Command, Post};

use crate::{Options, Thalium};

fn commands() -> Vec<Command> {
    vec![
        Account::asset("bank", "ZAR").into(),
        Account::liability("client", "ZAR").into(),
        Post::new("dep-1", "bank", "client", "5.00").into(),
        Post::new("dep-2", "client", "client", "5.00").into(),
    ]
}

/// The text is OpenMetrics: families one behind the other, each with type, help and samples of its own, and an end.
#[test]
fn the_text_is_open_metrics() {
    let t = Thalium::open("memory:").unwrap();
    t.submit(&commands()).unwrap();
    let text = t.metrics().unwrap();
    let mut family = String::new();
    let (mut families, mut unit) = (Vec::new(), None);
    let mut kind = String::new();
    let lines: Vec<_> = text.strip_suffix("# EOF\n").expect("it ends").lines().collect();
    for line in lines {
        if let Some(meta) = line.strip_prefix("# ") {
            let (what, rest) = meta.split_once(' ').unwrap();
            let (name, rest) = rest.split_once(' ').unwrap();
            match what {
                "HELP" => {
                    assert!(!families.contains(&name.to_owned()), "{name} twice");
                    (family, unit) = (name.to_owned(), None);
                    families.push(family.clone());
                }
                "TYPE" => kind = rest.to_owned(),
                "UNIT" => unit = Some(rest.to_owned()),
                other => panic!("{other}"),
            }
            assert_eq!(name, family);
            assert!(unit.as_ref().is_none_or(|unit| family.ends_with(unit.as_str())), "{line}");
            continue;
        }
        let (sample, figure) = line.rsplit_once(' ').unwrap();
        figure.parse::<f64>().unwrap();
        let name = sample.split('{').next().unwrap();
        let suffix = name.strip_prefix(&family).unwrap_or_else(|| panic!("{line} in {family}"));
        let expected: &[&str] = match kind.as_str() {
            "counter" => &["_total"],
            "gauge" => &[""],
            "histogram" => &["_bucket", "_sum", "_count"],
            other => panic!("{other}"),
        };
        assert!(expected.contains(&suffix), "{line}");
    }
    assert!(families.len() > 15, "{families:?}");
}

/// `docs/operations.md` has a line for every family, and for no other.
#[test]
fn every_metric_is_documented() {
    let directory = tempfile::tempdir().unwrap();
    let t = Thalium::open(&directory.path().display().to_string()).unwrap();
    // A counter by labels is told when it has counted.
    t.submit(&commands()).unwrap();
    let text = t.metrics().unwrap();
    let mut told: Vec<_> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let page = include_str!("../../../docs/operations.md");
    let mut documented: Vec<_> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `thalium_")?.split('`').next())
        .map(|name| format!("thalium_{name}"))
        .collect();
    told.sort_unstable();
    documented.sort_unstable();
    assert_eq!(documented, told);
}

#[test]
fn a_ledger_that_drains_finishes_what_it_took_and_takes_no_more() {
    let directory = tempfile::tempdir().unwrap();
    // However little the disk of the machine has left.
    let options = Options { disk_reserve: 0, ..Options::default() };
    let t = Thalium::open_with(&directory.path().display().to_string(), options).unwrap();
    t.submit(&commands()).unwrap();
    t.drain().unwrap();
    let health = t.health().unwrap();
    assert_eq!((health.condition, health.not_durable), (crate::Condition::Draining, 0));
    assert!(health.is_well());
    let refused = t.do_one(Post::new("late", "bank", "client", "1.00")).unwrap_err();
    assert!(refused.to_string().contains("draining"), "{refused}");
    assert!(t.account("client").unwrap().is_some(), "questions are answered");
    t.close().unwrap();
}
