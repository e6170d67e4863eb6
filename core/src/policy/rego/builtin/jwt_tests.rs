use super::super::harness::{call, value};
use super::base64;
use super::key;
use crate::policy::rego::value::Value;

/// A key and a certificate made for these tests with OpenSSL.
const RSA: &str = r#"{"kty": "RSA", "n": "v9iFBwRkYijBz0syjCBdvDbGvYb5nO95guzattpzuBTjIU4Ms3fJpyW2poYlKN1YAJ9D2d1IhDVrieNE3qXZQM8sqyoIMUBznWjxmBs74bsD6-xZ2QoRxVYizb2LPLxDfXmeRy8k5YG9ZGefPD3biVIuSYGKPrbWlMUoSN70eXc", "e": "AQAB", "d": "OVt42lI72QUqfNmUsUR0AfO2k6-pLXyDrds2wPirJFxKVAjLz1R_G9QwubTdo0waJYV4ecipB64ZCs7CJncbbrp5jFSlQerXrLx2xiBfqjXEubgo69aklFVrDHRI7gOJXGUva98Zs8cOLxx-4G8cIUdthoz0fhn7c27oqNEdXVE", "p": "4T_9pbluXtM9c7vxUPydEn0H-yGO96Lo3a5O4iM3bY2v7eu77x4g4jPG5yZdaN4vzJgI_BBxC7yHtCRaglQ8VQ", "q": "2gkfkt4htRsCskvACw2qPBl2eGJisUz7v6spf2IIb-C8cwGt5GstB9MeNihFoR0DxHjvF7bbP_-4HJcF4dYqmw"}"#;
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\n\
MIIB/DCCAWWgAwIBAgIUGiPDFEZGuFakosOBjmvR8QvTbf8wDQYJKoZIhvcNAQEL\n\
BQAwDzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjkxNTA0NTVaGA8yMTA5MDExODE1\n\
MDQ1NVowDzENMAsGA1UEAwwEdGVzdDCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkC\n\
gYEAv9iFBwRkYijBz0syjCBdvDbGvYb5nO95guzattpzuBTjIU4Ms3fJpyW2poYl\n\
KN1YAJ9D2d1IhDVrieNE3qXZQM8sqyoIMUBznWjxmBs74bsD6+xZ2QoRxVYizb2L\n\
PLxDfXmeRy8k5YG9ZGefPD3biVIuSYGKPrbWlMUoSN70eXcCAwEAAaNTMFEwHQYD\n\
VR0OBBYEFAd99B6223O+6aAexlV/6v8WyqTlMB8GA1UdIwQYMBaAFAd99B6223O+\n\
6aAexlV/6v8WyqTlMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADgYEA\n\
s2UNTGegFMtsYAQosNaUfrdUcUBkgGTQeXLntYAVgSVenZFlLUcOpgwTQ37CKBJ6\n\
VHcxWEBbMLQj+/mgg17Ik+x9gH4alASBeM+PfukfVauD7cXyfNLyycva6OdqKieZ\n\
f+XdHsgsHWfJMtipD/ZShqaMWrGHJpUrZI6ML7IbZiY=\n\
-----END CERTIFICATE-----\n\
";
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC/2IUHBGRiKMHPSzKMIF28Nsa9\n\
hvmc73mC7Nq22nO4FOMhTgyzd8mnJbamhiUo3VgAn0PZ3UiENWuJ40TepdlAzyyr\n\
KggxQHOdaPGYGzvhuwPr7FnZChHFViLNvYs8vEN9eZ5HLyTlgb1kZ588PduJUi5J\n\
gYo+ttaUxShI3vR5dwIDAQAB\n\
-----END PUBLIC KEY-----\n\
";
/// Signed with them by OpenSSL.
const RS256: &str = "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.oTphPZTX7TYsrp6Nhp-H2TlJzM2VPmqhMCE7UMseCtaaVpxBOCV6etV84ts6CLahI-sjlXckxZxAXPqKqUxzLtQcklNy-LYHcJjcxsI0wS4tGugm_rbkKqncLsOs6EappT3ndW471LYsZaL6hsuNShnWj0oFWMZyU9EObJTcgKg";
const PS256: &str = "eyJhbGciOiJQUzI1NiJ9.eyJhIjoxfQ.MtokjdwLxab0-njBB7cbY40MQtGUREdaYyJewdCP4oyERSxQdBhOx-5VJ4FwNF8XnNpjoE7ziYgtv1D3zKdu_jWKzsT-GZ40KZqgEmhOOS9vb0RAV0oFdZN3B97LF9R7RG9jnMpz0akbCrPrrmHEtqAi5FYDJEfkv3GvZZ-CvgI";

