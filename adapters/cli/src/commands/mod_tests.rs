use super::*;

#[test]
fn instants_and_dates_are_read() {
    assert_eq!(instant("1970-01-02"), Ok(86_400_000_000_000));
    assert_eq!(last_instant("1970-01-02"), Ok(2 * 86_400_000_000_000 - 1));
    assert_eq!(instant("1970-01-01T00:00:01Z"), Ok(1_000_000_000));
    assert_eq!(last_instant("7"), Ok(7));
    for text in ["", "yesterday", "-1", "1969-12-31", "2999-01-01"] {
        assert!(instant(text).is_err(), "{text}");
    }
}

#[test]
fn a_rejection_says_what_is_there_and_what_is_needed() {
    let outcome = Outcome {
        status: "exceeds_credits".into(),
        key: "wd-1".into(),
        reason: Some("exceeds credits".into()),
        account: Some("c1:ZAR".into()),
        have: Some("1.00 ZAR".into()),
        need: Some("2.00 ZAR".into()),
        ..Outcome::default()
    };
    let text =
        "rejected  wd-1  exceeds_credits: exceeds credits: `c1:ZAR` has 1.00 ZAR, needs 2.00 ZAR";
    assert_eq!(sentence(&outcome), text);
}
