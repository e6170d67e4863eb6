use super::*;

fn mixed(n: u64) -> u64 {
    let n = (n ^ (n >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (n ^ (n >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

#[test]
fn what_was_put_in_is_found_and_nothing_else() {
    let mut strays = Strays::default();
    for n in 0..200_000 {
        assert_eq!(strays.find(mixed(n), |sequence| sequence == n), None);
        strays.insert(mixed(n), n);
    }
    for n in 0..200_000 {
        assert_eq!(strays.find(mixed(n), |sequence| sequence == n), Some(n));
        assert_eq!(strays.find(mixed(n + 1_000_000), |_| false), None);
    }
    assert!(strays.buckets.len() > 100 && strays.crowd.is_empty());
    let bytes = strays.buckets.len() * SLOTS * ENTRY_LEN + strays.directory.len() * 4;
    assert!(bytes < 24 * 200_000, "{} bytes an id", bytes / 200_000);
}

#[test]
fn hashes_that_were_made_to_collide_slow_no_other() {
    let mut strays = Strays::default();
    for n in 0..5_000 {
        strays.insert(7, n);
    }
    strays.insert(u64::MAX, 9_999);
    assert_eq!(strays.find(u64::MAX, |_| true), Some(9_999));
    assert_eq!(strays.find(7, |sequence| sequence == 4_999), Some(4_999));
    assert!(strays.directory.len() <= 1_024 && strays.buckets.len() < 64);
}
