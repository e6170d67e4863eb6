use super::super::harness::check;

const NO_TEXT: &str = "exhausted: the result is not UTF-8 text, which this engine cannot hold";

#[test]
fn base64() {
    check(
        "base64.encode",
        &[
            (r#"["hello"]"#, r#""aGVsbG8=""#),
            (r#"["a?>~"]"#, r#""YT8+fg==""#),
            (r#"[""]"#, r#""""#),
        ],
    );
    check("base64url.encode", &[(r#"["a?>~"]"#, r#""YT8-fg==""#)]);
    check("base64url.encode_no_pad", &[(r#"["a?>~"]"#, r#""YT8-fg""#)]);
    check(
        "base64.decode",
        &[
            (r#"["aGVs\nbG8="]"#, r#""hello""#),
            (r#"["YQ"]"#, "error: illegal base64 data at input byte 0"),
            (r#"["YQ="]"#, "error: illegal base64 data at input byte 3"),
            (r#"["YQ==x"]"#, "error: illegal base64 data at input byte 4"),
            (r#"["a-_b"]"#, "error: illegal base64 data at input byte 1"),
            (r#"["Zg=x"]"#, "error: illegal base64 data at input byte 2"),
            (r#"["Zm9v\nZg\n"]"#, "error: illegal base64 data at input byte 6"),
            (r#"["77+9"]"#, "\"\u{fffd}\""),
            (r#"["/w=="]"#, NO_TEXT),
        ],
    );
    check(
        "base64url.decode",
        &[
            (r#"["YT8-fg"]"#, r#""a?>~""#),
            (r#"["YT8-fg=="]"#, r#""a?>~""#),
            (r#"["Y"]"#, "error: illegal base64url string: Y"),
            (r#"["_w"]"#, NO_TEXT),
        ],
    );
    check(
        "base64.is_valid",
        &[(r#"["aGVsbG8="]"#, "true"), (r#"["aGVsbG8"]"#, "false"), ("[1]", "false")],
    );
}

#[test]
fn hex() {
    check("hex.encode", &[(r#"["lo é"]"#, r#""6c6f20c3a9""#)]);
    check(
        "hex.decode",
        &[
            (r#"["6C6fc3a9"]"#, r#""loé""#),
            (r#"["6c6"]"#, "error: encoding/hex: odd length hex string"),
            (r#"["c3"]"#, NO_TEXT),
            (r#"["eda080"]"#, NO_TEXT),
            (r#"["6g"]"#, "error: encoding/hex: invalid byte: U+0067 'g'"),
        ],
    );
}
