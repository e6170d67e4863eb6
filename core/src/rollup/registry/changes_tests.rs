use super::*;

fn closed(at: i64) -> Change {
    Change::Closed { level: 1, start: at }
}

fn revised(at: i64, cause: Cause) -> Change {
    Change::Revised { level: 2, start: at, revision: 3, cause }
}

fn told(changes: &Changes, number: u64) -> (u64, Vec<(u64, String, Change)>) {
    let (lost, told) = changes.after(number);
    (lost, told.map(|(number, symbol, change)| (number, symbol.to_owned(), *change)).collect())
}

fn again(changes: &Changes) -> Changes {
    let mut written = Vec::new();
    changes.write(&mut written);
    let mut bytes = Bytes { all: &written, at: 0 };
    let read = Changes::read(&mut bytes).unwrap();
    assert_eq!(bytes.at, written.len());
    read
}

#[test]
fn a_change_is_written_and_read_again_whatever_it_is() {
    let refusals = [
        Refusal::Late { end: i64::MAX, closed: i64::MIN },
        Refusal::Expired { before: -1 },
        Refusal::Differs,
        Refusal::NotFound,
        Refusal::NotKept,
        Refusal::OutOfRange(OutOfRange),
        Refusal::Merge(MergeError::Overflow),
        Refusal::Merge(MergeError::TooMany),
        Refusal::Merge(MergeError::Interleaved),
    ];
    let refused = refusals.map(|why| Change::Refused { key: (i64::MIN, u64::MAX), why });
    let causes = [Cause::Late, Cause::Corrected, Cause::Removed];
    let mut changes = Changes::default();
    for (at, change) in refused.into_iter().chain(causes.map(|it| revised(7, it))).enumerate() {
        changes.push(if at % 2 == 0 { "B-A" } else { "A-B" }.into(), change);
        changes.push("C".into(), closed(-5));
    }
    assert_eq!(told(&again(&changes), 0), told(&changes, 0));
    assert_eq!(told(&again(&Changes::default()), 0), (0, Vec::new()));
}

/// Buckets that close by the hundred thousand do not crowd out what was changed in one of them.
#[test]
fn neither_crowds_the_other_out() {
    let mut changes = Changes::default();
    changes.push("A".into(), revised(1, Cause::Late));
    for at in 0..=i64::try_from(CHANGES).unwrap() {
        changes.push("A".into(), closed(at));
    }
    changes.push("B".into(), revised(2, Cause::Removed));
    let (lost, all) = told(&changes, 0);
    assert_eq!((lost, all.len()), (1, CHANGES + 2), "the first that closed is not there any more");
    assert_eq!((all[0].0, all[1].0, all[CHANGES + 1].0), (1, 3, CHANGES as u64 + 3));
    assert!(all.is_sorted_by_key(|(number, ..)| *number));
    // What was asked for already is not lost.
    assert_eq!(told(&changes, 2), (0, all[1..].to_vec()));
    assert_eq!(told(&changes, CHANGES as u64 + 2).1, all[CHANGES + 1..]);
    assert_eq!(told(&changes, u64::MAX), (0, Vec::new()));
    assert_eq!(told(&again(&changes), 1), told(&changes, 1));
}

#[test]
fn what_is_none_is_refused() {
    let mut changes = Changes::default();
    changes.push("A".into(), closed(1));
    changes.push("B".into(), revised(2, Cause::Late));
    let mut written = Vec::new();
    changes.write(&mut written);
    let reads = |bytes: &[u8]| Changes::read(&mut Bytes { all: bytes, at: 0 });
    for cut in 0..written.len() {
        assert!(reads(&written[..cut]).is_none(), "cut at {cut}");
    }
    // The number of the newest, that of symbols, a symbol, that of those that closed, a number, a place, a kind, a cause.
    for (at, byte) in [(0, 1), (8, 3), (20, b'C'), (26, 9), (34, 0), (42, 5), (46, 1), (74, 9)] {
        let mut other = written.clone();
        assert_ne!(other[at], byte, "{at}");
        other[at] = byte;
        assert!(reads(&other).is_none(), "byte {at}");
    }
}
