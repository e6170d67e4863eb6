//! One form for the names and identifiers by which a party is found, before a token is made of them.
//!
//! `José  Müller` and `jose muller` are the same name and `+27 82 123 4567` and `0027821234567` the same number. Here both
//! become the same text, so that both become the same [`Token`](super::Token).
//!
//! Every form is its own form: to normalise twice is to normalise once. Tokens are stored, so the rules of a kind never
//! change. UAX #15 promises the same of the normalisation of every assigned character; one that Unicode assigns later can
//! have another form from then on.
//!
//! Not for likeness: the order of the words stays, nothing is transliterated, nicknames and typing errors are other names.
//! Nor does it tell whether anything exists: a number that passes its check is one that can have been given out, no more.
//!
//! ```
//! use thalium::party::{IdentifierKind, normalise};
//!
//! let name = normalise(IdentifierKind::Name, "José  Müller-Lüdenscheidt")?;
//! assert_eq!(name, "jose muller ludenscheidt");
//! assert_eq!(normalise(IdentifierKind::Phone, "0027 (82) 123-4567")?, "+27821234567");
//! assert_eq!(normalise(IdentifierKind::Iban, "gb82 west 1234 5698 7654 32")?, "GB82WEST12345698765432");
//!
//! let refused = normalise(IdentifierKind::Iban, "GB82 WEST 1234 5698 7654 33").unwrap_err();
//! assert_eq!(
//!     refused.to_string(),
//!     "the check digits of the IBAN do not fit: look for a character that is wrong, missing or in another's place",
//! );
//! # Ok::<(), thalium::party::IdentifierError>(())
//! ```

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use IdentifierError::{Character, Checksum, Empty, Length, NoCountryCode, Shape, TooLong};

/// The longest identifier in bytes, as it comes in and in its one form.
pub const IDENTIFIER_MAX: usize = 1_024;

/// What an identifier is, and so what its one form is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    /// A person's or a company's name: letters without accents in lower case, digits, one space between words.
    #[n(1)]
    Name = 1,
    /// An e-mail address (RFC 5321) in lower case.
    #[n(2)]
    Email = 2,
    /// A phone number in international form (ITU-T E.164): `+` and 7 to 15 digits.
    #[n(3)]
    Phone = 3,
    /// An account number (ISO 13616) in upper case without spaces.
    #[n(4)]
    Iban = 4,
    /// A tax number: letters in upper case and digits.
    #[n(5)]
    TaxNumber = 5,
    /// A passport's number: letters in upper case and digits.
    #[n(6)]
    Passport = 6,
    /// The number of a national identity document: letters in upper case and digits.
    #[n(7)]
    NationalId = 7,
    /// A company's number in its register: letters in upper case and digits.
    #[n(8)]
    CompanyNumber = 8,
    /// A legal entity identifier (ISO 17442) in upper case.
    #[n(9)]
    Lei = 9,
    /// An address on a blockchain: as it is written.
    #[n(10)]
    Wallet = 10,
    /// Anything else: lower case, one space between words.
    #[n(11)]
    Other = 11,
}

impl IdentifierKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Name,
        Self::Email,
        Self::Phone,
        Self::Iban,
        Self::TaxNumber,
        Self::Passport,
        Self::NationalId,
        Self::CompanyNumber,
        Self::Lei,
        Self::Wallet,
        Self::Other,
    ];

    /// Its number, in what is stored and in every token: never another's.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind of a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Iban => "iban",
            Self::TaxNumber => "tax_number",
            Self::Passport => "passport",
            Self::NationalId => "national_id",
            Self::CompanyNumber => "company_number",
            Self::Lei => "lei",
            Self::Wallet => "wallet",
            Self::Other => "other",
        }
    }

    /// What people call it.
    const fn words(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "e-mail address",
            Self::Phone => "phone number",
            Self::Iban => "IBAN",
            Self::TaxNumber => "tax number",
            Self::Passport => "passport number",
            Self::NationalId => "national id",
            Self::CompanyNumber => "company number",
            Self::Lei => "LEI",
            Self::Wallet => "wallet address",
            Self::Other => "identifier",
        }
    }
}

