use super::super::harness::{call, check};

#[test]
fn formats_as_go_does() {
    check(
        "sprintf",
        &[
            (r#"["hi %s", ["there"]]"#, r#""hi there""#),
            (
                r#"["%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%o|%O|%b|%c|%q|%U|%#U", [7,7,7,7,7,7,255,255,8,8,5,65,65,233,233]]"#,
                r#""7|    7|7    |00007|+7| 7|ff|FF|10|0o10|101|A|'A'|U+00E9|U+00E9 'é'""#,
            ),
            (r#"["%v %v %v %v", [1e6, 0.5, 100000.0, 1e-7]]"#, r#""1e+06 0.5 100000 1e-07""#),
            (
                r#"["%.2f %8.3f %e %g %.3g %G", [3.14159, 2.5, 1234.5, 1e21, 1234.5, 1e-10]]"#,
                r#""3.14    2.500 1.234500e+03 1e+21 1.23e+03 1E-10""#,
            ),
            (
                r#"["%s %s %v", [true, null, [1, "a", {"b": 2}]]]"#,
                r#""true null [1, \"a\", {\"b\": 2}]""#,
            ),
            (r#"["%s %d", [["§"], ["§", 2, 1]]]"#, r#""set() %!d(string={1, 2})""#),
            (
                r#"["%s %d %x %v", [123456789123456789123, -123456789123456789123, 123456789123456789123, 2e308]]"#,
                r#""123456789123456789123 -123456789123456789123 6b14e9f9b0df36a83 2e308""#,
            ),
            (
                r#"["%x % X %#x %.3s|%5s|%-5s|%q|%+q|%#q|%T", ["hi", "hi", "hi", "åäöü", "é", "é", "a\"b", "é", "a", 1.5]]"#,
                r#""6869 68 69 0x6869 åäö|    é|é    |\"a\\\"b\"|\"\\u00e9\"|`a`|float64""#,
            ),
        ],
    );
}

#[test]
fn tells_what_does_not_fit() {
    check(
        "sprintf",
        &[
            (r#"["%d %s %t", ["a", 5, true]]"#, r#""%!d(string=a) %!s(int=5) %!t(string=true)""#),
            (r#"["%d", [1.0]]"#, r#""%!d(float64=1)""#),
            (r#"["%d %d", [1]]"#, r#""1 %!d(MISSING)""#),
            (r#"["%d", [1, "x", 2.5]]"#, r#""1%!(EXTRA string=x, float64=2.5)""#),
            (r#"["%", []]"#, r#""%!(NOVERB)""#),
            (r#"["100%%", []]"#, r#""100%""#),
            (r#"["%[2]d %[1]d", [1, 2]]"#, r#""2 1""#),
            (r#"["%[3]d", [1, 2]]"#, r#""%!d(BADINDEX)""#),
            (r#"["%*d %.*f", [4, 7, 1, 2.25]]"#, r#""   7 2.2""#),
            (r#"["%*d", ["a", 7]]"#, r#""%!(BADWIDTH)7""#),
            (r#"["%y", [1]]"#, r#""%!y(int=1)""#),
            ("[1, []]", "type: operand 1 must be string but got number"),
            (r#"["%d", 1]"#, "type: operand 2 must be array but got number"),
        ],
    );
}

#[test]
fn is_bounded() {
    let wide = "%1000000d".repeat(100);
    let args = vec!["1"; 100].join(",");
    assert_eq!(
        call("sprintf", &format!(r#"["{wide}", [{args}]]"#)),
        "exhausted: has a number, a text or a pattern that is larger than a query may have"
    );
    let large = "exhausted: has a number, a text or a pattern that is larger than a query may have";
    assert_eq!(call("sprintf", r#"["%.2000e", [0.5]]"#), large);
    assert_eq!(call("sprintf", r#"["%#.2000g", [0.5]]"#), large);
    assert_eq!(call("sprintf", r#"["%.2000g", [0.5]]"#), r#""0.5""#);
    let zeros = format!("\"0.5{}\"", "0".repeat(1_999));
    assert_eq!(call("sprintf", r#"["%.2000f", [0.5]]"#), zeros);
    assert_eq!(call("sprintf", r#"["%99999999d", [1]]"#), r#""%!(NOVERB)%!(EXTRA int=1)""#);
}