/// RFC 7515 appendix A.1.
const HS256: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// RFC 7515 appendix A.3.
const ES256: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const P256: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
/// RFC 7515 appendix A.4.
const ES512: &str = "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
const P521: &str = r#"{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2","d":"AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C"}"#;
/// RFC 8037 appendix A.
const EDDSA: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const P384: &str = r#"{"kty":"EC","crv":"P-384","x":"rzjUZUa4p9RY_bN0pD-feU70FwTN_b4rrYXRxVvs9px9VhwwBlNpzR8EroMcKVUr","y":"ylUb_RH3OkA8RCuAYIN1KynB3BlqupMtOzt-qrx57jaQcKh1HQ_pkSf2m4WSQAFj"}"#;

/// What a function answers to texts.
fn ask(name: &str, texts: &[&str]) -> String {
    call(name, &Value::array(texts.iter().map(|text| Value::string(text))).to_json())
}

/// A token of a header and a payload, with a secret.
fn token(header: &str, payload: &str) -> String {
    let key = r#"{"kty":"oct","k":"c2VjcmV0"}"#;
    let signed = ask("io.jwt.encode_sign_raw", &[header, payload, key]);
    value(&signed).as_str().unwrap().to_owned()
}

/// What `decode_verify` says of a token by constraints.
fn verified(token: &str, constraints: &str) -> String {
    call("io.jwt.decode_verify", &format!("[{token:?}, {constraints}]"))
}

const UNVERIFIED: &str = "[false, {}, {}]";

