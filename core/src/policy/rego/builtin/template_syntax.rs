//! Templates of Go's `text/template`, read. There are no templates in templates (`define`, `template`, `block`).

use std::fmt::Display;

use super::{Exhausted, Fault};

/// A part of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// As it stands.
    Text(String),
    /// What a pipeline answers.
    Show(Pipe),
    /// `if`, `with` or `range`, and `else`.
    Block { kind: Kind, pipe: Pipe, body: Vec<Self>, other: Vec<Self> },
    /// The innermost `range` ends.
    Break,
    /// The innermost `range` goes on.
    Continue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    If,
    With,
    Range,
}

/// Commands, of which each gets what the one before answers, and the variables that get what the last answers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pipe {
    pub(super) names: Vec<String>,
    /// The variables are there already.
    pub(super) assigns: bool,
    pub(super) commands: Vec<Vec<Operand>>,
}

/// A value, or of one what the names lead to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Operand {
    pub(super) base: Base,
    pub(super) fields: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Base {
    Dot,
    Nil,
    Bool(bool),
    Int(i64),
    Text(String),
    Variable(String),
    Function(String),
    Pipe(Pipe),
}

fn wrong(what: impl Display) -> Fault {
    Fault::builtin(what)
}

/// So deep may blocks and brackets nest.
const DEPTH: u32 = 50;

/// Reads a template.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, Fault> {
    let names = vec![String::new()];
    let mut parser = Parser { rest: text, tokens: Vec::new(), at: 0, trims: false, names };
    let (nodes, end) = parser.list(0, false)?;
    match end {
        None => Ok(nodes),
        Some(word) => Err(wrong(format_args!("template: unexpected {{{{{word}}}}}"))),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Field(String),
    Dot,
    Variable(String),
    Text(String),
    Int(i64),
    Sign(&'static str),
}

struct Parser<'a> {
    rest: &'a str,
    /// Of the action that is read, and whether a space stands before each.
    tokens: Vec<(Token, bool)>,
    at: usize,
    /// White space behind the last action does not count.
    trims: bool,
    /// Variables that are known.
    names: Vec<String>,
}

/// Functions that there are: of Go's those that need no escaping for other languages.
const FUNCTIONS: [&str; 14] = [
    "and", "or", "not", "len", "index", "eq", "ne", "lt", "le", "gt", "ge", "print", "printf",
    "println",
];

/// Parts, and the word that ended them.
type List = (Vec<Node>, Option<String>);

