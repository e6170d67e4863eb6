use super::*;

fn entry(number: u32, wrapped: &[u8]) -> Vec<u8> {
    let len = u32::try_from(wrapped.len()).unwrap();
    [&number.to_le_bytes()[..], &len.to_le_bytes(), wrapped].concat()
}

/// A promise: without this file nothing of a store can be read again.
#[test]
fn the_keys_of_a_directory_are_read_as_documented() {
    let long = vec![7; WRAPPED_MAX];
    let table: [(&str, Vec<u8>, Option<usize>); 7] = [
        ("one key", entry(1, b"abc"), Some(1)),
        ("two keys", [entry(1, b"abc"), entry(2, &long)].concat(), Some(2)),
        ("none", Vec::new(), None),
        ("a gap", [entry(1, b"a"), entry(3, b"b")].concat(), None),
        ("twice the same", [entry(1, b"a"), entry(1, b"b")].concat(), None),
        ("one that is too long", entry(1, &[long.clone(), vec![0]].concat()), None),
        ("one that is cut short", entry(1, b"abc")[..9].to_vec(), None),
    ];
    for (what, bytes, keys) in table {
        assert_eq!(parse(&bytes).map(|keys| keys.len()), keys, "{what}");
    }
    assert_eq!(parse(&entry(1, &long)).unwrap()[&1], long);
}
