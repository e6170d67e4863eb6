//! The keys of the golden directories. They keep no secret.

use thalium_host::{DataKey, KeyError, Keys};

#[derive(Debug)]
pub struct GoldenKeys;

impl Keys for GoldenKeys {
    fn name(&self) -> String {
        "no secret".to_owned()
    }

    fn generate(&self) -> Result<DataKey, KeyError> {
        Ok(DataKey::new([7; 32]))
    }

    fn wrap(&self, key: &DataKey, context: &[u8]) -> Result<Vec<u8>, KeyError> {
        Ok([context, key.as_bytes()].concat())
    }

    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<DataKey, KeyError> {
        let bytes = wrapped.strip_prefix(context).and_then(|bytes| bytes.try_into().ok());
        bytes.map(DataKey::new).ok_or_else(|| KeyError("no golden key".to_owned()))
    }
}