/// Why a text has no form of its kind: the kind, what is wrong, what to do.
///
/// Neither its text nor its fields hold anything of the identifier, which is personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// Longer than [`IDENTIFIER_MAX`] bytes, as it came in or in its one form.
    #[error("the {} is longer than {IDENTIFIER_MAX} bytes: shorten it", .kind.words())]
    TooLong {
        /// What was normalised.
        kind: IdentifierKind,
    },
    /// Nothing is left of it.
    #[error("the {} has nothing in it that counts: give it, or leave it out", .kind.words())]
    Empty {
        /// What was normalised.
        kind: IdentifierKind,
    },
    /// A character that its kind does not have.
    #[error("the {} has a character that cannot be in it: write it with {allowed}", .kind.words())]
    Character {
        /// What was normalised.
        kind: IdentifierKind,
        /// What can be in it.
        allowed: &'static str,
    },
    /// Too few or too many characters.
    #[error("the {} is too short or too long: it has {allowed}", .kind.words())]
    Length {
        /// What was normalised.
        kind: IdentifierKind,
        /// How many there can be.
        allowed: &'static str,
    },
    /// Not put together as its kind is.
    #[error("the {} is not put together as it should be: {advice}", .kind.words())]
    Shape {
        /// What was normalised.
        kind: IdentifierKind,
        /// What to do.
        advice: &'static str,
    },
    /// Check digits that the rest does not give.
    #[error(
        "the check digits of the {} do not fit: look for a character that is wrong, missing or in another's place",
        .kind.words()
    )]
    Checksum {
        /// What was normalised.
        kind: IdentifierKind,
    },
    /// A phone number as it is dialled within a country.
    #[error(
        "the phone number has no country code: write it as it is dialled from abroad, `+`, the code of the country and the rest"
    )]
    NoCountryCode,
}

impl IdentifierError {
    /// What was normalised.
    #[must_use]
    pub const fn kind(&self) -> IdentifierKind {
        match *self {
            TooLong { kind }
            | Empty { kind }
            | Character { kind, .. }
            | Length { kind, .. }
            | Shape { kind, .. }
            | Checksum { kind } => kind,
            NoCountryCode => IdentifierKind::Phone,
        }
    }
}