impl Parser<'_> {
    fn list(&mut self, depth: u32, ranged: bool) -> Result<List, Fault> {
        if depth > DEPTH {
            return Err(Exhausted::Depth.into());
        }
        let mut nodes = Vec::new();
        loop {
            let Some(text) = self.text()? else {
                return Ok((nodes, None));
            };
            if !text.is_empty() {
                nodes.push(Node::Text(text));
            }
            match self.peek() {
                None => {}
                Some(Token::Word(word)) => match word.clone().as_str() {
                    "if" => self.block(Kind::If, depth, ranged, &mut nodes)?,
                    "with" => self.block(Kind::With, depth, ranged, &mut nodes)?,
                    "range" => self.block(Kind::Range, depth, true, &mut nodes)?,
                    "break" if ranged => nodes.push(Node::Break),
                    "continue" if ranged => nodes.push(Node::Continue),
                    word @ ("end" | "else") => {
                        self.at += 1;
                        return Ok((nodes, Some(word.to_owned())));
                    }
                    "define" | "template" | "block" => {
                        return Err(Exhausted::Unsupported.into());
                    }
                    _ => nodes.push(Node::Show(self.whole(depth)?)),
                },
                Some(_) => nodes.push(Node::Show(self.whole(depth)?)),
            }
        }
    }

    fn block(
        &mut self,
        kind: Kind,
        depth: u32,
        ranged: bool,
        nodes: &mut Vec<Node>,
    ) -> Result<(), Fault> {
        if depth > DEPTH {
            return Err(Exhausted::Depth.into());
        }
        self.at += 1;
        let known = self.names.len();
        let pipe = self.whole(depth)?;
        let (body, end) = self.list(depth + 1, ranged)?;
        let mut other = Vec::new();
        match (end.as_deref(), self.peek().cloned()) {
            (Some("end"), _) => {}
            (Some("else"), None) => {
                let (parts, end) = self.list(depth + 1, ranged)?;
                if end.as_deref() != Some("end") {
                    return Err(wrong("template: expected end"));
                }
                other = parts;
            }
            // `else if` ends with what it is in.
            (Some("else"), Some(Token::Word(word))) if word == "if" => {
                self.block(Kind::If, depth + 1, ranged, &mut other)?;
            }
            (Some("else"), Some(Token::Word(word))) if word == "with" => {
                self.block(Kind::With, depth + 1, ranged, &mut other)?;
            }
            _ => return Err(wrong("template: unexpected EOF")),
        }
        self.names.truncate(known);
        nodes.push(Node::Block { kind, pipe, body, other });
        Ok(())
    }

    /// The text up to the next action, which is taken apart; none at the end.
    fn text(&mut self) -> Result<Option<String>, Fault> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (text, rest) = self.rest.split_once("{{").unwrap_or((self.rest, ""));
        let closed = text.len() == self.rest.len();
        let text = if self.trims { text.trim_start() } else { text };
        self.tokens.clear();
        self.at = 0;
        self.trims = false;
        if closed {
            self.rest = "";
            return Ok(Some(text.to_owned()));
        }
        let trimmed =
            rest.strip_prefix('-').filter(|rest| rest.starts_with([' ', '\t', '\n', '\r']));
        let text = if trimmed.is_some() { text.trim_end() } else { text }.to_owned();
        self.rest = trimmed.unwrap_or(rest);
        if let Some(comment) = self.rest.trim_start().strip_prefix("/*") {
            let (_, rest) =
                comment.split_once("*/").ok_or_else(|| wrong("template: unclosed comment"))?;
            self.rest = rest;
        }
        self.action()?;
        Ok(Some(text))
    }

    fn action(&mut self) -> Result<(), Fault> {
        loop {
            let rest = self.rest.trim_start();
            let spaced = rest.len() < self.rest.len();
            if let Some(rest) = rest.strip_prefix("}}") {
                self.rest = rest;
                return Ok(());
            }
            if let Some(rest) = rest.strip_prefix("-}}").filter(|_| spaced) {
                self.rest = rest;
                self.trims = true;
                return Ok(());
            }
            self.rest = rest;
            let token = self.token()?;
            self.tokens.push((token, spaced));
        }
    }

    fn token(&mut self) -> Result<Token, Fault> {
        let first = self.rest.chars().next().ok_or_else(|| wrong("template: unclosed action"))?;
        for sign in [":=", "|", "(", ")", ",", "="] {
            if let Some(rest) = self.rest.strip_prefix(sign) {
                self.rest = rest;
                return Ok(Token::Sign(sign));
            }
        }
        match first {
            '"' | '`' => {
                let inner = self.rest.get(1..).unwrap_or_default();
                let mut escaped = false;
                let end = inner.find(|c| {
                    let ends = c == first && !escaped;
                    escaped = first == '"' && c == '\\' && !escaped;
                    ends
                });
                let (text, rest) = end
                    .and_then(|end| inner.split_at_checked(end))
                    .ok_or_else(|| wrong("template: unterminated quoted string"))?;
                self.rest = rest.get(1..).unwrap_or_default();
                Ok(Token::Text(if first == '`' { text.to_owned() } else { unescape(text)? }))
            }
            '.' => {
                let inner = self.rest.get(1..).unwrap_or_default();
                self.rest = inner;
                let name = self.word();
                Ok(if name.is_empty() { Token::Dot } else { Token::Field(name) })
            }
            '$' => {
                self.rest = self.rest.get(1..).unwrap_or_default();
                Ok(Token::Variable(self.word()))
            }
            '0'..='9' | '-' | '+' => {
                let digits = self.rest.get(1..).unwrap_or_default();
                let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
                let (number, rest) = self.rest.split_at_checked(end + 1).unwrap_or_default();
                self.rest = rest;
                // Fractions, exponents, other bases and what 64 bits do not hold are numbers of Go.
                let plain = !number.starts_with('0') || number.len() == 1;
                let more = rest.starts_with(|c: char| c == '.' || c == '_' || c.is_alphanumeric());
                if more || !plain {
                    return Err(Exhausted::Unsupported.into());
                }
                let digits = number.bytes().any(|byte| byte.is_ascii_digit());
                match number.parse() {
                    Ok(int) => Ok(Token::Int(int)),
                    Err(_) if digits => Err(Exhausted::Size.into()),
                    Err(_) => Err(wrong(format_args!("template: bad number syntax: {number:?}"))),
                }
            }
            c if c.is_alphanumeric() || c == '_' => Ok(Token::Word(self.word())),
            // A character as a number.
            '\'' => Err(Exhausted::Unsupported.into()),
            c => Err(wrong(format_args!("template: unexpected {c:?} in command"))),
        }
    }

    fn word(&mut self) -> String {
        let end =
            self.rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or_default();
        self.rest = rest;
        word.to_owned()
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn eat(&mut self, sign: &'static str) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    /// The rest of an action as a pipeline.
    fn whole(&mut self, depth: u32) -> Result<Pipe, Fault> {
        let pipe = self.pipe(depth)?;
        match self.peek() {
            None => Ok(pipe),
            Some(token) => Err(wrong(format_args!("template: unexpected {token:?} in command"))),
        }
    }

    fn pipe(&mut self, depth: u32) -> Result<Pipe, Fault> {
        if depth > DEPTH {
            return Err(Exhausted::Depth.into());
        }
        let start = self.at;
        let mut pipe = Pipe::default();
        while let Some(Token::Variable(name)) = self.peek().cloned() {
            self.at += 1;
            pipe.names.push(name);
            if !self.eat(",") {
                break;
            }
        }
        pipe.assigns = self.peek() == Some(&Token::Sign("="));
        if !self.eat(":=") && !self.eat("=") {
            pipe.names.clear();
            self.at = start;
        }
        let undefined = pipe.names.iter().find(|name| pipe.assigns && !self.names.contains(name));
        if let Some(name) = undefined {
            return Err(wrong(format_args!("template: undefined variable \"${name}\"")));
        }
        if !pipe.assigns {
            self.names.extend(pipe.names.iter().cloned());
        }
        loop {
            let mut command = Vec::new();
            while let Some(operand) = self.operand(depth)? {
                command.push(operand);
            }
            if command.is_empty() {
                return Err(wrong("template: missing value for command"));
            }
            pipe.commands.push(command);
            if !self.eat("|") {
                return Ok(pipe);
            }
        }
    }

    fn operand(&mut self, depth: u32) -> Result<Option<Operand>, Fault> {
        let Some(token) = self.peek().cloned() else {
            return Ok(None);
        };
        let mut fields = Vec::new();
        let base = match token {
            Token::Sign("(") => {
                self.at += 1;
                let pipe = self.pipe(depth + 1)?;
                if self.peek() != Some(&Token::Sign(")")) {
                    return Err(wrong("template: unclosed left paren"));
                }
                Base::Pipe(pipe)
            }
            Token::Sign(_) => return Ok(None),
            Token::Dot => Base::Dot,
            Token::Field(name) => {
                fields.push(name);
                Base::Dot
            }
            Token::Variable(name) if self.names.contains(&name) => Base::Variable(name),
            Token::Variable(name) => {
                return Err(wrong(format_args!("template: undefined variable \"${name}\"")));
            }
            Token::Text(text) => Base::Text(text),
            Token::Int(int) => Base::Int(int),
            Token::Word(word) => match word.as_str() {
                "true" => Base::Bool(true),
                "false" => Base::Bool(false),
                "nil" => Base::Nil,
                "html" | "js" | "urlquery" | "slice" | "call" => {
                    return Err(Exhausted::Unsupported.into());
                }
                word if !FUNCTIONS.contains(&word) => {
                    return Err(wrong(format_args!("template: function {word:?} not defined")));
                }
                _ => Base::Function(word),
            },
        };
        self.at += 1;
        while let Some((Token::Field(name), false)) = self.tokens.get(self.at) {
            fields.push(name.clone());
            self.at += 1;
        }
        Ok(Some(Operand { base, fields }))
    }
}

fn unescape(text: &str) -> Result<String, Fault> {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some(c @ ('"' | '\\')) => c,
                // Others are characters of Go, by their numbers.
                Some('a' | 'b' | 'f' | 'v' | 'x' | 'u' | 'U' | '0'..='7') => {
                    return Err(Exhausted::Unsupported.into());
                }
                _ => return Err(wrong("template: invalid escape in quoted string")),
            },
            '\n' => return Err(wrong("template: unterminated quoted string")),
            c => c,
        });
    }
    Ok(out)
}
