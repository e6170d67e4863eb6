//! Signatures of every provider, and everything that is wrong with one.

use proptest::prelude::*;

use super::super::key::TOLERANCE;
use super::*;

/// 2026-01-31T09:30:00Z.
const AT: i64 = 1_769_851_800 * SECOND;

const ONFIDO: &str = "88c24c5ca960230dc3d32b7551711e37e5f05fc104de80750923671511797a83";
const VERIFF: &str = "300f64bfa129d8650ba3701390aadf2df560e482569b526ae607a83b1354d541";
const BALLERINE: &str = "489837e460fbf0eb2e27003878c1d992a945e47cd71d0faf1d85369b1c960f53";
const SUMSUB_1: &str = "883e3f1f2d3788e274981203854372b8ebcaab8e";
const SUMSUB_256: &str = "d8ff56bf0394e00e3faee0fc1275c0264ca107debaaf8f40da94883206831703";
const SUMSUB_512: &str = concat!(
    "4d47e1011626a16936836e0833835754d62b463fec158cc69d27f17c1842792b",
    "2018c33fd32b648b92cb5f0728e32e2003285827389c9cf03f43ae3962dbb105"
);
const PERSONA_NEW: &str = "762c95fbc8789905c16ef4abb90cd18f72826e2348831ed45ddb4e699f11861d";
const PERSONA_OLD: &str = "fa59c4b1bdde67b66b857ea26d1b7460f83868631d670793b39b0eee533357dd";

const ONFIDO_BODY: &str = r#"{"payload":{}}"#;
const VERIFF_BODY: &str = r#"{"status":"success"}"#;
const SUMSUB_BODY: &str = r#"{"type":"applicantReviewed"}"#;
const PERSONA_BODY: &str = r#"{"data":{}}"#;
const BALLERINE_BODY: &str = r#"{"id":"1"}"#;

fn key(id: &str, secret: &str) -> Key {
    Key::new(id, secret).unwrap()
}

fn keys(secret: &str) -> Keys {
    Keys::new([key("k", secret)]).unwrap()
}

fn by(id: &str) -> Proof {
    Proof::Key { id: id.to_owned() }
}