/// The one form of an identifier of a kind.
///
/// Of every kind, what cannot be seen is dropped first: the default-ignorable code points (UAX #44), which come along when
/// text is copied. Then:
///
/// | Kind | Form |
/// |---|---|
/// | [`Name`](IdentifierKind::Name) | NFKD (UAX #15), without diacritics, lower case, [letters that do not decompose](#letters-that-do-not-decompose) spelt out; everything that is no letter or digit becomes a space, of which there is one between two words |
/// | [`Email`](IdentifierKind::Email) | NFKC, trimmed, lower case; one `@`, before it up to 64 bytes of an atom, after it a domain of two labels or more (RFC 5321 §4.1.2, §4.5.3.1). Dots and `+` before the `@` stay: what they mean is the host's affair |
/// | [`Phone`](IdentifierKind::Phone) | `+` and 7 to 15 digits (ITU-T E.164), the first not 0; white space and `-`, `.`, `(`, `)`, `/` dropped, `00` in front becomes `+`; a `(0)` is refused, as only some countries dial it from abroad |
/// | [`Iban`](IdentifierKind::Iban) | ISO 13616-1: upper case without white space; two letters, two check digits, 11 to 30 letters and digits; ISO/IEC 7064 MOD 97-10. A country's own length is not checked |
/// | [`Lei`](IdentifierKind::Lei) | ISO 17442-1: upper case without white space; 18 letters and digits, two check digits; ISO/IEC 7064 MOD 97-10 |
/// | [`TaxNumber`](IdentifierKind::TaxNumber), [`Passport`](IdentifierKind::Passport), [`NationalId`](IdentifierKind::NationalId), [`CompanyNumber`](IdentifierKind::CompanyNumber) | NFKC, upper case; 3 to 40 letters and digits, everything else dropped |
/// | [`Wallet`](IdentifierKind::Wallet) | trimmed, without white space. Case stays, it is part of base58; but it is none of `0x` and 40 hexadecimal digits, whose capitals are a checksum (EIP-55), nor of `BC1` and `TB1` in capitals (BIP 173): these become lower case |
/// | [`Other`](IdentifierKind::Other) | NFKC, lower case, one space for any white space, trimmed |
///
/// Decimal digits of living scripts (`٢`, `२`) become `0` to `9` in names and numbers. Lower case is letter by letter, a final `ς`
/// is a `σ`.
///
/// # Diacritics
/// Those of Latin, Greek and Cyrillic letters are dropped, and the points of Hebrew, Arabic and Syriac, which are as a rule not
/// written at all. The marks of other scripts are kept: a vowel sign of Devanagari or the voicing of a kana makes another name
/// of it, not another spelling (`राम` and `रोमा`, `かとう` and `がとう`).
///
/// # Letters that do not decompose
/// `ß` is `ss`, `æ` is `ae`, `ø` is `o`, `ł` is `l`, `đ` is `d`, and so on for 26 letters, as in CLDR's transform Latin-ASCII.
///
/// # Errors
/// See [`IdentifierError`]; none holds anything of the text.
///
/// ```
/// use thalium::party::{IdentifierError, IdentifierKind, normalise};
///
/// assert_eq!(normalise(IdentifierKind::Email, " Jane@Example.COM ")?, "jane@example.com");
/// let refused = normalise(IdentifierKind::Phone, "082 123 4567");
/// assert_eq!(refused, Err(IdentifierError::NoCountryCode));
/// # Ok::<(), IdentifierError>(())
/// ```
pub fn normalise(kind: IdentifierKind, text: &str) -> Result<String, IdentifierError> {
    use IdentifierKind as Kind;

    if text.len() > IDENTIFIER_MAX {
        return Err(TooLong { kind });
    }
    let seen: String = text.chars().filter(|found| !within(&INVISIBLE, *found)).collect();
    let form = match kind {
        Kind::Name => name(&seen),
        Kind::Email => folded(&seen).trim().to_owned(),
        Kind::Phone => phone(&seen),
        Kind::Iban | Kind::Lei => compact(&seen).to_ascii_uppercase(),
        Kind::TaxNumber | Kind::Passport | Kind::NationalId | Kind::CompanyNumber => {
            // Where characters were dropped others meet, and NFKC may make one of them.
            number(&number(&seen))
        }
        Kind::Wallet => wallet(seen.trim()),
        Kind::Other => words(&folded(&seen), |found| !is_blank(found)),
    };
    if form.is_empty() {
        return Err(Empty { kind });
    }
    // A form that is longer than it came in must come in again.
    if form.len() > IDENTIFIER_MAX {
        return Err(TooLong { kind });
    }
    match kind {
        Kind::Name | Kind::Other => {}
        Kind::Email => check_email(&form)?,
        Kind::Phone => check_phone(&form)?,
        Kind::Iban => check_iban(&form)?,
        Kind::Lei => check_lei(&form)?,
        Kind::TaxNumber | Kind::Passport | Kind::NationalId | Kind::CompanyNumber => {
            if !(3..=40).contains(&form.chars().count()) {
                return Err(Length { kind, allowed: "3 to 40 letters and digits" });
            }
        }
        Kind::Wallet => {
            if form.contains(is_blank) {
                return Err(Character { kind, allowed: "no white space inside it" });
            }
        }
    }
    Ok(form)
}

fn name(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for found in text.nfkd().filter(|found| !is_diacritic(*found)).flat_map(lower) {
        match SPELT.iter().find(|(letter, _)| *letter == found) {
            Some((_, spelt)) => plain.push_str(spelt),
            None => plain.push(decimal(found)),
        }
    }
    // Where a mark was dropped others meet, and NFKD puts them in another order.
    words(&plain.nfkd().collect::<String>(), is_of_a_name)
}

