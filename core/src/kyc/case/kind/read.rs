//! Kinds read from JSON and YAML, in the format of `docs/cases.md`, with everything that is wrong told at once.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{meant, no_name};
use super::{
    Assign, Cancelling, DOCUMENT_EVENTS, DocumentEvents, Kind, Levels, Migrating, Opening,
    Overriding, Paper, Part, Queue, Registering, Reopening, Resting, Ruling, Sending, Senior,
};
use crate::kyc::chart::{ChartError, Duration, Expr};
use crate::kyc::reader::cursor::{Cursor, Fields};
use crate::kyc::reader::node::NodeKind;
use crate::kyc::reader::{self, Format};
use crate::kyc::rules::shown;
use crate::value::{Number, Value};

/// The version of the format.
const VERSION: u64 = 1;
/// The most queues of a kind.
const QUEUES: usize = 64;
/// The most decisions of a kind.
const DECISIONS: usize = 64;
/// The most documents of a kind.
const DOCUMENTS: usize = 256;
/// The most events that may be sent.
const EVENTS: usize = 256;
/// The most invoked charts that are named in one place.
const CHARTS: usize = 64;
/// The most levels of a kind: as many as the register of parties can tell apart.
const LEVELS: usize = 256;
/// The most flags that a kind tells of a party, which has no room for more.
const FLAGS: usize = 32;
/// The most roles that are named in one place.
const ROLES: usize = 64;
/// The most other names that are named in one place: states, variables, reason codes.
const NAMES: usize = 256;
/// The longest name of a chart, a state or a variable, in characters.
const LONGEST: usize = 256;
/// The most people whom a decision can ask for.
const QUORUM: u8 = 9;
/// The most times that a document can be handed in.
const ATTEMPTS: u8 = 99;
/// How often one may be, if nothing is said.
pub(super) const ATTEMPTS_DEFAULT: u8 = 3;

const KIND: [&str; 19] = [
    "case",
    "id",
    "description",
    "chart",
    "evidence",
    "queues",
    "decisions",
    "documents",
    "document_events",
    "asks",
    "events",
    "overrides",
    "reopening",
    "migration",
    "opening",
    "cancelling",
    "resting",
    "child_ended",
    "party",
];
const QUEUE: [&str; 8] =
    ["id", "states", "when", "roles", "within", "missed", "escalate", "assign"];
const RULING: [&str; 10] = [
    "states", "roles", "quorum", "senior", "reasons", "not_by", "event", "proposed", "returned",
    "data",
];
const PAPER: [&str; 6] = ["description", "attempts", "within", "roles", "reasons", "not_by"];

impl Kind {
    /// Reads a kind of cases from a text of JSON or YAML.
    ///
    /// What is read is well formed, and not more: whether its chart has the states, events and variables that it names is found when it is
    /// loaded together with its charts, by [`Desk::load`](crate::kyc::case::Desk::load).
    ///
    /// ```
    /// use thalium::kyc::case::Kind;
    ///
    /// let kind = Kind::from_text("
    /// case: 1
    /// id: individual
    /// chart: individual
    /// queues:
    ///   - {id: reviews, states: [requires_review], roles: [compliance], within: P2D, missed: review.late}
    /// decisions:
    ///   approve: {states: [requires_review], roles: [compliance], quorum: 2, event: decision.confirmed}
    /// ").unwrap();
    /// assert_eq!(kind.decisions["approve"].quorum, 2);
    ///
    /// let wrong = Kind::from_text("{case: 1, id: individual, chart: individual, quues: []}").unwrap_err();
    /// let told = "1:46: quues: `quues` is not known here: did you mean `queues`?";
    /// assert_eq!(wrong[0].to_string(), told);
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong, up to a hundred places, in the order of the text: what is neither JSON nor YAML (then that alone), keys that
    /// are not known, missing or twice, values of another kind, numbers out of bounds, names that are none, a queue that a case would escalate
    /// to and that is not behind its own, more seniors than people.
    pub fn from_text(text: &str) -> Result<Self, Vec<ChartError>> {
        Reader::read(text, Kinds, |reader, at| reader.kind(at).unwrap_or_default())
    }
}

/// The format of kinds.
struct Kinds;

impl Format for Kinds {}

type Reader = reader::Reader<Kinds>;

