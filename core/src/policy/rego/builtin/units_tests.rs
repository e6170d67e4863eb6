use super::super::harness::check;

#[test]
fn amounts() {
    check(
        "units.parse",
        &[
            (r#"["500m"]"#, "0.5"),
            (r#"["1.1Ki"]"#, "1126.4"),
            (r#"["10Ei"]"#, "11529215046068469760"),
            (r#"["\"200M\""]"#, "200000000"),
            (r#"["5e1GI"]"#, "53687091200"),
            (r#"["1e-12"]"#, "0"),
            (r#"["-1K"]"#, "-1000"),
            (r#"["5E"]"#, "5000000000000000000"),
            (r#"["1 K"]"#, "error: units.parse: spaces not allowed in resource strings"),
            (r#"["K"]"#, "error: units.parse: no amount provided"),
            (r#"["1Kx"]"#, "error: units.parse: unit Kx not recognized"),
            (r#"["1..2K"]"#, "error: units.parse: could not parse amount to a number"),
            (r#"["1e1000000"]"#, "error: units.parse: exponent too large"),
        ],
    );
    check(
        "units.parse_bytes",
        &[
            (r#"["10KiB"]"#, "10240"),
            (r#"["100m"]"#, "100000000"),
            (r#"["1.5"]"#, "1"),
            (r#"["4.5e1gib"]"#, "48318382080"),
            (r#"["foo"]"#, "error: units.parse_bytes: no byte amount provided"),
            (r#"["1zb"]"#, "error: units.parse_bytes: byte unit zb not recognized"),
        ],
    );
}
