//! Regular expressions of Go (RE2) as those of the crate `regex`.
//!
//! Both have one grammar but for what stands here: classes like `\d` and boundaries are of ASCII, a class knows no classes in it and
//! no operators, `{` that opens no count is itself, and flags are fewer (<https://github.com/google/re2/wiki/Syntax>). What Go refuses
//! is refused with its words.

use super::{Exhausted, regex_names};

/// Why an expression is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternError {
    /// Go's text.
    #[error("{0}")]
    Wrong(String),
    /// The crate cannot have it.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
}

/// The expression as the crate reads it, or Go's error.
pub(crate) fn translate(pattern: &str) -> Result<String, PatternError> {
    weighed(pattern).map(|(translated, _)| translated)
}

/// The expression as the crate reads it and about how many states it has, or Go's error.
pub(crate) fn weighed(pattern: &str) -> Result<(String, usize), PatternError> {
    let mut translator = Translator {
        pattern,
        rest: pattern,
        out: String::new(),
        last: Last::Nothing,
        open: 0,
        names: Vec::new(),
        weight: Weight::default(),
        weights: Vec::new(),
    };
    while let Some(c) = translator.peek() {
        translator.item(c)?;
    }
    if translator.open > 0 {
        return Err(error("missing closing )", pattern));
    }
    Ok((translator.out, translator.weight.sum()))
}

/// Greatest count of repetitions.
const REPEATS: u32 = 1000;

/// What was read last, by which it is decided whether it may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Nothing,
    Item,
    /// An operator, which begins there in the rest that had this length.
    Repeat(usize),
}

struct Translator<'a> {
    pattern: &'a str,
    rest: &'a str,
    out: String,
    last: Last,
    open: usize,
    /// Of groups. Of one that is given again the first is meant.
    names: Vec<&'a str>,
    /// What stands in the innermost group.
    weight: Weight,
    /// What stands in the groups around it.
    weights: Vec<Weight>,
}

/// What a group comes to.
#[derive(Clone, Copy, Default)]
struct Weight {
    /// States of all but the last item, and of that.
    states: (usize, usize),
    /// The greatest product of counts in one another, of all but the last item, and of that; zero where nothing is counted.
    counts: (usize, usize),
}

impl Weight {
    fn sum(&self) -> usize {
        self.states.0.saturating_add(self.states.1)
    }

    fn count(&self) -> usize {
        self.counts.0.max(self.counts.1)
    }

    /// An item more.
    fn add(&mut self, states: usize, count: usize) {
        self.states = (self.sum(), states);
        self.counts = (self.count(), count);
    }
}

/// Names that Go knows since 1.25 and the crate does not.
const NEWER: [&str; 3] = ["ASCII", "Assigned", "L&"];

/// States of a class, of which some are of all of Unicode.
const CLASS: usize = 32;

fn error(what: &str, of: &str) -> PatternError {
    PatternError::Wrong(format!("error parsing regexp: {what}: `{of}`"))
}

