//! Keys that wrap data keys, kept by whoever runs the ledger: [`KeyText`] is a key in a file, in a variable or in the key store
//! of the platform, [`Passphrase`] one that a person knows. A key service is another [`Keys`](thalium::port::keys::Keys), written where it is used.
//!
//! ```
//! use thalium::port::keys::Keys;
//! use thalium_keys::{KeyText, Passphrase};
//!
//! let file = KeyText::generate()?;
//! let data_key = file.generate()?;
//! let wrapped = file.wrap(&data_key, b"what for")?;
//! assert_eq!(file.unwrap(&wrapped, b"what for")?.as_bytes(), data_key.as_bytes());
//! assert!(Passphrase::new("correct horse battery staple")?.unwrap(&wrapped, b"what for").is_err());
//! # Ok::<(), thalium::port::keys::KeyError>(())
//! ```

#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod keystore;
mod passphrase;
mod text;
mod wrap;

pub use passphrase::Passphrase;
pub use text::KeyText;
