use super::*;

const MINUTE: i64 = 60_000_000_000;

fn bucket(minute: i64, value: Option<u8>) -> Bucket<u8> {
    Bucket { start: minute * MINUTE, end: (minute + 1) * MINUTE, revision: 0, value }
}

fn told(from: i64, to: i64, buckets: &[Bucket<u8>]) -> Vec<(i64, Option<u8>, Option<u8>)> {
    let calendar = Calendar::new("1m".parse().unwrap());
    let filled = fill(&calendar, from..to, buckets).unwrap();
    assert!(filled.iter().all(|one| one.end - one.start == MINUTE));
    filled.iter().map(|one| (one.start / MINUTE, one.value.copied(), one.before.copied())).collect()
}

#[test]
fn every_bucket_of_the_range_is_there_with_what_stood_before() {
    let buckets = [bucket(1, Some(10)), bucket(3, Some(30)), bucket(4, None), bucket(6, Some(60))];
    let all = [
        (1, Some(10), None),
        (2, None, Some(10)),
        (3, Some(30), Some(10)),
        (4, None, Some(30)),
        (5, None, Some(30)),
        (6, Some(60), Some(30)),
        (7, None, Some(60)),
    ];
    assert_eq!(told(MINUTE, 8 * MINUTE, &buckets), all);
    // A range that begins within a bucket begins with the next; what was before is known where it is given.
    assert_eq!(told(MINUTE + 1, 3 * MINUTE, &buckets), all[1..2]);
    assert_eq!(told(5 * MINUTE, 5 * MINUTE + 1, &buckets), all[4..5]);
    assert_eq!(told(5 * MINUTE, 5 * MINUTE, &buckets), []);
    assert_eq!(told(7 * MINUTE, 8 * MINUTE, &[]), [(7, None, None)]);
}

#[test]
fn a_range_without_end_is_refused() {
    let seconds = Calendar::new("1ns".parse().unwrap());
    assert_eq!(fill::<u8>(&seconds, 0..i64::MAX, []), Err(FillError::TooMany));
    let last = Calendar::new("1h".parse().unwrap());
    let filled = fill::<u8>(&last, i64::MAX - 3 * 60 * MINUTE..i64::MAX, []).unwrap();
    assert_eq!(filled.last().map(|one| one.end), Some(i64::MAX));
    assert_eq!(fill::<u8>(&last, i64::MIN..0, []), Err(FillError::OutOfRange(OutOfRange)));
}
