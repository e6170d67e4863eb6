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

/// What has bytes of its own, kept as those.
macro_rules! kept_as_bytes {
    ($(#[$doc:meta])* $name:ident($of:ty), $wrong:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name(pub $of);

        impl<C> Encode<C> for $name {
            fn encode<W: Write>(
                &self,
                to: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), encode::Error<W::Error>> {
                to.bytes(&self.0.to_bytes())?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(from: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
                let at = from.position();
                let kept = <$of>::from_bytes(from.bytes()?);
                kept.map(Self).map_err(|_| decode::Error::message($wrong).at(at))
            }
        }
    };
}

kept_as_bytes! {
    /// A session, kept as its bytes.
    Kept(Session), "is no session"
}

kept_as_bytes! {
    /// An inbox, kept as its bytes.
    Deliveries(Inbox), "is no inbox"
}
