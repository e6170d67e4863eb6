use std::time::Duration;

use super::pause;

#[test]
fn a_pause_is_seconds_or_a_number_with_its_unit() {
    let table = [
        ("0", 0),
        ("60", 60_000),
        ("200ms", 200),
        ("1s", 1_000),
        ("5m", 300_000),
        ("1h", 3_600_000),
    ];
    for (text, millis) in table {
        assert_eq!(pause(text), Ok(Duration::from_millis(millis)), "{text}");
    }
    for text in ["", "s", "1.5s", "-1s", "1d", "1 s", "99999999999s"] {
        assert!(pause(text).unwrap_err().contains("200ms"), "{text}");
    }
}