/// NFKC in lower case. What is lower case may compose where upper case does not (`H̱`, `ẖ`), hence twice.
fn folded(text: &str) -> String {
    text.nfkc().flat_map(lower).nfkc().collect()
}

/// Without white space, in NFKC and with digits from `0` to `9`.
fn compact(text: &str) -> String {
    text.nfkc().filter(|found| !is_blank(*found)).map(decimal).collect()
}

fn number(text: &str) -> String {
    text.nfkc().flat_map(char::to_uppercase).map(decimal).filter(|f| f.is_alphanumeric()).collect()
}

fn phone(text: &str) -> String {
    let text = compact(text);
    // Whether a `(0)` is dialled from abroad depends on the country: not in London, but in Rome. It stays, to be refused.
    if text.contains("(0)") {
        return text;
    }
    let dialled: String = text.chars().filter(|found| !is_phone_separator(*found)).collect();
    match dialled.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => dialled,
    }
}

fn wallet(text: &str) -> String {
    let hexadecimal =
        |digits: &str| digits.len() == 40 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let prefix = |length| text.get(..length).unwrap_or_default();
    let ethereum = prefix(2).eq_ignore_ascii_case("0x") && text.get(2..).is_some_and(hexadecimal);
    let segwit = ["BC1", "TB1"].contains(&prefix(3))
        && text.bytes().all(|found| found.is_ascii_uppercase() || found.is_ascii_digit());
    if ethereum || segwit { text.to_ascii_lowercase() } else { text.to_owned() }
}

fn check_email(form: &str) -> Result<(), IdentifierError> {
    let kind = IdentifierKind::Email;
    let malformed = |advice| Err(Shape { kind, advice });
    if form.contains(is_blank) {
        return Err(Character { kind, allowed: "no white space inside it" });
    }
    let Some((local, domain)) = form.split_once('@').filter(|(_, domain)| !domain.contains('@'))
    else {
        return malformed("write one `@`, between a mailbox and its domain");
    };
    if local.is_empty() || local.len() > 64 {
        return malformed("write 1 to 64 bytes before the `@`");
    }
    // RFC 5321 §4.1.2 allows quotation marks here, and then nearly anything, and advises against them.
    if !local.chars().all(|found| !found.is_ascii() || is_atom(found)) {
        return malformed("write the bare address, without name, brackets or quotation marks");
    }
    if domain.len() > 255 || domain.split('.').count() < 2 || !domain.split('.').all(is_label) {
        return malformed("write a whole domain after the `@`, such as `example.com`");
    }
    Ok(())
}

fn check_phone(form: &str) -> Result<(), IdentifierError> {
    let kind = IdentifierKind::Phone;
    if form.contains("(0)") {
        let advice =
            "write it as it is dialled from abroad, with or without the zero instead of `(0)`";
        return Err(Shape { kind, advice });
    }
    let Some(digits) = form.strip_prefix('+') else {
        let national = is_decimal(form);
        return Err(if national { NoCountryCode } else { Character { kind, allowed: DIALLED } });
    };
    if !is_decimal(digits) {
        return Err(Character { kind, allowed: DIALLED });
    }
    if digits.starts_with('0') {
        return Err(Shape {
            kind,
            advice: "no country's code begins with 0, write the code first",
        });
    }
    if !(7..=15).contains(&digits.len()) {
        return Err(Length { kind, allowed: "7 to 15 digits with the country's code" });
    }
    Ok(())
}

