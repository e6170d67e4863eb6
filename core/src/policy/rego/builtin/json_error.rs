//! Why a text is no JSON, in the words of Go's decoder, which policies and their tests know.

/// What is wrong with a text; none if nothing is that the grammar knows of.
pub(super) fn explain(text: &str) -> Option<String> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, open: Vec::new() };
    let found = reader.value().and_then(|()| reader.after(text));
    match found {
        Ok(after) => {
            after.map(|token| format!("error: invalid character '{token}' after top-level value"))
        }
        Err(Stop::End) if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() => {
            Some("EOF".to_owned())
        }
        Err(Stop::End) => Some("unexpected EOF".to_owned()),
        Err(Stop::Wrong(what)) => Some(what),
    }
}

enum Stop {
    End,
    Wrong(String),
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Brackets that are open.
    open: Vec<u8>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        self.peek()
    }

    /// The next byte that is no space, which is not taken yet.
    fn next(&mut self) -> Result<u8, Stop> {
        self.skip_space().ok_or(Stop::End)
    }

    fn wrong(&self, place: &str) -> Stop {
        let byte = self.peek().unwrap_or(0);
        Stop::Wrong(format!("invalid character {} {place}", quoted(byte)))
    }

    /// One value, with all that is in it.
    fn value(&mut self) -> Result<(), Stop> {
        loop {
            let byte = self.next()?;
            match byte {
                b'{' | b'[' => {
                    self.at += 1;
                    let close = if byte == b'{' { b'}' } else { b']' };
                    self.open.push(close);
                    if self.next()? != close {
                        if byte == b'{' {
                            self.key()?;
                        }
                        continue;
                    }
                }
                b'"' => self.string()?,
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.literal("true")?,
                b'f' => self.literal("false")?,
                b'n' => self.literal("null")?,
                _ => return Err(self.wrong("looking for beginning of value")),
            }
            if !self.goes_on()? {
                return Ok(());
            }
        }
    }

    /// The token behind the whole, by which Go tells that there is one.
    fn after(&mut self, text: &str) -> Result<Option<String>, Stop> {
        let Some(byte) = self.skip_space() else {
            return Ok(None);
        };
        let start = self.at;
        match byte {
            b'{' | b'[' => return Ok(Some(char::from(byte).to_string())),
            b'"' => self.string()?,
            b'-' | b'0'..=b'9' => self.number()?,
            b't' => self.literal("true")?,
            b'f' => self.literal("false")?,
            b'n' => self.literal("null")?,
            _ => return Err(self.wrong("looking for beginning of value")),
        }
        let token = text.get(start..self.at).unwrap_or_default();
        Ok(Some(token.trim_matches('"').to_owned()))
    }

    /// Behind a value: whether another follows.
    fn goes_on(&mut self) -> Result<bool, Stop> {
        while let Some(close) = self.open.last().copied() {
            let byte = self.next()?;
            if byte == b',' {
                self.at += 1;
                if close == b'}' {
                    self.key()?;
                }
                return Ok(true);
            }
            if byte != close {
                let object = close == b'}';
                let place =
                    if object { "after object key:value pair" } else { "after array element" };
                return Err(self.wrong(place));
            }
            self.at += 1;
            self.open.pop();
        }
        Ok(false)
    }

    fn key(&mut self) -> Result<(), Stop> {
        if self.next()? != b'"' {
            return Err(self.wrong("looking for beginning of object key string"));
        }
        self.string()?;
        if self.next()? != b':' {
            return Err(self.wrong("after object key"));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), Stop> {
        self.at += 1;
        loop {
            match self.peek().ok_or(Stop::End)? {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => {
                    self.at += 1;
                    match self.peek().ok_or(Stop::End)? {
                        b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => {}
                        b'u' => {
                            for _ in 0..4 {
                                self.at += 1;
                                if !self.peek().ok_or(Stop::End)?.is_ascii_hexdigit() {
                                    return Err(self.wrong("in \\u hexadecimal character escape"));
                                }
                            }
                        }
                        _ => return Err(self.wrong("in string escape code")),
                    }
                }
                ..0x20 => return Err(self.wrong("in string literal")),
                _ => {}
            }
            self.at += 1;
        }
    }

    fn number(&mut self) -> Result<(), Stop> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn digits(&mut self, place: &str) -> Result<(), Stop> {
        if !self.peek().ok_or(Stop::End)?.is_ascii_digit() {
            return Err(self.wrong(place));
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn literal(&mut self, word: &str) -> Result<(), Stop> {
        for expected in word.bytes() {
            if self.peek().ok_or(Stop::End)? != expected {
                let expected = char::from(expected);
                return Err(self.wrong(&format!("in literal {word} (expecting '{expected}')")));
            }
            self.at += 1;
        }
        Ok(())
    }
}

/// A byte, taken for a character, in quotes.
fn quoted(byte: u8) -> String {
    super::gofmt::quote(char::from(byte).encode_utf8(&mut [0; 4]), '\'', false)
}

#[cfg(test)]
#[path = "json_error_tests.rs"]
mod tests;
