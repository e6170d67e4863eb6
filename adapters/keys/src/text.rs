//! A key as text: in a file that only its owner may read, in the key store of the platform, or in a variable of the environment.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::path::Path;

use thalium::port::keys::{DATA_KEY_LEN, DataKey, KeyError, Keys};
use zeroize::Zeroizing;

use crate::keystore;
use crate::wrap::{self, Kind, Secret};

const PREFIX: &str = "thalium-key-1-";
/// Bytes of a key's file, at most: the text, and blanks.
const FILE_MAX: u64 = 1024;

/// A key of 256 bits, whose text is `thalium-key-1-` and 64 hexadecimal digits.
pub struct KeyText {
    secret: Secret,
    name: String,
}

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyText({})", self.name)
    }
}

impl KeyText {
    /// A new key.
    ///
    /// # Errors
    /// A system that gives no random numbers.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self { secret: Zeroizing::new(wrap::random()?), name: "a new key".to_owned() })
    }

    /// Reads a key's text; `name` says where it stands, for messages.
    ///
    /// # Errors
    /// Text that is no key.
    pub fn parse(text: &str, name: &str) -> Result<Self, KeyError> {
        let no_key = || {
            KeyError(format!(
                "{name} is no key: `{PREFIX}` and {} hexadecimal digits are expected, as `thalium keys new` writes them",
                2 * DATA_KEY_LEN
            ))
        };
        let digits = text.trim().strip_prefix(PREFIX).ok_or_else(no_key)?.as_bytes();
        let mut secret = Zeroizing::new([0; DATA_KEY_LEN]);
        let (pairs, rest) = digits.as_chunks::<2>();
        if pairs.len() != DATA_KEY_LEN || !rest.is_empty() {
            return Err(no_key());
        }
        for (byte, [high, low]) in secret.iter_mut().zip(pairs) {
            let digit = |digit: &u8| {
                char::from(*digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
            };
            let (high, low) = (digit(high).ok_or_else(no_key)?, digit(low).ok_or_else(no_key)?);
            *byte = high << 4 | low;
        }
        Ok(Self { secret, name: name.to_owned() })
    }

    /// Reads the key at a place: in a file, or as `keystore:NAME` in the key store of the platform.
    ///
    /// # Errors
    /// A file or a store that cannot be read, or holds no key.
    pub fn read(place: &Path) -> Result<Self, KeyError> {
        let name = format!("`{}`", place.display());
        if let Some(entry) = keystore::name_in(place) {
            return Self::parse(&keystore::read(entry)?, &name);
        }
        let cannot = |error: std::io::Error| KeyError(format!("{name} cannot be read: {error}"));
        let file = std::fs::File::open(place).map_err(cannot)?;
        let mut text = Zeroizing::new(String::new());
        file.take(FILE_MAX).read_to_string(&mut text).map_err(cannot)?;
        Self::parse(&text, &name)
    }

    /// Writes the key to a new place: into a file that only its owner may read, or as `keystore:NAME` into the key store of the
    /// platform.
    ///
    /// # Errors
    /// A place that is taken already, or cannot be written.
    pub fn write(&self, place: &Path) -> Result<(), KeyError> {
        if let Some(name) = keystore::name_in(place) {
            return keystore::write(name, self.text().trim_end());
        }
        let cannot = |error: std::io::Error| {
            KeyError(format!("`{}` cannot be written: {error}", place.display()))
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(place).map_err(cannot)?;
        file.write_all(self.text().as_bytes()).map_err(cannot)?;
        file.sync_all().map_err(cannot)
    }

    /// Its text, with the end of the line.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + 2 * DATA_KEY_LEN + 1));
        text.push_str(PREFIX);
        for byte in self.secret.iter() {
            for digit in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(digit.into(), 16));
            }
        }
        text.push('\n');
        text
    }
}

impl Keys for KeyText {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn generate(&self) -> Result<DataKey, KeyError> {
        wrap::data_key()
    }

    fn wrap(&self, key: &DataKey, context: &[u8]) -> Result<Vec<u8>, KeyError> {
        wrap::wrap(Kind::Key, &[], &self.secret, key, context)
    }

    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<DataKey, KeyError> {
        wrap::unwrap(Kind::Key, &self.secret, wrapped, context)
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
