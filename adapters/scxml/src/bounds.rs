//! What a document may have, counted before it is parsed: the parser compares attributes pairwise and copies namespaces.

/// How many bytes a document may have: 16 MiB.
pub const BYTES: usize = 16 << 20;
/// How deep its elements may nest.
pub const DEPTH: usize = 128;
/// How many nodes it may have: elements, texts, comments.
pub const NODES: u32 = 1 << 17;
/// How many attributes an element may have.
pub const ATTRIBUTES: usize = 256;
/// How many declarations of namespaces it may have.
pub const NAMESPACES: usize = 256;

/// What is too much about a document, if anything, and after how many of its bytes.
pub(crate) fn exceeded(text: &str) -> Option<(usize, String)> {
    if text.len() > BYTES {
        return Some((0, format!("the document has more than {BYTES} bytes: split it")));
    }
    let mut scan = Scan { text, at: 0, depth: 0, namespaces: 0 };
    while let Some(found) = scan.rest().find('<') {
        scan.at += found;
        if let Some(problem) = scan.markup() {
            return Some((scan.at, problem));
        }
    }
    None
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    namespaces: usize,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Moves behind the next `end`; to the end of the text without one, where the parser finds the mistake.
    fn skip_to(&mut self, end: &str) {
        self.at =
            self.rest().find(end).map_or(self.text.len(), |found| self.at + found + end.len());
    }

    /// Moves behind the markup that begins here.
    fn markup(&mut self) -> Option<String> {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            self.at += 4;
            self.skip_to("-->");
        } else if rest.starts_with("<![CDATA[") {
            self.skip_to("]]>");
        } else if rest.starts_with("<?") {
            self.skip_to("?>");
        } else if rest.starts_with("</") {
            self.depth = self.depth.saturating_sub(1);
            self.skip_to(">");
        } else {
            return self.tag();
        }
        None
    }

    fn tag(&mut self) -> Option<String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Some(format!("elements nest deeper than {DEPTH}: flatten the document"));
        }
        let mut attributes = 0_usize;
        let mut quote = None;
        let mut before = 0;
        let rest = self.rest();
        for (offset, byte) in rest.bytes().enumerate() {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'=') => attributes += 1,
                (None, b'>') => {
                    if before == b'/' {
                        self.depth -= 1;
                    }
                    // One attribute can declare one namespace, so that counting the word counts no less.
                    let tag = rest.get(..offset).unwrap_or("");
                    self.namespaces += tag.matches("xmlns").count();
                    if attributes > ATTRIBUTES {
                        return Some(format!(
                            "an element has more than {ATTRIBUTES} attributes: drop some"
                        ));
                    }
                    if self.namespaces > NAMESPACES {
                        return Some(format!(
                            "there are more than {NAMESPACES} declarations of namespaces: declare them once, at the top"
                        ));
                    }
                    self.at += offset + 1;
                    return None;
                }
                _ => {}
            }
            before = byte;
        }
        self.at = self.text.len();
        None
    }
}
