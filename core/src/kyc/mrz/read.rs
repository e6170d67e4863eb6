//! Reading a zone.

use super::check::{digit_of, value};
use super::layout::{CODE, ISSUER, Layout, Span};
use super::{Check, Checked, Format, Mrz, MrzDate, MrzError, Names, Sex};

/// The longest text that is read, in bytes.
pub const TEXT: usize = 1024;

impl Mrz {
    /// Reads a zone: its lines, or all of it in one run. Spaces around lines and empty lines do not count. Capitals only: what a camera reads is to
    /// be made so by who knows the camera.
    ///
    /// A check digit that does not hold is no error: [`checks`](Mrz::checks) tells it.
    ///
    /// # Errors
    /// The text has no format's lines, or a character where the standard has none such: a digit in a name, a letter in a date, a sex other than
    /// `M`, `F` and `<`. The error tells line and column.
    pub fn read(text: &str) -> Result<Self, MrzError> {
        let zone = Zone::of(text)?;
        let layout = zone.layout;
        if !zone.format.is_card() {
            zone.letters(&CODE, "document code")?;
        }
        zone.letters(&ISSUER, "issuer")?;
        zone.letters(&layout.names, "names")?;
        zone.letters(&layout.nationality, "nationality")?;
        let born = zone.date(&layout.born, "date of birth")?;
        let expires = zone.date(&layout.expires, "date of expiry")?;
        let (number, optional, is_number_good) = zone.number();
        let mut checks = vec![
            Check { field: Checked::Number, is_good: is_number_good },
            Check { field: Checked::Born, is_good: zone.is_good(&layout.born) },
            Check { field: Checked::Expires, is_good: zone.is_good(&layout.expires) },
        ];
        if layout.is_optional_checked {
            // Of a number that is not there the digit may be a filler: part 4, section 4.2.2.2.
            let is_good = zone.is_good(&layout.optional)
                || optional.is_empty() && zone.after(&layout.optional) == Some('<');
            checks.push(Check { field: Checked::Optional, is_good });
        }
        if let Some((spans, place)) = layout.composite {
            let characters = spans.iter().flat_map(|span| zone.get(span).chars());
            let is_good = is_digit(zone.at(place), digit_of(characters));
            checks.push(Check { field: Checked::Composite, is_good });
        }
        Ok(Self {
            format: zone.format,
            document_code: zone.trimmed(&CODE).to_owned(),
            issuer: zone.get(&ISSUER).to_owned(),
            number,
            names: names(zone.get(&layout.names)),
            nationality: zone.get(&layout.nationality).to_owned(),
            born,
            sex: zone.sex()?,
            expires,
            optional,
            optional_second: zone.trimmed(&layout.optional_second).to_owned(),
            checks,
        })
    }
}

/// A text of the length of a format, in characters of the standard.
struct Zone {
    format: Format,
    layout: &'static Layout,
    text: String,
}

impl Zone {
    fn of(text: &str) -> Result<Self, MrzError> {
        if text.len() > TEXT {
            return Err(MrzError::TooLong { length: text.len(), most: TEXT });
        }
        let lines: Vec<&str> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let lengths: Vec<usize> = lines.iter().map(|line| line.chars().count()).collect();
        let width = match *lengths.as_slice() {
            [30, 30, 30] | [90] => 30,
            [36, 36] | [72] => 36,
            [44, 44] | [88] => 44,
            _ => return Err(MrzError::Shape { found: shape(&lengths) }),
        };
        let text = lines.concat();
        for (at, found) in text.chars().enumerate() {
            if value(found).is_none() {
                return Err(MrzError::Character {
                    found,
                    line: at / width + 1,
                    column: at % width + 1,
                });
            }
        }
        let format = Format::of(text.len(), text.chars().next().unwrap_or('<'))?;
        Ok(Self { format, layout: Layout::of(format), text })
    }

    fn get(&self, span: &Span) -> &str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    fn trimmed(&self, span: &Span) -> &str {
        self.get(span).trim_end_matches('<')
    }