impl Reader {
    fn kind(&mut self, at: &Cursor<'_>) -> Option<Kind> {
        let fields = self.fields(at, "a kind of cases", &KIND)?;
        self.version(fields, "case", VERSION);
        Some(Kind {
            id: self.named(fields, "id"),
            description: fields.get("description").and_then(|at| self.text(&at)),
            chart: self.needed(fields, "chart").and_then(|at| self.known(&at)).unwrap_or_default(),
            evidence: self.list(fields, "evidence", NAMES, Self::known),
            queues: fields.get("queues").map(|at| self.queues(&at)).unwrap_or_default(),
            decisions: self.all(fields, "decisions", DECISIONS, Self::ruling),
            documents: self.all(fields, "documents", DOCUMENTS, Self::paper),
            document_events: fields
                .get("document_events")
                .and_then(|at| self.document_events(&at))
                .unwrap_or_default(),
            asks: fields.get("asks").and_then(|at| self.name(&at)),
            events: fields.get("events").map(|_| self.all(fields, "events", EVENTS, Self::sending)),
            overrides: fields.get("overrides").and_then(|at| self.overriding(&at)),
            reopening: fields.get("reopening").and_then(|at| self.reopening(&at)),
            migration: fields.get("migration").and_then(|at| self.migrating(&at)),
            opening: fields.get("opening").and_then(|at| self.opening(&at)),
            cancelling: fields.get("cancelling").and_then(|at| self.cancelling(&at)),
            resting: fields.get("resting").and_then(|at| self.resting(&at)),
            child_ended: fields.get("child_ended").and_then(|at| self.name(&at)),
            party: fields.get("party").and_then(|at| self.registering(&at)),
            place: at.place(),
        })
    }

    fn queues(&mut self, at: &Cursor<'_>) -> Vec<Queue> {
        if at.node.as_list().is_none() {
            self.expected(at, "a list of queues");
        }
        if at.items().nth(QUEUES).is_some() {
            self.wrong(at, format!("there are at most {QUEUES} queues"));
        }
        let id = |at: &Cursor<'_>| at.fields()?.get("id")?.node.as_text().cloned();
        let ids: Vec<_> = at.items().map(|at| id(&at)).take(QUEUES).collect();
        let mut queues = Vec::new();
        for (number, item) in at.items().enumerate().take(QUEUES) {
            queues.extend(self.queue(&item));
            let (before, behind) = ids.split_at_checked(number).unwrap_or_default();
            let own = ids.get(number).and_then(Option::as_ref);
            if own.is_some_and(|own| before.iter().flatten().any(|other| other == own)) {
                self.wrong(&item, "is the second queue of this name: give each a name of its own");
            }
            let Some(to) = item.fields().and_then(|fields| fields.get("escalate")) else {
                continue;
            };
            let Some(name) = to.node.as_text() else { continue };
            let behind: Vec<&str> = behind.iter().skip(1).flatten().map(|id| &**id).collect();
            if behind.contains(&&**name) {
                continue;
            }
            let what = if ids.iter().flatten().any(|id| id == name) {
                format!(
                    "`{}` does not come behind this queue: a case only goes on to a later one, so that none goes round",
                    shown(name)
                )
            } else {
                format!("there is no queue `{}`{}", shown(name), meant(name, behind))
            };
            self.wrong(&to, what);
        }
        queues
    }

    fn queue(&mut self, at: &Cursor<'_>) -> Option<Queue> {
        let fields = self.fields(at, "a queue", &QUEUE)?;
        if fields.get("within").is_none() {
            for key in ["missed", "escalate"] {
                if let Some(at) = fields.get(key) {
                    self.wrong(&at, format!("`{key}` tells what happens when the time is over, and there is no `within`: write how long a case may wait, such as `within: P2D`"));
                }
            }
        }
        let words = ASSIGN.map(|assign| (assign.name(), assign));
        Some(Queue {
            id: self.named(fields, "id"),
            states: self.list(fields, "states", NAMES, Self::known),
            when: fields.get("when").and_then(|at| self.expr(&at)),
            roles: self.roles(fields),
            within: fields.get("within").and_then(|at| self.duration(&at)),
            missed: fields.get("missed").and_then(|at| self.name(&at)),
            escalate: fields.get("escalate").and_then(|at| self.name(&at)),
            assign: fields.get("assign").and_then(|at| self.word(&at, &words)).unwrap_or_default(),
            place: at.place(),
        })
    }

