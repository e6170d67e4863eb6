use super::super::harness::check;

#[test]
fn digests_are_those_of_their_standards() {
    // RFC 1321 section A.5, FIPS 180-4 examples.
    check("crypto.md5", &[(r#"["abc"]"#, r#""900150983cd24fb0d6963f7d28e17f72""#)]);
    check("crypto.sha1", &[(r#"["abc"]"#, r#""a9993e364706816aba3e25717850c26c9cd0d89d""#)]);
    check(
        "crypto.sha256",
        &[
            (r#"["abc"]"#, r#""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#),
            ("[1]", "type: operand 1 must be string but got number"),
        ],
    );
}

#[test]
fn keyed_digests_are_those_of_their_standards() {
    // RFC 2202 sections 2 and 3, RFC 4231 section 4.3: test case 2.
    let args = r#"["what do ya want for nothing?", "Jefe"]"#;
    check("crypto.hmac.md5", &[(args, r#""750c783e6ab0b503eaa86e310a5db738""#)]);
    check("crypto.hmac.sha1", &[(args, r#""effcdf6ae5eb2fa2d27416d5f184df9c259a7c79""#)]);
    check(
        "crypto.hmac.sha256",
        &[(args, r#""5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843""#)],
    );
    check(
        "crypto.hmac.sha512",
        &[(
            args,
            r#""164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737""#,
        )],
    );
}

#[test]
fn equal_macs_are_equal() {
    check(
        "crypto.hmac.equal",
        &[
            (r#"["ab", "ab"]"#, "true"),
            (r#"["ab", "ac"]"#, "false"),
            (r#"["ab", "abc"]"#, "false"),
            (r#"["", ""]"#, "true"),
            (r#"["", 1]"#, "type: operand 2 must be string but got number"),
        ],
    );
}
