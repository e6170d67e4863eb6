//! A session at rest: all that is to be kept of a case between two events, as plain data.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::bits::Bits;
use super::document::Restore;
use super::duration::Duration;
use super::effect::Message;
use super::event::Event;
use crate::value::Value;
use crate::value::schema::Kept;

/// What stands between the id of a service and its number, from the second on that begins under it.
pub(super) const NUMBERED: char = '#';

/// Whether a session goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It waits for events.
    #[default]
    Running,
    /// It has come to an end: its states are those that it ended in.
    Done,
}

/// A running chart between two events. Cloning is cheap; [`Session::to_bytes`] is what is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    pub(super) id: Arc<str>,
    pub(super) status: Status,
    /// The active states, the chart itself (zero) among them.
    pub(super) active: Bits,
    /// The states that were entered before, where data is made then.
    pub(super) entered: Bits,
    /// What history states stand for, by the number of the state.
    pub(super) history: Vec<(u32, Bits)>,
    pub(super) data: Value,
    pub(super) event: Option<Arc<Event>>,
    /// In the order of their numbers.
    pub(super) timers: Vec<Waiting>,
    /// What was invoked by states that are active, in that order.
    pub(super) invoked: Vec<Invoked>,
    /// How many ids were made up.
    pub(super) made: u64,
    /// The number of the next timer of the whole tree; of the root only.
    pub(super) sequence: u64,
    /// How many services went on under an id and do not any more, of ids that are written down: those that are made up are made up once.
    pub(super) past: BTreeMap<Arc<str>, u64>,
    pub(super) checked: Checked,
}

/// The schema that the variables of a session are as it has them. It is known in memory only, and no part of what a session is: of one that was
/// read from its bytes it is not known.
#[derive(Clone, Default)]
pub(super) struct Checked(Option<Arc<Kept>>);

impl Checked {
    pub(super) fn by(schema: &Arc<Kept>) -> Self {
        Self(Some(Arc::clone(schema)))
    }

    pub(super) fn is_by(&self, schema: &Arc<Kept>) -> bool {
        self.0.as_ref().is_some_and(|own| Arc::ptr_eq(own, schema))
    }
}

impl PartialEq for Checked {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Checked" } else { "Unchecked" })
    }
}

/// What waits for its time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Waiting {
    pub(super) due: i64,
    /// How long it waits, nanoseconds.
    pub(super) span: i64,
    /// How long it waits when it begins anew, where the calendar tells: a month is not always as long.
    pub(super) anew: Option<Duration>,
    pub(super) sequence: u64,
    pub(super) restore: Restore,
    /// The state that it belongs to; none if it was sent.
    pub(super) state: Option<u32>,
    pub(super) message: Arc<Message>,
}

/// What was invoked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Invoked {
    pub(super) id: Arc<str>,
    pub(super) state: u32,
    /// Which of the state's.
    pub(super) index: u32,
    pub(super) held: Held,
}

/// What it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Held {
    /// A chart, with what the model finds it by, if it is not written in the document. While a step runs, its session is elsewhere.
    Chart { source: Option<Value>, session: Option<Box<Session>> },
    /// A service of the host.
    Service,
    /// It has ended by itself.
    Ended,
}

/// A timer or a delayed event that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending<'a> {
    /// The session that it belongs to.
    pub session: &'a str,
    /// When it is due, nanoseconds UTC.
    pub due: i64,
    /// Its number: of those due at one instant the lower comes first.
    pub sequence: u64,
    /// What becomes of it when the case rests.
    pub restore: Restore,
    /// What is sent then.
    pub message: &'a Message,
}

impl Session {
    pub(super) fn new(id: Arc<str>) -> Self {
        Self {
            id,
            status: Status::Running,
            active: Bits::default(),
            entered: Bits::default(),
            history: Vec::new(),
            data: Value::object([]),
            event: None,
            timers: Vec::new(),
            invoked: Vec::new(),
            made: 0,
            sequence: 0,
            past: BTreeMap::new(),
            checked: Checked::default(),
        }
    }

    /// Its id: `_sessionid`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it goes on.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    /// Its variables, an object.
    #[must_use]
    pub const fn data(&self) -> &Value {
        &self.data
    }