    fn ruling(&mut self, at: &Cursor<'_>) -> Option<Ruling> {
        let fields = self.fields(at, "a decision", &RULING)?;
        let quorum = fields.get("quorum").and_then(|at| self.count(&at, QUORUM)).unwrap_or(1);
        let senior = fields.get("senior").and_then(|at| self.senior(&at, quorum));
        Some(Ruling {
            states: self.list(fields, "states", NAMES, Self::known),
            roles: self.roles(fields),
            quorum,
            senior,
            reasons: self.list(fields, "reasons", NAMES, Self::name),
            not_by: self.parts(fields),
            event: self.named(fields, "event"),
            proposed: fields.get("proposed").and_then(|at| self.name(&at)),
            returned: fields.get("returned").and_then(|at| self.name(&at)),
            data: fields.get("data").and_then(|at| self.data(&at)),
            place: at.place(),
        })
    }

    fn senior(&mut self, at: &Cursor<'_>, quorum: u8) -> Option<Senior> {
        let fields = self.fields(at, "who is of higher rank", &["when", "roles", "count"])?;
        let count = fields.get("count").and_then(|at| self.count(&at, QUORUM)).unwrap_or(1);
        if count > quorum {
            let what = format!(
                "{count} of higher rank are asked for, and {quorum} in all: write a larger `quorum`, or a smaller `count`"
            );
            self.wrong(&fields.get("count").unwrap_or(*at), what);
        }
        let roles = self.roles(fields);
        Some(Senior { when: fields.get("when").and_then(|at| self.expr(&at)), roles, count })
    }

    fn paper(&mut self, at: &Cursor<'_>) -> Option<Paper> {
        let fields = self.fields(at, "a document", &PAPER)?;
        let attempts = fields.get("attempts").and_then(|at| self.count(&at, ATTEMPTS));
        Some(Paper {
            description: fields.get("description").and_then(|at| self.text(&at)),
            attempts: attempts.unwrap_or(ATTEMPTS_DEFAULT),
            within: fields.get("within").and_then(|at| self.duration(&at)),
            roles: self.roles(fields),
            reasons: self.list(fields, "reasons", NAMES, Self::name),
            not_by: match fields.get("not_by") {
                Some(_) => self.parts(fields),
                None => vec![Part::Submitter],
            },
            place: at.place(),
        })
    }

    fn parts(&mut self, fields: Fields<'_>) -> Vec<Part> {
        let words = PARTS.map(|part| (part.name(), part));
        self.list(fields, "not_by", NAMES, |own, at| own.word(at, &words))
    }

    fn sending(&mut self, at: &Cursor<'_>) -> Option<Sending> {
        let fields = self.fields(at, "an event that may be sent", &["roles"])?;
        let is_named = fields.get("roles").is_some();
        let roles = if is_named { self.roles(fields) } else { Vec::new() };
        Some(Sending { roles, place: at.place() })
    }

    fn document_events(&mut self, at: &Cursor<'_>) -> Option<DocumentEvents> {
        let fields = self.fields(at, "what the chart hears of documents", &DOCUMENT_EVENTS)?;
        let mut events = DocumentEvents::default();
        for (key, event) in DOCUMENT_EVENTS.iter().zip(events.all_mut()) {
            *event = fields.get(key).and_then(|at| self.name(&at));
        }
        Some(events)
    }

    fn overriding(&mut self, at: &Cursor<'_>) -> Option<Overriding> {
        let known = ["roles", "most", "event", "expired"];
        let fields = self.fields(at, "who may decide beside the rules", &known)?;
        let most = self.needed(fields, "most").and_then(|at| self.duration(&at));
        Some(Overriding {
            roles: self.roles(fields),
            most: most.unwrap_or_default(),
            event: self.named(fields, "event"),
            expired: self.named(fields, "expired"),
            place: at.place(),
        })
    }

    fn reopening(&mut self, at: &Cursor<'_>) -> Option<Reopening> {
        let fields = self.fields(at, "who may open a case again", &["roles", "keep"])?;
        let keep = self.list(fields, "keep", NAMES, Self::known);
        Some(Reopening { roles: self.roles(fields), keep, place: at.place() })
    }

