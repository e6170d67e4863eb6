//! JMESPath as Ballerine's definitions have it: texts that are put together, and what its interpreter takes that the language has not.

use thalium::value::Value;

/// A stretch of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stretch<'t> {
    Plain(&'t str),
    /// `'…'`, without the quotes.
    Raw(&'t str),
    /// `"…"`, with the quotes.
    Quoted(&'t str),
    /// Between backticks, without them.
    Literal(&'t str),
}

fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(from) = rest.find(['\'', '"', '`']) {
        let (plain, quoted) = rest.split_at(from);
        found.push(Stretch::Plain(plain));
        let quote = quoted.as_bytes().first().copied().unwrap_or_default();
        let mut is_escaped = true;
        let end = quoted.bytes().position(|byte| {
            let is_end = byte == quote && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            is_end
        });
        let Some(end) = end else {
            // What does not end is refused when it is compiled.
            found.push(Stretch::Plain(quoted));
            return found;
        };
        let (whole, behind) = quoted.split_at(end + 1);
        let inner = whole.get(1..end).unwrap_or_default();
        found.push(match quote {
            b'\'' => Stretch::Raw(inner),
            b'"' => Stretch::Quoted(whole),
            _ => Stretch::Literal(inner),
        });
        rest = behind;
    }
    found.push(Stretch::Plain(rest));
    found
}

/// A mapping as it is run there: each stretch of white space is one blank, in texts, too.
pub(crate) fn blanks(mapping: &str) -> String {
    let mut told = String::with_capacity(mapping.len());
    let mut was_space = false;
    for character in mapping.chars() {
        let is_space = character.is_whitespace() || character == '\u{feff}';
        if !is_space {
            told.push(character);
        } else if !was_space {
            told.push(' ');
        }
        was_space = is_space;
    }
    told
}

/// The expression with JSON between its backticks, and whether there was anything else.
pub(crate) fn literals(text: &str) -> (String, bool) {
    let mut told = String::with_capacity(text.len());
    let mut is_other = false;
    for stretch in stretches(text) {
        match stretch {
            Stretch::Plain(part) | Stretch::Quoted(part) => told.push_str(part),
            Stretch::Raw(inner) => {
                told.push('\'');
                told.push_str(inner);
                told.push('\'');
            }
            Stretch::Literal(inner) => {
                let plain = inner.replace("\\`", "`");
                let is_json = Value::from_json(&plain).is_ok();
                let as_text = || Value::from_json(&format!("\"{}\"", plain.trim_start()));
                match (is_json, as_text()) {
                    (false, Ok(value)) => {
                        is_other = true;
                        told.push_str(&literal(&value));
                    }
                    _ => {
                        told.push('`');
                        told.push_str(inner);
                        told.push('`');
                    }
                }
            }
        }
    }
    (told, is_other)
}

/// The texts in an expression, for what is looked for in them.
pub(crate) fn texts(text: &str) -> Vec<&str> {
    let inner = |stretch| match stretch {
        Stretch::Raw(inner) | Stretch::Literal(inner) => Some(inner),
        Stretch::Plain(_) | Stretch::Quoted(_) => None,
    };
    stretches(text).into_iter().filter_map(inner).collect()
}

/// Whether an expression is seen to answer true, false or null: comparisons, negations, and functions that ask.
pub(crate) fn asks(text: &str) -> bool {
    const ASKING: [&str; 3] = ["contains(", "starts_with(", "ends_with("];
    let mut depth = 0_u32;
    // What of the current operand stands outside of brackets.
    let mut operand = String::new();
    let mut is_asking = true;
    let mut close = |operand: &mut String| {
        let own = operand.trim();
        let call = ASKING.iter().any(|name| {
            own.starts_with(name) && own.ends_with(')') && own.matches('(').count() == 1
        });
        is_asking &=
            own.contains(['<', '>', '=']) || (own.starts_with('!') && own.len() > 1) || call;
        operand.clear();
    };
    for stretch in stretches(text) {
        let Stretch::Plain(plain) = stretch else {
            operand.push('x');
            continue;
        };
        let mut characters = plain.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '(' | '[' | '{' => {
                    operand.extend((depth == 0 && character == '(').then_some('('));
                    depth += 1;
                }
                ')' | ']' | '}' => {
                    depth = depth.saturating_sub(1);
                    operand.extend((depth == 0 && character == ')').then_some(')'));
                }
                _ if depth > 0 => {}
                '&' | '|' if characters.peek() == Some(&character) => {
                    characters.next();
                    close(&mut operand);
                }
                // What comes behind a pipe is asked of what stands before it.
                '|' => operand.clear(),
                other => operand.push(other),
            }
        }
    }
    close(&mut operand);
    is_asking
}

/// A name as an expression has it.
pub(crate) fn name(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_plain { name.to_owned() } else { Value::string(name).to_json() }
}

/// A path of names with dots.
pub(crate) fn dotted(path: &str) -> String {
    path.split('.').map(name).collect::<Vec<_>>().join(".")
}

/// A value as an expression has it.
pub(crate) fn literal(value: &Value) -> String {
    format!("`{}`", value.to_json().replace('`', "\\`"))
}

/// What fills in the braces of a text, as an expression; none if there is nothing to fill in.
///
/// Secrets stay as they are: they are the host's, and no chart has them. What is filled in has no opening brace, so that no value makes a secret's
/// placeholder, alone or with what stands beside it: where one has, there is no answer.
pub(crate) fn template(text: &str) -> Option<String> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(from) = rest.find('{') {
        let Some(end) = rest.get(from..).and_then(|open| open.find('}')).map(|end| from + end)
        else {
            break;
        };
        let inner = rest.get(from + 1..end).unwrap_or_default().replace('{', "");
        plain.push_str(rest.get(..from).unwrap_or_default());
        if inner.contains("secret.") || inner.contains('\n') {
            plain.push_str(rest.get(from..=end).unwrap_or_default());
        } else {
            parts.push(literal(&Value::string(&plain)));
            plain.clear();
            let path = if inner.is_empty() { "`null`".to_owned() } else { dotted(&inner) };
            parts.push(format!(
                "to_string(not_null({path}, 'undefined')) | [@][?!contains(@, '{{')] | [0]"
            ));
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    if parts.is_empty() {
        return None;
    }
    plain.push_str(rest);
    parts.push(literal(&Value::string(&plain)));
    Some(format!("join('', [{}])", parts.join(", ")))
}

/// Whether a text names a secret, which the host would fill in.
pub(crate) fn has_secret(text: &str) -> bool {
    text.contains("{secret.")
}

/// Whether a text has braces that are filled in from the request itself, and are no secrets.
pub(crate) fn has_braces(text: &str) -> bool {
    template(text).is_some()
}

/// Whether an expression calls a function that can fail. Those that take anything do not.
pub(crate) fn calls(text: &str) -> bool {
    const SAFE: [&str; 4] = ["not_null", "to_array", "to_string", "type"];
    let is_call = |plain: &str| {
        plain.match_indices('(').any(|(at, _)| {
            let before = plain.get(..at).unwrap_or_default();
            let word = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let word = before.get(word.map_or(0, |at| at + 1)..).unwrap_or_default();
            !word.is_empty() && !SAFE.contains(&word)
        })
    };
    stretches(text).into_iter().any(|part| matches!(part, Stretch::Plain(plain) if is_call(plain)))
}

#[cfg(test)]
#[path = "path_tests.rs"]
mod tests;
