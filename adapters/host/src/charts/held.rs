//! A session as text: `s1.`, the digest of its chart and the session's bytes, both in hexadecimal with a dot between.

use thalium::audit::merkle::{from_hex, hex, unhex};
use thalium::kyc::chart::{BYTES, Session};

use super::ChartFault;

/// What names the form.
const FORM: &str = "s1";

/// A session that is kept, with the version of the chart that it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The digest of the chart.
    pub definition: [u8; 32],
    /// The session.
    pub session: Session,
}

impl Held {
    /// As text.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{FORM}.{}.{}", hex(&self.definition), hex(&self.session.to_bytes()))
    }

    /// Of the text.
    ///
    /// # Errors
    /// It is none.
    pub fn from_text(text: &str) -> Result<Self, ChartFault> {
        let none = |why: &str| ChartFault::Session(why.to_owned());
        let most = usize::try_from(BYTES).unwrap_or(usize::MAX).saturating_mul(4);
        if text.len() > most {
            return Err(none("it is larger than any"));
        }
        let mut parts = text.split('.');
        let (form, definition, bytes, more) =
            (parts.next(), parts.next(), parts.next(), parts.next());
        let (Some(FORM), Some(definition), Some(bytes), None) = (form, definition, bytes, more)
        else {
            return Err(none("it has not the form `s1.DIGEST.BYTES`"));
        };
        let definition = from_hex(definition).ok_or_else(|| none("its digest is none"))?;
        let bytes = unhex(bytes).ok_or_else(|| none("its bytes are not hexadecimal"))?;
        let session = Session::from_bytes(&bytes).map_err(|error| none(&error.to_string()))?;
        Ok(Self { definition, session })
    }
}
