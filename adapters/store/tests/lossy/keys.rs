//! Keys that are the same in every run. They keep no secret.

use std::sync::atomic::{AtomicU8, Ordering};

use thalium::port::keys::{DATA_KEY_LEN, DataKey, KeyError, Keys};

/// Wraps under a name: only keys of the same name unwrap.
#[derive(Debug)]
pub struct FixedKeys(pub &'static str);

static GENERATED: AtomicU8 = AtomicU8::new(1);

impl FixedKeys {
    fn head(&self, context: &[u8]) -> Vec<u8> {
        [self.0.as_bytes(), b"\0", context, b"\0"].concat()
    }
}

impl Keys for FixedKeys {
    fn name(&self) -> String {
        self.0.to_owned()
    }

    fn generate(&self) -> Result<DataKey, KeyError> {
        Ok(DataKey::new([GENERATED.fetch_add(1, Ordering::Relaxed); DATA_KEY_LEN]))
    }

    fn wrap(&self, key: &DataKey, context: &[u8]) -> Result<Vec<u8>, KeyError> {
        Ok([&self.head(context)[..], key.as_bytes()].concat())
    }

    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<DataKey, KeyError> {
        let bytes = wrapped.strip_prefix(&self.head(context)[..]);
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(DataKey::new).ok_or_else(|| KeyError("it was wrapped by another key".to_owned()))
    }
}
