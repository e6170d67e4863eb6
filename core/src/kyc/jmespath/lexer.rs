//! The words of a JMESPath text, each with the byte where it stands.

use super::fault::Fault;
use crate::value::Value;

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(Box<str>),
    Quoted(Box<str>),
    Literal(Value),
    Number(i64),
    /// `.`
    Dot,
    /// `*`
    Star,
    /// `[`
    Open,
    /// `]`
    Close,
    /// `[?`
    Filter,
    /// `[]`
    Flatten,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `(`
    OpenParenthesis,
    /// `)`
    CloseParenthesis,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `@`
    Current,
    /// `&`
    Expression,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|`
    Pipe,
    /// `!`
    Not,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    End,
}

/// Words that are one thing only, the longer before the shorter that they begin with.
const SIGNS: [(&str, Token); 25] = [
    ("[?", Token::Filter),
    ("[]", Token::Flatten),
    ("&&", Token::And),
    ("||", Token::Or),
    ("==", Token::Equal),
    ("!=", Token::Unequal),
    ("<=", Token::LessEqual),
    (">=", Token::GreaterEqual),
    (".", Token::Dot),
    ("*", Token::Star),
    ("[", Token::Open),
    ("]", Token::Close),
    ("{", Token::OpenBrace),
    ("}", Token::CloseBrace),
    ("(", Token::OpenParenthesis),
    (")", Token::CloseParenthesis),
    (",", Token::Comma),
    (":", Token::Colon),
    ("@", Token::Current),
    ("&", Token::Expression),
    ("|", Token::Pipe),
    ("!", Token::Not),
    ("<", Token::Less),
    (">", Token::Greater),
    // Told apart only to say what is meant.
    ("=", Token::End),
];

/// The words of a text and where they stand; the last is the end.
pub(super) fn words(text: &str) -> Result<Vec<(Token, usize)>, Fault> {
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        at += blank;
        let rest = rest.get(blank..).unwrap_or_default();
        if rest.is_empty() {
            words.push((Token::End, at));
            return Ok(words);
        }
        let (token, length) = word(rest, at)?;
        words.push((token, at));
        at += length;
    }
}

fn word(rest: &str, at: usize) -> Result<(Token, usize), Fault> {
    let first = rest.bytes().next().unwrap_or_default();
    match first {
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
            let other = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
            let length = rest.find(other).unwrap_or(rest.len());
            Ok((Token::Name(rest.get(..length).unwrap_or_default().into()), length))
        }
        b'-' | b'0'..=b'9' => number(rest, at),
        b'"' => {
            let (_, length) = until(rest, '"', at)?;
            let read = Value::from_json(rest.get(..length).unwrap_or_default());
            match read {
                Ok(Value::String(name)) => Ok((Token::Quoted(Box::from(name.as_ref())), length)),
                _ => Err(Fault::new(at, "the name in quotes is no text of JSON")),
            }
        }
        b'\'' => {
            let (inner, length) = until(rest, '\'', at)?;
            Ok((Token::Literal(Value::from(inner.replace("\\'", "'"))), length))
        }
        b'`' => {
            let (inner, length) = until(rest, '`', at)?;
            let read = Value::from_json(&inner.replace("\\`", "`"));
            let told = "there is no JSON between the backticks; a text is written as `\"text\"` in them, or as 'text' without them";
            Ok((Token::Literal(read.map_err(|_| Fault::new(at, told))?), length))
        }
        b'=' if !rest.starts_with("==") => Err(Fault::new(at, "`=` compares nothing; write `==`")),
        _ => match SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            Some((sign, token)) => Ok((token.clone(), sign.len())),
            None => {
                let found = rest.chars().next().unwrap_or_default();
                Err(Fault::new(at, format!("`{found}` has no meaning here")))
            }
        },
    }
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), Fault> {
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let length = rest.len() - digits.len() + count;
    if count == 0 {
        return Err(Fault::new(at, "`-` stands before digits only; there is no subtraction"));
    }
    let number = rest.get(..length).unwrap_or_default().parse();
    let number = number.map_err(|_| Fault::new(at, "the index has too many digits"))?;
    Ok((Token::Number(number), length))
}

/// What stands between a delimiter and its next that no backslash is before, and how long it is with both.
fn until(rest: &str, delimiter: char, at: usize) -> Result<(&str, usize), Fault> {
    let mut escaped = false;
    for (index, character) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == delimiter {
            return Ok((rest.get(1..index).unwrap_or_default(), index + 1));
        }
    }
    Err(Fault::new(at, format!("what begins with {delimiter} has no end")))
}
