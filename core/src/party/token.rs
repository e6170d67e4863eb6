//! What stands in the place of an identifier: a token to find it by, and digits to show instead of its own.
//!
//! A [`Token`] is made of an identifier's [one form](super::normalise()) with a key. The same identifier always has the same
//! token, no token leads back to one, and without the key nobody can try out which belongs to which.
//!
//! [`Tokenizer::display`] changes the digits of a text and nothing else, so that a card, an account or a phone number still
//! looks like one where it is only shown, printed or tested with; [`Tokenizer::reveal`] is the way back.
//!
//! Not for sealing: who may call `reveal` reads everything, who may call `display` on six digits can try out a million. What is
//! not a digit is not hidden, nor is the length. The digits carry no check, so any text is revealed as something, and the check
//! digits of a card or an IBAN fit no longer.
//!
//! # How it is made
//! HKDF-SHA256 (RFC 5869) makes 64 bytes of the tenant's token root, without salt and with `thalium.token.v1`, a zero byte and
//! the purpose as info. The first 32 are the key of HMAC-SHA256 (RFC 2104, FIPS 198-1), the last 32 that of AES-256 in FF1 (NIST
//! SP 800-38G Rev. 1), whose tweak is the purpose.
//!
//! ```
//! use thalium::party::{IdentifierKind, Tokenizer, normalise};
//!
//! let tokenizer = Tokenizer::new(&[7; 32], "identifier")?;
//! let kind = IdentifierKind::Name;
//! let token = |text| normalise(kind, text).map(|name| tokenizer.token(kind, &name));
//! assert_eq!(token("José  Müller"), token("jose muller"));
//! assert_ne!(token("José  Müller"), token("jose miller"));
//!
//! let shown = tokenizer.display("4000-0012-3456-7899")?;
//! assert_eq!(shown, "9172-0067-2773-1382");
//! assert_eq!(tokenizer.reveal(&shown)?, "4000-0012-3456-7899");
//! # Ok::<(), thalium::party::TokenError>(())
//! ```

use std::fmt;
use std::str::FromStr;

use aes::Aes256;
use fpe::ff1::{FF1, FlexibleNumeralString, NumeralStringError};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::normalise::{IDENTIFIER_MAX, IdentifierKind};

/// The longest purpose, in bytes.
pub const PURPOSE_MAX: usize = 64;
/// The fewest digits that can be changed: SP 800-38G Rev. 1 asks for a million possibilities.
pub const DIGITS_MIN: usize = 6;
/// The most digits that can be changed.
pub const DIGITS_MAX: usize = 64;

const LABEL: &[u8] = b"thalium.token.v1\0";
const RADIX: u32 = 10;

/// Makes tokens, and digits to show, for one purpose with a tenant's key.
///
/// Its keys are wiped when it is dropped, and never printed. What a computation leaves on the stack is not wiped: the hash could
/// do that only for every hash of the ledger, and a node of its tree would take a fifth longer.
pub struct Tokenizer {
    purpose: Box<str>,
    // On the heap, so that no copy is left behind where a tokenizer is moved.
    secret: Box<Secret>,
}

struct Secret {
    /// The key of the tokens, with zeros up to a block of the hash (RFC 2104, 2, step 1).
    mac: Zeroizing<[u8; 64]>,
    cipher: FF1<Aes256>,
}

impl fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokenizer(…)")
    }
}

impl Tokenizer {
    /// With the tenant's token root, for a purpose such as `identifier`, of 1 to [`PURPOSE_MAX`] bytes.
    ///
    /// What is made for one purpose tells nothing of what is made for another.
    ///
    /// # Errors
    /// [`TokenError::Purpose`].
    ///
    /// ```
    /// use thalium::party::{TokenError, Tokenizer};
    ///
    /// let root = [7; 32];
    /// assert!(Tokenizer::new(&root, "identifier").is_ok());
    /// assert_eq!(Tokenizer::new(&root, "").unwrap_err(), TokenError::Purpose);
    /// ```
    pub fn new(root: &[u8; 32], purpose: &str) -> Result<Self, TokenError> {
        if !(1..=PURPOSE_MAX).contains(&purpose.len()) {
            return Err(TokenError::Purpose);
        }
        let mut keys = Zeroizing::new([0; 64]);
        Hkdf::<Sha256>::new(None, root)
            .expand_multi_info(&[LABEL, purpose.as_bytes()], keys.as_mut_slice())
            .map_err(|_| TokenError::Defect)?;
        let (mac, cipher) = keys.split_at(32);
        let cipher = FF1::new(cipher, RADIX).map_err(|_| TokenError::Defect)?;
        let mut secret = Box::new(Secret { mac: Zeroizing::new([0; 64]), cipher });
        for (to, from) in secret.mac.iter_mut().zip(mac) {
            *to = *from;
        }
        Ok(Self { purpose: purpose.into(), secret })
    }

    /// The token of an identifier in its [one form](super::normalise()): the first 16 bytes of HMAC-SHA256 over the number of
    /// the kind, one byte, and the form.
    ///
    /// 2⁶⁴ identifiers of a purpose are needed before two are likely to have the same token.
    #[must_use]
    pub fn token(&self, kind: IdentifierKind, normalised: &str) -> Token {
        let mac = Hmac::<Sha256>::new((&*self.secret.mac).into());
        let mac = mac.chain_update([kind.number()]).chain_update(normalised);
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(mac.finalize().into_bytes()) {
            *to = from;
        }
        Token(bytes)
    }

