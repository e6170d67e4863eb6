//! A Rust source as text: the code without comments and literals, the comments, the parts that only tests see.
//!
//! Not a parser of Rust. It knows as much of the lexical structure (Rust Reference, chapter 2) as it takes not to be
//! fooled by a comment, a string or a lifetime. Every view has the length of the text, so an offset in one is an
//! offset in all; what does not belong to a view is blank.

pub(crate) struct Source {
    /// Code, tests included.
    pub(crate) all_code: String,
    /// Code without the items behind `#[cfg(test)]` and `#[test]`.
    pub(crate) code: String,
    /// Comments, documentation included.
    pub(crate) comments: String,
    test_modules: Vec<TestModule>,
    is_test_file: bool,
}

/// `#[cfg(test)] mod name;`
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TestModule {
    pub(crate) name: String,
    /// The value of its `#[path = "…"]`.
    pub(crate) path: Option<String>,
}

/// A word, a number, `::`, `->`, `=>` or one other character of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

impl Source {
    pub(crate) fn parse(text: &str) -> Self {
        let kinds = classify(text.as_bytes());
        let all_code = view(text, &kinds, Kind::Code);
        let comments = view(text, &kinds, Kind::Comment);
        let mut test_modules = Vec::new();
        let mut is_test_file = false;
        let mut code = all_code.clone().into_bytes();

        let tokens = tokens(&all_code);
        let mut at = 0;
        while let Some(attribute) = next_attribute(&tokens, &mut at) {
            if !is_test_attribute(&tokens, &attribute) {
                continue;
            }
            if attribute.inner {
                is_test_file = true;
                continue;
            }
            let item = item_after(&tokens, attribute.end);
            if let Some(name) = outline_module(tokens.get(item.keyword..).unwrap_or_default()) {
                let from = tokens.get(attribute.start).map_or(0, |token| token.at);
                let path = path_value(text, from, name.at);
                test_modules.push(TestModule { name: name.text.to_owned(), path });
            }
            let start = tokens.get(attribute.start).map_or(0, |token| token.at);
            let end = tokens.get(item.end).map_or(code.len(), |token| token.at);
            for byte in code.iter_mut().take(end).skip(start).filter(|byte| **byte != b'\n') {
                *byte = b' ';
            }
            at = item.end;
        }
        // Whole tokens were blanked, so what is left is text.
        let code = String::from_utf8_lossy(&code).into_owned();
        Self { all_code, code, comments, test_modules, is_test_file }
    }

    pub(crate) fn test_modules(&self) -> &[TestModule] {
        &self.test_modules
    }

    pub(crate) fn is_test_file(&self) -> bool {
        self.is_test_file
    }
}

/// The line, from 1, of an offset.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

pub(crate) fn tokens(code: &str) -> Vec<Token<'_>> {
    let bytes = code.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        at += 1;
        if is_word(byte(start)) {
            while is_word(byte(at)) {
                at += 1;
            }
        } else if byte(start).is_ascii_whitespace() {
            continue;
        } else if matches!((byte(start), byte(at)), (b':', b':') | (b'-', b'>') | (b'=', b'>')) {
            at += 1;
        }
        if let Some(text) = code.get(start..at) {
            tokens.push(Token { text, at: start });
        }
    }
    tokens
}

/// Where the brackets that open at `open` are closed; the end of the code if they are not.
pub(crate) fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len()
}

pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn classify(bytes: &[u8]) -> Vec<Kind> {
    let mut kinds = Vec::with_capacity(bytes.len());
    while kinds.len() < bytes.len() {
        let at = kinds.len();
        let rest = bytes.get(at..).unwrap_or_default();
        let in_word = at > 0 && bytes.get(at - 1).is_some_and(|byte| is_word(*byte));
        let (kind, length) = match rest {
            [b'/', b'/', ..] => (Kind::Comment, line_comment(rest)),
            [b'/', b'*', ..] => (Kind::Comment, block_comment(rest)),
            [b'"', ..] => (Kind::Literal, quoted(rest, b'"')),
            [b'\'', ..] => match character(rest) {
                Some(length) => (Kind::Literal, length),
                None => (Kind::Code, 1),
            },
            [b'r', ..] | [b'b' | b'c', b'r', ..] if !in_word => match raw_string(rest) {
                Some(length) => (Kind::Literal, length),
                None => (Kind::Code, 1),
            },
            _ => (Kind::Code, 1),
        };
        let end = (at + length.max(1)).min(bytes.len());
        kinds.resize(end, kind);
    }
    kinds
}

fn line_comment(rest: &[u8]) -> usize {
    rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        match rest.get(at..).unwrap_or_default() {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            [] => return rest.len(),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
}

/// The length of a literal that ends with the next `quote` without a backslash before it.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    loop {
        match rest.get(at) {
            Some(b'\\') => at += 2,
            Some(byte) if *byte == quote => return at + 1,
            Some(_) => at += 1,
            None => return rest.len(),
        }
    }
}