    fn migrating(&mut self, at: &Cursor<'_>) -> Option<Migrating> {
        let known = ["roles", "keep", "below", "stay"];
        let fields = self.fields(at, "who may move a case to another version", &known)?;
        let keep = self.list(fields, "keep", NAMES, Self::known);
        let below =
            self.all(fields, "below", CHARTS, |it, at| Some(it.items(at, NAMES, Self::known)));
        let stay = self.list(fields, "stay", NAMES, Self::known);
        Some(Migrating { roles: self.roles(fields), keep, below, stay, place: at.place() })
    }

    fn opening(&mut self, at: &Cursor<'_>) -> Option<Opening> {
        let fields = self.fields(at, "what may be said of a new case", &["given", "once"])?;
        let given = fields.get("given").map(|_| self.list(fields, "given", NAMES, Self::known));
        let is_once = fields.get("once").is_some_and(|at| self.boolean(&at));
        Some(Opening { given, is_once, place: at.place() })
    }

    fn cancelling(&mut self, at: &Cursor<'_>) -> Option<Cancelling> {
        let fields = self.fields(at, "who may end a case from outside", &["roles"])?;
        Some(Cancelling { roles: self.roles(fields), place: at.place() })
    }

    fn resting(&mut self, at: &Cursor<'_>) -> Option<Resting> {
        let fields = self.fields(at, "who may let a case rest", &["roles", "most"])?;
        let most = self.needed(fields, "most").and_then(|at| self.duration(&at));
        let most = most.unwrap_or_default();
        Some(Resting { roles: self.roles(fields), most, place: at.place() })
    }

    fn registering(&mut self, at: &Cursor<'_>) -> Option<Registering> {
        let known = ["kyc_level", "risk", "flags"];
        let fields = self.fields(at, "what the register of parties is told", &known)?;
        if known.iter().all(|key| fields.get(key).is_none()) {
            let what =
                "tells nothing: write one of `kyc_level`, `risk` and `flags`, or leave it out";
            self.wrong(at, what);
        }
        Some(Registering {
            kyc_level: fields.get("kyc_level").and_then(|at| self.levels(&at)),
            risk: fields.get("risk").and_then(|at| self.expr(&at)),
            flags: self.all(fields, "flags", FLAGS, Self::expr),
            place: at.place(),
        })
    }

    fn levels(&mut self, at: &Cursor<'_>) -> Option<Levels> {
        let fields = self.fields(at, "the levels of parties", &["of", "levels"])?;
        let of = self.needed(fields, "of").and_then(|at| self.expr(&at));
        self.needed(fields, "levels");
        let levels = self.all(fields, "levels", LEVELS, Self::level);
        Some(Levels { of: of?, levels, place: at.place() })
    }

    /// A level as the register of parties has it; zero is not at all.
    fn level(&mut self, at: &Cursor<'_>) -> Option<u8> {
        let found = at.node.as_number().and_then(Number::to_u64);
        let found = found.and_then(|number| u8::try_from(number).ok());
        if found.is_none() {
            self.wrong(at, "a whole number from 0 to 255 belongs here");
        }
        found
    }

    /// What all events of a decision carry. An expression in it would be carried as it is written, which nobody means.
    fn data(&mut self, at: &Cursor<'_>) -> Option<Value> {
        if at.node.as_map().is_none() {
            self.expected(at, "an object of what its events carry");
            return None;
        }
        self.no_expr(at);
        Some(at.node.to_value())
    }

    fn no_expr(&mut self, at: &Cursor<'_>) {
        if let Some([field]) = at.node.as_map()
            && *field.key == *"expr"
        {
            let what = "nothing is evaluated here: write the value as it is, or let the chart add what it knows";
            self.wrong(at, what);
        }
        at.fields().into_iter().flat_map(Fields::iter).for_each(|at| self.no_expr(&at));
        at.items().for_each(|at| self.no_expr(&at));
    }

    /// Who may: at least one role, for what nobody may do is not written down.
    fn roles(&mut self, fields: Fields<'_>) -> Vec<String> {
        match fields.get("roles") {
            None => {
                let what = "`roles` is missing: name who may, such as `roles: [compliance]`";
                self.wrong(fields.of(), what);
            }
            Some(list) if list.node.as_list().is_some_and(<[_]>::is_empty) => {
                self.wrong(&list, "nobody may, without a role: name one, or leave all of it out");
            }
            Some(_) => {}
        }
        self.list(fields, "roles", ROLES, Self::name)
    }

