//! A policy's text as tokens.

use std::sync::Arc;

use super::error::{Place, Refusal, Refused};
use super::number::Number;
use super::value::Value;

/// The longest text of a module, in bytes.
pub(super) const SOURCE: usize = 4 << 20;

/// How deep template strings nest.
const TEMPLATES: u32 = 16;

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) at: Place,
    pub(super) kind: TokenKind,
    /// Whether it stands directly after the token before it.
    pub(super) adjacent: bool,
    /// Whether a line ends between it and the token before it.
    pub(super) newline: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A name or a keyword.
    Word(Arc<str>),
    Scalar(Value),
    Template(Vec<TemplatePart>),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

#[derive(Clone, Debug)]
pub(super) enum TemplatePart {
    Text(Arc<str>),
    Tokens(Vec<Token>),
}

impl PartialEq for TemplatePart {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// A comment: its place, and its text after the sign.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    pub(super) at: Place,
    pub(super) text: String,
    /// Whether nothing else stands on its line.
    pub(super) alone: bool,
}

/// Longer signs first, so that the longest is taken.
const SIGNS: [&str; 27] = [
    ":=", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ",", ";", ":", ".", "=", "<", ">",
    "+", "-", "*", "/", "%", "&", "|", "$", "!",
];

/// The tokens, ended by [`TokenKind::End`], and the comments.
pub(super) fn lex(source: &str) -> Result<(Vec<Token>, Vec<Comment>), Refusal> {
    let mut lexer =
        Lexer { source, at: 0, place: Place { row: 1, column: 1 }, comments: Vec::new() };
    if source.len() > SOURCE {
        return Err(lexer.refuse("the module is too long"));
    }
    let tokens = lexer.tokens(0)?;
    Ok((tokens, lexer.comments))
}

/// The comments of a module that was read before: the row of each, and its text after the sign.
pub(in crate::policy) fn comments(source: &str) -> impl Iterator<Item = (u32, String)> {
    let comments = lex(source).map(|(_, comments)| comments).unwrap_or_default();
    comments.into_iter().map(|comment| (comment.at.row, comment.text))
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    place: Place,
    comments: Vec<Comment>,
}