    fn at(&self, place: usize) -> Option<char> {
        self.get(&(place..place + 1)).chars().next()
    }

    /// What stands behind a field: its check digit.
    fn after(&self, span: &Span) -> Option<char> {
        self.at(span.end)
    }

    fn is_good(&self, span: &Span) -> bool {
        is_digit(self.after(span), digit_of(self.get(span).chars()))
    }

    /// The number, the optional data without what is of the number, and whether the number's check digit holds.
    ///
    /// A number of more than nine characters has a filler for its check digit; the rest of it, the check digit over all of it, and a filler stand
    /// first in the optional data.
    fn number(&self) -> (String, String, bool) {
        let (number, optional) = (self.get(&self.layout.number), self.get(&self.layout.optional));
        let is_long = self.layout.does_number_go_on && self.after(&self.layout.number) == Some('<');
        if is_long && let Some((rest, behind)) = optional.split_once('<') {
            let mut rest = rest.chars();
            let check = rest.next_back();
            if !rest.as_str().is_empty() {
                let number = format!("{number}{}", rest.as_str());
                let is_good = is_digit(check, digit_of(number.chars()));
                return (number, behind.trim_end_matches('<').to_owned(), is_good);
            }
        }
        let written = |text: &str| text.trim_end_matches('<').to_owned();
        (written(number), written(optional), self.is_good(&self.layout.number))
    }

    fn sex(&self) -> Result<Sex, MrzError> {
        match self.get(&self.layout.sex) {
            "F" => Ok(Sex::Female),
            "M" => Ok(Sex::Male),
            "<" => Ok(Sex::Unspecified),
            _ => Err(self.misplaced(
                self.layout.sex.start,
                "sex",
                "`M`, `F`, or `<` for what is not told",
            )),
        }
    }

    fn date(&self, span: &Span, field: &'static str) -> Result<MrzDate, MrzError> {
        let written = self.get(span);
        MrzDate::of(written).ok_or_else(|| {
            let offset = written.find(|c: char| !c.is_ascii_digit() && c != '<');
            let place = span.start + offset.unwrap_or_default();
            self.misplaced(place, field, "a digit, or `<` for one that is unknown,")
        })
    }

    fn letters(&self, span: &Span, field: &'static str) -> Result<(), MrzError> {
        match self.get(span).find(|c: char| c.is_ascii_digit()) {
            None => Ok(()),
            Some(offset) => Err(self.misplaced(span.start + offset, field, "a letter or `<`")),
        }
    }

    fn misplaced(&self, place: usize, field: &'static str, wanted: &'static str) -> MrzError {
        let width = self.layout.width;
        let found = self.at(place).unwrap_or('<');
        let (line, column) = (place / width + 1, place % width + 1);
        MrzError::Misplaced { found, field, wanted, line, column }
    }
}

/// Whether a character is the digit.
fn is_digit(character: Option<char>, digit: Option<u8>) -> bool {
    digit.is_some()
        && character.and_then(|character| character.to_digit(10)) == digit.map(u32::from)
}

/// Primary and secondary identifier have two fillers between them, their parts one. A name without two is all primary: part 5, section 4.2.3.5.
fn names(field: &str) -> Names {
    let (primary, secondary) = field.split_once("<<").unwrap_or((field, ""));
    let parts =
        |text: &str| text.split('<').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    Names {
        primary: parts(primary),
        secondary: parts(secondary),
        is_truncated: !field.ends_with('<'),
    }
}

/// Lines in words, of many the first few.
fn shape(lengths: &[usize]) -> String {
    let told: Vec<String> = lengths.iter().take(4).map(ToString::to_string).collect();
    match lengths {
        [] => "no characters".to_owned(),
        [length] => format!("1 line of {length} characters"),
        _ => {
            let more = if lengths.len() > told.len() { " and more" } else { "" };
            format!("{} lines of {}{more} characters", lengths.len(), told.join(", "))
        }
    }
}
