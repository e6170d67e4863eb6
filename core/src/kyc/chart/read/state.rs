//! States, and what runs beside them.

use super::super::document::{Content, Done, Invoke, Kind, State};
use super::Reader;
use super::cursor::{Cursor, Fields};
use super::given::marked;

/// The keys of a state; one in a list has an `id`, too.
const STATE: [&str; 17] = [
    "id",
    "type",
    "history",
    "description",
    "context",
    "initial",
    "entry",
    "exit",
    "on",
    "always",
    "after",
    "done",
    "invoke",
    "target",
    "output",
    "with",
    "states",
];

const INVOKE: [&str; 12] = [
    "id",
    "idLocation",
    "type",
    "src",
    "chart",
    "namelist",
    "with",
    "content",
    "autoforward",
    "onDone",
    "onError",
    "finalize",
];

#[derive(Clone, Copy, PartialEq)]
enum Type {
    State,
    Parallel,
    Final,
    History,
}

impl Reader {
    /// States by their names, or a list, in which a state may have no name.
    pub(super) fn states(&mut self, at: &Cursor<'_>) -> Vec<State> {
        if let Some(fields) = at.fields() {
            let known = STATE.get(1..).unwrap_or_default();
            let states: Vec<_> =
                fields.iter().map(|at| self.state(&at, Some(at.key().to_owned()), known)).collect();
            return states.into_iter().flatten().collect();
        }
        if at.node.as_list().is_none() {
            self.expected(at, "an object of states by their names");
        }
        let mut states = Vec::new();
        for item in at.items() {
            let id =
                item.fields().and_then(|fields| fields.get("id")).and_then(|at| self.text(&at));
            states.extend(self.state(&item, id, &STATE));
        }
        states
    }

    fn state(&mut self, at: &Cursor<'_>, id: Option<String>, known: &[&str]) -> Option<State> {
        let mut state = State { id, place: at.place(), ..State::default() };
        // `collecting:` alone is a state, of which nothing is said.
        if at.node.kind == super::NodeKind::Null {
            return Some(state);
        }
        let fields = self.fields(at, "a state", known)?;
        state.kind = self.type_of(fields);
        state.description = fields.get("description").and_then(|at| self.text(&at));
        state.data = fields.get("context").map(|at| self.data(&at)).unwrap_or_default();
        state.initial = fields.get("initial").and_then(|at| self.initial(&at));
        state.entry = fields.get("entry").map(|at| self.blocks(&at)).unwrap_or_default();
        state.exit = fields.get("exit").map(|at| self.blocks(&at)).unwrap_or_default();
        state.done = self.output(at, fields);
        // Which of two transitions is asked first is a matter of the order in which they are written.
        for field in fields.iter() {
            match field.key() {
                "on" => self.on(&field, &mut state),
                "always" => self.transitions(&field, &[], &mut state),
                "after" => self.after(&field, &mut state),
                "done" => self.done(&field, &mut state),
                "invoke" => {
                    for at in field.each() {
                        self.invoke(&at, &mut state);
                    }
                }
                "target" => self.default_of(&field, &mut state),
                _ => {}
            }
        }
        state.states = fields.get("states").map(|at| self.states(&at)).unwrap_or_default();
        Some(state)
    }

    fn type_of(&mut self, fields: Fields<'_>) -> Kind {
        let types = [
            ("state", Type::State),
            ("parallel", Type::Parallel),
            ("final", Type::Final),
            ("history", Type::History),
        ];
        let kind = fields.get("type").and_then(|at| self.word(&at, &types)).unwrap_or(Type::State);
        let deep = fields.get("history");
        match (kind, deep) {
            (Type::History, deep) => {
                let words = [("shallow", false), ("deep", true)];
                let deep = deep.and_then(|at| self.word(&at, &words)).unwrap_or_default();
                return Kind::History { deep };
            }
            (_, Some(at)) => {
                self.wrong(&at, "only a history state has this: write `type: history`")
            }
            (_, None) => {}
        }
        match kind {
            Type::Parallel => Kind::Parallel,
            Type::Final => Kind::Final,
            _ => Kind::State,
        }
    }

    /// Where a history state leads if there is no history.
    fn default_of(&mut self, at: &Cursor<'_>, state: &mut State) {
        if !matches!(state.kind, Kind::History { .. }) {
            return self
                .wrong(at, "only a history state has a target of its own: write `always` or `on`");
        }
        self.transitions(at, &[], state);
    }

    /// What a final state tells: `output` by the rule of values, of which an object is taken field by field; `with` in the long form.
    fn output(&mut self, at: &Cursor<'_>, fields: Fields<'_>) -> Option<Done> {
        let (output, with) = (fields.get("output"), fields.get("with"));
        let place = output.or(with)?.place();
        let mut done = Done { place, ..Done::default() };
        if let Some(output) = output {
            if output.node.as_map().is_some() && marked(&output).is_none() {
                done.params = self.params(&output);
                if with.is_some() {
                    self.wrong(at, "the parts of the `output` are said already: leave out `with`");
                }
            } else {
                done.content = self.content(&output);
            }
        }
        if let Some(with) = with {
            done.params.extend(self.params(&with));
        }
        Some(done)
    }

    fn invoke(&mut self, at: &Cursor<'_>, state: &mut State) {
        let Some(fields) = self.fields(at, "what is invoked", &INVOKE) else { return };
        let (chart, content) = (fields.get("chart"), fields.get("content"));
        if chart.is_some() && content.is_some() {
            self.wrong(at, "either `chart` or `content` says what is invoked, not both");
        }
        let chart = chart.map(|at| Content::Chart(Box::new(self.chart(&at, false))));
        let mut invoke = Invoke {
            id: fields.get("id").and_then(|at| self.name(&at)),
            id_location: fields.get("idLocation").and_then(|at| self.text(&at)),
            kind: fields.get("type").and_then(|at| self.given(&at)),
            src: fields.get("src").and_then(|at| self.given(&at)),
            names: fields.get("namelist").map(|at| self.names(&at)).unwrap_or_default(),
            params: fields.get("with").map(|at| self.params(&at)).unwrap_or_default(),
            content: chart.or_else(|| content.and_then(|at| self.content(&at))),
            autoforward: fields.get("autoforward").is_some_and(|at| self.boolean(&at)),
            finalize: fields.get("finalize").map(|at| self.actions(&at)),
            place: at.place(),
        };
        for field in fields.iter() {
            let event = match field.key() {
                "onDone" => INVOKE_DONE,
                "onError" => INVOKE_ERROR,
                _ => continue,
            };
            // Its name is written down here, for events are known by it.
            let made = || Some(format!("{}.{}", state.id.as_ref()?, state.invokes.len()));
            invoke.id = invoke.id.take().or_else(made);
            match &invoke.id {
                Some(id) => self.transitions(&field, &[format!("{event}{id}")], state),
                None => {
                    self.wrong(&field, "neither this nor its state has a name: give it an `id`")
                }
            }
        }
        state.invokes.push(invoke);
    }
}

/// How the events begin that tell how it went with what was invoked; its id is their end.
pub(in crate::kyc::chart) const INVOKE_DONE: &str = "done.invoke.";
pub(in crate::kyc::chart) const INVOKE_ERROR: &str = "error.invoke.";
