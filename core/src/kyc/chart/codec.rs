//! Sessions as bytes: deterministic CBOR, the same session always as the same bytes, and no others are read.

use std::sync::Arc;

use minicbor::data::{Tag, Type};
use minicbor::{Decoder, Encoder};

use super::bits::Bits;
use super::document::Restore;
use super::duration::{Duration, MONTHS_MAX as MONTHS};
use super::effect::Message;
use super::event::{Event, Source};
use super::session::{Held, Invoked, Session, Status, Waiting};
use super::step::{BYTES, NESTED, SESSIONS};
use crate::value::{DEPTH, Number, Value};

/// The version that is written where nothing is in it that the first does not have.
const FIRST: u8 = 1;
/// The version that has the months of timers that begin anew, and how many services are past.
const VERSION: u8 = 2;
/// A set, as [registered](https://www.iana.org/assignments/cbor-tags/).
const SET: u64 = 258;
/// A number that is no integer of 64 bits, as its text: the first tag that anybody may use.
const NUMBER: u64 = 80_000;

/// Bytes that are no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// They are cut short, longer than they say, or something else.
    #[error(
        "a session is cut short or damaged, at byte {at}: restore it from a copy, or replay its events"
    )]
    Damaged {
        /// Where.
        at: usize,
    },
    /// They are of a newer version.
    #[error(
        "a session has version {version}, which this build does not know: open it with a newer one"
    )]
    Version {
        /// Which.
        version: u8,
    },
    /// The right session in other bytes than its own.
    #[error("a session is not written in its one form: it was changed by hand")]
    NotCanonical,
    /// They are more than a session can have.
    #[error("a session of {length} bytes is longer than any")]
    TooLong {
        /// How many.
        length: usize,
    },
}

type Encoded = Result<(), minicbor::encode::Error<std::convert::Infallible>>;
type To<'a> = Encoder<&'a mut Vec<u8>>;

impl Session {
    /// Its bytes. Equal sessions have equal bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        let mut to = Encoder::new(&mut bytes);
        let version = version_of(self);
        match to.u8(version).map(|_| ()).and_then(|()| session(&mut to, self, version)) {
            Ok(()) => bytes,
            // INVARIANT: the writer is memory, its error type has no value.
            Err(_) => Vec::new(),
        }
    }

    /// Reads the bytes of a session, all of them. Whether it is one of a chart is told by [`Program::accepts`](super::Program::accepts).
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SessionError> {
        if crate::value::length(bytes.len()) > BYTES.saturating_mul(2) {
            return Err(SessionError::TooLong { length: bytes.len() });
        }
        let mut reader = Reader { from: Decoder::new(bytes), version: FIRST, sessions: 0 };
        let version = reader.from.u8().map_err(|_| SessionError::Damaged { at: 0 })?;
        reader.version = version;
        if !matches!(version, FIRST | VERSION) {
            return Err(SessionError::Version { version });
        }
        let session = reader.session(0);
        let at = reader.from.position();
        let session = session.filter(|_| at == bytes.len()).ok_or(SessionError::Damaged { at })?;
        if session.to_bytes() == bytes { Ok(session) } else { Err(SessionError::NotCanonical) }
    }
}

fn length(length: usize) -> u64 {
    crate::value::length(length)
}

/// The first version that can tell a session and all below it, so that a session of the first is written as it was.
fn version_of(session: &Session) -> u8 {
    let mut version = FIRST;
    session.walk(&mut |session| {
        let is_month = |waiting: &Waiting| waiting.anew.is_some();
        if !session.past.is_empty() || session.timers.iter().any(is_month) {
            version = VERSION;
        }
    });
    version
}

/// INVARIANT: the depth of a tree of sessions is bounded where it arises.
fn session(to: &mut To<'_>, session: &Session, version: u8) -> Encoded {
    to.array(if version == FIRST { 11 } else { 12 })?
        .str(&session.id)?
        .bool(session.status == Status::Done)?;
    bits(to, &session.active)?;
    bits(to, &session.entered)?;
    to.array(length(session.history.len()))?;
    for (state, held) in &session.history {
        to.array(2)?.u32(*state)?;
        bits(to, held)?;
    }
    value(to, &session.data)?;
    match &session.event {
        Some(held) => event(to, held)?,
        None => {
            to.null()?;
        }
    }
    to.array(length(session.timers.len()))?;
    for waiting in &session.timers {
        timer(to, waiting, version)?;
    }
    to.array(length(session.invoked.len()))?;
    for invoked in &session.invoked {
        invocation(to, invoked, version)?;
    }
    to.u64(session.made)?.u64(session.sequence)?;
    if version != FIRST {
        to.map(length(session.past.len()))?;
        for (id, past) in &session.past {
            to.str(id)?.u64(*past)?;
        }
    }
    Ok(())
}

fn bits(to: &mut To<'_>, bits: &Bits) -> Encoded {
    to.array(length(bits.words().count()))?;
    for word in bits.words() {
        to.u64(word)?;
    }
    Ok(())
}