    /// The last event that it answered.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        self.event.as_deref()
    }

    /// The sessions of the charts that it invoked and that go on, with the ids that they were invoked under.
    pub fn children(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.invoked.iter().filter_map(|invoked| match &invoked.held {
            Held::Chart { session: Some(session), .. } => Some((&*invoked.id, &**session)),
            _ => None,
        })
    }

    /// The services of the host that it invoked and that go on, as their effects named them: by the id that they were invoked under, and from
    /// the second on that begins under it, by `ID#2` and so on.
    pub fn services(&self) -> impl Iterator<Item = Arc<str>> {
        let services = self.invoked.iter().filter(|invoked| invoked.held == Held::Service);
        services.map(|invoked| self.known_as(&invoked.id))
    }

    /// What the host knows the service by that goes on under an id, or begins there.
    pub(super) fn known_as(&self, id: &Arc<str>) -> Arc<str> {
        match self.past.get(id) {
            None => Arc::clone(id),
            Some(past) => format!("{id}{NUMBERED}{}", past.saturating_add(1)).into(),
        }
    }

    /// The id of the service that goes on and that the host knows by this.
    pub(super) fn service(&self, known: &str) -> Option<&str> {
        let services = self.invoked.iter().filter(|invoked| invoked.held == Held::Service);
        let mut named = services.filter(|invoked| known.starts_with(&*invoked.id));
        named.find(|invoked| *self.known_as(&invoked.id) == *known).map(|invoked| &*invoked.id)
    }

    /// A service does not go on any more, and another one under its id will be another one.
    pub(super) fn service_is_past(&mut self, id: &Arc<str>) {
        let past = self.past.entry(Arc::clone(id)).or_default();
        *past = past.saturating_add(1);
    }

    /// What waits in it and in the sessions below it, in the order in which it is due.
    #[must_use]
    pub fn pending(&self) -> Vec<Pending<'_>> {
        let mut pending = Vec::new();
        self.walk(&mut |session| {
            pending.extend(session.timers.iter().map(|waiting| Pending {
                session: &session.id,
                due: waiting.due,
                sequence: waiting.sequence,
                restore: waiting.restore,
                message: &waiting.message,
            }));
        });
        pending.sort_by_key(|pending| (pending.due, pending.sequence));
        pending
    }

    /// When the next of what waits is due.
    #[must_use]
    pub fn next_due(&self) -> Option<i64> {
        let mut next = None;
        self.walk(&mut |session| {
            let due = session.timers.iter().map(|waiting| waiting.due).min();
            next = [next, due].into_iter().flatten().min();
        });
        next
    }

    /// Its own and all sessions below; INVARIANT: the depth of a tree is bounded where sessions are made and read.
    pub(super) fn walk<'a>(&'a self, see: &mut dyn FnMut(&'a Self)) {
        see(self);
        for (_, child) in self.children() {
            child.walk(see);
        }
    }

    /// About how many bytes it has.
    pub(super) fn size(&self) -> u64 {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let event = |event: &Event| {
            let texts = [&event.send_id, &event.origin, &event.origin_kind, &event.invoke_id];
            let texts: usize = texts.into_iter().map(length).sum();
            carried(event.data.as_ref(), event.name.len().saturating_add(texts))
        };
        let mut size = 0_u64;
        self.walk(&mut |session| {
            let timers = session.timers.iter();
            let own = [100, session.data.size(), session.event.as_deref().map_or(0, event)];
            let parts = timers.map(|waiting| {
                let message = &waiting.message;
                let texts = [&message.event, &message.target, &message.kind, &message.id];
                carried(message.data.as_ref(), texts.into_iter().map(length).sum())
            });
            let invoked = session.invoked.iter().map(|invoked| match &invoked.held {
                Held::Chart { source: Some(source), .. } => source.size().saturating_add(30),
                _ => 30,
            });
            let past = session.past.keys().map(|id| carried(None, id.len()));
            let all = own.into_iter().chain(parts).chain(invoked).chain(past);
            size = all.fold(size, u64::saturating_add);
        });
        size
    }

    /// How deep its values nest.
    pub(super) fn depth(&self) -> u32 {
        let mut depth = 0;
        let mut see = |value: Option<&Value>| depth = value.map_or(0, Value::depth).max(depth);
        self.walk(&mut |session| {
            see(Some(&session.data));
            see(session.event.as_ref().and_then(|event| event.data.as_ref()));
            session.timers.iter().for_each(|waiting| see(waiting.message.data.as_ref()));
            for invoked in &session.invoked {
                if let Held::Chart { source, .. } = &invoked.held {
                    see(source.as_ref());
                }
            }
        });
        depth
    }
}

fn carried(data: Option<&Value>, name: usize) -> u64 {
    data.map_or(0, Value::size).saturating_add(crate::value::length(name)).saturating_add(50)
}
