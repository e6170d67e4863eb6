use proptest::prelude::*;
use sha2::Digest;

use super::*;
use crate::party::normalise;

const ROOT: [u8; 32] = [7; 32];

fn tokenizer(purpose: &str) -> Tokenizer {
    Tokenizer::new(&ROOT, purpose).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// HMAC-SHA256 by the letter of RFC 2104, from the hash alone.
fn hmac(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    assert!(key.len() <= 64);
    let pad = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(key).for_each(|(to, from)| *to ^= from);
        block
    };
    let hash = |first: [u8; 64], rest: &[&[u8]]| -> [u8; 32] {
        let mut hash = Sha256::new().chain_update(first);
        rest.iter().for_each(|part| hash.update(part));
        hash.finalize().into()
    };
    hash(pad(0x5c), &[&hash(pad(0x36), message)])
}

/// The keys of a purpose by the letter of RFC 5869: extracted without salt, expanded to two blocks.
fn keys(root: &[u8], purpose: &str) -> ([u8; 32], [u8; 32]) {
    let extracted = hmac(&[0; 32], &[root]);
    let info = [b"thalium.token.v1\0", purpose.as_bytes()].concat();
    let first = hmac(&extracted, &[&info, &[1]]);
    let second = hmac(&extracted, &[&first, &info, &[2]]);
    (first, second)
}

#[test]
fn the_independent_computation_is_right() {
    // RFC 4231, 4.3 and 4.6, of which the latter is cut to 16 bytes as a token is.
    let jefe = hmac(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
    assert_eq!(hex(&jefe), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    let cut = hmac(&[0x0c; 20], &[b"Test With Truncation"]);
    assert_eq!(hex(&cut[..16]), "a3b6167473100ee06e0c796c2955552b");
}

#[test]
fn a_token_is_the_first_half_of_an_hmac() {
    for purpose in ["identifier", "x", &"p".repeat(64)] {
        let (key, _) = keys(&ROOT, purpose);
        for kind in IdentifierKind::ALL {
            for text in ["", "jose muller", "+27821234567", &"n".repeat(1_024)] {
                let whole = hmac(&key, &[&[kind.number()], text.as_bytes()]);
                let token = tokenizer(purpose).token(kind, text);
                assert_eq!(token.as_bytes()[..], whole[..16], "{purpose} {kind:?} `{text}`");
            }
        }
    }
}

/// Tokens are stored: these were computed by hashlib of Python, and never change.
#[test]
fn tokens_never_change() {
    #[rustfmt::skip]
    let golden = [
        (IdentifierKind::Name,  "José  Müller",    "7a6d3e189639880ac9924969aa35d903"),
        (IdentifierKind::Email, "Jane@Example.com", "c5537daff4b1dd21ee405d3323ac9b2e"),
        (IdentifierKind::Phone, "0027 82 123 4567", "d88536955d02e73e099a4333bff62c60"),
    ];
    for (kind, text, token) in golden {
        let normalised = normalise(kind, text).unwrap();
        assert_eq!(tokenizer("identifier").token(kind, &normalised).to_string(), token, "`{text}`");
    }
}

#[test]
fn another_root_purpose_kind_or_text_makes_another_token() {
    let other_root = Tokenizer::new(&([8; 32]), "identifier").unwrap();
    let (one, other) = (tokenizer("identifier"), tokenizer("screening"));
    let mut tokens = Vec::new();
    for tokenizer in [one, other, other_root] {
        for kind in IdentifierKind::ALL {
            for text in ["", "1", "12", "jane doe", "jane  doe", "\u{1}1"] {
                assert_eq!(tokenizer.token(kind, text), tokenizer.token(kind, text));
                tokens.push(tokenizer.token(kind, text));
            }
        }
    }
    let count = tokens.len();
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), count);
}

#[test]
fn a_token_is_text() {
    let text = "00112233445566778899aabbccddeeff";
    let token: Token = text.parse().unwrap();
    assert_eq!(token.as_bytes()[..], bytes(text)[..]);
    assert_eq!(Token::new(*token.as_bytes()), token);
    assert_eq!(token.to_string(), text);
    assert_eq!(format!("{token:?}"), format!("Token({text})"));
    assert_eq!(text.to_uppercase().parse(), Ok(token));
    let json = format!("\"{text}\"");
    assert_eq!(serde_json::to_string(&token).unwrap(), json);
    assert_eq!(serde_json::from_str::<Token>(&json).unwrap(), token);
    assert_eq!(serde_json::from_value::<Token>(serde_json::json!(text)).unwrap(), token);
}

