//! The machine-readable zone of travel documents: [ICAO Doc 9303](https://www.icao.int/publications/doc-series/doc-9303), parts 3 to 7.
//!
//! Passports (TD3), cards (TD1, TD2) and visas (MRV-A, MRV-B): [`Mrz::read`] reads the text that a scanner or a camera made of a zone, tells each
//! check digit that does not hold, and never repairs or guesses. It proves that a zone was read as it was printed, not that the document is real.
//!
//! It is our own because no crate was found that is kept and gives the standard's answers. Looked at on 2026-11-30, and run on the standard's
//! specimens, on its rules of fillers, long numbers and names, and on hostile texts; `docs/mrz.md` has all of it:
//!
//! - `mrz` 0.9.1 (MIT, no dependencies, 21 versions in the ten weeks to 2026-09-29) reads all specimens. But it makes a given name of the second part
//!   of a name that has none, against the example of part 5, section 4.2.3.5; takes `<` for a good check digit of dates, and of a personal number
//!   that is there; lets passport numbers go on in the personal number, which part 4 does not know; and puts every expiry after 2000.
//! - `mrtd` 0.5.2 has neither TD2 nor visas nor long numbers, refuses dates with unknown parts, and reads the clock.
//! - `mrz-parser` 0.3.5 refuses dates with unknown parts, takes optional data for a part of a long number, makes letters of a date digits, and reads
//!   the clock.

mod check;
mod date;
mod error;
mod layout;
mod read;
mod write;

use chrono::NaiveDate;

pub use check::check_digit;
pub use date::MrzDate;
pub use error::MrzError;
pub use read::TEXT;

use crate::value::Value;

/// A zone that was read, or is to be written.
///
/// It is personal data throughout: seal what you keep of it.
///
/// ```
/// use chrono::NaiveDate;
/// use thalium::kyc::mrz::{Format, Mrz, Status};
///
/// let zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
///             L898902C36UTO7408122F1204159ZE184226B<<<<<10";
/// let passport = Mrz::read(zone)?;
/// assert!(passport.is_valid());
/// assert_eq!((passport.format, passport.number.as_str()), (Format::Td3, "L898902C3"));
/// assert_eq!(passport.names.primary, "ERIKSSON");
/// let today = NaiveDate::from_ymd_opt(2012, 4, 15).unwrap();
/// assert_eq!(passport.born_on(today), NaiveDate::from_ymd_opt(1974, 8, 12));
/// assert_eq!(passport.status(today), Status::Valid);
/// # Ok::<(), thalium::kyc::mrz::MrzError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mrz {
    /// The format, which size and first character tell.
    pub format: Format,
    /// The kind of document: one or two letters, such as `P`, `PD`, `I`, `V`. The second is the issuer's, in passports from 2026 on part 4's; of a card
    /// it may be a digit, as in the `C1` and `C2` of permanent residents of the United States.
    pub document_code: String,
    /// Who issued it: three letters as they stand, such as `UTO`, and `D<<` for Germany. Part 3, section 5 lists them; most are those of ISO 3166-1.
    pub issuer: String,
    /// The number without the fillers behind it; spaces and signs within are `<`. Of TD1 and TD2 with what goes on in the optional data.
    pub number: String,
    /// The holder's names.
    pub names: Names,
    /// The holder's nationality, in three letters as they stand.
    pub nationality: String,
    /// The holder's date of birth.
    pub born: MrzDate,
    /// The holder's sex.
    pub sex: Sex,
    /// The last day on which it is valid.
    pub expires: MrzDate,
    /// What the issuer added, without the fillers behind it: of TD3 the personal number, of TD1 what the upper line has.
    pub optional: String,
    /// What the issuer added in the middle line of TD1, and nothing in other formats.
    pub optional_second: String,
    /// Each check digit of the format and whether it holds. Writing computes them, whatever is here.
    pub checks: Vec<Check>,
}

/// The formats. TD are travel documents, MRV visas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A card with three lines of 30 characters: part 5.
    Td1,
    /// A larger card with two lines of 36 characters: part 6.
    Td2,
    /// A passport, two lines of 44 characters: part 4.
    Td3,
    /// A visa, two lines of 44 characters: part 7.
    MrvA,
    /// A smaller visa, two lines of 36 characters: part 7.
    MrvB,
}

impl Format {
    /// Its name in the standard, such as `TD1`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Td1 => "TD1",
            Self::Td2 => "TD2",
            Self::Td3 => "TD3",
            Self::MrvA => "MRV-A",
            Self::MrvB => "MRV-B",
        }
    }
}

