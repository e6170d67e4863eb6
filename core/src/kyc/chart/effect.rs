//! What a step asks of its host: data, in the order in which the chart asked.

use std::sync::Arc;

use super::event::Event;
use crate::value::{Value, length};

/// What an effect takes beside what it carries, bytes.
const ROOM: u64 = 64;

/// Something that the host does after it has stored the session.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A message for what is no session of the same tree: it is due now.
    Send {
        /// The session that sends it.
        session: Arc<str>,
        /// What it sends.
        message: Arc<Message>,
    },
    /// A service begins. What it tells comes back through [`Interpreter::deliver`](super::Interpreter::deliver) with
    /// [`invoke_id`](Event::invoke_id) set to this very id, at last as `done.invoke.ID` or `error.…`.
    Invoke {
        /// The session that invokes it.
        session: Arc<str>,
        /// The id that it is invoked under: `ID` of the first service that its session invokes under it, `ID#2` of the second, and so on.
        id: Arc<str>,
        /// What kind of service.
        kind: String,
        /// Where it is to be found.
        src: Option<String>,
        /// What it gets: the content, or an object of the named parts.
        data: Option<Value>,
    },
    /// A service is of no use any more; what it tells from now on is not heard.
    CancelInvoke {
        /// The session that invoked it.
        session: Arc<str>,
        /// The id that it began with.
        id: Arc<str>,
    },
    /// An event for a service that hears all that its session hears.
    Forward {
        /// The session.
        session: Arc<str>,
        /// The id that the service began with.
        id: Arc<str>,
        /// The event.
        event: Arc<Event>,
    },
    /// A line for the log.
    Log {
        /// The session that tells it.
        session: Arc<str>,
        /// What it is about.
        label: Option<Arc<str>>,
        /// What is told.
        value: Option<Value>,
    },
    /// The case has come to an end by itself.
    Done {
        /// The session that was started by the host.
        session: Arc<str>,
        /// What its final state tells.
        data: Option<Value>,
    },
}

impl Effect {
    /// About how many bytes it has.
    pub(super) fn size(&self) -> u64 {
        let value = |value: &Option<Value>| value.as_ref().map_or(0, Value::size);
        let text = |text: &Option<String>| text.as_ref().map_or(0, |text| length(text.len()));
        let own = match self {
            Self::Send { message, .. } => {
                let Message { id, target, kind, event, data } = &**message;
                [text(id), text(target), text(kind), text(event), value(data)]
            }
            Self::Invoke { id, kind, src, data, .. } => {
                [length(id.len()), length(kind.len()), text(src), value(data), 0]
            }
            Self::CancelInvoke { id, .. } => [length(id.len()), 0, 0, 0, 0],
            Self::Forward { id, event, .. } => {
                [length(id.len()), length(event.name.len()), value(&event.data), 0, 0]
            }
            Self::Log { value: told, .. } | Self::Done { data: told, .. } => {
                [value(told), 0, 0, 0, 0]
            }
        };
        own.into_iter().fold(ROOM, u64::saturating_add)
    }
}

/// What is sent, as the chart said it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// The id that it can be cancelled by while it waits.
    pub id: Option<String>,
    /// Where it goes.
    pub target: Option<String>,
    /// By what kind of processor.
    pub kind: Option<String>,
    /// Its name; none if its content says all.
    pub event: Option<String>,
    /// What it carries.
    pub data: Option<Value>,
}
