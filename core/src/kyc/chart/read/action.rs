//! What is done: one object, one action.

use super::super::document::{Action, ActionKind, Branch, Given, Send};
use super::super::duration::Duration;
use super::super::node::NodeKind;
use super::cursor::{Cursor, Fields};
use super::{Reader, unknown};

/// Where an effect goes: to the host.
pub(in crate::kyc::chart) const HOST: &str = "host";

/// Actions by the key that says what is done, and the keys that each takes.
const ACTIONS: [(&str, &[&str]); 9] = [
    ("effect", &["effect", "id", "with", "content"]),
    ("assign", &["assign"]),
    ("raise", &["raise"]),
    ("send", &["send", "to", "type", "id", "idLocation", "delay", "namelist", "with", "content"]),
    ("cancel", &["cancel"]),
    ("log", &["log", "value"]),
    ("if", &["if", "then", "elseif", "else"]),
    ("foreach", &["foreach", "as", "index", "do"]),
    ("script", &["script"]),
];

impl Reader {
    /// A list of actions, or one.
    pub(super) fn actions(&mut self, at: &Cursor<'_>) -> Vec<Action> {
        let mut actions = Vec::new();
        for at in at.each() {
            self.action(&at, &mut actions);
        }
        actions
    }

    /// Blocks of actions: a list of actions is one; a list of lists is several.
    pub(super) fn blocks(&mut self, at: &Cursor<'_>) -> Vec<Vec<Action>> {
        let mut items = at.items().peekable();
        match items.peek() {
            Some(first) if first.node.as_list().is_some() => {
                let mut blocks = Vec::new();
                for item in items {
                    if item.node.as_list().is_none() {
                        self.expected(&item, "a list of actions, as before it,");
                    }
                    blocks.push(self.actions(&item));
                }
                blocks
            }
            None if at.node.as_list().is_some() => Vec::new(),
            _ => vec![self.actions(at)],
        }
    }

    fn action(&mut self, at: &Cursor<'_>, actions: &mut Vec<Action>) {
        let Some(fields) = at.fields() else {
            return self.expected(at, "an action, such as `{effect: notify}`,");
        };
        let verb = |at: &Cursor<'_>| ACTIONS.iter().find(|(verb, _)| *verb == at.key());
        let Some((verb, known)) = fields.iter().find_map(|at| verb(&at)) else {
            let verbs: Vec<&str> = ACTIONS.iter().map(|(verb, _)| *verb).collect();
            let first = fields.iter().next();
            return match first {
                Some(first) => self.wrong(&first, unknown(first.key(), &verbs)),
                None => self
                    .wrong(at, format!("an action is missing: write one of {}", verbs.join(", "))),
            };
        };
        let Some(fields) = self.fields(at, "an action", known) else { return };
        let kind = match *verb {
            "assign" => return self.assign(at, actions),
            "effect" | "send" => self.send(at, fields, *verb == "effect"),
            "raise" => self.named(fields, "raise").map(ActionKind::Raise),
            "cancel" => fields.get("cancel").and_then(|at| self.given(&at)).map(ActionKind::Cancel),
            "log" => self.log(fields),
            "if" => self.choice(at, fields),
            "foreach" => self.foreach(at, fields),
            _ => fields.get("script").and_then(|at| self.expr(&at)).map(ActionKind::Script),
        };
        actions.extend(kind.map(|kind| Action { kind, place: at.place() }));
    }

    fn named(&mut self, fields: Fields<'_>, key: &str) -> Option<String> {
        let at = fields.get(key)?;
        self.name(&at)
    }

    fn assign(&mut self, at: &Cursor<'_>, actions: &mut Vec<Action>) {
        let Some(at) = at.fields().and_then(|fields| fields.get("assign")) else { return };
        if at.items().next().is_some() {
            // For names that no object can have here.
            for item in at.items() {
                if self.fields(&item, "a variable and its value", &["name", "value"]).is_none() {
                    continue;
                }
                let location = self.required(&item, "name").and_then(|at| self.text(&at));
                let value = self.required(&item, "value").and_then(|at| self.content(&at));
                actions.extend(location.zip(value).map(|(location, value)| Action {
                    kind: ActionKind::Assign { location, value },
                    place: item.place(),
                }));
            }
            return;
        }
        let Some(fields) = at.fields() else {
            return self.expected(&at, "an object of variables and their values");
        };
        self.check_names(&at, "{name: …, value: …}");
        if fields.iter().next().is_none() {
            self.wrong(&at, "a variable is missing: write `{assign: {attempts: 1}}`");
        }
        for field in fields.iter() {
            let location = field.key().to_owned();
            let value = self.content(&field);
            actions.extend(value.map(|value| Action {
                kind: ActionKind::Assign { location, value },
                place: field.place(),
            }));
        }
    }