impl<'a> Translator<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next();
        self.rest = chars.as_str();
        c
    }

    fn enter(&mut self) {
        self.open += 1;
        self.weights.push(self.weight);
        self.weight = Weight { states: (0, 1), counts: (0, 0) };
    }

    fn leave(&mut self) {
        let inner = self.weight;
        self.weight = self.weights.pop().unwrap_or_default();
        self.weight.add(inner.sum(), inner.count());
    }

    /// What was read since the rest was `before`.
    fn since(&self, before: &'a str) -> &'a str {
        before.strip_suffix(self.rest).unwrap_or(before)
    }

    fn item(&mut self, c: char) -> Result<(), PatternError> {
        let before = self.rest;
        match c {
            '(' => return self.group(),
            '|' => {
                self.next();
                self.out.push('|');
                self.last = Last::Nothing;
                return Ok(());
            }
            ')' => {
                self.next();
                self.open =
                    self.open.checked_sub(1).ok_or_else(|| error("unexpected )", self.pattern))?;
                self.out.push(')');
                self.leave();
            }
            '^' | '$' | '.' => {
                self.next();
                self.out.push(c);
            }
            '[' => self.class()?,
            '*' | '+' | '?' => {
                self.next();
                return self.repeat(before, &c.to_string());
            }
            '{' => match self.count()? {
                Some(count) => {
                    self.nest(&count)?;
                    return self.repeat(before, &count);
                }
                None => {
                    self.next();
                    self.out.push_str("\\{");
                }
            },
            '\\' => self.escape()?,
            c => {
                self.next();
                literal(&mut self.out, c);
            }
        }
        if c != ')' {
            let text = self.since(before);
            let wide = [r"\p", r"\P", "[^", r"\S", r"\W", r"\D"];
            let wide = c == '.' || wide.iter().any(|mark| text.contains(mark));
            self.weight.add(text.len().saturating_add(if wide { CLASS } else { 0 }), 0);
        }
        self.last = Last::Item;
        Ok(())
    }

    fn repeat(&mut self, before: &'a str, operator: &str) -> Result<(), PatternError> {
        let lazy = self.rest.strip_prefix('?');
        self.rest = lazy.unwrap_or(self.rest);
        match self.last {
            Last::Nothing => {
                let operator = self.since(before);
                return Err(error("missing argument to repetition operator", operator));
            }
            Last::Repeat(from) => {
                let start = self.pattern.len().saturating_sub(from);
                let all = self.pattern.get(start..).unwrap_or_default();
                return Err(error("invalid nested repetition operator", self.since(all)));
            }
            Last::Item => {}
        }
        let counts = operator.split(|c: char| !c.is_ascii_digit());
        let times = counts.filter_map(|count| count.parse::<usize>().ok()).max().unwrap_or(1);
        let states = &mut self.weight.states.1;
        *states = states.saturating_mul(times.max(1)).saturating_add(1);
        self.out.push_str(operator);
        self.out.push_str(if lazy.is_some() { "?" } else { "" });
        self.last = Last::Repeat(before.len());
        Ok(())
    }

    /// Counts in one another multiply, and Go takes no more of their product than of one of them.
    fn nest(&mut self, operator: &str) -> Result<(), PatternError> {
        if self.last != Last::Item {
            return Ok(());
        }
        let (low, high) = operator
            .trim_matches(['{', '}'])
            .split_once(',')
            .map_or((operator, operator), |(low, high)| (low, high));
        let number = |text: &str| text.trim_matches(['{', '}']).parse::<usize>().ok();
        let times = number(high).or_else(|| number(low)).unwrap_or(0);
        let inner = &mut self.weight.counts.1;
        *inner = match (number(high), times) {
            // What stands nowhere counts nothing.
            (Some(0), _) => 0,
            (None, 0) => *inner,
            _ => times.saturating_mul((*inner).max(1)),
        };
        let most = usize::try_from(REPEATS).unwrap_or(usize::MAX);
        let is_repeat = number(low).is_some_and(|low| low >= 2) || times >= 2;
        if is_repeat && *inner > most {
            return Err(error("invalid repeat count", operator));
        }
        Ok(())
    }

    /// A count in braces, unless they are none.
    fn count(&mut self) -> Result<Option<String>, PatternError> {
        let Some((inner, rest)) = self.rest.strip_prefix('{').and_then(|rest| rest.split_once('}'))
        else {
            return Ok(None);
        };
        let (low, high) =
            inner.split_once(',').map_or((inner, None), |(low, high)| (low, Some(high)));
        let digits = |text: &str| {
            let plain = text.bytes().all(|byte| byte.is_ascii_digit());
            plain && !text.is_empty() && (text.len() == 1 || !text.starts_with('0'))
        };
        if !digits(low) || high.is_some_and(|high| !high.is_empty() && !digits(high)) {
            return Ok(None);
        }
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number <= REPEATS);
        let high = high.filter(|high| !high.is_empty());
        let wrong = match (number(low), high.map(number)) {
            (Some(low), Some(Some(high))) => low > high,
            (Some(_), None) => false,
            _ => true,
        };
        if wrong {
            return Err(error("invalid repeat count", &format!("{{{inner}}}")));
        }
        self.rest = rest;
        Ok(Some(format!("{{{inner}}}")))
    }

    fn group(&mut self) -> Result<(), PatternError> {
        let before = self.rest;
        self.next();
        let Some(inner) = self.rest.strip_prefix('?') else {
            self.out.push('(');
            self.enter();
            self.last = Last::Nothing;
            return Ok(());
        };
        let named = inner.strip_prefix("P<").or_else(|| inner.strip_prefix('<'));
        if let Some(named) = named.filter(|_| !inner.starts_with("<=") && !inner.starts_with("<!"))
        {
            let Some((name, rest)) = named.split_once('>') else {
                return Err(error("invalid named capture", before));
            };
            self.rest = rest;
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if name.is_empty() || !name.chars().all(word) {
                return Err(error("invalid named capture", self.since(before)));
            }
            // Here a name may begin with a digit, there not.
            let digit = name.starts_with(|c: char| c.is_ascii_digit());
            let mark = if digit { "_" } else { "" };
            if self.names.contains(&name) {
                self.out.push('(');
            } else {
                self.out.push_str(&format!("(?P<{mark}{name}>"));
                self.names.push(name);
            }
            self.enter();
            self.last = Last::Nothing;
            return Ok(());
        }
        self.flags(before, inner)
    }

    fn flags(&mut self, before: &'a str, inner: &'a str) -> Result<(), PatternError> {
        self.rest = inner;
        let (mut minus, mut any) = (false, false);
        let mut flags = String::new();
        while let Some(c) = self.next() {
            match c {
                'i' | 'm' | 's' | 'U' => any = true,
                '-' if !minus => (minus, any) = (true, false),
                ':' | ')' if any || !minus => {
                    if !flags.is_empty() || c == ':' {
                        self.out.push_str(&format!("(?{flags}{c}"));
                    }
                    if c == ':' {
                        self.enter();
                        self.last = Last::Nothing;
                    }
                    return Ok(());
                }
                _ => return Err(error("invalid or unsupported Perl syntax", self.since(before))),
            }
            flags.push(c);
        }
        if inner.is_empty() {
            return Err(error("invalid or unsupported Perl syntax", before));
        }
        Err(error("missing closing )", self.pattern))
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        let before = self.rest;
        self.next();
        let Some(c) = self.peek() else {
            return Err(error("trailing backslash at end of expression", ""));
        };
        match c {
            'A' | 'z' => self.out.extend(['\\', c]),
            'b' | 'B' => self.out.push_str(&format!("(?-u:\\{c})")),
            'Q' => {
                self.next();
                let (text, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
                self.rest = rest;
                text.chars().for_each(|c| literal(&mut self.out, c));
                return Ok(());
            }
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => self.out.push_str(perl(c)),
            'p' | 'P' => {
                let class = self.unicode(before)?;
                self.out.push_str(&class);
                return Ok(());
            }
            _ => {
                let c = self.escaped(before)?;
                literal(&mut self.out, c);
                return Ok(());
            }
        }
        self.next();
        Ok(())
    }

    /// `\pN`, `\p{Greek}`, `\P{^Greek}`: the rest begins with the letter.
    fn unicode(&mut self, before: &'a str) -> Result<String, PatternError> {
        let mut not = self.next() == Some('P');
        let name = match self.next() {
            Some('{') => {
                let Some((name, rest)) = self.rest.split_once('}') else {
                    return Err(error("invalid character class range", before));
                };
                self.rest = rest;
                not ^= name.starts_with('^');
                name.strip_prefix('^').unwrap_or(name)
            }
            Some(c) => self.since(before).get(2..).filter(|_| c.is_ascii()).unwrap_or_default(),
            None => "",
        };
        if let Some(class) = regex_names::class(name, not) {
            return Ok(class);
        }
        // Newer versions of Go know more names, and in more ways of writing: which one decides is not known here.
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-& ".contains(c);
        let may_be = name.len() > 1 && name.chars().all(plain);
        let known = may_be
            && (regex::Regex::new(&format!("\\p{{{name}}}")).is_ok() || NEWER.contains(&name));
        if known {
            return Err(Exhausted::Unsupported.into());
        }
        Err(error("invalid character class range", self.since(before)))
    }

    /// A character behind a backslash, which was read.
    fn escaped(&mut self, before: &'a str) -> Result<char, PatternError> {
        let c = self.next().ok_or_else(|| error("trailing backslash at end of expression", ""))?;
        let found = match c {
            'a' => Some('\u{7}'),
            'f' => Some('\u{c}'),
            't' => Some('\t'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            'v' => Some('\u{b}'),
            'x' => self.hex()?,
            '0'..='7' => {
                let octal =
                    |text: &str| text.bytes().take_while(|b| matches!(b, b'0'..=b'7')).count();
                let digits = octal(self.rest).min(2);
                // One digit but zero would be a group seen before.
                if c == '0' || digits > 0 {
                    let (more, rest) =
                        self.rest.split_at_checked(digits).unwrap_or(("", self.rest));
                    self.rest = rest;
                    u32::from_str_radix(&format!("{c}{more}"), 8).ok().and_then(char::from_u32)
                } else {
                    None
                }
            }
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(c),
            _ => None,
        };
        found.ok_or_else(|| error("invalid escape sequence", self.since(before)))
    }

    fn hex(&mut self) -> Result<Option<char>, PatternError> {
        let found = match self.rest.strip_prefix('{') {
            Some(inner) => inner.split_once('}'),
            None => self.rest.split_at_checked(2),
        };
        let is_hex = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let Some((digits, rest)) = found.filter(|(digits, _)| is_hex(digits)) else {
            return Ok(None);
        };
        let point = u32::from_str_radix(digits, 16).ok();
        if point.is_some_and(|point| (0xD800..0xE000).contains(&point)) {
            // A half of a pair is a character of Go, which no text has, and none here.
            return Err(Exhausted::Unsupported.into());
        }
        let c = point.and_then(char::from_u32);
        self.rest = if c.is_some() { rest } else { self.rest };
        Ok(c)
    }

    /// `[...]`, in which only what stands here means something.
    fn class(&mut self) -> Result<(), PatternError> {
        let before = self.rest;
        let missing = || error("missing closing ]", before);
        self.next();
        self.out.push('[');
        if let Some(rest) = self.rest.strip_prefix('^') {
            self.rest = rest;
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let at = self.rest;
            match self.peek().ok_or_else(missing)? {
                ']' if !first => {
                    self.next();
                    self.out.push(']');
                    return Ok(());
                }
                '[' if at.strip_prefix("[:").is_some_and(|name| name.contains(":]")) => {
                    self.posix()?;
                }
                '\\' if at.starts_with("\\p") || at.starts_with("\\P") => {
                    self.next();
                    let class = self.unicode(at)?;
                    self.out.push_str(&class);
                }
                '\\' if at.chars().nth(1).is_some_and(|c| "dDsSwW".contains(c)) => {
                    self.next();
                    let class = self.next().map(perl).unwrap_or_default();
                    self.out.push_str(class);
                }
                _ => self.range(at, before)?,
            }
            first = false;
        }
    }

    fn posix(&mut self) -> Result<(), PatternError> {
        let before = self.rest;
        let inner = before.get(2..).unwrap_or_default();
        let end = inner.find(":]").map_or(before.len(), |at| at + 4);
        let (name, rest) = before.split_at_checked(end).unwrap_or((before, ""));
        self.rest = rest;
        let plain = name.strip_prefix("[:").and_then(|name| name.strip_suffix(":]"));
        let plain = plain.map(|name| name.strip_prefix('^').unwrap_or(name)).unwrap_or_default();
        let known = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print",
            "punct", "space", "upper", "word", "xdigit",
        ];
        if !known.contains(&plain) {
            return Err(error("invalid character class range", name));
        }
        self.out.push_str(name);
        Ok(())
    }

    fn range(&mut self, at: &'a str, class: &'a str) -> Result<(), PatternError> {
        let low = self.one(class)?;
        literal(&mut self.out, low);
        if self.rest.starts_with('-') && !self.rest.starts_with("-]") {
            self.next();
            let high = self.one(class)?;
            if high < low {
                return Err(error("invalid character class range", self.since(at)));
            }
            self.out.push('-');
            literal(&mut self.out, high);
        }
        Ok(())
    }

    fn one(&mut self, class: &'a str) -> Result<char, PatternError> {
        let before = self.rest;
        match self.next() {
            Some('\\') => self.escaped(before),
            Some(c) => Ok(c),
            None => Err(error("missing closing ]", class)),
        }
    }
}

/// A character that means itself.
fn literal(out: &mut String, c: char) {
    if c.is_ascii()
        && !c.is_ascii_alphanumeric()
        && !c.is_ascii_control()
        && !matches!(c, ' ' | '<' | '>' | '_')
    {
        out.push('\\');
    }
    out.push(c);
}

/// The classes that Perl has, of ASCII.
const fn perl(c: char) -> &'static str {
    match c {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => r"[\t\n\f\r ]",
        'S' => r"[^\t\n\f\r ]",
        'w' => "[0-9A-Za-z_]",
        _ => "[^0-9A-Za-z_]",
    }
}

#[cfg(test)]
#[path = "regex_syntax_tests.rs"]
mod tests;
