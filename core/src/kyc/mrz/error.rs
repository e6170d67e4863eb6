//! What is wrong with a text that is no machine-readable zone, or with fields that cannot be written as one.

use super::Format;

/// Why a text is no zone, or fields make none.
///
/// Lines and columns are those of the zone, from one on, also where it was given in one run. No error has more of the zone than one character.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MrzError {
    /// The text is far longer than a zone.
    #[error("the text has {length} bytes; a zone with its spaces has no more than {most}")]
    TooLong {
        /// Its bytes.
        length: usize,
        /// The most that are taken.
        most: usize,
    },
    /// Number or length of the lines are no format's.
    #[error(
        "the text has {found}; a zone has 3 lines of 30 characters, 2 of 36 or 2 of 44, or all of them in one run"
    )]
    Shape {
        /// The lines and their lengths, such as `2 lines of 44 and 43 characters`.
        found: String,
    },
    /// A character that is in no zone.
    #[error(
        "`{}` in line {line}, column {column}: a zone has `A` to `Z`, `0` to `9` and `<` alone",
        .found.escape_debug()
    )]
    Character {
        /// The character.
        found: char,
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// A character of the zone where it cannot be, such as a digit in a name: it was misread, and no check digit may see it.
    #[error(
        "`{found}` in line {line}, column {column}, in the {field}: only {wanted} can be there"
    )]
    Misplaced {
        /// The character.
        found: char,
        /// The field, in words.
        field: &'static str,
        /// What can be there.
        wanted: &'static str,
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// The first character is of no document of this size.
    #[error("`{found}` in line 1, column 1: zones of this size begin with {wanted}")]
    Document {
        /// The character.
        found: char,
        /// What they begin with.
        wanted: &'static str,
    },
    /// A field that cannot be written.
    #[error("the {field} cannot be written in a {}: {reason}", .format.name())]
    Unwritable {
        /// The field, in words.
        field: &'static str,
        /// The format that was to be written.
        format: Format,
        /// Why.
        reason: String,
    },
}
