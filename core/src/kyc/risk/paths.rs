//! The paths that a text of JMESPath names from the root of the facts: what must be there before it is asked.
//!
//! JMESPath answers null where nothing stands, and `pep == 'yes'` is false then: a fact that nobody told would count as a good one. What is named
//! within items of a list, behind a pipe or in an expression reference (`&name`) stands elsewhere and is not told here.

use std::iter::Peekable;
use std::str::Chars;

/// A path by its parts.
pub(super) type Path = Vec<Box<str>>;

/// The paths of a text that compiles.
pub(super) fn paths(text: &str) -> Vec<Path> {
    let mut walk = Walk::default();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        walk.token(c, &mut chars);
    }
    walk.end();
    walk.found.sort();
    walk.found.dedup();
    walk.found
}

/// Where one stands in a text.
#[derive(Default)]
struct Walk {
    found: Vec<Path>,
    /// The path that goes on with the next name; none behind what is no path of the root.
    current: Option<Path>,
    /// A dot was read last.
    dot: bool,
    /// A value ends here: a bracket that follows is about its parts.
    value: bool,
    /// Whether names stand for something else than facts: of each bracket that is open.
    levels: Vec<bool>,
    /// The same of where one is.
    elsewhere: bool,
}

impl Walk {
    fn token(&mut self, c: char, chars: &mut Peekable<Chars<'_>>) {
        match c {
            c if c.is_whitespace() => {}
            'a'..='z' | 'A'..='Z' | '_' => {
                let mut name = String::from(c);
                while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                while chars.next_if(|c| c.is_whitespace()).is_some() {}
                match chars.peek() {
                    // A function, or a key of an object that is made.
                    Some('(' | ':') => self.end(),
                    _ => self.name(name),
                }
            }
            '"' => {
                let inner = quoted(chars, '"');
                let name = crate::value::Value::from_json(&format!("\"{inner}\""));
                while chars.next_if(|c| c.is_whitespace()).is_some() {}
                match name.ok().as_ref().and_then(|name| name.as_str()) {
                    Some(name) if chars.peek() != Some(&':') => self.name(name.to_owned()),
                    _ => self.end(),
                }
            }
            '\'' | '`' => {
                _ = quoted(chars, c);
                self.end();
                self.value = true;
            }
            '.' => self.dot = true,
            '@' => {
                self.end();
                self.current = (!self.elsewhere).then(Vec::new);
                self.value = true;
            }
            '*' | '0'..='9' => {
                self.end();
                self.value = true;
            }
            '[' | '{' if self.value || self.dot => {
                self.end();
                skip(chars);
                self.value = true;
            }
            '[' | '{' | '(' => {
                self.end();
                self.levels.push(self.elsewhere);
            }
            ']' | '}' | ')' => {
                self.end();
                self.elsewhere = self.levels.pop().unwrap_or(false);
                self.value = true;
            }
            ',' => {
                self.end();
                self.elsewhere = self.levels.last().copied().unwrap_or(false);
            }
            '|' | '&' => {
                self.end();
                // Twice it is an operator; once it is a pipe, or a reference.
                if chars.next_if_eq(&c).is_none() {
                    self.elsewhere = true;
                }
            }
            _ => self.end(),
        }
    }

    fn name(&mut self, name: String) {
        if self.dot {
            self.dot = false;
            if let Some(path) = &mut self.current {
                path.push(name.into());
            }
        } else {
            self.end();
            self.current = (!self.elsewhere).then(|| vec![name.into()]);
        }
        self.value = true;
    }

    /// A path ends here.
    fn end(&mut self) {
        self.found.extend(self.current.take().filter(|path| !path.is_empty()));
        self.dot = false;
        self.value = false;
    }
}

/// What stands within quotes.
fn quoted(chars: &mut Peekable<Chars<'_>>, quote: char) -> String {
    let mut inner = String::new();
    while let Some(c) = chars.next() {
        if c == quote {
            break;
        }
        inner.push(c);
        if c == '\\' {
            inner.extend(chars.next());
        }
    }
    inner
}

/// Goes behind a bracket that is open.
fn skip(chars: &mut Peekable<Chars<'_>>) {
    let mut open = 1_usize;
    while let Some(c) = chars.next() {
        match c {
            '[' | '{' => open += 1,
            ']' | '}' => open -= 1,
            '\'' | '`' | '"' => _ = quoted(chars, c),
            _ => {}
        }
        if open == 0 {
            break;
        }
    }
}

#[cfg(test)]
#[path = "paths_tests.rs"]
mod tests;