/// The length of a character literal; nothing for a lifetime or a label.
fn character(rest: &[u8]) -> Option<usize> {
    let first = *rest.get(1)?;
    if first == b'\\' {
        return Some(quoted(rest, b'\''));
    }
    let length = match first {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    };
    (rest.get(1 + length) == Some(&b'\'')).then_some(length + 2)
}

/// The length of `r"…"`, `r#"…"#`, `br"…"` and so on; nothing for a word or a raw identifier.
fn raw_string(rest: &[u8]) -> Option<usize> {
    let prefix = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if prefix > 2 {
        return None;
    }
    let hashes = rest.iter().skip(prefix).take_while(|byte| **byte == b'#').count();
    let open = prefix + hashes;
    if rest.get(open) != Some(&b'"') {
        return None;
    }
    let mut end = vec![b'"'];
    end.resize(1 + hashes, b'#');
    let body = rest.get(open + 1..)?;
    let length = body.windows(end.len()).position(|window| window == end.as_slice());
    Some(length.map_or(rest.len(), |length| open + 1 + length + end.len()))
}

fn view(text: &str, kinds: &[Kind], kept: Kind) -> String {
    let keep = |(byte, kind): (u8, &Kind)| match byte {
        b'\n' => byte,
        _ if *kind == kept => byte,
        _ => b' ',
    };
    let bytes: Vec<u8> = text.bytes().zip(kinds).map(keep).collect();
    // Kinds change between characters, never inside one.
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `#[…]` or `#![…]`: indices of the `#` and of the token after the `]`.
struct Attribute {
    start: usize,
    end: usize,
    inner: bool,
}

fn next_attribute(tokens: &[Token<'_>], at: &mut usize) -> Option<Attribute> {
    let text = |index: usize| tokens.get(index).map(|token| token.text);
    while *at < tokens.len() {
        let start = *at;
        *at += 1;
        let inner = text(start + 1) == Some("!");
        let open = if inner { start + 2 } else { start + 1 };
        if text(start) == Some("#") && text(open) == Some("[") {
            *at = (closing(tokens, open) + 1).min(tokens.len());
            return Some(Attribute { start, end: *at, inner });
        }
    }
    None
}

/// `test`, `cfg(test)` or `cfg(all(test, …))`.
fn is_test_attribute(tokens: &[Token<'_>], attribute: &Attribute) -> bool {
    let skipped = attribute.start + if attribute.inner { 3 } else { 2 };
    let words: Vec<&str> =
        tokens.iter().take(attribute.end).skip(skipped).map(|token| token.text).collect();
    matches!(
        words.as_slice(),
        ["test", "]"] | ["cfg", "(", "test", ")", "]"] | ["cfg", "(", "all", "(", "test", ..]
    )
}

struct Item {
    /// The first token after its attributes.
    keyword: usize,
    /// The token after its last one.
    end: usize,
}

fn item_after(tokens: &[Token<'_>], start: usize) -> Item {
    let text = |index: usize| tokens.get(index).map(|token| token.text);
    let mut keyword = start;
    while text(keyword) == Some("#") && text(keyword + 1) == Some("[") {
        keyword = closing(tokens, keyword + 1) + 1;
    }
    // A field or an arm ends with a comma; an item may have commas in its generics.
    let is_item = text(keyword).is_some_and(|word| ITEM_KEYWORDS.contains(&word));
    let mut at = keyword;
    while let Some(word) = text(at) {
        match word {
            "{" => {
                let end = closing(tokens, at) + 1;
                return Item { keyword, end: end.min(tokens.len()) };
            }
            ";" => return Item { keyword, end: at + 1 },
            "," if !is_item => return Item { keyword, end: at + 1 },
            "}" | ")" | "]" => return Item { keyword, end: at },
            "(" | "[" => at = closing(tokens, at) + 1,
            _ => at += 1,
        }
    }
    Item { keyword, end: tokens.len() }
}

const ITEM_KEYWORDS: [&str; 16] = [
    "async",
    "const",
    "enum",
    "extern",
    "fn",
    "impl",
    "let",
    "macro_rules",
    "mod",
    "pub",
    "static",
    "struct",
    "trait",
    "type",
    "unsafe",
    "use",
];

fn outline_module<'a>(tokens: &[Token<'a>]) -> Option<Token<'a>> {
    let at = tokens.iter().take(6).position(|token| token.text == "mod")?;
    let (name, end) = (tokens.get(at + 1)?, tokens.get(at + 2)?);
    (end.text == ";").then_some(*name)
}

/// The value of `path = "…"` in the text between two offsets.
fn path_value(text: &str, from: usize, to: usize) -> Option<String> {
    let (_, after) = text.get(from..to)?.split_once("path")?;
    let (_, value) = after.trim_start().strip_prefix('=')?.split_once('"')?;
    Some(value.split_once('"')?.0.to_owned())
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
