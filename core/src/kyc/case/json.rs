//! Values, sessions and inboxes as parts of records.

use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use minicbor::{Decode, Encode};

use crate::kyc::callback::Inbox;
use crate::kyc::chart::Session;
use crate::value::Value;

/// A value, kept as its canonical JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(pub Value);

impl<C> Encode<C> for Json {
    fn encode<W: Write>(
        &self,
        to: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        to.str(&self.0.to_json())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Json {
    fn decode(from: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = from.position();
        let text = from.str()?;
        let value = Value::from_json_strict(text);
        value.map(Self).map_err(|_| decode::Error::message("is no JSON").at(at))
    }
}

/// A session, kept as its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept(pub Session);

impl<C> Encode<C> for Kept {
    fn encode<W: Write>(
        &self,
        to: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        to.bytes(&self.0.to_bytes())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Kept {
    fn decode(from: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = from.position();
        let session = Session::from_bytes(from.bytes()?);
        session.map(Self).map_err(|_| decode::Error::message("is no session").at(at))
    }
}

/// An inbox, kept as its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deliveries(pub Box<Inbox>);

impl<C> Encode<C> for Deliveries {
    fn encode<W: Write>(
        &self,
        to: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        to.bytes(&self.0.to_bytes())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Deliveries {
    fn decode(from: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = from.position();
        let inbox = Inbox::from_bytes(from.bytes()?);
        inbox.map(Box::new).map(Self).map_err(|_| decode::Error::message("is no inbox").at(at))
    }
}
