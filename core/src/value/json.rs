//! JSON's text read into values: exact numbers, bounded depth, of equal keys the last, or none where that matters.

use std::collections::BTreeSet;

use super::number::{Number, NumberError};
use super::{DEPTH, Value};

/// A text that is no JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text ends too early.
    #[error("unexpected end of JSON input")]
    End,
    /// What stands there does not belong there.
    #[error("invalid character at byte {at}")]
    Unexpected {
        /// Where, in bytes from the start.
        at: usize,
    },
    /// Arrays and objects in one another are more than [`DEPTH`].
    #[error("nests deeper than {DEPTH}")]
    Deep,
    /// One object has a key twice, where that is refused.
    #[error("has the key `{key}` twice in one object, at byte {at}")]
    Twice {
        /// The key, of which at most 64 characters are shown.
        key: String,
        /// Where it stands again, in bytes from the start.
        at: usize,
    },
    /// A number out of bounds.
    #[error(transparent)]
    Number(#[from] NumberError),
}

/// How much of a key is shown.
const SHOWN: usize = 64;

impl Value {
    /// Of JSON's text in which no object has a key twice, however the key is written: what is asked of a decision, so that nobody who reads
    /// the text before it takes one value, and the decision the other.
    ///
    /// [`Value::from_json`] takes the last, as `json.unmarshal` and documents do.
    ///
    /// ```
    /// use thalium::policy::rego::Value;
    ///
    /// let input = r#"{"role": "teller", "r\u006fle": "admin"}"#;
    /// assert_eq!(Value::from_json(input)?.to_json(), r#"{"role":"admin"}"#);
    /// let told = Value::from_json_strict(input).unwrap_err().to_string();
    /// assert_eq!(told, "has the key `role` twice in one object, at byte 19");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Value::from_json`], or an object has a key twice.
    pub fn from_json_strict(json: &str) -> Result<Self, JsonError> {
        read(json, Keys::Once)
    }
}

/// Reads one value and nothing after it but white space; of equal keys the last counts.
pub(crate) fn parse(text: &str) -> Result<Value, JsonError> {
    read(text, Keys::Last)
}

/// What holds of a key that stands twice in one object.
#[derive(Clone, Copy, PartialEq)]
enum Keys {
    /// The last counts.
    Last,
    /// It is refused.
    Once,
}

fn read(text: &str, keys: Keys) -> Result<Value, JsonError> {
    let mut reader = Reader { text, at: 0, keys };
    let value = reader.value(0)?;
    reader.space();
    if reader.at < text.len() { Err(reader.unexpected()) } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    keys: Keys,
}

impl Reader<'_> {
    fn value(&mut self, depth: u32) -> Result<Value, JsonError> {
        if depth >= DEPTH {
            return Err(JsonError::Deep);
        }
        self.space();
        match self.peek().ok_or(JsonError::End)? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string().map(Value::from),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn object(&mut self, depth: u32) -> Result<Value, JsonError> {
        self.at += 1;
        let (mut pairs, mut keys) = (Vec::new(), BTreeSet::new());
        if self.closes(b'}') {
            return Ok(Value::object(pairs));
        }
        loop {
            self.space();
            let at = self.at;
            let key = Value::from(self.string()?);
            if self.keys == Keys::Once && !keys.insert(key.clone()) {
                let key = key.as_str().unwrap_or_default().chars().take(SHOWN).collect();
                return Err(JsonError::Twice { key, at });
            }
            self.space();
            self.eat(b':')?;
            pairs.push((key, self.value(depth + 1)?));
            if self.closes(b'}') {
                return Ok(Value::object(pairs));
            }
            self.eat(b',')?;
        }
    }

    fn array(&mut self, depth: u32) -> Result<Value, JsonError> {
        self.at += 1;
        let mut items = Vec::new();
        if self.closes(b']') {
            return Ok(Value::array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.closes(b']') {
                return Ok(Value::array(items));
            }
            self.eat(b',')?;
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.eat(b'"')?;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let run = rest
                .find(|c: char| c == '"' || c == '\\' || u32::from(c) < 0x20)
                .ok_or(JsonError::End)?;
            out.push_str(rest.get(..run).unwrap_or_default());
            self.at += run;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return Err(self.unexpected()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        self.at += 1;
        let letter = self.peek().ok_or(JsonError::End)?;
        let plain = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(plain)
    }

    /// `\uXXXX` after the `u`; a half of a surrogate pair without its other is U+FFFD.
    fn unicode(&mut self) -> Result<char, JsonError> {
        let first = self.hex()?;
        if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            let second = self.hex()?;
            if (0xDC00..0xE000).contains(&second) {
                let point = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(JsonError::End)?;
        let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let point = u32::from_str_radix(digits, 16).ok().filter(|_| plain);
        let point = point.ok_or_else(|| self.unexpected())?;
        self.at += 4;
        Ok(point)
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(rest.len());
        let number = Number::parse(rest.get(..end).unwrap_or_default()).map_err(|error| {
            if error == NumberError::Malformed { self.unexpected() } else { error.into() }
        })?;
        self.at += end;
        Ok(Value::Number(number))
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        if !self.rest().starts_with(word) {
            return Err(self.unexpected());
        }
        self.at += word.len();
        Ok(value)
    }

    fn closes(&mut self, bracket: u8) -> bool {
        self.space();
        let closes = self.peek() == Some(bracket);
        self.at += usize::from(closes);
        closes
    }

    fn eat(&mut self, byte: u8) -> Result<(), JsonError> {
        match self.peek() {
            Some(found) if found == byte => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(self.unexpected()),
            None => Err(JsonError::End),
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    const fn unexpected(&self) -> JsonError {
        JsonError::Unexpected { at: self.at }
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
