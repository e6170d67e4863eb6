//! A session as text: `s1.`, the digest of its chart and the session's bytes, both in hexadecimal with a dot between.

use thalium::audit::merkle::{from_hex, hex};
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
        let mut text = format!("{FORM}.{}.", hex(&self.definition));
        for byte in self.session.to_bytes() {
            for half in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(u32::from(half), 16));
            }
        }
        text
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

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit =
        |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for pair in text.as_bytes().chunks(2) {
        let [high, low] = pair else { return None };
        bytes.push((digit(high)? << 4) | digit(low)?);
    }
    Some(bytes)
}