    /// An object of things with names.
    fn all<T>(
        &mut self,
        fields: Fields<'_>,
        key: &str,
        most: usize,
        read: impl Fn(&mut Self, &Cursor<'_>) -> Option<T>,
    ) -> BTreeMap<String, T> {
        let Some(at) = fields.get(key) else { return BTreeMap::new() };
        let Some(fields) = at.fields() else {
            self.expected(&at, &format!("an object of {key} by their names"));
            return BTreeMap::new();
        };
        if fields.iter().nth(most).is_some() {
            self.wrong(&at, format!("there are at most {most} {key}"));
        }
        let mut all = BTreeMap::new();
        for field in fields.iter().take(most) {
            let name = field.key().to_owned();
            if let Some(what) = no_name(&name) {
                self.wrong(&field, what);
            }
            all.extend(read(self, &field).map(|it| (name, it)));
        }
        all
    }

    /// A list of which no item stands twice.
    fn list<T: Clone + Ord>(
        &mut self,
        fields: Fields<'_>,
        key: &str,
        most: usize,
        read: impl Fn(&mut Self, &Cursor<'_>) -> Option<T>,
    ) -> Vec<T> {
        fields.get(key).map(|at| self.items(&at, most, read)).unwrap_or_default()
    }

    /// The items of a list of which none stands twice.
    fn items<T: Clone + Ord>(
        &mut self,
        at: &Cursor<'_>,
        most: usize,
        read: impl Fn(&mut Self, &Cursor<'_>) -> Option<T>,
    ) -> Vec<T> {
        if at.node.as_list().is_none() {
            self.expected(at, "a list of names");
        }
        if at.items().nth(most).is_some() {
            self.wrong(at, format!("there are at most {most} `{}`", at.key()));
        }
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for item in at.items().take(most) {
            let Some(it) = read(self, &item) else { continue };
            if seen.insert(it.clone()) {
                all.push(it);
            } else {
                self.wrong(&item, "stands here twice: keep one of them");
            }
        }
        all
    }

    /// A name that is given here.
    fn name(&mut self, at: &Cursor<'_>) -> Option<String> {
        let name = self.text(at)?;
        match no_name(&name) {
            Some(what) => self.wrong(at, what),
            None => return Some(name),
        }
        None
    }

    /// A name that has to be given.
    fn named(&mut self, fields: Fields<'_>, key: &str) -> String {
        self.needed(fields, key).and_then(|at| self.name(&at)).unwrap_or_default()
    }

    /// A name that a chart gave: it has the letters that charts take.
    fn known(&mut self, at: &Cursor<'_>) -> Option<String> {
        let name = self.text(at)?;
        if name.is_empty() || name.contains(char::is_control) || name.chars().nth(LONGEST).is_some()
        {
            let what = format!(
                "is no name of a chart's: one has 1 to {LONGEST} characters, and no control characters"
            );
            self.wrong(at, what);
            return None;
        }
        Some(name)
    }

    /// A whole number from one.
    fn count(&mut self, at: &Cursor<'_>, most: u8) -> Option<u8> {
        let found = at.node.as_number().and_then(Number::to_u64);
        let found = found.and_then(|number| u8::try_from(number).ok());
        let found = found.filter(|number| (1..=most).contains(number));
        if found.is_none() {
            self.wrong(at, format!("a whole number from 1 to {most} belongs here"));
        }
        found
    }

    fn duration(&mut self, at: &Cursor<'_>) -> Option<Duration> {
        let text = self.text(at)?;
        match text.parse::<Duration>() {
            Ok(duration) if duration.is_zero() => {
                self.wrong(at, "this takes no time at all: write how long, such as `P2D`");
            }
            Ok(duration) => return Some(duration),
            Err(error) => self.wrong(at, error.to_string()),
        }
        None
    }

    fn expr(&mut self, at: &Cursor<'_>) -> Option<Expr> {
        if matches!(at.node.kind, NodeKind::Null) {
            self.wrong(at, "an expression is missing");
            return None;
        }
        Some(Expr { source: at.node.to_value(), place: at.place() })
    }
}

pub(super) const ASSIGN: [Assign; 3] = [Assign::Nobody, Assign::LeastLoaded, Assign::RoundRobin];
pub(super) const PARTS: [Part; 3] = [Part::Opener, Part::Submitter, Part::Overrider];
