use super::super::harness::{call, value};
use crate::policy::rego::value::Value;

/// Keys made for these tests with OpenSSL.
const RSA: &str = "-----BEGIN RSA PRIVATE KEY-----\n\
MIICXQIBAAKBgQC/2IUHBGRiKMHPSzKMIF28Nsa9hvmc73mC7Nq22nO4FOMhTgyz\n\
d8mnJbamhiUo3VgAn0PZ3UiENWuJ40TepdlAzyyrKggxQHOdaPGYGzvhuwPr7FnZ\n\
ChHFViLNvYs8vEN9eZ5HLyTlgb1kZ588PduJUi5JgYo+ttaUxShI3vR5dwIDAQAB\n\
AoGAOVt42lI72QUqfNmUsUR0AfO2k6+pLXyDrds2wPirJFxKVAjLz1R/G9QwubTd\n\
o0waJYV4ecipB64ZCs7CJncbbrp5jFSlQerXrLx2xiBfqjXEubgo69aklFVrDHRI\n\
7gOJXGUva98Zs8cOLxx+4G8cIUdthoz0fhn7c27oqNEdXVECQQDhP/2luW5e0z1z\n\
u/FQ/J0SfQf7IY73oujdrk7iIzdtja/t67vvHiDiM8bnJl1o3i/MmAj8EHELvIe0\n\
JFqCVDxVAkEA2gkfkt4htRsCskvACw2qPBl2eGJisUz7v6spf2IIb+C8cwGt5Gst\n\
B9MeNihFoR0DxHjvF7bbP/+4HJcF4dYqmwJBALGvevVqS4h99nH/hiMuwvE8tDkE\n\
hfUPC8cjo5J72VOQe4GhfcTo7WPDGFprRzBcZTRtkljU13g8pogSTVuV+2kCQQDU\n\
/6qnmHdHbF6i/VtbsPrIAXv5uOt/F5ysLrK4bXWejearV02gYo84IKdX8tmqviSL\n\
EDVKbmkbyV38GBE4ATfXAkAkO0K5u++51YZkvedja27UzZvAo7bp+eOP7O7CcWFp\n\
U9jV4EB1DtoWAfstWqdgYYs+YLs/TNTSbJXiRREsGNTc\n\
-----END RSA PRIVATE KEY-----\n\
";
const RSA_PKCS8: &str = "-----BEGIN PRIVATE KEY-----\n\
MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAL/YhQcEZGIowc9L\n\
MowgXbw2xr2G+ZzveYLs2rbac7gU4yFODLN3yacltqaGJSjdWACfQ9ndSIQ1a4nj\n\
RN6l2UDPLKsqCDFAc51o8ZgbO+G7A+vsWdkKEcVWIs29izy8Q315nkcvJOWBvWRn\n\
nzw924lSLkmBij621pTFKEje9Hl3AgMBAAECgYA5W3jaUjvZBSp82ZSxRHQB87aT\n\
r6ktfIOt2zbA+KskXEpUCMvPVH8b1DC5tN2jTBolhXh5yKkHrhkKzsImdxtuunmM\n\
VKVB6tesvHbGIF+qNcS5uCjr1qSUVWsMdEjuA4lcZS9r3xmzxw4vHH7gbxwhR22G\n\
jPR+Gftzbuio0R1dUQJBAOE//aW5bl7TPXO78VD8nRJ9B/shjvei6N2uTuIjN22N\n\
r+3ru+8eIOIzxucmXWjeL8yYCPwQcQu8h7QkWoJUPFUCQQDaCR+S3iG1GwKyS8AL\n\
Dao8GXZ4YmKxTPu/qyl/Yghv4LxzAa3kay0H0x42KEWhHQPEeO8Xtts//7gclwXh\n\
1iqbAkEAsa969WpLiH32cf+GIy7C8Ty0OQSF9Q8LxyOjknvZU5B7gaF9xOjtY8MY\n\
WmtHMFxlNG2SWNTXeDymiBJNW5X7aQJBANT/qqeYd0dsXqL9W1uw+sgBe/m4638X\n\
nKwusrhtdZ6N5qtXTaBijzggp1fy2aq+JIsQNUpuaRvJXfwYETgBN9cCQCQ7Qrm7\n\
77nVhmS952NrbtTNm8Cjtun544/s7sJxYWlT2NXgQHUO2hYB+y1ap2Bhiz5guz9M\n\
1NJsleJFESwY1Nw=\n\
-----END PRIVATE KEY-----\n\
";
const EC: &str = "-----BEGIN EC PRIVATE KEY-----\n\
MHcCAQEEIFUdUA0GAMRsgY9d6C0b51qLss4lDRD5OlwWjetWhuIQoAoGCCqGSM49\n\
AwEHoUQDQgAErt0r4bAk12XfA9v6Uw9kn+lpnNdl4kKg/JfethkfOwcDfliVPdBD\n\
nx+Bi9CFtHI0PqLw5ES3aPfvp0EMZYfYvA==\n\
-----END EC PRIVATE KEY-----\n\
";
const EC_PKCS8: &str = "-----BEGIN PRIVATE KEY-----\n\
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVR1QDQYAxGyBj13o\n\
LRvnWouyziUNEPk6XBaN61aG4hChRANCAASu3SvhsCTXZd8D2/pTD2Sf6Wmc12Xi\n\
QqD8l962GR87BwN+WJU90EOfH4GL0IW0cjQ+ovDkRLdo9++nQQxlh9i8\n\
-----END PRIVATE KEY-----\n\
";
const ED25519: &str = "-----BEGIN PRIVATE KEY-----\n\
MC4CAQAwBQYDK2VwBCIEIGUZse8WNrfP6Q2vkXAYqu82wAw9ily7GBGvu+bbahIw\n\
-----END PRIVATE KEY-----\n\
";