    fn send(&mut self, at: &Cursor<'_>, fields: Fields<'_>, effect: bool) -> Option<ActionKind> {
        let event = fields.get(if effect { "effect" } else { "send" })?;
        // The content of a message may be all there is to it.
        let event = if !effect && event.node.kind == NodeKind::Null {
            None
        } else {
            Some(self.given(&event)?)
        };
        let with = fields.get("with");
        let content = fields.get("content");
        if with.is_some() && content.is_some() {
            self.wrong(at, "either `with` or `content` says what is carried, not both");
        }
        let mut given = |key: &str| fields.get(key).and_then(|at| self.given(&at));
        let (target, kind) = (given("to"), given("type"));
        Some(ActionKind::Send(Box::new(Send {
            event,
            target: if effect { Some(Given::Known(HOST.to_owned())) } else { target },
            kind,
            id: self.named(fields, "id"),
            id_location: fields.get("idLocation").and_then(|at| self.text(&at)),
            delay: fields.get("delay").and_then(|at| self.delay(&at)),
            names: fields.get("namelist").map(|at| self.names(&at)).unwrap_or_default(),
            params: with.map(|at| self.params(&at)).unwrap_or_default(),
            content: content.and_then(|at| self.content(&at)),
        })))
    }

    /// Names of variables.
    pub(super) fn names(&mut self, at: &Cursor<'_>) -> Vec<String> {
        if at.node.as_list().is_none() {
            self.expected(at, "a list of variables");
        }
        let names: Vec<_> = at.items().map(|at| self.text(&at)).collect();
        names.into_iter().flatten().collect()
    }

    /// How long something waits.
    pub(super) fn delay(&mut self, at: &Cursor<'_>) -> Option<Given<String>> {
        let delay = self.given(at)?;
        if let Given::Known(text) = &delay {
            self.check_delay(at, text);
        }
        Some(delay)
    }

    pub(super) fn check_delay(&mut self, at: &Cursor<'_>, text: &str) {
        if let Err(error) = text.parse::<Duration>() {
            self.wrong(at, error.to_string());
        }
    }

    fn log(&mut self, fields: Fields<'_>) -> Option<ActionKind> {
        let label = fields.get("log")?;
        let label = match label.node.kind {
            NodeKind::Null => None,
            _ => Some(self.text(&label)?),
        };
        Some(ActionKind::Log { label, value: fields.get("value").and_then(|at| self.expr(&at)) })
    }

    fn choice(&mut self, at: &Cursor<'_>, fields: Fields<'_>) -> Option<ActionKind> {
        let mut branches = vec![self.branch(at)?];
        if let Some(more) = fields.get("elseif") {
            for item in more.each() {
                if self.fields(&item, "a condition and what is done", &["if", "then"]).is_some() {
                    branches.extend(self.branch(&item));
                }
            }
        }
        if let Some(last) = fields.get("else") {
            branches.push(Branch { condition: None, actions: self.actions(&last) });
        }
        Some(ActionKind::If(branches))
    }

    fn branch(&mut self, at: &Cursor<'_>) -> Option<Branch> {
        let condition = self.required(at, "if").and_then(|at| self.expr(&at));
        let actions = self.required(at, "then").map(|at| self.actions(&at));
        condition
            .zip(actions)
            .map(|(condition, actions)| Branch { condition: Some(condition), actions })
    }

    fn foreach(&mut self, at: &Cursor<'_>, fields: Fields<'_>) -> Option<ActionKind> {
        let array = fields.get("foreach").and_then(|at| self.expr(&at));
        let item = self.required(at, "as").and_then(|at| self.text(&at));
        let index = fields.get("index").and_then(|at| self.text(&at));
        let actions = self.required(at, "do").map(|at| self.actions(&at)).unwrap_or_default();
        let (array, item) = array.zip(item)?;
        Some(ActionKind::Foreach { array, item, index, actions })
    }
}