/// The names in letters of the zone, their parts with a space between: hyphens are spaces, apostrophes are gone (part 3, section 4.6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The primary identifier: mostly the surname. Of a name that is not divided all of it.
    pub primary: String,
    /// The secondary identifier: mostly the given names. Empty if there is none.
    pub secondary: String,
    /// Whether they may be cut short: the last place for names has a letter. Then it has to be assumed, though they may just fit (section 4.2.3 of
    /// parts 4 to 6).
    pub is_truncated: bool,
}

/// The holder's sex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// `F`.
    Female,
    /// `M`.
    Male,
    /// `<`: the issuer does not tell.
    Unspecified,
}

impl Sex {
    /// Its name, such as `female`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Unspecified => "unspecified",
        }
    }
}

/// A check digit and whether it is that of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Check {
    /// What it is over.
    pub field: Checked,
    /// Whether it holds.
    pub is_good: bool,
}

/// What has a check digit. Names, issuer, nationality and sex have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Checked {
    /// The document's number.
    Number,
    /// The date of birth.
    Born,
    /// The date of expiry.
    Expires,
    /// The optional data of TD3, which are mostly a personal number.
    Optional,
    /// Number, dates and optional data together with their check digits; visas have none.
    Composite,
}

impl Checked {
    /// Its name in values, such as `number`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Born => "born",
            Self::Expires => "expires",
            Self::Optional => "optional",
            Self::Composite => "composite",
        }
    }
}

/// Whether a document has expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It has not: the last day of validity counts.
    Valid,
    /// It has.
    Expired,
    /// Its expiry is no day that is known.
    Unknown,
}

impl Status {
    /// Its name, such as `expired`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
        }
    }
}

impl Mrz {
    /// Whether all check digits hold. It says nothing of expiry: that is [`Mrz::status`].
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.checks.iter().all(|check| check.is_good)
    }

    /// The day of birth: the last such day up to a given one, so that who is older than a hundred years is taken for a child. `None` if a part is
    /// unknown, or it is no day.
    ///
    /// The standard has no rule for centuries: this is ours.
    #[must_use]
    pub fn born_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.born.not_after(today)
    }

    /// The last day of validity: such a day less than fifty years before a given one, or at most fifty after it. `None` if a part is unknown, or it
    /// is no day.
    ///
    /// The standard has no rule for centuries: this is ours.
    #[must_use]
    pub fn expires_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.expires.near(today)
    }

    /// Whether it has expired on a given day.
    #[must_use]
    pub fn status(&self, today: NaiveDate) -> Status {
        match self.expires_on(today) {
            Some(day) if today <= day => Status::Valid,
            Some(_) => Status::Expired,
            None => Status::Unknown,
        }
    }

    /// All of it as a value, for evidence and for a case's context. Days are `YYYY-MM-DD`, or null where [`Mrz::born_on`] or [`Mrz::expires_on`] has
    /// none; `born_written` and `expires_written` are the six characters. `checks` has `true` for each check digit that holds.
    #[must_use]
    pub fn to_value(&self, today: NaiveDate) -> Value {
        let day = |day: Option<NaiveDate>| day.map_or(Value::Null, |day| day.to_string().into());
        let text = |text: &String| Value::from(text.as_str());
        let optional = [&self.optional, &self.optional_second];
        let names = Value::fields([
            ("primary", text(&self.names.primary)),
            ("secondary", text(&self.names.secondary)),
            ("is_truncated", self.names.is_truncated.into()),
        ]);
        let checks = self.checks.iter().map(|check| (check.field.name(), check.is_good.into()));
        Value::fields([
            ("format", self.format.name().into()),
            ("document_code", text(&self.document_code)),
            ("issuer", text(&self.issuer)),
            ("number", text(&self.number)),
            ("names", names),
            ("nationality", text(&self.nationality)),
            ("born", day(self.born_on(today))),
            ("born_written", self.born.to_string().into()),
            ("sex", self.sex.name().into()),
            ("expires", day(self.expires_on(today))),
            ("expires_written", self.expires.to_string().into()),
            ("status", self.status(today).name().into()),
            (
                "optional",
                Value::array(optional.into_iter().filter(|one| !one.is_empty()).map(text)),
            ),
            ("checks", Value::fields(checks)),
            ("is_valid", self.is_valid().into()),
        ])
    }
}

#[cfg(test)]
#[path = "mrz_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "property_tests.rs"]
mod property_tests;
