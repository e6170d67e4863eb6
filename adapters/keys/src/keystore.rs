//! The key store of the platform: the keychain of macOS, the credential manager of Windows, the Secret Service elsewhere
//! (GNOME Keyring, KWallet, KeePassXC).
//!
//! A key in it is named as `keystore:NAME`, wherever a key's file can be named.

use std::path::Path;

use thalium::port::keys::KeyError;
use zeroize::Zeroizing;

const SCHEME: &str = "keystore:";
/// The longest name of a key, in bytes.
const NAME_MAX: usize = 128;

/// The name of a key in the store, where a place names one: `./keystore:name` is a file.
pub(crate) fn name_in(place: &Path) -> Option<&str> {
    place.to_str()?.strip_prefix(SCHEME)
}

/// The text that the store holds under a name.
pub(crate) fn read(name: &str) -> Result<Zeroizing<String>, KeyError> {
    check(name)?;
    store::read(name)?.ok_or_else(|| {
        KeyError(format!(
            "`{SCHEME}{name}` is not in the key store of this platform: `thalium keys new {SCHEME}{name}` makes it, \
             `thalium keys copy FILE {SCHEME}{name}` puts a key in a file there"
        ))
    })
}

/// Puts a text into the store under a new name. No store has a way to write only what is not there, so of two that do so at the same
/// moment the later wins; the other is told where it reads what it wrote after that.
pub(crate) fn write(name: &str, text: &str) -> Result<(), KeyError> {
    check(name)?;
    if store::read(name)?.is_some() {
        return Err(KeyError(format!("`{SCHEME}{name}` is there already: take another name")));
    }
    store::write(name, text)?;
    match store::read(name)? {
        Some(written) if *written == text => Ok(()),
        _ => Err(KeyError(format!(
            "`{SCHEME}{name}` was written by another at the same moment: take another name"
        ))),
    }
}

fn check(name: &str) -> Result<(), KeyError> {
    let is_name = (1..=NAME_MAX).contains(&name.len()) && !name.chars().any(char::is_control);
    let what = || {
        KeyError(format!(
            "the name of a key behind `{SCHEME}` has from 1 to {NAME_MAX} bytes, none of them a control"
        ))
    };
    if is_name { Ok(()) } else { Err(what()) }
}

#[cfg(feature = "keystore")]
mod store {
    use keyring::{Entry, Error};
    use thalium::port::keys::KeyError;
    use zeroize::Zeroizing;

    /// Under which service the entries stand, in the platform's own programs.
    const SERVICE: &str = "thalium";

    pub(super) fn read(name: &str) -> Result<Option<Zeroizing<String>>, KeyError> {
        match entry(name)?.get_password() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    pub(super) fn write(name: &str, text: &str) -> Result<(), KeyError> {
        entry(name)?.set_password(text).map_err(|error| failed(&error))
    }

    fn entry(name: &str) -> Result<Entry, KeyError> {
        Entry::store_status().as_ref().map_err(failed)?;
        Entry::new(SERVICE, name).map_err(|error| failed(&error))
    }

    fn failed(error: &Error) -> KeyError {
        KeyError(format!(
            "the key store of this platform cannot be used: {error}; see whether one is running and unlocked, or keep the key in a file instead"
        ))
    }
}

#[cfg(not(feature = "keystore"))]
mod store {
    use thalium::port::keys::KeyError;
    use zeroize::Zeroizing;

    pub(super) fn read(_: &str) -> Result<Option<Zeroizing<String>>, KeyError> {
        Err(KeyError(
            "this build knows no key store: read the key from it in your own program, and give its text".to_owned(),
        ))
    }

    pub(super) fn write(name: &str, _: &str) -> Result<(), KeyError> {
        read(name).map(|_| ())
    }
}

#[cfg(test)]
#[path = "keystore_tests.rs"]
mod tests;