fn ask(name: &str, text: &str) -> String {
    call(name, &Value::array([Value::string(text)]).to_json())
}

#[test]
fn keys_are_told() {
    let keys = |text: &str| value(&ask("crypto.parse_private_keys", text));
    let rsa = keys(RSA);
    assert_eq!(rsa.len(), 1);
    let member =
        |key: &str| rsa.get(&Value::int(0)).and_then(|it| it.get_str(key)).cloned().unwrap();
    assert_eq!(member("E"), Value::int(65537));
    let primes = member("Primes");
    let primes: Vec<_> =
        primes.as_array().unwrap().iter().map(|it| it.as_number().unwrap().clone()).collect();
    assert_eq!(primes[0].mul(&primes[1]).unwrap(), *member("N").as_number().unwrap());
    assert_eq!(keys(RSA_PKCS8), rsa);
    assert_eq!(keys(EC), keys(EC_PKCS8));
    assert_eq!(keys(EC).get(&Value::int(0)).unwrap().get_str("Curve"), Some(&Value::object([])));
    assert_eq!(keys(ED25519).get(&Value::int(0)).and_then(Value::as_str).map(str::len), Some(88));
    assert_eq!(keys(&format!("{RSA}{EC}x\n{ED25519}")).len(), 3);
}

#[test]
fn what_is_no_key_is_skipped_or_refused() {
    let ask_keys = |text: &str| ask("crypto.parse_private_keys", text);
    assert_eq!(ask_keys(""), "null");
    assert_eq!(ask_keys("nope"), "[]");
    assert_eq!(ask_keys("-----BEGIN X-----\nAAAA\n-----END X-----\n"), "[]");
    assert!(
        ask_keys("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
            .starts_with("error: ")
    );
    let ask_jwk = |text: &str| ask("crypto.x509.parse_rsa_private_key", text);
    assert_eq!(ask_jwk(""), "error: input PEM data was empty");
    assert_eq!(ask_jwk("invalid"), "error: illegal base64 data at input byte 4");
    assert_eq!(ask_jwk("nope"), "null");
}

#[test]
fn told_keys_sign() {
    for (pem, alg) in [(RSA, "RS256"), (EC, "ES256")] {
        let jwk = ask("crypto.x509.parse_rsa_private_key", pem);
        let signed = call("io.jwt.encode_sign", &format!(r#"[{{"alg": "{alg}"}}, {{}}, {jwk}]"#));
        let token = value(&signed);
        let args = Value::array([token, Value::string(&jwk)]).to_json();
        assert_eq!(call(&format!("io.jwt.verify_{}", alg.to_lowercase()), &args), "true");
    }
}
