//! Lines of bounded length.

use std::io::{self, BufRead};

/// The longest line, in bytes without its end.
pub(crate) const LINE_MAX: usize = 64 << 10;

/// Splits a stream into lines; one that is too long is skipped without being kept in memory.
#[derive(Debug)]
pub(super) struct Lines<R> {
    stream: R,
    number: u64,
    buffer: Vec<u8>,
}

/// A line.
#[derive(Debug)]
pub(super) struct Raw<'a> {
    pub(super) number: u64,
    pub(super) bytes: u64,
    pub(super) text: Result<&'a str, String>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(stream: R) -> Self {
        Self { stream, number: 0, buffer: Vec::new() }
    }

    /// The next line, without its end; `None` at the end of the stream.
    pub(super) fn next_raw(&mut self) -> io::Result<Option<Raw<'_>>> {
        self.buffer.clear();
        let mut bytes = 0_usize;
        let mut ended = false;
        while !ended {
            let available = match self.stream.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                break;
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
            // One byte more than allowed tells that the line is too long.
            let room = (LINE_MAX + 2).saturating_sub(self.buffer.len());
            self.buffer.extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
            let used = part.len() + usize::from(end.is_some());
            self.stream.consume(used);
            bytes = bytes.saturating_add(used);
            ended = end.is_some();
        }
        if bytes == 0 {
            return Ok(None);
        }
        self.number += 1;
        let mut line = self.buffer.strip_suffix(b"\r").unwrap_or(&self.buffer);
        if self.number == 1 {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        let text = if line.len() > LINE_MAX {
            Err(format!("is longer than {LINE_MAX} bytes: split it, or shorten its metadata"))
        } else {
            std::str::from_utf8(line).map_err(|error| {
                format!(
                    "byte {} is not UTF-8: save the file as UTF-8",
                    error.valid_up_to().saturating_add(1)
                )
            })
        };
        Ok(Some(Raw { number: self.number, bytes: u64::try_from(bytes).unwrap_or(u64::MAX), text }))
    }
}