fn check_iban(form: &str) -> Result<(), IdentifierError> {
    let kind = IdentifierKind::Iban;
    if !form.bytes().all(|found| found.is_ascii_alphanumeric()) {
        return Err(Character { kind, allowed: "the letters A to Z, digits and spaces" });
    }
    let (Some(head), Some(account)) = (form.get(..4), form.get(4..)) else {
        return Err(Length { kind, allowed: "15 to 34 letters and digits" });
    };
    let (country, check) = head.split_at(2);
    if !country.bytes().all(|found| found.is_ascii_uppercase()) || !is_decimal(check) {
        return Err(Shape { kind, advice: "begin with the country's two letters and two digits" });
    }
    if !(15..=34).contains(&form.len()) {
        return Err(Length { kind, allowed: "15 to 34 letters and digits" });
    }
    check_mod_97(kind, check, account.chars().chain(head.chars()))
}

fn check_lei(form: &str) -> Result<(), IdentifierError> {
    let kind = IdentifierKind::Lei;
    if !form.bytes().all(|found| found.is_ascii_alphanumeric()) {
        return Err(Character { kind, allowed: "the letters A to Z, digits and spaces" });
    }
    let Some(check) = form.get(18..).filter(|_| form.len() == 20) else {
        return Err(Length { kind, allowed: "20 letters and digits" });
    };
    if !is_decimal(check) {
        return Err(Shape { kind, advice: "end with two digits" });
    }
    check_mod_97(kind, check, form.chars())
}

/// ISO/IEC 7064 MOD 97-10: read as one number, `A` as 10 and `Z` as 35, the remainder by 97 is 1.
///
/// Check digits are made as 98 less a remainder, so 00, 01 and 99 are not given out, though they would pass for 97, 98 and 02.
fn check_mod_97(
    kind: IdentifierKind,
    check: &str,
    characters: impl Iterator<Item = char>,
) -> Result<(), IdentifierError> {
    let remainder = characters.filter_map(|found| found.to_digit(36)).fold(0, |so_far, value| {
        let shift = if value < 10 { 10 } else { 100 };
        (so_far * shift + value) % 97
    });
    if remainder == 1 && !matches!(check, "00" | "01" | "99") {
        Ok(())
    } else {
        Err(Checksum { kind })
    }
}