    /// The text with other digits in the place of its own: 6 to 64 of `0` to `9`. All other characters stay.
    ///
    /// The same text always gives the same, and no two give one.
    ///
    /// # Errors
    /// A text of more than 1,024 bytes; too few or too many digits; digits other than `0` to `9`, which would be left readable.
    ///
    /// ```
    /// use thalium::party::{TokenError, Tokenizer};
    ///
    /// let tokenizer = Tokenizer::new(&[7; 32], "statements")?;
    /// let shown = tokenizer.display("+27 82 123 4567")?;
    /// assert_eq!(shown.len(), "+27 82 123 4567".len());
    /// assert_eq!(tokenizer.reveal(&shown)?, "+27 82 123 4567");
    /// assert_eq!(tokenizer.display("12345"), Err(TokenError::TooFewDigits));
    /// # Ok::<(), TokenError>(())
    /// ```
    pub fn display(&self, text: &str) -> Result<String, TokenError> {
        let tweak = self.purpose.as_bytes();
        with_digits(text, |digits| self.secret.cipher.encrypt(tweak, digits))
    }

    /// The text that [`display`](Self::display) was given. It is personal data: the caller wipes it.
    ///
    /// # Errors
    /// As for [`display`](Self::display). A text that was not made by it, or for another purpose, is no error: other digits come
    /// of it.
    pub fn reveal(&self, text: &str) -> Result<String, TokenError> {
        let tweak = self.purpose.as_bytes();
        with_digits(text, |digits| self.secret.cipher.decrypt(tweak, digits))
    }
}

/// The text with the digits that `change` makes of its own, each where one stood.
fn with_digits(
    text: &str,
    change: impl FnOnce(&FlexibleNumeralString) -> Result<FlexibleNumeralString, NumeralStringError>,
) -> Result<String, TokenError> {
    if text.len() > IDENTIFIER_MAX {
        return Err(TokenError::TooLong);
    }
    if text.chars().any(|found| found.is_numeric() && !found.is_ascii_digit()) {
        return Err(TokenError::OtherDigits);
    }
    // INVARIANT: room for all, so that it is not moved while it grows and a copy left behind.
    let mut digits: Vec<u16> = Vec::with_capacity(text.len());
    digits.extend(text.bytes().filter(u8::is_ascii_digit).map(|digit| u16::from(digit - b'0')));
    let count = digits.len();
    let digits = FlexibleNumeralString::from(digits);
    let changed = match count {
        ..DIGITS_MIN => Err(TokenError::TooFewDigits),
        DIGITS_MIN..=DIGITS_MAX => change(&digits).map_err(|_| TokenError::Defect),
        _ => Err(TokenError::TooManyDigits),
    };
    Vec::from(digits).zeroize();
    let changed = Zeroizing::new(Vec::from(changed?));
    let mut next = changed.iter().map(|digit| char::from_digit(u32::from(*digit), RADIX));
    let put =
        |found: char| if found.is_ascii_digit() { next.next().flatten() } else { Some(found) };
    text.chars().map(put).collect::<Option<String>>().ok_or(TokenError::Defect)
}

/// What stands for an identifier: 16 bytes, which tell nothing of it without the key.
///
/// Text is 32 hexadecimal digits, printed in lower case and read in either.
///
/// ```
/// use thalium::party::Token;
///
/// let token: Token = "00112233445566778899AABBCCDDEEFF".parse()?;
/// assert_eq!(token.to_string(), "00112233445566778899aabbccddeeff");
/// # Ok::<(), thalium::party::TokenError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token([u8; 16]);

impl Token {
    /// The token of these bytes, such as were stored.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({self})")
    }
}

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        // `from_str_radix` would take a sign too.
        if text.len() != 32 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(TokenError::NotAToken);
        }
        let number = u128::from_str_radix(text, 16).map_err(|_| TokenError::NotAToken)?;
        Ok(Self(number.to_be_bytes()))
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As for amounts, this asks for a format that describes itself: only so are numbers in its place told apart.
        deserializer.deserialize_any(TokenText)
    }
}

/// Reads a token. What is no token may be an identifier, so no error shows it: serde's own would show a number.
struct TokenText;

impl Visitor<'_> for TokenText {
    type Value = Token;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a token of 32 hexadecimal digits")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Token, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Token, E> {
        Err(E::custom(TokenError::NotAToken))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Token, E> {
        Err(E::custom(TokenError::NotAToken))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Token, E> {
        Err(E::custom(TokenError::NotAToken))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Token {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Token".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9a-fA-F]{32}$" })
    }
}

/// Why there is no token or no digits to show: what is wrong, what to do.
///
/// It holds nothing of the text, which is personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// A purpose that is empty or has more than [`PURPOSE_MAX`] bytes.
    #[error(
        "the purpose of a token has 1 to {PURPOSE_MAX} bytes: name in a word or two what it is for"
    )]
    Purpose,
    /// A text of more than 1,024 bytes.
    #[error("the text is longer than {IDENTIFIER_MAX} bytes: give the number alone")]
    TooLong,
    /// Fewer than [`DIGITS_MIN`] digits.
    #[error(
        "the text has fewer than {DIGITS_MIN} digits, which could be guessed: leave it out instead"
    )]
    TooFewDigits,
    /// More than [`DIGITS_MAX`] digits.
    #[error("the text has more than {DIGITS_MAX} digits: give the number alone")]
    TooManyDigits,
    /// A digit of another script, a fraction or the like.
    #[error(
        "the text has digits other than 0 to 9, which would stay readable: write it with these"
    )]
    OtherDigits,
    /// A text that is no token.
    #[error("not a token: give its 32 hexadecimal digits")]
    NotAToken,
    /// What cannot be, such as a key of the wrong length.
    #[error("the token could not be made: this is a defect of the library, report it")]
    Defect,
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
