//! The bodies that are maps of CBOR: the head of a log, and who asked.

use minicbor::{Decoder, Encoder};

use super::{Envelope, Genesis};
use crate::codec::{self, Canonical, CodecError};

impl Canonical for Genesis {
    fn encode(&self, to: &mut Encoder<&mut Vec<u8>>) -> codec::Encoded {
        to.map(3)?.u32(1)?.u32(self.format)?.u32(2)?.u32(self.rules)?.u32(3)?.str(&self.tenant)?;
        Ok(())
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self, CodecError> {
        let (mut format, mut rules, mut tenant) = (None, None, None);
        codec::read_fields(from, |field, from| {
            match field {
                1 => format = Some(from.u32()?),
                2 => rules = Some(from.u32()?),
                3 => tenant = Some(from.str()?.to_owned()),
                _ => return Err(CodecError::UnknownField(field)),
            }
            Ok(())
        })?;
        Ok(Self {
            format: format.ok_or(CodecError::MissingField(1))?,
            rules: rules.ok_or(CodecError::MissingField(2))?,
            tenant: tenant.ok_or(CodecError::MissingField(3))?,
        })
    }
}

impl Canonical for Envelope {
    fn encode(&self, to: &mut Encoder<&mut Vec<u8>>) -> codec::Encoded {
        let texts = [&self.actor, &self.role, &self.request_id, &self.origin];
        let present: Vec<(u32, bool)> =
            (1..).zip(texts).map(|(field, text)| (field, !text.is_empty())).collect();
        codec::fields(to, &present, |field, to| {
            let text = match field {
                1 => &self.actor,
                2 => &self.role,
                3 => &self.request_id,
                _ => &self.origin,
            };
            to.str(text).map(|_| ())
        })
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self, CodecError> {
        let mut envelope = Self::default();
        codec::read_fields(from, |field, from| {
            let text = from.str()?.to_owned();
            match field {
                1 => envelope.actor = text,
                2 => envelope.role = text,
                3 => envelope.request_id = text,
                4 => envelope.origin = text,
                _ => return Err(CodecError::UnknownField(field)),
            }
            Ok(())
        })?;
        Ok(envelope)
    }
}
