//! A YAML document's lines, and a place in them.

/// Text that is read, and where the reading is.
pub(super) struct Lines<'a> {
    text: &'a str,
    pub(super) at: usize,
}

impl<'a> Lines<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// What is read.
    pub(super) fn before(&self) -> &'a str {
        self.text.get(..self.at.min(self.text.len())).unwrap_or_default()
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes the next character.
    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at = self.at.saturating_add(next.len_utf8());
        Some(next)
    }

    /// Skips so many bytes.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes).min(self.text.len());
    }

    /// How far the place is from its line's start, in bytes.
    pub(super) fn column(&self) -> usize {
        let before = self.before();
        before.len().saturating_sub(before.rfind('\n').map_or(0, |at| at.saturating_add(1)))
    }

    /// What is left of the line.
    pub(super) fn line(&self) -> &'a str {
        self.rest().split('\n').next().unwrap_or_default()
    }

    /// Skips spaces and tabs.
    pub(super) fn blanks(&mut self) {
        let rest = self.rest();
        self.skip(rest.len().saturating_sub(rest.trim_start_matches([' ', '\t']).len()));
    }

    /// Skips what says nothing: spaces, line ends, comments. Answers whether a line ended.
    pub(super) fn space(&mut self) -> bool {
        let mut ended = false;
        loop {
            let start = self.at;
            self.blanks();
            if self.peek() == Some('#') && self.is_comment() {
                self.skip(self.line().len());
            }
            match self.peek() {
                Some('\n') => {
                    self.skip(1);
                    ended = true;
                }
                _ if self.at == start => return ended,
                _ => {}
            }
        }
    }

    /// Whether the line ends here, but for spaces and a comment.
    pub(super) fn ends(&self) -> bool {
        let line = self.line();
        let rest = line.trim_start_matches([' ', '\t']);
        rest.is_empty() || (rest.starts_with('#') && (rest.len() < line.len() || self.is_comment()))
    }

    /// A comment has a space before it, or nothing.
    fn is_comment(&self) -> bool {
        let before = self.before();
        before.is_empty() || before.ends_with([' ', '\t', '\n'])
    }
}
