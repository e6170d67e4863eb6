//! Addresses (RFC 3986), as far as schemas need them: their parts, one relative to another, and what Go takes for none.

/// An address in its parts, none of them decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    pub(super) scheme: Option<&'a str>,
    pub(super) authority: Option<&'a str>,
    pub(super) path: &'a str,
    query: Option<&'a str>,
    pub(super) fragment: Option<&'a str>,
}

impl<'a> Address<'a> {
    /// The parts of a text (RFC 3986 appendix B). Every text has them.
    pub(super) fn split(text: &'a str) -> Self {
        let (rest, fragment) = cut(text, '#');
        let (rest, query) = cut(rest, '?');
        let (scheme, rest) = match rest.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
            _ => (None, rest),
        };
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                (Some(authority), path)
            }
            None => (None, rest),
        };
        Self { scheme, authority, path, query, fragment }
    }

    /// Whether Go's `url.Parse` takes it.
    pub(super) fn is_valid(&self) -> bool {
        let parts = [self.authority, Some(self.path), self.query, self.fragment];
        let controls = |part: &str| part.bytes().any(|byte| byte < b' ' || byte == 0x7F);
        if parts.into_iter().flatten().any(controls) {
            return false;
        }
        // A colon in the first segment would be the end of a scheme.
        let first = self.path.split('/').next().unwrap_or_default();
        if self.scheme.is_none() && self.authority.is_none() && first.contains(':') {
            return false;
        }
        let opaque =
            self.scheme.is_some() && self.authority.is_none() && !self.path.starts_with('/');
        (opaque || is_escaped(self.path))
            && self.fragment.is_none_or(is_escaped)
            && self.authority.is_none_or(is_authority)
    }
}

/// The address that a reference means where `base` holds (RFC 3986 section 5.2); an empty fragment is none.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let (base, to) = (Address::split(base), Address::split(reference));
    let (scheme, authority, path, query) = if to.scheme.is_some() {
        (to.scheme, to.authority, without_dots(to.path), to.query)
    } else if to.authority.is_some() {
        (base.scheme, to.authority, without_dots(to.path), to.query)
    } else if to.path.is_empty() {
        (base.scheme, base.authority, base.path.to_owned(), to.query.or(base.query))
    } else if to.path.starts_with('/') {
        (base.scheme, base.authority, without_dots(to.path), to.query)
    } else {
        let merged = match base.path.rsplit_once('/') {
            Some((above, _)) => format!("{above}/{}", to.path),
            None if base.authority.is_some() => format!("/{}", to.path),
            None => to.path.to_owned(),
        };
        (base.scheme, base.authority, without_dots(&merged), to.query)
    };
    let mut out = String::new();
    let mut put = |before: &str, part: Option<&str>, after: &str| {
        if let Some(part) = part {
            out.push_str(before);
            out.push_str(part);
            out.push_str(after);
        }
    };
    put("", scheme, ":");
    put("//", authority, "");
    put("", Some(&path), "");
    put("?", query, "");
    put("#", to.fragment.filter(|fragment| !fragment.is_empty()), "");
    out
}

/// The text without its escapes, if they are well-formed.
pub(super) fn unescape(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            out.push(*byte);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        out.push(u8::from_str_radix(digits, 16).ok()?);
        rest = rest.get(2..)?;
    }
    String::from_utf8(out).ok()
}

fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn is_scheme(text: &str) -> bool {
    let follows = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic()) && text.bytes().all(follows)
}

/// Whether every `%` has its two digits.
fn is_escaped(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        after.get(..2).is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    })
}

fn is_authority(authority: &str) -> bool {
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", authority),
    };
    let of_user = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
    let (host, port) = if host.starts_with('[') {
        match host.rsplit_once(']') {
            Some((_, port)) => ("", port),
            None => return false,
        }
    } else {
        host.split_at(host.rfind(':').unwrap_or(host.len()))
    };
    let port = port.strip_prefix(':').unwrap_or(port);
    user.chars().all(of_user)
        && is_escaped(user)
        && is_escaped(host)
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && !host.contains([' ', '<', '>', '"', '\\', '^', '`', '{', '|', '}'])
}

/// The path without `.` and `..` (RFC 3986 section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".."
                    && (kept.len() > 1 || kept.first().is_some_and(|first| !first.is_empty()))
                {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    kept.join("/")
}
