//! How wide texts are, and how they are broken into rows.
//!
//! The widths are those of Helvetica in thousandths of its size, as its metrics give them (Adobe's AFM; Arial and Liberation Sans have the same). A reader
//! whose fonts are wider gets the text all the same: each box has an eighth of room. Letters outside ASCII count as wide ones.

/// From the space to the tilde.
const WIDTHS: [i64; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// Of other letters, and of those of East Asia, which fill a square.
const OTHER: i64 = 700;
const SQUARE: i64 = 1000;

/// The width of a text in hundredths of a pixel, with its room, in a font of so many pixels.
pub(super) fn width(text: &str, size: i64) -> i64 {
    let width = text.chars().fold(0_i64, |sum, letter| sum.saturating_add(advance(letter)));
    // Thousandths of the size, times a hundred, and an eighth more.
    width.saturating_mul(size) * 9 / 80
}

fn advance(letter: char) -> i64 {
    let at = usize::try_from(u32::from(letter)).ok().and_then(|code| code.checked_sub(32));
    let narrow = at.and_then(|at| WIDTHS.get(at)).copied();
    narrow.unwrap_or(if u32::from(letter) < 0x1100 { OTHER } else { SQUARE })
}

/// Breaks a text at its spaces into rows of about so many letters; a longer word is broken after a dot, a line or a slash, or anywhere at last.
pub(super) fn wrap(text: &str, most: usize) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = String::new();
    let mut length = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut word = word;
        loop {
            let letters = word.chars().count();
            let room = most.saturating_sub(if length == 0 { 0 } else { length + 1 });
            if letters <= room {
                if length > 0 {
                    row.push(' ');
                    length += 1;
                }
                row.push_str(word);
                length += letters;
                break;
            }
            if length > 0 {
                rows.push(std::mem::take(&mut row));
                length = 0;
                continue;
            }
            let (head, tail) = cut(word, most);
            rows.push(head.to_owned());
            word = tail;
        }
    }
    if length > 0 || rows.is_empty() {
        rows.push(row);
    }
    rows
}

/// The part of a word that fits, and the rest.
fn cut(word: &str, most: usize) -> (&str, &str) {
    let end = word.char_indices().nth(most.max(1)).map_or(word.len(), |(at, _)| at);
    let head = word.get(..end).unwrap_or(word);
    let sign = head.rfind(['.', '_', '-', '/', ',']).map(|at| at + 1).filter(|&at| at * 2 > end);
    word.split_at_checked(sign.unwrap_or(end)).unwrap_or((word, ""))
}

#[cfg(test)]
mod tests {
    use super::{width, wrap};

    #[test]
    fn a_text_is_broken_where_a_reader_would() {
        let cases: [(&str, usize, &[&str]); 6] = [
            ("", 8, &[""]),
            ("in review", 20, &["in review"]),
            ("in review by two people", 10, &["in review", "by two", "people"]),
            ("document.identity.received", 16, &["document.", "identity.", "received"]),
            ("abcdefghij", 4, &["abcd", "efgh", "ij"]),
            ("éééééé", 4, &["éééé", "éé"]),
        ];
        for (text, most, wanted) in cases {
            assert_eq!(wrap(text, most), wanted, "{text}");
        }
    }

    #[test]
    fn widths_are_those_of_the_metrics_and_an_eighth() {
        // 278 + 667 + 500 thousandths of 10 px are 14.45 px.
        assert_eq!(width(" Az", 10), 1445 * 9 / 8);
        assert_eq!(width("", 14), 0);
    }
}