impl Lexer<'_> {
    /// To the end of the text; within a template to the brace that closes the expression, which it takes.
    fn tokens(&mut self, depth: u32) -> Result<Vec<Token>, Refusal> {
        let mut tokens: Vec<Token> = Vec::new();
        let mut braces = 0u32;
        loop {
            let (row, start) = (self.place.row, self.at);
            self.space(tokens.is_empty() || tokens.last().is_some_and(|t| t.at.row < row))?;
            let (adjacent, newline) = (self.at == start, self.place.row > row);
            let at = self.place;
            let kind = match self.peek() {
                None if depth > 0 => return Err(self.refuse("unterminated template expression")),
                None => TokenKind::End,
                Some('}') if depth > 0 && braces == 0 => {
                    self.bump();
                    tokens.push(Token { at, kind: TokenKind::End, adjacent, newline });
                    return Ok(tokens);
                }
                Some(_) => self.token(depth)?,
            };
            match kind {
                TokenKind::Sign("{") => braces += 1,
                TokenKind::Sign("}") => braces = braces.saturating_sub(1),
                _ => {}
            }
            let end = kind == TokenKind::End;
            tokens.push(Token { at, kind, adjacent, newline });
            if end {
                return Ok(tokens);
            }
        }
    }

    fn token(&mut self, depth: u32) -> Result<TokenKind, Refusal> {
        let first = self.peek().unwrap_or_default();
        if first == '_' || first.is_ascii_alphabetic() {
            return Ok(TokenKind::Word(self.run(|c| c == '_' || c.is_ascii_alphanumeric())));
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        match first {
            '"' => return Ok(TokenKind::Scalar(Value::from(self.string()?))),
            '`' => {
                self.bump();
                let text = self.run(|c| c != '`');
                self.take('`')?;
                return Ok(TokenKind::Scalar(Value::String(text)));
            }
            _ => {}
        }
        if self.rest().starts_with("$\"") || self.rest().starts_with("$`") {
            return self.template(depth);
        }
        let sign = SIGNS.iter().find(|sign| self.rest().starts_with(**sign));
        let sign = *sign.ok_or_else(|| self.refuse(format!("illegal token `{first}`")))?;
        for _ in 0..sign.len() {
            self.bump();
        }
        Ok(TokenKind::Sign(sign))
    }

    fn number(&mut self) -> Result<TokenKind, Refusal> {
        let start = self.at;
        self.run(|c| c.is_ascii_digit());
        if self.peek() == Some('.') && self.peek_second().is_some_and(|c| c.is_ascii_digit()) {
            self.bump();
            self.run(|c| c.is_ascii_digit());
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.bump();
            if matches!(self.peek(), Some('+' | '-')) {
                self.bump();
            }
            self.run(|c| c.is_ascii_digit());
        }
        if self.peek().is_some_and(|c| c == '_' || c.is_ascii_alphabetic()) {
            return Err(self.refuse("illegal number format"));
        }
        let text = self.source.get(start..self.at).unwrap_or_default();
        let number = Number::parse(text).map_err(|_| self.refuse("illegal number format"))?;
        Ok(TokenKind::Scalar(Value::Number(number)))
    }

    fn string(&mut self) -> Result<String, Refusal> {
        self.take('"')?;
        let mut out = String::new();
        loop {
            match self.bump() {
                Some('"') => return Ok(out),
                Some('\\') => out.push(self.escape(false)?),
                None | Some('\n') => return Err(self.refuse("non-terminated string")),
                Some(other) => out.push(other),
            }
        }
    }

    fn escape(&mut self, template: bool) -> Result<char, Refusal> {
        Ok(match self.bump() {
            Some(plain @ ('"' | '\\' | '/')) => plain,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => self.unicode()?,
            Some('{') if template => '{',
            _ => return Err(self.refuse("illegal string escape sequence")),
        })
    }

    fn unicode(&mut self) -> Result<char, Refusal> {
        let first = self.hex()?;
        if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            let before = (self.at, self.place);
            self.bump();
            self.bump();
            let second = self.hex()?;
            if (0xDC00..0xE000).contains(&second) {
                let point = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            (self.at, self.place) = before;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Result<u32, Refusal> {
        let mut point = 0;
        for _ in 0..4 {
            let digit = self.bump().and_then(|c| c.to_digit(16));
            point =
                point * 16 + digit.ok_or_else(|| self.refuse("illegal string escape sequence"))?;
        }
        Ok(point)
    }

    fn template(&mut self, depth: u32) -> Result<TokenKind, Refusal> {
        if depth >= TEMPLATES {
            return Err(self.refuse("template strings nest too deep"));
        }
        self.bump();
        let quote = self.bump().unwrap_or_default();
        let raw = quote == '`';
        let (mut parts, mut text) = (Vec::new(), String::new());
        loop {
            match self.bump() {
                None => return Err(self.refuse("non-terminated template string")),
                Some('\n') if !raw => return Err(self.refuse("non-terminated template string")),
                Some(end) if end == quote => break,
                Some('\\') if !raw => text.push(self.escape(true)?),
                Some('\\') if self.peek() == Some('{') => {
                    self.bump();
                    text.push('{');
                }
                Some('{') => {
                    if !text.is_empty() {
                        parts.push(TemplatePart::Text(Arc::from(std::mem::take(&mut text))));
                    }
                    parts.push(TemplatePart::Tokens(self.tokens(depth + 1)?));
                }
                Some(other) => text.push(other),
            }
        }
        if !text.is_empty() {
            parts.push(TemplatePart::Text(Arc::from(text)));
        }
        Ok(TokenKind::Template(parts))
    }

    /// Skips white space and comments.
    fn space(&mut self, fresh: bool) -> Result<(), Refusal> {
        let mut alone = fresh;
        loop {
            match self.peek() {
                Some('\n') => {
                    alone = true;
                    self.bump();
                }
                Some(' ' | '\t' | '\r') => _ = self.bump(),
                Some('#') => {
                    let at = self.place;
                    self.bump();
                    let text = self.run(|c| c != '\n');
                    let text = text.trim_end_matches('\r').to_owned();
                    self.comments.push(Comment { at, text, alone });
                }
                _ => return Ok(()),
            }
        }
    }

    fn run(&mut self, accepts: impl Fn(char) -> bool) -> Arc<str> {
        let start = self.at;
        while self.peek().is_some_and(&accepts) {
            self.bump();
        }
        Arc::from(self.source.get(start..self.at).unwrap_or_default())
    }

    fn take(&mut self, wanted: char) -> Result<(), Refusal> {
        if self.bump() == Some(wanted) { Ok(()) } else { Err(self.refuse("non-terminated string")) }
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        if next == '\n' {
            self.place.row += 1;
            self.place.column = 1;
        } else {
            self.place.column += 1;
        }
        Some(next)
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn refuse(&self, message: impl std::fmt::Display) -> Refusal {
        Refusal::new(Refused::Parse, self.place, message)
    }
}