#[test]
fn signatures_are_verified_by_any_key() {
    let set = format!(r#"{{"keys": [{P384}, {P256}, {RSA}]}}"#);
    let other = format!(r#"{{"keys": [{P384}]}}"#);
    let table = [
        ("io.jwt.verify_rs256", RS256, CERTIFICATE, "true"),
        ("io.jwt.verify_rs256", RS256, PUBLIC, "true"),
        ("io.jwt.verify_rs256", RS256, RSA, "true"),
        ("io.jwt.verify_rs256", RS256, &set, "true"),
        ("io.jwt.verify_rs256", RS256, &other, "false"),
        ("io.jwt.verify_rs384", RS256, RSA, "false"),
        ("io.jwt.verify_ps256", RS256, RSA, "false"),
        ("io.jwt.verify_ps256", PS256, CERTIFICATE, "true"),
        ("io.jwt.verify_rs256", PS256, CERTIFICATE, "false"),
        ("io.jwt.verify_es256", ES256, P256, "true"),
        ("io.jwt.verify_es256", ES256, P384, "false"),
        ("io.jwt.verify_es384", ES256, P256, "false"),
        ("io.jwt.verify_es512", ES512, P521, "true"),
        ("io.jwt.verify_es512", ES512, P256, "false"),
        ("io.jwt.verify_eddsa", EDDSA, ED25519, "true"),
        ("io.jwt.verify_eddsa", ES256, P256, "false"),
        // A public key is no secret, whatever the header says.
        ("io.jwt.verify_rs256", HS256, r#"{"kty":"oct","k":"AA"}"#, "false"),
    ];
    for (name, token, key, want) in table {
        assert_eq!(ask(name, &[token, key]), want, "{name} {token} {key}");
    }
}

#[test]
fn what_cannot_be_verified_is_an_error() {
    let error = "error: failed to parse a JWK key (set): ";
    let table = [
        ("x", RSA, "error: encoded JWT had no period separators"),
        ("x.y", RSA, "error: encoded JWT must have 3 sections, found 2"),
        ("a.b.c.d", RSA, "error: encoded JWT must have 3 sections, found 4"),
        (
            RS256,
            "-----BEGIN X-----\nAAAA\n-----END X-----\n",
            "error: failed to extract a Key from the PEM certificate",
        ),
        (
            RS256,
            "-----BEGIN X-----\nAAAA\n-----END X-----\n\n",
            "error: extra data after a PEM certificate block",
        ),
        (RS256, "{}", &format!("{error}kty is unknown")),
        (RS256, "[]", &format!("{error}must be an object")),
        (RS256, r#"{"kty":"RSA","e":"AQAB"}"#, &format!("{error}n is missing")),
        (
            RS256,
            r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#,
            &format!("{error}not a point of the curve"),
        ),
        ("e30.e30.*", RSA, "error: illegal base64url string: *"),
        ("e30.e30.**", RSA, "error: illegal base64 data at input byte 0"),
    ];
    for (token, key, want) in table {
        assert_eq!(ask("io.jwt.verify_rs256", &[token, key]), want, "{token} {key}");
    }
    let broken = ask(
        "io.jwt.verify_rs256",
        &[RS256, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"],
    );
    assert!(broken.starts_with("error: failed to parse a PEM certificate: "), "{broken}");
    let large = "A".repeat(1999);
    let key = format!(r#"{{"kty":"RSA","n":"B{large}","e":"AQAB"}}"#);
    assert_eq!(
        ask("io.jwt.verify_rs256", &[RS256, &key]),
        "exhausted: has a number, a text or a pattern that is larger than a query may have"
    );
    let long = format!("{}.e30.e30", "A".repeat(1 << 20));
    assert_eq!(
        ask("io.jwt.decode", &[&long]),
        "exhausted: has a number, a text or a pattern that is larger than a query may have"
    );
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    assert_eq!(
        ask("io.jwt.verify_rs256", &[RS256, &deep]),
        "exhausted: nests deeper than a query may"
    );
    let object = base64::encode(format!(r#"{{"alg":"HS256","a":{deep}}}"#).as_bytes());
    for token in [format!("{object}.e30."), format!("e30.{object}.")] {
        let answer = ask("io.jwt.decode", &[&token]);
        assert_eq!(answer, "exhausted: nests deeper than a query may");
    }
    let answer = verified(&format!("{object}.e30."), r#"{"secret": "secret"}"#);
    assert_eq!(answer, "exhausted: nests deeper than a query may");
    let no_text = "exhausted: the result is not UTF-8 text, which this engine cannot hold";
    for bytes in ["eyJhIjoi_yJ9.e30.", "e30.eyJhIjoi_yJ9."] {
        assert_eq!(ask("io.jwt.decode", &[bytes]), no_text, "{bytes}");
    }
}

#[test]
fn the_named_key_alone_counts() {
    let jwk = |rest: &str| RSA.replacen('{', &format!("{{{rest}, "), 1);
    let named = |kid: &str| token(&format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#), "{}");
    let keys =
        r#"{"keys": [{"kty":"oct","k":"AAAA","kid":"a"}, {"kty":"oct","k":"c2VjcmV0","kid":"b"}]}"#;
    let with = |token: &str| verified(token, &format!(r#"{{"cert": {keys:?}}}"#));
    assert_eq!(with(&named("a")), UNVERIFIED);
    assert_eq!(with(&named("b")), r#"[true, {"alg": "HS256", "kid": "b"}, {}]"#);
    assert_eq!(with(&named("c")), r#"[true, {"alg": "HS256", "kid": "c"}, {}]"#);
    assert_eq!(ask("io.jwt.verify_rs256", &[RS256, &jwk(r#""alg": "RS256""#)]), "true");
    assert_eq!(ask("io.jwt.verify_rs256", &[RS256, &jwk(r#""alg": "RS512""#)]), "false");
    assert_eq!(ask("io.jwt.verify_rs256", &[RS256, &jwk(r#""alg": "RSA-OAEP""#)]), "false");
}

#[test]
fn claims_are_held_against_constraints() {
    let secret = |rest: &str| format!(r#"{{"secret": "secret"{rest}}}"#);
    let of = |payload: &str, rest: &str| {
        let answer = verified(&token(r#"{"alg":"HS256"}"#, payload), &secret(rest));
        if answer == UNVERIFIED {
            "no".to_owned()
        } else {
            answer.replace(&format!(r#"[true, {{"alg": "HS256"}}, {}]"#, value(payload)), "yes")
        }
    };
    for (payload, rest, want) in [
        ("{}", "", "yes"),
        ("{}", r#", "alg": "HS256""#, "yes"),
        ("{}", r#", "alg": "HS512""#, "no"),
        (r#"{"iss":"a"}"#, r#", "iss": "a""#, "yes"),
        (r#"{"iss":"a"}"#, r#", "iss": "b""#, "no"),
        (r#"{"iss":1}"#, r#", "iss": "b""#, "no"),
        ("{}", r#", "iss": "b""#, "no"),
        (r#"{"aud":"a"}"#, "", "no"),
        (r#"{"aud":["a","b"]}"#, r#", "aud": "b""#, "yes"),
        (r#"{"aud":[]}"#, r#", "aud": "b""#, "no"),
        ("{}", r#", "aud": "b""#, "no"),
        (r#"{"exp":2}"#, r#", "time": 1999999999"#, "yes"),
        (r#"{"exp":2}"#, r#", "time": 2000000000"#, "no"),
        (r#"{"exp":0.5}"#, r#", "time": 499999999.5"#, "yes"),
        (r#"{"nbf":2}"#, r#", "time": 1999999999"#, "no"),
        (r#"{"nbf":2}"#, r#", "time": 2000000000"#, "yes"),
        // The clock of the query, here zero.
        (r#"{"nbf":1}"#, "", "no"),
        (r#"{"exp":1}"#, "", "yes"),
        (r#"{"exp":"1"}"#, "", "error: exp value must be a number"),
        ("{}", r#", "time": -1"#, "error: token time constraint: must not be negative"),
        ("{}", r#", "time": "1""#, "error: token time constraint: must be a number"),
        ("{}", r#", "sub": "1""#, "error: unknown token validation constraint: sub"),
        ("{}", r#", "alg": 1"#, "error: alg constraint: must be a string"),
        ("{}", r#", "cert": "{\"kty\":\"oct\",\"k\":\"AA\"}""#, "error: duplicate key constraints"),
    ] {
        assert_eq!(of(payload, rest), want, "{payload} {rest}");
    }
    assert_eq!(verified(HS256, "{}"), "error: no key constraint");
    assert_eq!(verified(HS256, "1"), "type: operand 2 must be object but got number");
    assert_eq!(verified(RS256, r#"{"secret": "x"}"#), UNVERIFIED);
    assert_eq!(verified("eyJhbGciOiJub25lIn0.e30.", r#"{"secret": "x"}"#), UNVERIFIED);
    assert_eq!(verified(HS256, &format!(r#"{{"cert": {PUBLIC:?}}}"#)), UNVERIFIED);
}

#[test]
fn headers_are_understood_or_refused() {
    let of = |header: &str| verified(&token(header, "{}"), r#"{"secret": "secret"}"#);
    assert_eq!(of(r#"{"alg":"HS256","crit":["x"],"x":1}"#), UNVERIFIED);
    assert!(of(r#"{"alg":"HS256","crit":["x"]}"#).starts_with("[true"));
    assert_eq!(of(r#"{"alg":"HS256","crit":[]}"#), "error: crit: must be a nonempty list");
    assert_eq!(of(r#"{"alg":"HS256","crit":1}"#), "error: crit: must be a list");
    assert_eq!(of(r#"{"alg":"HS256","kid":1}"#), "error: kid: must be a string");
    assert_eq!(
        of(r#"{"alg":"HS256","enc":1}"#),
        "error: JWT is a JWE object, which is not supported"
    );
    assert_eq!(
        ask("io.jwt.decode", &["W10.e30."]),
        "error: bad JWT header: decoded JSON type was not an Object"
    );
}

#[test]
fn tokens_within_tokens_are_opened() {
    let mut inner = token(r#"{"alg":"HS256"}"#, r#"{"a":1}"#);
    for _ in 0..3 {
        inner = token(r#"{"alg":"HS256","cty":"JWT"}"#, &format!("{inner:?}"));
    }
    assert!(ask("io.jwt.decode", &[&inner]).starts_with(r#"[{"alg": "HS256"}, {"a": 1}, ""#));
    let mut inner = token(r#"{"alg":"HS256"}"#, r#"{"a":1}"#);
    for _ in 0..3 {
        inner = token(r#"{"alg":"HS256","typ":"x","cty":"jwt"}"#, &inner);
    }
    let answer = verified(&inner, r#"{"secret": "secret"}"#);
    assert_eq!(answer, r#"[true, {"alg": "HS256"}, {"a": 1}]"#);
    for _ in 0..20 {
        inner = token(r#"{"alg":"HS256","typ":"x","cty":"JWT"}"#, &inner);
    }
    assert_eq!(ask("io.jwt.decode", &[&inner]), "exhausted: nests deeper than a query may");
}

#[test]
fn what_is_signed_is_verified() {
    for (alg, key, function) in [
        ("RS256", RSA, "io.jwt.verify_rs256"),
        ("RS384", RSA, "io.jwt.verify_rs384"),
        ("RS512", RSA, "io.jwt.verify_rs512"),
        ("PS256", RSA, "io.jwt.verify_ps256"),
        ("PS384", RSA, "io.jwt.verify_ps384"),
        ("ES256", P256, "io.jwt.verify_es256"),
        ("ES512", P521, "io.jwt.verify_es512"),
        ("EdDSA", ED25519, "io.jwt.verify_eddsa"),
    ] {
        let header = format!(r#"{{"alg":"{alg}"}}"#);
        let signed = ask("io.jwt.encode_sign_raw", &[&header, "{}", key]);
        // The same seed signs the same.
        assert_eq!(signed, ask("io.jwt.encode_sign_raw", &[&header, "{}", key]), "{alg}");
        assert_eq!(ask(function, &[value(&signed).as_str().unwrap(), key]), "true", "{alg}");
    }
    let args = format!(r#"[{{"alg": "RS256"}}, {{"a": 1}}, {RSA}]"#);
    assert_eq!(call("io.jwt.encode_sign", &args), format!("{RS256:?}"));
    let header = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
    let key = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
    let args = [
        "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
        "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}",
        key,
    ];
    assert!(HS256.starts_with(header));
    assert_eq!(ask("io.jwt.encode_sign_raw", &args), format!("{HS256:?}"));
}

#[test]
fn what_cannot_be_signed_is_an_error() {
    let oct = r#"{"kty":"oct","k":"AA"}"#;
    let wrong = "error: the key is not of the kind that the algorithm needs";
    for (header, payload, key, want) in [
        (
            "{}",
            "{}",
            oct,
            r#"error: missing or invalid 'alg' header: jwsbb: header "alg" not found"#,
        ),
        (
            "x",
            "{}",
            oct,
            r#"error: missing or invalid 'alg' header: jwsbb: header "alg" not found"#,
        ),
        (r#"{"alg":"none"}"#, "{}", oct, "error: unknown JWS algorithm: none"),
        (r#"{"alg":"HS256"}"#, "x", oct, "error: type is JWT but payload is not JSON"),
        (r#"{"alg":"HS256"}"#, "{}", RSA, wrong),
        (r#"{"alg":"RS256"}"#, "{}", oct, wrong),
        (r#"{"alg":"ES384"}"#, "{}", P256, wrong),
        (r#"{"alg":"HS256"}"#, "{}", r#"{"keys":[]}"#, "error: no keys found in JWK set"),
        (r#"{"alg":"ES384"}"#, "{}", P384, "error: failed to parse a JWK key (set): d is missing"),
    ] {
        assert_eq!(ask("io.jwt.encode_sign_raw", &[header, payload, key]), want, "{header} {key}");
    }
    // A signature with a digest of 64 bytes and a salt as long needs more than 1024 bits.
    let long = ask("io.jwt.encode_sign_raw", &[r#"{"alg":"PS512"}"#, "{}", RSA]);
    assert!(long.starts_with("error: "), "{long}");
    let answer = call("io.jwt.encode_sign_raw", r#"["{}", 1, "{}"]"#);
    assert_eq!(answer, "type: operand 2 must be string but got number");
}

#[test]
fn pem_may_have_text_before_and_headers_within() {
    let body = PUBLIC.replacen('\n', "\nProc-Type: x\nX: y\n\n", 1);
    for text in [format!("a key:\n{PUBLIC}"), body, PUBLIC.replace('\n', "\r\n")] {
        assert_eq!(key::parse(&text).map(|keys| keys.len()), Ok(1), "{text}");
    }
    let inline = format!("x {PUBLIC}");
    assert!(key::parse(&inline).is_err());
}