/// What belongs to a word, with one space between the words.
fn words(text: &str, belongs: fn(char) -> bool) -> String {
    let words = text.split(|found| !belongs(found)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The lower case of a letter on its own: `str::to_lowercase` would look at what follows a `Σ`.
fn lower(found: char) -> impl Iterator<Item = char> {
    found.to_lowercase().map(|lower| if lower == 'ς' { 'σ' } else { lower })
}

/// A decimal digit of a living script as one of `0` to `9`; any other character as it is.
fn decimal(found: char) -> char {
    let value = |zero: &char| u32::from(found).checked_sub(u32::from(*zero)).filter(|v| *v < 10);
    ZEROS.iter().find_map(value).and_then(|value| char::from_digit(value, 10)).unwrap_or(found)
}

fn is_of_a_name(found: char) -> bool {
    // Modifier letters such as `ʼ` are letters to Unicode; to who writes `Oʼbrien` they are an apostrophe.
    let apostrophe = matches!(found, '\u{2b9}'..='\u{2ff}');
    (found.is_alphanumeric() && !apostrophe) || is_combining_mark(found)
}

fn is_diacritic(found: char) -> bool {
    // A tatweel only makes an Arabic word longer.
    found == '\u{640}' || (within(&DIACRITICS, found) && is_combining_mark(found))
}

fn is_blank(found: char) -> bool {
    found.is_whitespace() || found.is_control()
}

/// A character of an atom (RFC 5321 §4.1.2, RFC 5322 §3.2.3), or the dot between two.
fn is_atom(found: char) -> bool {
    found.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(found)
}

/// A label of a domain: letters and digits, also those of RFC 6531, and hyphens inside.
fn is_label(label: &str) -> bool {
    let letters = |found: char| found.is_alphanumeric() || is_combining_mark(found);
    (1..=63).contains(&label.chars().count())
        && label.chars().all(|found| letters(found) || found == '-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// What people write between the digits, with the hyphens and dashes that word processors make of a `-`.
fn is_phone_separator(found: char) -> bool {
    matches!(found, '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn is_decimal(text: &str) -> bool {
    text.bytes().all(|found| found.is_ascii_digit())
}

fn within(ranges: &[(char, char)], found: char) -> bool {
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&found))
}

const DIALLED: &str = "a `+`, digits, spaces and `-`, `.`, `(`, `)`, `/` only";

/// Letters of living languages that no normalisation takes apart, in lower case, and how CLDR's transform Latin-ASCII
/// (`common/transforms/Latin-ASCII.xml`) spells them.
#[rustfmt::skip]
const SPELT: [(char, &str); 26] = [
    // German, Danish, Norwegian, Icelandic, Faroese, French
    ('ß', "ss"), ('æ', "ae"), ('œ', "oe"), ('ø', "o"), ('þ', "th"), ('ð', "d"),
    // Polish, Croatian, Vietnamese, Maltese, Turkish, Sámi, Greenlandic
    ('ł', "l"), ('đ', "d"), ('ħ', "h"), ('ı', "i"), ('ŋ', "n"), ('ŧ', "t"), ('ǥ', "g"), ('ĸ', "q"),
    // Hausa, Fula, Ewe, Akan, Bambara and others of Africa
    ('ɓ', "b"), ('ɖ', "d"), ('ɗ', "d"), ('ɛ', "e"), ('ƒ', "f"), ('ƙ', "k"), ('ɲ', "n"), ('ʋ', "v"), ('ƴ', "y"),
    // Of America and the Pacific
    ('ƀ', "b"), ('ɨ', "i"), ('ʉ', "u"),
];

/// Where the diacritics are that a name loses, among what is no mark.
#[rustfmt::skip]
const DIACRITICS: [(char, char); 16] = [
    // Latin, Greek and Cyrillic
    ('\u{300}', '\u{36f}'), ('\u{483}', '\u{489}'), ('\u{1ab0}', '\u{1aff}'), ('\u{1dc0}', '\u{1dff}'),
    ('\u{20d0}', '\u{20ff}'), ('\u{2de0}', '\u{2dff}'), ('\u{a66f}', '\u{a67d}'), ('\u{fe20}', '\u{fe2f}'),
    // Hebrew, Arabic, Syriac
    ('\u{591}', '\u{5c7}'), ('\u{fb1e}', '\u{fb1e}'), ('\u{610}', '\u{61a}'), ('\u{64b}', '\u{65f}'),
    ('\u{670}', '\u{670}'), ('\u{6d6}', '\u{6ed}'), ('\u{8ca}', '\u{8ff}'), ('\u{711}', '\u{74a}'),
];

/// `Default_Ignorable_Code_Point` (UAX #44, `DerivedCoreProperties.txt`), which `NFKC_Casefold` drops too.
#[rustfmt::skip]
const INVISIBLE: [(char, char); 17] = [
    ('\u{ad}', '\u{ad}'), ('\u{34f}', '\u{34f}'), ('\u{61c}', '\u{61c}'), ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'), ('\u{180b}', '\u{180f}'), ('\u{200b}', '\u{200f}'), ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'), ('\u{3164}', '\u{3164}'), ('\u{fe00}', '\u{fe0f}'), ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'), ('\u{fff0}', '\u{fff8}'), ('\u{1bca0}', '\u{1bca3}'), ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// The zeros of living scripts; the other nine digits follow each (Unicode, chapter 4.6).
#[rustfmt::skip]
const ZEROS: [char; 21] = [
    // Arabic, Persian and Urdu, N'Ko, Devanagari, Bengali, Gurmukhi, Gujarati, Odia
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    // Tamil, Telugu, Kannada, Malayalam, Sinhala, Thai, Lao, Tibetan
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}', '\u{ed0}', '\u{f20}',
    // Burmese, Khmer, Mongolian, Ol Chiki, Meitei
    '\u{1040}', '\u{17e0}', '\u{1810}', '\u{1c50}', '\u{abf0}',
];

#[cfg(test)]
#[path = "normalise_tests.rs"]
mod tests;
