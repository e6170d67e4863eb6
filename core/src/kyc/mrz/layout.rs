//! Where each field of a zone is: ICAO Doc 9303, part 4 (TD3), part 5 (TD1) and part 6 (TD2), each in section 4.2, and part 7 (visas).

use std::ops::Range;

use super::{Format, MrzError};

/// A field's place in the zone, its lines one behind the other.
pub(super) type Span = Range<usize>;

/// A format's places. Document code and issuer are the first two and the next three characters of all.
pub(super) struct Layout {
    /// Characters of a line.
    pub(super) width: usize,
    /// Lines.
    pub(super) lines: usize,
    pub(super) names: Span,
    pub(super) number: Span,
    pub(super) nationality: Span,
    pub(super) born: Span,
    pub(super) sex: Span,
    pub(super) expires: Span,
    /// Of TD3 the personal number.
    pub(super) optional: Span,
    /// Of TD1 what the middle line has.
    pub(super) optional_second: Span,
    /// Whether the optional data have a check digit of their own behind them: in TD3 alone.
    pub(super) is_optional_checked: bool,
    /// Whether a number that is longer than its field goes on in the optional data: in TD1 and TD2 (part 5, note j; part 6, note j).
    pub(super) does_number_go_on: bool,
    /// What the last check digit is over, and where it is; visas have none.
    pub(super) composite: Option<(&'static [Span], usize)>,
}

pub(super) const CODE: Span = 0..2;
pub(super) const ISSUER: Span = 2..5;

const TD1: Layout = Layout {
    width: 30,
    lines: 3,
    names: 60..90,
    number: 5..14,
    nationality: 45..48,
    born: 30..36,
    sex: 37..38,
    expires: 38..44,
    optional: 15..30,
    optional_second: 48..59,
    is_optional_checked: false,
    does_number_go_on: true,
    composite: Some((&[5..30, 30..37, 38..45, 48..59], 59)),
};

const TD2: Layout = Layout {
    does_number_go_on: true,
    composite: Some((&[36..46, 49..56, 57..71], 71)),
    ..two_lines(36, 35)
};

const TD3: Layout = Layout {
    is_optional_checked: true,
    composite: Some((&[44..54, 57..64, 65..87], 87)),
    ..two_lines(44, 42)
};

const MRV_A: Layout = two_lines(44, 44);
const MRV_B: Layout = two_lines(36, 36);

/// What all formats of two lines share; the optional data end at a column of the lower line.
const fn two_lines(width: usize, optional: usize) -> Layout {
    Layout {
        width,
        lines: 2,
        names: 5..width,
        number: width..width + 9,
        nationality: width + 10..width + 13,
        born: width + 13..width + 19,
        sex: width + 20..width + 21,
        expires: width + 21..width + 27,
        optional: width + 28..width + optional,
        optional_second: 0..0,
        is_optional_checked: false,
        does_number_go_on: false,
        composite: None,
    }
}

impl Layout {
    pub(super) const fn of(format: Format) -> &'static Self {
        match format {
            Format::Td1 => &TD1,
            Format::Td2 => &TD2,
            Format::Td3 => &TD3,
            Format::MrvA => &MRV_A,
            Format::MrvB => &MRV_B,
        }
    }

    /// Its characters.
    pub(super) const fn length(&self) -> usize {
        self.width * self.lines
    }
}

impl Format {
    /// Of the number of characters and the first one, which is the document's kind: `P` of a passport (part 4), `V` of a visa (part 7), `A`, `C`
    /// and `I` of official documents (parts 5 and 6).
    pub(super) const fn of(length: usize, first: char) -> Result<Self, MrzError> {
        let wanted = match (length, first) {
            (90, 'A' | 'C' | 'I') => return Ok(Self::Td1),
            (72, 'A' | 'C' | 'I') => return Ok(Self::Td2),
            (88, 'P') => return Ok(Self::Td3),
            (88, 'V') => return Ok(Self::MrvA),
            (72, 'V') => return Ok(Self::MrvB),
            (90, _) => "`A`, `C` or `I`",
            (72, _) => "`A`, `C`, `I`, or `V` for a visa",
            _ => "`P` for a passport, or `V` for a visa",
        };
        Err(MrzError::Document { found: first, wanted })
    }

    /// Whether the second character of the code is the issuer's to choose, so that it may be a digit (parts 5 and 6).
    pub(super) const fn is_card(self) -> bool {
        matches!(self, Self::Td1 | Self::Td2)
    }
}