fn text(to: &mut To<'_>, text: Option<&str>) -> Encoded {
    match text {
        Some(text) => to.str(text)?,
        None => to.null()?,
    };
    Ok(())
}

/// Nothing is `undefined`, and not `null`, which is a value.
fn maybe(to: &mut To<'_>, held: Option<&Value>) -> Encoded {
    match held {
        Some(held) => value(to, held),
        None => to.undefined().map(|_| ()),
    }
}

fn event(to: &mut To<'_>, event: &Event) -> Encoded {
    let source = match event.source {
        Source::Platform => 0,
        Source::Internal => 1,
        Source::External => 2,
    };
    to.array(7)?.str(&event.name)?.u8(source)?;
    text(to, event.send_id.as_deref())?;
    text(to, event.origin.as_deref())?;
    text(to, event.origin_kind.as_deref())?;
    text(to, event.invoke_id.as_deref())?;
    maybe(to, event.data.as_ref())
}

fn timer(to: &mut To<'_>, waiting: &Waiting, version: u8) -> Encoded {
    let restore = match waiting.restore {
        Restore::Deadline => 0,
        Restore::Remaining => 1,
        Restore::Restart => 2,
    };
    to.array(if version == FIRST { 10 } else { 11 })?.i64(waiting.due)?.i64(waiting.span)?;
    match waiting.anew.map(Duration::parts) {
        _ if version == FIRST => {}
        Some((months, nanos)) => {
            to.array(2)?.u32(months)?.i64(nanos)?;
        }
        None => {
            to.null()?;
        }
    }
    to.u64(waiting.sequence)?.u8(restore)?;
    match waiting.state {
        Some(state) => to.u32(state)?,
        None => to.null()?,
    };
    let Message { id, target, kind, event, data } = &*waiting.message;
    text(to, id.as_deref())?;
    text(to, target.as_deref())?;
    text(to, kind.as_deref())?;
    text(to, event.as_deref())?;
    maybe(to, data.as_ref())
}

fn invocation(to: &mut To<'_>, invoked: &Invoked, version: u8) -> Encoded {
    to.array(5)?.str(&invoked.id)?.u32(invoked.state)?.u32(invoked.index)?;
    match &invoked.held {
        Held::Ended | Held::Chart { session: None, .. } => {
            to.null()?.undefined()?;
        }
        Held::Service => {
            to.bool(true)?.undefined()?;
        }
        Held::Chart { source, session: Some(held) } => {
            session(to, held, version)?;
            maybe(to, source.as_ref())?;
        }
    }
    Ok(())
}

/// INVARIANT: the depth of a session's values is bounded where a step ends.
fn value(to: &mut To<'_>, held: &Value) -> Encoded {
    match held {
        Value::Null => {
            to.null()?;
        }
        Value::Bool(held) => {
            to.bool(*held)?;
        }
        Value::Number(number) => match integer(number) {
            Some(number) => {
                to.i64(number)?;
            }
            None => {
                to.tag(Tag::new(NUMBER))?.str(&number.to_string())?;
            }
        },
        Value::String(held) => {
            to.str(held)?;
        }
        Value::Array(items) => {
            to.array(length(items.len()))?;
            items.iter().try_for_each(|item| value(to, item))?;
        }
        Value::Object(object) => {
            to.map(length(object.len()))?;
            for (key, held) in object.iter() {
                value(to, key)?;
                value(to, held)?;
            }
        }
        Value::Set(set) => {
            to.tag(Tag::new(SET))?.array(length(set.len()))?;
            set.iter().try_for_each(|item| value(to, item))?;
        }
    }
    Ok(())
}

/// The integer that a number is written as; `-0` and `1.0` have texts of their own.
fn integer(number: &Number) -> Option<i64> {
    let integer = number.to_i64().filter(|_| number.is_integer_text())?;
    (integer != 0 || number.to_string() == "0").then_some(integer)
}

struct Reader<'a> {
    from: Decoder<'a>,
    version: u8,
    sessions: usize,
}