#[test]
fn nothing_else_is_a_token() {
    #[rustfmt::skip]
    let refused = [
        "",
        "0011",
        "00112233445566778899aabbccddeef",
        "00112233445566778899aabbccddeeff0",
        "+0112233445566778899aabbccddeeff",
        "00112233-4455-6677-8899-aabbccddeeff",
        "0x112233445566778899aabbccddeeff",
        " 0112233445566778899aabbccddeeff",
        "g0112233445566778899aabbccddeeff",
        "é0112233445566778899aabbccddeef",
        "٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥",
    ];
    for text in refused {
        assert_eq!(text.parse::<Token>(), Err(TokenError::NotAToken), "`{text}`");
    }
    for json in [
        "27821234567",
        "-27821234567",
        "27.821234567",
        "278212345670000000000000000",
        "\"27821234567\"",
    ] {
        let error = serde_json::from_str::<Token>(json).unwrap_err().to_string();
        assert!(error.starts_with("not a token: give its 32 hexadecimal digits"), "{error}");
        assert!(!error.contains("2782") && !error.contains("27.8"), "{error}");
    }
    assert!(serde_json::from_str::<Token>("null").is_err());
}

/// NIST, FF1 samples, 7 and 8: AES-256, radix 10.
#[test]
fn the_samples_of_nist() {
    let key = bytes("2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94");
    let cipher = FF1::<Aes256>::new(&key, RADIX).unwrap();
    #[rustfmt::skip]
    let samples = [
        ("",                     "0123456789", "6657667009"),
        ("39383736353433323130", "0123456789", "1001623463"),
    ];
    for (tweak, plain, shown) in samples {
        let tweak = bytes(tweak);
        assert_eq!(with_digits(plain, |digits| cipher.encrypt(&tweak, digits)).unwrap(), shown);
        assert_eq!(with_digits(shown, |digits| cipher.decrypt(&tweak, digits)).unwrap(), plain);
    }
}

#[test]
fn the_purpose_gives_key_and_tweak() {
    let purpose = "statements";
    let (_, key) = keys(&ROOT, purpose);
    let cipher = FF1::<Aes256>::new(&key, RADIX).unwrap();
    let expected = with_digits("0123456789", |digits| cipher.encrypt(purpose.as_bytes(), digits));
    assert_eq!(tokenizer(purpose).display("0123456789"), expected);
}

/// What was shown is printed on paper: these never change.
#[test]
fn digits_to_show_never_change() {
    #[rustfmt::skip]
    let golden = [
        ("4000-0012-3456-7899",          "9172-0067-2773-1382"),
        ("+27 82 123 4567",              "+14 31 614 9744"),
        ("GB82 WEST 1234 5698 7654 32",  "GB86 WEST 2560 4168 7307 83"),
        ("000000",                       "579573"),
        ("Zürich, Nr. 123456 (alt)",     "Zürich, Nr. 813953 (alt)"),
    ];
    let tokenizer = tokenizer("identifier");
    for (text, shown) in golden {
        assert_eq!(tokenizer.display(text).unwrap(), shown, "`{text}`");
        assert_eq!(tokenizer.reveal(shown).unwrap(), text);
    }
}

#[test]
fn what_cannot_be_shown() {
    let (most, more) = ("7".repeat(64), "7".repeat(65));
    let long = format!("123456{}", " ".repeat(1_019));
    #[rustfmt::skip]
    let refused = [
        ("",                     TokenError::TooFewDigits),
        ("no digits",            TokenError::TooFewDigits),
        ("12345",                TokenError::TooFewDigits),
        ("1-2-3-4-5",            TokenError::TooFewDigits),
        (more.as_str(),          TokenError::TooManyDigits),
        ("123456 ٧",             TokenError::OtherDigits),
        ("１２３４５６",            TokenError::OtherDigits),
        ("123456½",              TokenError::OtherDigits),
        (long.as_str(),          TokenError::TooLong),
    ];
    let tokenizer = tokenizer("identifier");
    for (text, expected) in refused {
        assert_eq!(tokenizer.display(text), Err(expected), "`{text}`");
        assert_eq!(tokenizer.reveal(text), Err(expected), "`{text}`");
    }
    for text in ["123456", most.as_str(), &long[..1_024]] {
        assert_eq!(tokenizer.reveal(&tokenizer.display(text).unwrap()).unwrap(), text);
    }
}