/// A provider, headers, a body, and the secret that signed it.
type Signed = (Provider, Vec<(&'static str, String)>, &'static str, &'static str);

/// One callback of every provider and algorithm that signs.
fn signed() -> Vec<Signed> {
    let sumsub = |algorithm: &str, digest: &str| {
        let headers = vec![
            ("X-Payload-Digest", digest.to_owned()),
            ("X-Payload-Digest-Alg", algorithm.to_owned()),
        ];
        (Provider::Sumsub, headers, SUMSUB_BODY, "sumsub-secret")
    };
    let one = |provider, header, value: &str, body, secret| {
        (provider, vec![(header, value.to_owned())], body, secret)
    };
    let persona = format!("t=1769851800,v1={PERSONA_NEW}");
    vec![
        one(Provider::Onfido, "x-sha2-signature", ONFIDO, ONFIDO_BODY, "onfido-token"),
        one(Provider::Persona, "persona-signature", &persona, PERSONA_BODY, "wbhsec_new"),
        sumsub("HMAC_SHA1_HEX", SUMSUB_1),
        sumsub("HMAC_SHA256_HEX", SUMSUB_256),
        sumsub("HMAC_SHA512_HEX", SUMSUB_512),
        one(Provider::Veriff, "X-HMAC-SIGNATURE", VERIFF, VERIFF_BODY, "veriff-secret"),
        one(Provider::Ballerine, "x-hmac-signature", BALLERINE, BALLERINE_BODY, "ballerine-secret"),
    ]
}

fn borrowed<'a>(headers: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    headers.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn every_provider_that_signs_is_believed() {
    for (provider, headers, body, secret) in signed() {
        let told = verify(provider, &borrowed(&headers), body.as_bytes(), &keys(secret), AT);
        let verified = told.unwrap_or_else(|error| panic!("{provider}: {error}"));
        assert_eq!((verified.provider, verified.proof), (provider, by("k")));
        let signed_at = (provider == Provider::Persona).then_some(AT);
        assert_eq!(verified.signed_at, signed_at, "{provider}");
    }
}

#[test]
fn the_body_is_told_by_its_digest() {
    let headers = [("X-SHA2-Signature", ONFIDO)];
    let told =
        verify(Provider::Onfido, &headers, ONFIDO_BODY.as_bytes(), &keys("onfido-token"), AT);
    let wanted = "f41c00b7fbccb500a1bd30754ee4150563441ae6c2900f5d917c80962428b48a";
    assert_eq!(told.unwrap().evidence, wanted);
}

#[test]
fn no_other_provider_key_body_or_blank_is_believed() {
    for (provider, headers, body, secret) in signed() {
        let headers = borrowed(&headers);
        let refused = |body: &str, secret: &str, name: &str| {
            let told = verify(provider, &headers, body.as_bytes(), &keys(secret), AT);
            let is_signature = matches!(told, Err(CallbackError::Signature { .. }));
            assert!(is_signature, "{provider}, {name}: {told:?}");
        };
        refused(body, "another", "another key");
        refused(body, &format!("{secret} "), "a key with a blank");
        refused(&format!("{body}\n"), secret, "a line at the end");
        refused(&body.replace('"', "'"), secret, "other quotes");
        refused("", secret, "no body");
        for other in Provider::ALL.into_iter().filter(|other| *other != provider) {
            let told = verify(other, &headers, body.as_bytes(), &keys(secret), AT);
            // Veriff and Ballerine have one scheme, and are told apart by their secrets alone.
            let is_twin = |provider| [Provider::Veriff, Provider::Ballerine].contains(&provider);
            assert_eq!(told.is_ok(), is_twin(provider) && is_twin(other), "{provider} as {other}");
        }
    }
}

#[test]
fn headers_that_are_not_as_the_provider_writes_them() {
    let (upper, short) = (ONFIDO.to_uppercase(), &ONFIDO[1..]);
    let (pair, long) = (format!("t=1769851800,v1={PERSONA_NEW}"), format!("{ONFIDO}00"));
    let blanks = format!("{pair}  {pair}");
    let five = [pair.as_str(); 5].join(" ");
    let [early, minus, lead, swapped, version, comma] = [
        format!("t=,v1={PERSONA_NEW}"),
        format!("t=-1,v1={PERSONA_NEW}"),
        format!("t=01769851800,v1={PERSONA_NEW}"),
        format!("v1={PERSONA_NEW},t=1769851800"),
        format!("t=1769851800,v2={PERSONA_NEW}"),
        format!("{pair},v1={PERSONA_NEW}"),
    ];
    let huge = "a".repeat(2_000);
    let onfido = "the header `X-SHA2-Signature` is not 64 digits of lower-case hexadecimal";
    let persona = "the header `Persona-Signature` is not 1 to 4 pairs `t=SECONDS,v1=HEX` with one blank between them";
    let ballerine = "the header `X-HMAC-Signature` is not 64 digits of lower-case hexadecimal";
    let cases = [
        (Provider::Onfido, &*upper, onfido),
        (Provider::Onfido, short, onfido),
        (Provider::Onfido, &*long, onfido),
        (Provider::Onfido, "", onfido),
        (Provider::Onfido, "sha256=88c24c", onfido),
        (
            Provider::Onfido,
            &*huge,
            "the header `X-SHA2-Signature` is not as short as a header of this provider is",
        ),
        (Provider::Persona, PERSONA_NEW, persona),
        (Provider::Persona, &*blanks, persona),
        (Provider::Persona, &*five, persona),
        (Provider::Persona, &*early, persona),
        (Provider::Persona, &*minus, persona),
        (Provider::Persona, &*lead, persona),
        (Provider::Persona, &*swapped, persona),
        (Provider::Persona, &*version, persona),
        (Provider::Persona, &*comma, persona),
        (Provider::Veriff, "xyz", "the header `x-hmac-signature` is not 64 digits of hexadecimal"),
        (Provider::Ballerine, "UNSIGNED", ballerine),
    ];
    for (provider, value, wanted) in cases {
        let header = match provider {
            Provider::Onfido => "X-SHA2-Signature",
            Provider::Persona => "Persona-Signature",
            _ => "x-hmac-signature",
        };
        let told = verify(provider, &[(header, value)], b"{}", &keys("s"), AT);
        assert_eq!(told.unwrap_err().to_string(), wanted, "{value}");
    }
}

#[test]
fn a_header_is_there_once() {
    for (provider, headers, body, secret) in signed() {
        for at in 0..headers.len() {
            let mut without = borrowed(&headers);
            let (name, value) = without.remove(at);
            let told = verify(provider, &without, body.as_bytes(), &keys(secret), AT);
            let Err(CallbackError::HeaderMissing { header }) = told else { panic!("{told:?}") };
            assert!(header.eq_ignore_ascii_case(name));

            let upper = name.to_uppercase();
            let mut twice = borrowed(&headers);
            twice.push((&upper, value));
            let told = verify(provider, &twice, body.as_bytes(), &keys(secret), AT);
            let Err(CallbackError::HeaderTwice { header }) = told else { panic!("{told:?}") };
            assert!(header.eq_ignore_ascii_case(name));
        }
    }
}

#[test]
fn sumsub_names_the_algorithm_that_it_used() {
    let told = |algorithm: &str, digest: &str| {
        let headers = [("x-payload-digest", digest), ("x-payload-digest-alg", algorithm)];
        verify(Provider::Sumsub, &headers, SUMSUB_BODY.as_bytes(), &keys("sumsub-secret"), AT)
    };
    let cases = [
        (
            "HMAC_MD5_HEX",
            SUMSUB_256,
            "the header `x-payload-digest-alg` is not one of HMAC_SHA1_HEX, HMAC_SHA256_HEX, HMAC_SHA512_HEX",
        ),
        (
            "HMAC_SHA1_HEX",
            SUMSUB_256,
            "the header `x-payload-digest` is not as many digits of lower-case hexadecimal as its algorithm makes",
        ),
        (
            "HMAC_SHA512_HEX",
            SUMSUB_256,
            "the header `x-payload-digest` is not as many digits of lower-case hexadecimal as its algorithm makes",
        ),
    ];
    for (algorithm, digest, wanted) in cases {
        assert_eq!(told(algorithm, digest).unwrap_err().to_string(), wanted);
    }
}

#[test]
fn veriff_may_write_upper_case_and_names_its_client() {
    let told = |keys: &Keys, client: Option<&str>| {
        let upper = VERIFF.to_uppercase();
        let mut headers = vec![("x-hmac-signature", &*upper)];
        headers.extend(client.map(|client| ("X-AUTH-CLIENT", client)));
        verify(Provider::Veriff, &headers, VERIFF_BODY.as_bytes(), keys, AT).map(|it| it.proof)
    };
    let any = keys("veriff-secret");
    let one = Keys::new([key("k", "veriff-secret").with_client("api-key").unwrap()]).unwrap();
    let another = CallbackError::Client { header: "x-auth-client", key: "k".into() };
    let missing = CallbackError::HeaderMissing { header: "x-auth-client" };
    let cases = [
        ("no client asked, none named", &any, None, Ok(by("k"))),
        ("no client asked, one named", &any, Some("whoever"), Ok(by("k"))),
        ("the client of the key", &one, Some("api-key"), Ok(by("k"))),
        ("another client", &one, Some("api-kez"), Err(another.clone())),
        ("another case", &one, Some("API-KEY"), Err(another)),
        ("none named", &one, None, Err(missing)),
    ];
    for (name, keys, client, wanted) in cases {
        assert_eq!(told(keys, client), wanted, "{name}");
    }
}

#[test]
fn persona_signs_an_instant_which_must_be_near() {
    let value = format!("t=1769851800,v1={PERSONA_NEW}");
    let told = |keys: &Keys, now| {
        let headers = [("Persona-Signature", value.as_str())];
        verify(Provider::Persona, &headers, PERSONA_BODY.as_bytes(), keys, now)
    };
    let usual = keys("wbhsec_new");
    let exact = keys("wbhsec_new").tolerating(0).unwrap();
    let cases = [
        ("at once", &usual, AT, true),
        ("five minutes later", &usual, AT + TOLERANCE, true),
        ("more than five minutes later", &usual, AT + TOLERANCE + 1, false),
        ("five minutes before", &usual, AT - TOLERANCE, true),
        ("more than five minutes before", &usual, AT - TOLERANCE - 1, false),
        ("exactly then", &exact, AT, true),
        ("a moment later", &exact, AT + 1, false),
        ("at the end of time", &usual, i64::MAX, false),
        ("before all time", &usual, i64::MIN, false),
    ];
    for (name, keys, now, wanted) in cases {
        let told = told(keys, now);
        let stale = Err(CallbackError::Stale { signed_at: AT, now });
        assert_eq!(told.is_ok(), wanted, "{name}");
        assert!(told.is_ok() || told == stale, "{name}: {told:?}");
    }
    // Another instant than the one that was signed.
    let headers = [("Persona-Signature", &*value.replace("1769851800", "1769851801"))];
    let told = verify(Provider::Persona, &headers, PERSONA_BODY.as_bytes(), &usual, AT);
    assert!(matches!(told, Err(CallbackError::Signature { .. })), "{told:?}");
}

#[test]
fn while_a_secret_is_exchanged_both_sign() {
    let (new, old) =
        (format!("t=1769851800,v1={PERSONA_NEW}"), format!("t=1769851800,v1={PERSONA_OLD}"));
    let both = format!("{new} {old}");
    let key_of = |id: &str| key(id, &format!("wbhsec_{id}"));
    let told = |value: &str, keys: Vec<Key>| {
        let headers = [("Persona-Signature", value)];
        let keys = Keys::new(keys).unwrap();
        verify(Provider::Persona, &headers, PERSONA_BODY.as_bytes(), &keys, AT).map(|it| it.proof)
    };
    let ended = || key_of("old").valid(None, Some(AT - 1)).unwrap();
    let future = || key_of("new").valid(Some(AT + 1), None).unwrap();
    let no = |id: &str| Err(CallbackError::KeyNotValid { key: id.into(), now: AT });
    let cases = [
        ("only the new key is known", &both, vec![key_of("new")], Ok(by("new"))),
        ("only the old key is known", &both, vec![key_of("old")], Ok(by("old"))),
        ("both are known", &both, vec![key_of("new"), key_of("old")], Ok(by("new"))),
        ("only the old signed", &old, vec![key_of("new"), key_of("old")], Ok(by("old"))),
        ("the old one has ended", &both, vec![ended(), key_of("new")], Ok(by("new"))),
        ("one that has ended signed alone", &old, vec![ended(), key_of("new")], no("old")),
        ("one that has not begun signed alone", &new, vec![future(), key_of("old")], no("new")),
        (
            "valid at its last instant",
            &old,
            vec![key_of("old").valid(None, Some(AT)).unwrap()],
            Ok(by("old")),
        ),
        (
            "valid at its first instant",
            &new,
            vec![key_of("new").valid(Some(AT), None).unwrap()],
            Ok(by("new")),
        ),
    ];
    for (name, value, keys, wanted) in cases {
        assert_eq!(told(value, keys), wanted, "{name}");
    }
}

#[test]
fn jumio_signs_nothing_and_is_known_by_its_address() {
    let told = verify(Provider::Jumio, &[], b"{}", &keys("s"), AT);
    assert_eq!(told, Err(CallbackError::NotSigned { provider: Provider::Jumio }));
    let allowed: Vec<IpAddr> = vec!["192.0.2.7".parse().unwrap(), "2001:db8::7".parse().unwrap()];
    let cases = [
        ("192.0.2.7", true),
        ("::ffff:192.0.2.7", true),
        ("2001:db8::7", true),
        ("192.0.2.8", false),
        ("::192.0.2.7", false),
        ("2001:db8::8", false),
    ];
    for (from, wanted) in cases {
        let from: IpAddr = from.parse().unwrap();
        let told = verify_origin(Provider::Jumio, from, &allowed, b"{}");
        assert_eq!(told.is_ok(), wanted, "{from}");
        if let Ok(verified) = told {
            assert_eq!(verified.proof, Proof::Origin { from: from.to_canonical() });
        }
    }
    let from = allowed[0];
    assert!(verify_origin(Provider::Jumio, from, &[], b"{}").is_err());
    let told = verify_origin(Provider::Veriff, from, &allowed, b"{}");
    assert_eq!(told, Err(CallbackError::IsSigned { provider: Provider::Veriff }));
}

#[test]
fn only_the_bytes_that_were_proven_are_read() {
    let body = br#"{"callbackSentAt":"2026-01-31T09:30:00.000Z","workflowExecution":{"id":"workflow-1","status":"PROCESSED"}}"#;
    let from: IpAddr = "192.0.2.7".parse().unwrap();
    let verified = verify_origin(Provider::Jumio, from, &[from], body).unwrap();
    assert_eq!(verified.read(body).map(|callback| callback.about).as_deref(), Ok("workflow-1"));
    let other = String::from_utf8_lossy(body).replace("workflow-1", "workflow-2");
    let told = verified.read(other.as_bytes());
    assert_eq!(told, Err(CallbackError::OtherBody { provider: Provider::Jumio }));
}

#[test]
fn a_body_may_be_one_mebibyte() {
    let (most, more) = (vec![b' '; 1 << 20], vec![b' '; (1 << 20) + 1]);
    let headers = [("X-SHA2-Signature", ONFIDO)];
    let told = |body: &[u8]| verify(Provider::Onfido, &headers, body, &keys("s"), AT).unwrap_err();
    assert!(matches!(told(&most), CallbackError::Signature { .. }));
    assert_eq!(told(&more), CallbackError::BodyTooLong { length: (1 << 20) + 1 });
    let from = "192.0.2.7".parse().unwrap();
    assert!(verify_origin(Provider::Jumio, from, &[from], &more).is_err());
}

#[test]
fn no_error_shows_a_secret_or_a_signature() {
    for (provider, headers, body, _) in signed() {
        let keys = Keys::new([key("a", "geheim-1"), key("b", "geheim-2")]).unwrap();
        let error = verify(provider, &borrowed(&headers), body.as_bytes(), &keys, AT).unwrap_err();
        let shown = format!("{error} {error:?}");
        let value = headers[0].1.rsplit('=').next().unwrap();
        assert!(!shown.contains("geheim") && !shown.contains(value), "{shown}");
    }
}

proptest! {
    #[test]
    fn a_flipped_bit_is_refused(which in 0_usize..7, at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let (provider, headers, body, secret) = signed().remove(which);
        let mut changed = body.as_bytes().to_vec();
        let place = at.index(changed.len());
        changed[place] ^= 1 << bit;
        let keys = keys(secret);
        let told = verify(provider, &borrowed(&headers), &changed, &keys, AT);
        prop_assert!(told.is_err(), "{}: {:?}", provider, told);

        let mut headers = headers;
        let value = headers[0].1.clone();
        let mut bytes = value.clone().into_bytes();
        let place = at.index(bytes.len());
        bytes[place] ^= 1 << bit;
        // What is no text cannot be a header's value here.
        if let Ok(changed) = String::from_utf8(bytes) {
            let is_same = provider == Provider::Veriff && changed.eq_ignore_ascii_case(&value);
            headers[0].1 = changed;
            let told = verify(provider, &borrowed(&headers), body.as_bytes(), &keys, AT);
            prop_assert_eq!(told.is_ok(), is_same, "{}: {:?}", provider, told);
        }
    }

    #[test]
    fn whatever_stands_in_headers_is_no_reason_to_panic(
        value in ".{0,80}", name in 0..7_usize, body in prop::collection::vec(any::<u8>(), 0..40)
    ) {
        let names = ["X-SHA2-Signature", "Persona-Signature", "x-payload-digest",
            "x-payload-digest-alg", "x-hmac-signature", "x-auth-client", "Host"];
        for provider in Provider::ALL {
            let headers = [(names[name], value.as_str()), ("x-payload-digest-alg", "HMAC_SHA1_HEX")];
            prop_assert!(verify(provider, &headers, &body, &keys("s"), AT).is_err());
        }
    }
}