/// Nothing is read where something else stands; where that was, the decoder knows.
impl Reader<'_> {
    fn session(&mut self, depth: u32) -> Option<Session> {
        self.sessions += 1;
        if depth > NESTED || self.sessions > SESSIONS {
            return None;
        }
        self.array(if self.version == FIRST { 11 } else { 12 })?;
        let mut session = Session::new(Arc::from(self.from.str().ok()?));
        session.status = if self.from.bool().ok()? { Status::Done } else { Status::Running };
        (session.active, session.entered) = (self.bits()?, self.bits()?);
        for _ in 0..self.from.array().ok()?? {
            self.array(2)?;
            let state = self.from.u32().ok()?;
            if session.history.last().is_some_and(|(last, _)| *last >= state) {
                return None;
            }
            session.history.push((state, self.bits()?));
        }
        session.data = self.value(0)?;
        session.event = if self.null()? { None } else { Some(Arc::new(self.event()?)) };
        for _ in 0..self.from.array().ok()?? {
            session.timers.push(self.timer()?);
        }
        for _ in 0..self.from.array().ok()?? {
            session.invoked.push(self.invocation(depth)?);
        }
        (session.made, session.sequence) = (self.from.u64().ok()?, self.from.u64().ok()?);
        if self.version != FIRST {
            for _ in 0..self.from.map().ok()?? {
                let id = Arc::from(self.from.str().ok()?);
                session.past.insert(id, self.from.u64().ok()?);
            }
        }
        Some(session)
    }

    fn array(&mut self, wanted: u64) -> Option<()> {
        (self.from.array().ok()?? == wanted).then_some(())
    }

    /// Whether nothing stands there, which is then read.
    fn null(&mut self) -> Option<bool> {
        let is_null = self.from.datatype().ok()? == Type::Null;
        if is_null {
            self.from.null().ok()?;
        }
        Some(is_null)
    }

    fn bits(&mut self) -> Option<Bits> {
        let mut words = Vec::new();
        for _ in 0..self.from.array().ok()?? {
            words.push(self.from.u64().ok()?);
        }
        Bits::from_words(&words)
    }

    fn text(&mut self) -> Option<Option<String>> {
        if self.null()? {
            Some(None)
        } else {
            self.from.str().ok().map(|text| Some(text.to_owned()))
        }
    }

    fn maybe(&mut self) -> Option<Option<Value>> {
        if self.from.datatype().ok()? == Type::Undefined {
            self.from.undefined().ok()?;
            return Some(None);
        }
        self.value(0).map(Some)
    }

    fn event(&mut self) -> Option<Event> {
        self.array(7)?;
        let name = self.from.str().ok()?.to_owned();
        let source = match self.from.u8().ok()? {
            0 => Source::Platform,
            1 => Source::Internal,
            2 => Source::External,
            _ => return None,
        };
        Some(Event {
            name,
            source,
            send_id: self.text()?,
            origin: self.text()?,
            origin_kind: self.text()?,
            invoke_id: self.text()?,
            data: self.maybe()?,
        })
    }

    fn timer(&mut self) -> Option<Waiting> {
        self.array(if self.version == FIRST { 10 } else { 11 })?;
        let (due, span) = (self.from.i64().ok()?, self.from.i64().ok()?);
        let anew = if self.version == FIRST || self.null()? {
            None
        } else {
            self.array(2)?;
            // What no chart can have is no session's either.
            let months = self.from.u32().ok().filter(|months| (1..=MONTHS).contains(months))?;
            Some(Duration::of(months, self.from.i64().ok()?))
        };
        let sequence = self.from.u64().ok()?;
        let restore = match self.from.u8().ok()? {
            0 => Restore::Deadline,
            1 => Restore::Remaining,
            2 => Restore::Restart,
            _ => return None,
        };
        let state = if self.null()? { None } else { Some(self.from.u32().ok()?) };
        let message = Message {
            id: self.text()?,
            target: self.text()?,
            kind: self.text()?,
            event: self.text()?,
            data: self.maybe()?,
        };
        let message = Arc::new(message);
        Some(Waiting { due, span, anew, sequence, restore, state, message })
    }

    fn invocation(&mut self, depth: u32) -> Option<Invoked> {
        self.array(5)?;
        let id = Arc::from(self.from.str().ok()?);
        let (state, index) = (self.from.u32().ok()?, self.from.u32().ok()?);
        let held = match self.from.datatype().ok()? {
            Type::Null => {
                self.from.null().ok()?;
                self.from.undefined().ok()?;
                Held::Ended
            }
            Type::Bool => {
                self.from.bool().ok()?;
                self.from.undefined().ok()?;
                Held::Service
            }
            _ => {
                let session = Some(Box::new(self.session(depth + 1)?));
                Held::Chart { source: self.maybe()?, session }
            }
        };
        Some(Invoked { id, state, index, held })
    }

    fn value(&mut self, depth: u32) -> Option<Value> {
        if depth > DEPTH {
            return None;
        }
        Some(match self.from.datatype().ok()? {
            Type::Null => {
                self.from.null().ok()?;
                Value::Null
            }
            Type::Bool => Value::Bool(self.from.bool().ok()?),
            Type::String => Value::string(self.from.str().ok()?),
            Type::Array => Value::array(self.items(depth)?),
            Type::Map => {
                let (count, mut pairs): (u64, Vec<(Value, Value)>) =
                    (self.from.map().ok()??, Vec::new());
                for _ in 0..count {
                    let key = self.value(depth + 1)?;
                    if pairs.last().is_some_and(|(last, _)| *last >= key) {
                        return None;
                    }
                    pairs.push((key, self.value(depth + 1)?));
                }
                Value::object(pairs)
            }
            Type::Tag => match self.from.tag().ok()?.as_u64() {
                NUMBER => Value::Number(Number::parse(self.from.str().ok()?).ok()?),
                SET => Value::set(self.items(depth)?),
                _ => return None,
            },
            _ => Value::int(self.from.i64().ok()?),
        })
    }

    fn items(&mut self, depth: u32) -> Option<Vec<Value>> {
        let (count, mut items) = (self.from.array().ok()??, Vec::new());
        for _ in 0..count {
            items.push(self.value(depth + 1)?);
        }
        Some(items)
    }
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "golden_tests.rs"]
mod golden;
