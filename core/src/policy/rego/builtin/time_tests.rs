use super::super::harness::{call, check};

#[test]
fn times_are_read_by_layouts() {
    check(
        "time.parse_ns",
        &[
            (r#"["2006-01-02", "1970-01-01"]"#, "0"),
            (r#"["RFC3339", "2017-06-02T19:00:00-07:00"]"#, "1496455200000000000"),
            (r#"["RFC3339Nano", "1970-01-01T00:00:00.000000001Z"]"#, "1"),
            (r#"["ANSIC", "Thu Jan  1 00:00:01 1970"]"#, "1000000000"),
            (r#"["UnixDate", "Thu Jan  1 00:00:01 MST 1970"]"#, "1000000000"),
            (r#"["RFC850", "Thursday, 01-Jan-70 00:00:01 UTC"]"#, "1000000000"),
            (r#"["RFC1123Z", "Thu, 01 Jan 1970 01:00:00 +0100"]"#, "0"),
            (r#"["3:04pm", "5:06pm"]"#, "error: time outside of valid range"),
            (r#"["2006 3:04PM", "1970 12:30AM"]"#, "1800000000000"),
            (r#"["2006 002", "1972 366"]"#, "94608000000000000"),
            (r#"["06-1-2", "69-1-1"]"#, "-31536000000000000"),
            (r#"["06-1-2", "68-1-1"]"#, "3092601600000000000"),
            (r#"["2006-01-02 15:04:05", "1970-01-01 00:00:00.25"]"#, "250000000"),
            (r#"["2006-01-02 15:04:05.00", "1970-01-01 00:00:00.25"]"#, "250000000"),
            (r#"["2006-01-02 15:04:05,999", "1970-01-01 00:00:00,123456"]"#, "123456000"),
        ],
    );
    check(
        "time.parse_ns",
        &[
            (
                r#"["2006-01-02", "1970-13-01"]"#,
                r#"error: parsing time "1970-13-01": month out of range"#,
            ),
            (
                r#"["2006-01-02", "1970-02-29"]"#,
                r#"error: parsing time "1970-02-29": day out of range"#,
            ),
            (
                r#"["2006-01-02", "1970-02-2x"]"#,
                r#"error: parsing time "1970-02-2x" as "2006-01-02": cannot parse "2x" as "02""#,
            ),
            (
                r#"["2006-01-02", "1970-02-02x"]"#,
                r#"error: parsing time "1970-02-02x": extra text: "x""#,
            ),
            (r#"["15:04", "24:00"]"#, r#"error: parsing time "24:00": hour out of range"#),
            (
                r#"["Jan", "Foo"]"#,
                r#"error: parsing time "Foo" as "Jan": cannot parse "Foo" as "Jan""#,
            ),
            (r#"[1, "x"]"#, "type: operand 1 must be string but got number"),
            (r#"["x", 1]"#, "type: operand 2 must be string but got number"),
        ],
    );
}

#[test]
fn instants_beyond_64_bits_are_refused() {
    check(
        "time.parse_rfc3339_ns",
        &[
            (r#"["2262-04-11T23:47:16.854775807Z"]"#, "9223372036854775807"),
            (r#"["2262-04-11T23:47:16.854775808Z"]"#, "error: time outside of valid range"),
            (r#"["1677-09-21T00:12:43.145224192Z"]"#, "-9223372036854775808"),
            (r#"["0001-01-01T00:00:00Z"]"#, "error: time outside of valid range"),
            (
                r#"["1970-01-01T00:00:00+25:00"]"#,
                r#"error: parsing time "1970-01-01T00:00:00+25:00": time zone offset hour out of range"#,
            ),
        ],
    );
}

#[test]
fn durations_are_gos() {
    check(
        "time.parse_duration_ns",
        &[
            (r#"["1h15m30.918273645s"]"#, "4530918273645"),
            (r#"["-1.5h"]"#, "-5400000000000"),
            (r#"["+.5ms"]"#, "500000"),
            (r#"["1µs"]"#, "1000"),
            (r#"["0"]"#, "0"),
            (r#"["9223372036854775807ns"]"#, "9223372036854775807"),
            (r#"["-9223372036854775808ns"]"#, "-9223372036854775808"),
            (
                r#"["9223372036854775808ns"]"#,
                r#"error: time: invalid duration "9223372036854775808ns""#,
            ),
            (r#"["1"]"#, r#"error: time: missing unit in duration "1""#),
            (r#"["1d"]"#, r#"error: time: unknown unit "d" in duration "1d""#),
            (r#"[""]"#, r#"error: time: invalid duration """#),
            (r#"[".s"]"#, r#"error: time: invalid duration ".s""#),
        ],
    );
}

#[test]
fn times_are_written_by_layouts() {
    let at = "1670006453141828752";
    for (rest, text) in [
        ("", "2022-12-02T18:40:53.141828752Z"),
        (r#", "Asia/Kolkata""#, "2022-12-03T00:10:53.141828752+05:30"),
        (r#", "", "RFC822""#, "02 Dec 22 18:40 UTC"),
        (r#", "America/New_York", "UnixDate""#, "Fri Dec  2 13:40:53 EST 2022"),
        (r#", "UTC", "3:4:5 PM pm""#, "6:40:53 PM pm"),
        (r#", "UTC", "__2 002 _2 _2006""#, "336 336  2 _2022"),
        (r#", "UTC", ".000 .9 .00000""#, ".141 .1 .14182"),
        (r#", "Asia/Kolkata", "Z07 Z0700 -07:00:00 -070000""#, "+05 +0530 +05:30:00 +053000"),
        (r#", "UTC", "Januaryy Janx MonX Monday""#, "Decembery Janx FriX Friday"),
        (r#", "UTC", "été 2006""#, "été 2022"),
    ] {
        assert_eq!(call("time.format", &format!("[[{at}{rest}]]")), format!("{text:?}"), "{rest}");
    }
    check(
        "time.format",
        &[
            ("[0]", r#""1970-01-01T00:00:00Z""#),
            (r#"[[0, "Nowhere/None"]]"#, "error: unknown time zone Nowhere/None"),
            (r#"[[0, "Local"]]"#, "error: unknown time zone Local"),
            (
                "[[]]",
                "type: operand 1 must be either number (ns) or [number (ns), string (tz)] but got array",
            ),
            (
                r#"["x"]"#,
                "type: operand 1 must be either number (ns) or [number (ns), string (tz)] but got string",
            ),
            (r#"[["x"]]"#, "type: operand 1 must be number but got string"),
            ("[[0, 1]]", "type: operand 1 must be string but got number"),
            ("[1.5]", "error: timestamp too big"),
            ("[1e30]", "error: timestamp too big"),
        ],
    );
}

#[test]
fn calendars_are_read_in_zones() {
    check(
        "time.date",
        &[
            ("[1582977600000000000]", "[2020, 2, 29]"),
            ("[-9223372036854775808]", "[1677, 9, 21]"),
            (r#"[[0, "America/New_York"]]"#, "[1969, 12, 31]"),
        ],
    );
    check(
        "time.clock",
        &[
            (r#"[[1517832000000000000, "America/New_York"]]"#, "[7, 0, 0]"),
            ("[-1]", "[23, 59, 59]"),
        ],
    );
    check("time.weekday", &[("[0]", r#""Thursday""#), ("[-86400000000000]", r#""Wednesday""#)]);
    check("time.now_ns", &[("[]", "0")]);
}

#[test]
fn dates_are_added_as_go_normalises() {
    check(
        "time.add_date",
        &[
            // 31 January and a month is 31 February, which is 3 March.
            ("[2592000000000000, 0, 1, 0]", "5270400000000000"),
            ("[0, -1, 0, 0]", "-31536000000000000"),
            ("[0, 0, 0, 1]", "86400000000000"),
            ("[0, 0, -1, 0]", "-2678400000000000"),
            // The day after is 23 hours later where clocks go forward: 2021-03-14 in New York.
            (r#"[[1615654800000000000, "America/New_York"], 0, 0, 1]"#, "1615737600000000000"),
            ("[0, 2262, 1, 1]", "error: time outside of valid range"),
            ("[0, 9223372036854775807, 0, 0]", "error: time outside of valid range"),
            ("[-9223372036854775808, 0, 0, -1]", "error: time outside of valid range"),
            (
                "[0, 0.5, 0, 0]",
                "type: operand 2 must be integer number but got floating-point number",
            ),
            (r#"[0, 0, "x", 0]"#, "type: operand 3 must be number but got string"),
        ],
    );
}

#[test]
fn differences_are_of_the_calendar() {
    let diff = |from: &str, to: &str| {
        let ns = |text: &str| call("time.parse_ns", &format!(r#"["2006-01-02", "{text}"]"#));
        call("time.diff", &format!("[{}, {}]", ns(from), ns(to)))
    };
    assert_eq!(diff("2020-02-02", "2020-03-01"), "[0, 0, 28, 0, 0, 0]");
    assert_eq!(diff("2021-03-01", "2021-02-02"), "[0, 0, 27, 0, 0, 0]");
    assert_eq!(diff("2004-02-29", "2005-03-01"), "[1, 0, 1, 0, 0, 0]");
    assert_eq!(diff("1970-01-31", "2021-12-30"), "[51, 10, 30, 0, 0, 0]");
    check("time.diff", &[("[61000000000, 0]", "[0, 0, 0, 0, 1, 1]")]);
}
