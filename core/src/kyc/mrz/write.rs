//! Writing a zone, for documents that are made for tests.

use super::check::{check_digit, digit_of, value};
use super::layout::{CODE, ISSUER, Layout, Span};
use super::{Format, Mrz, MrzError, Sex};

impl Mrz {
    /// The zone of these fields: its lines with a line feed between, all check digits right. What is read of it is this, if this is as a zone is
    /// read: without fillers behind a text, without spaces around a name.
    ///
    /// # Errors
    /// A field has a character that it cannot have, or is too long for its place. Names that are too long are to be cut by who knows what of them
    /// matters: section 4.2.3 of parts 4 to 6.
    pub fn write(&self) -> Result<String, MrzError> {
        let layout = Layout::of(self.format);
        let mut page = Page { format: self.format, zone: vec!['<'; layout.length()] };
        let first = self.document_code.chars().next().unwrap_or('<');
        match Format::of(layout.length(), first) {
            Ok(format) if format == self.format => {}
            _ => return Err(page.refused("document code", "it is of no such document")),
        }
        if self.format.is_card() {
            page.put(&CODE, &self.document_code, "document code")?;
        } else {
            page.put_letters(&CODE, &self.document_code, "document code")?;
        }
        page.put_letters(&ISSUER, &self.issuer, "issuer")?;
        page.put_letters(&layout.names, &self.names_written(), "names")?;
        page.put_letters(&layout.nationality, &self.nationality, "nationality")?;
        page.put_checked(&layout.born, &self.born.to_string(), "date of birth")?;
        page.put_checked(&layout.expires, &self.expires.to_string(), "date of expiry")?;
        page.put(&layout.sex, sex(self.sex), "sex")?;
        page.put(&layout.optional_second, &self.optional_second, "second optional data")?;
        match self.number.char_indices().nth(layout.number.len()) {
            Some((middle, _)) if layout.does_number_go_on => {
                let (head, rest) = self.number.split_at(middle);
                let digit = check_digit(&self.number).ok_or_else(|| {
                    page.refused("number", "it has a character that is in no zone")
                })?;
                page.put(&layout.number, head, "number")?;
                if rest.contains('<') {
                    return Err(page.refused("number", "behind its ninth character is a filler"));
                }
                let behind = format!("{rest}{digit}<{}", self.optional);
                page.put(&layout.optional, &behind, "number with the optional data")?;
            }
            _ => {
                page.put_checked(&layout.number, &self.number, "number")?;
                if layout.is_optional_checked && !self.optional.is_empty() {
                    page.put_checked(&layout.optional, &self.optional, "optional data")?;
                } else {
                    page.put(&layout.optional, &self.optional, "optional data")?;
                }
            }
        }
        if let Some((spans, place)) = layout.composite {
            let covered = spans.iter().flat_map(|span| page.get(span).iter().copied());
            let digit = digit_of(covered);
            page.put_digit(place, digit);
        }
        let lines = page.zone.chunks(layout.width).map(|line| line.iter().collect::<String>());
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }

    fn names_written(&self) -> String {
        let primary = self.names.primary.replace(' ', "<");
        if self.names.secondary.is_empty() {
            return primary;
        }
        format!("{primary}<<{}", self.names.secondary.replace(' ', "<"))
    }
}

/// A zone that is being written.
struct Page {
    format: Format,
    zone: Vec<char>,
}

impl Page {
    fn get(&self, span: &Span) -> &[char] {
        self.zone.get(span.clone()).unwrap_or_default()
    }

    fn put(&mut self, span: &Span, text: &str, field: &'static str) -> Result<(), MrzError> {
        let length = text.chars().count();
        if length > span.len() {
            let places = span.len();
            return Err(self.refused(field, format!("{length} characters for {places} places")));
        }
        if let Some(found) = text.chars().find(|character| value(*character).is_none()) {
            let found = found.escape_debug();
            return Err(self.refused(field, format!("`{found}` is in no zone")));
        }
        let places = self.zone.iter_mut().skip(span.start);
        places.zip(text.chars()).for_each(|(place, character)| *place = character);
        Ok(())
    }

    fn put_letters(
        &mut self,
        span: &Span,
        text: &str,
        field: &'static str,
    ) -> Result<(), MrzError> {
        if text.contains(|character: char| character.is_ascii_digit()) {
            return Err(self.refused(field, "it has a digit"));
        }
        self.put(span, text, field)
    }

    /// Writes a field, and its check digit behind it.
    fn put_checked(
        &mut self,
        span: &Span,
        text: &str,
        field: &'static str,
    ) -> Result<(), MrzError> {
        self.put(span, text, field)?;
        let digit = digit_of(self.get(span).iter().copied());
        self.put_digit(span.end, digit);
        Ok(())
    }

    fn put_digit(&mut self, place: usize, digit: Option<u8>) {
        let digit = digit.and_then(|digit| char::from_digit(digit.into(), 10));
        if let (Some(place), Some(digit)) = (self.zone.get_mut(place), digit) {
            *place = digit;
        }
    }

    fn refused(&self, field: &'static str, reason: impl Into<String>) -> MrzError {
        MrzError::Unwritable { field, format: self.format, reason: reason.into() }
    }
}

const fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "F",
        Sex::Male => "M",
        Sex::Unspecified => "<",
    }
}
