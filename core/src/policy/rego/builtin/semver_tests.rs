use super::super::harness::{call, check};

#[test]
fn orders() {
    let order = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "v1.0.0",
        "1.0.1+x",
        "1.1.0",
        "01.2.0",
        "2.0.0",
    ];
    for (at, a) in order.iter().enumerate() {
        for (to, b) in order.iter().enumerate() {
            let want = match at.cmp(&to) {
                std::cmp::Ordering::Less => "-1",
                std::cmp::Ordering::Equal => "0",
                std::cmp::Ordering::Greater => "1",
            };
            assert_eq!(call("semver.compare", &format!(r#"["{a}", "{b}"]"#)), want, "{a} {b}");
        }
    }
    check(
        "semver.compare",
        &[
            (r#"["1.0.0-1", "1.0.0-01"]"#, "0"),
            (r#"["1.0.0+a", "1.0.0+b"]"#, "0"),
            (r#"["1.0.0", "1"]"#, r#"error: operand 2: string "1" is not a valid SemVer"#),
            (r#"[1, "1.0.0"]"#, "type: operand 1 must be string but got number"),
        ],
    );
}

#[test]
fn validity() {
    check(
        "semver.is_valid",
        &[
            (r#"["1.2.3"]"#, "true"),
            (r#"["1.2.3-a.b-c+d.e"]"#, "true"),
            (r#"["1.2"]"#, "false"),
            (r#"["1.2.3.4"]"#, "false"),
            (r#"["1.2.3-a..b"]"#, "false"),
            (r#"["1.2.3-é"]"#, "false"),
            (r#"["1.2.99999999999999999999"]"#, "false"),
            ("[1]", "false"),
        ],
    );
}