#[test]
fn a_purpose_has_1_to_64_bytes() {
    let root = ROOT;
    for purpose in ["p", &"p".repeat(64), "ü"] {
        assert!(Tokenizer::new(&root, purpose).is_ok());
    }
    for purpose in ["", &"p".repeat(65), &"ü".repeat(33)] {
        assert_eq!(Tokenizer::new(&root, purpose).unwrap_err(), TokenError::Purpose);
    }
}

#[test]
fn another_purpose_shows_other_digits() {
    let (one, other) = (tokenizer("statements"), tokenizer("tests"));
    let text = "4000001234567899";
    assert_ne!(one.display(text), other.display(text));
    assert_ne!(other.reveal(&one.display(text).unwrap()).unwrap(), text);
}

/// All of a domain that is small enough: every number of six digits is shown as another, and none is left out.
#[test]
#[ignore = "half a minute: a million numbers"]
fn six_digits_are_shuffled() {
    let tokenizer = tokenizer("identifier");
    let mut seen = vec![false; 1_000_000];
    for number in 0..1_000_000 {
        let shown: usize = tokenizer.display(&format!("{number:06}")).unwrap().parse().unwrap();
        assert!(!std::mem::replace(&mut seen[shown], true), "{shown} twice");
    }
}

#[test]
fn neither_errors_nor_debug_tell_anything() {
    let tokenizer = tokenizer("identifier");
    assert_eq!(format!("{tokenizer:?}"), "Tokenizer(…)");
    let canary = "Zq7Xw9";
    let texts =
        [canary.to_owned(), canary.repeat(40), canary.repeat(300), format!("{canary}٧{canary}")];
    for text in &texts {
        let refused = [
            tokenizer.display(text).unwrap_err(),
            tokenizer.reveal(text).unwrap_err(),
            text.parse::<Token>().unwrap_err(),
            Tokenizer::new(&ROOT, &text.repeat(11)).unwrap_err(),
        ];
        for error in refused {
            let told = format!("{error} {error:?}");
            assert!(!told.contains("Zq7") && !told.contains('٧'), "{told}");
        }
    }
}

/// Compiles only with the feature `zeroize` of `aes`.
#[test]
fn keys_are_wiped() {
    fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    wiped::<Zeroizing<[u8; 64]>>();
    wiped::<Aes256>();
}

#[test]
fn tokenizers_go_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Tokenizer>();
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_is_that_of_a_text() {
    let schema = schemars::schema_for!(Token);
    let schema = serde_json::to_value(&schema).unwrap();
    assert_eq!(schema["type"], "string");
    assert_eq!(schema["pattern"], "^[0-9a-fA-F]{32}$");
}

proptest! {
    /// What is revealed is what was shown and the other way round, with every character in its place that is no digit.
    #[test]
    fn there_and_back(text in "([0-9][-+ ./()a-zé]{0,3}){6,64}", purpose in "[a-z]{1,64}") {
        let tokenizer = tokenizer(&purpose);
        let shown = tokenizer.display(&text).unwrap();
        prop_assert_eq!(tokenizer.reveal(&shown).unwrap(), text.as_str());
        prop_assert_eq!(tokenizer.display(&tokenizer.reveal(&text).unwrap()).unwrap(), text.as_str());
        prop_assert_eq!(shown.chars().count(), text.chars().count());
        for (before, after) in text.chars().zip(shown.chars()) {
            prop_assert_eq!(before.is_ascii_digit(), after.is_ascii_digit());
            prop_assert!(before.is_ascii_digit() || before == after);
        }
    }

    #[test]
    fn no_two_are_shown_as_one(one in "[0-9]{6,10}", other in "[0-9]{6,10}") {
        let tokenizer = tokenizer("identifier");
        prop_assert_eq!(one == other, tokenizer.display(&one) == tokenizer.display(&other));
    }

    #[test]
    fn tokens_survive_text(bytes in any::<[u8; 16]>()) {
        let token = Token::new(bytes);
        prop_assert_eq!(token.to_string().parse(), Ok(token));
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        let _ = tokenizer("identifier").display(&text);
        let _ = text.parse::<Token>();
    }
}
