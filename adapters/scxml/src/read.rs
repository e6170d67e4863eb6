//! A document of SCXML as a chart: its states and what they hold.

use roxmltree::Node;
use thalium::kyc::chart::{
    Binding, Chart, ChartError, Content, Datum, Done, Expr, Given, Initial, Kind, Place, Restore,
    State, Timer, Transition,
};
use thalium::value::Value;

use crate::bounds::BYTES;
use crate::xml::{Element, OWN, Reader, SCXML, inner, normalise, parse};

/// Reads a document of SCXML 1.0.
///
/// # Errors
/// Everything that is wrong with its form, at most a hundred errors: it is no XML, is out of [bounds](crate::BYTES), has elements, attributes or
/// text where SCXML has none, or lacks what SCXML demands.
pub fn import(text: &str) -> Result<Chart, Vec<ChartError>> {
    let document = parse(text).map_err(|error| vec![error])?;
    let mut reader = Reader::new(text);
    let root = reader.element(document.root_element(), "/scxml".to_owned());
    if root.node.tag_name().name() != "scxml" || root.node.tag_name().namespace() != Some(SCXML) {
        reader.error(
            &root.place,
            format!("this is no SCXML: begin with `<scxml xmlns=\"{SCXML}\" version=\"1.0\">`"),
        );
        return Err(reader.errors);
    }
    let chart = reader.chart(&root);
    if reader.errors.is_empty() { Ok(chart) } else { Err(reader.errors) }
}

/// The names in a text, which white space separates.
pub(crate) fn names(text: Option<&str>) -> Vec<String> {
    text.unwrap_or("").split_ascii_whitespace().map(str::to_owned).collect()
}

impl<'i> Reader<'i> {
    pub(crate) fn chart(&mut self, element: &Element<'_, 'i>) -> Chart {
        self.allow(element, &["initial", "name", "version", "datamodel", "binding"]);
        if element.attribute("version").is_some_and(|version| version != "1.0") {
            self.error(&element.at("version"), "only version `1.0` of SCXML is read");
        }
        let binding = match element.attribute("binding") {
            None | Some("early") => Binding::Early,
            Some("late") => Binding::Late,
            Some(other) => {
                self.error(
                    &element.at("binding"),
                    format!("`{other}` is no binding: write `early` or `late`"),
                );
                Binding::Early
            }
        };
        let mut chart = Chart {
            id: element.attribute("name").map(str::to_owned),
            datamodel: element.attribute("datamodel").map(str::to_owned),
            binding,
            initial: self.initial_attribute(element),
            schema: self.schema(element),
            description: element.own("description").map(str::to_owned),
            place: element.place.clone(),
            ..Chart::default()
        };
        for child in self.children(element, false) {
            match child.name() {
                "datamodel" => self.data(&child, &mut chart.data),
                "script" => {
                    if chart.script.is_some() {
                        self.error(
                            &child.place,
                            "a document has at most one `<script>`: join them",
                        );
                    }
                    chart.script = Some(self.script(&child));
                }
                _ => match self.child_state(&child) {
                    Some(state) => chart.states.push(state),
                    None => self.misplaced(&child, "scxml"),
                },
            }
        }
        chart
    }

    fn schema(&mut self, element: &Element<'_, 'i>) -> Option<Value> {
        let node = element
            .node
            .children()
            .find(|node: &Node<'_, '_>| node.has_tag_name((OWN, "schema")))?;
        let schema = self.element(node, format!("{}/schema[1]", element.place.path));
        match Value::from_json(schema.text().trim()) {
            Ok(value) => Some(value),
            Err(error) => {
                self.error(&schema.place, format!("the schema is no JSON: {error}"));
                None
            }
        }
    }

    fn initial_attribute(&mut self, element: &Element<'_, 'i>) -> Option<Initial> {
        let targets = names(Some(element.attribute("initial")?));
        if targets.is_empty() {
            self.error(&element.at("initial"), "`initial` names no state: name one, or remove it");
        }
        Some(Initial { targets, actions: Vec::new(), place: element.at("initial") })
    }

    fn child_state(&mut self, element: &Element<'_, 'i>) -> Option<State> {
        match element.name() {
            "state" => Some(self.state(element, Kind::State, &["id", "initial"])),
            "parallel" => Some(self.state(element, Kind::Parallel, &["id"])),
            "final" => Some(self.state(element, Kind::Final, &["id"])),
            "history" => {
                let deep = match element.attribute("type") {
                    None | Some("shallow") => false,
                    Some("deep") => true,
                    Some(other) => {
                        self.error(
                            &element.at("type"),
                            format!("`{other}` is no history: write `shallow` or `deep`"),
                        );
                        false
                    }
                };
                Some(self.state(element, Kind::History { deep }, &["id", "type"]))
            }
            _ => None,
        }
    }

    fn state(&mut self, element: &Element<'_, 'i>, kind: Kind, attributes: &[&str]) -> State {
        self.allow(element, attributes);
        let mut state = State {
            id: element.attribute("id").map(str::to_owned),
            kind,
            initial: if kind == Kind::State { self.initial_attribute(element) } else { None },
            description: element.own("description").map(str::to_owned),
            place: element.place.clone(),
            ..State::default()
        };
        for child in self.children(element, false) {
            self.part(&child, element.name(), &mut state);
        }
        state
    }

    /// What may stand in a state; what may stand depends on its kind.
    fn part(&mut self, child: &Element<'_, 'i>, parent: &str, state: &mut State) {
        let (holds_states, rests) = match state.kind {
            Kind::State | Kind::Parallel => (true, true),
            Kind::Final => (false, true),
            Kind::History { .. } => (false, false),
        };
        match child.name() {
            "onentry" if rests => match self.timer(child) {
                Some(timer) => state.timers.push(timer),
                None => state.entry.push(self.block(child)),
            },
            "onexit" if rests => {
                // What cancels a timer is written for processors that have none.
                if child.own("timer").is_none() {
                    let block = self.block(child);
                    state.exit.push(block);
                }
            }
            "transition" if holds_states || !rests => {
                state.transitions.push(self.transition(child))
            }
            "initial" if state.kind == Kind::State => {
                if state.initial.is_some() {
                    self.error(
                        &child.place,
                        "a state begins in one way: keep one `<initial>`, or the attribute",
                    );
                }
                state.initial = Some(self.initial(child));
            }
            "datamodel" if holds_states => self.data(child, &mut state.data),
            "invoke" if holds_states => state.invokes.push(self.invoke(child)),
            "donedata" if state.kind == Kind::Final => {
                if state.done.is_some() {
                    self.error(
                        &child.place,
                        "a final state has at most one `<donedata>`: join them",
                    );
                }
                state.done = Some(self.done(child));
            }
            _ => match self.child_state(child).filter(|_| holds_states) {
                Some(inner) => state.states.push(inner),
                None => self.misplaced(child, parent),
            },
        }
    }

    fn block(&mut self, element: &Element<'_, 'i>) -> Vec<thalium::kyc::chart::Action> {
        self.allow(element, &[]);
        self.actions(element)
    }

    /// A timer that was written as the event that it is short for.
    fn timer(&mut self, element: &Element<'_, 'i>) -> Option<Timer> {
        let way = element.own("timer")?;
        let restore = Restore::ALL.into_iter().find(|restore| restore.name() == way);
        if restore.is_none() {
            let message = format!(
                "`{way}` is no way to restore a timer: write `deadline`, `remaining` or `restart`"
            );
            self.error(&element.at("timer"), message);
        }
        let restore = restore.unwrap_or_default();
        let event = element.own("event").map(str::to_owned);
        let children = self.children(element, true);
        let delay = match children.as_slice() {
            [send] if send.name() == "send" => self.delay(send),
            _ => None,
        };
        let Some(delay) = delay else {
            self.error(
                &element.place,
                "a timer is one `<send>` with a delay: remove the attribute `timer`, or the rest",
            );
            return Some(Timer {
                delay: Given::Known(String::new()),
                event,
                restore,
                place: element.place.clone(),
            });
        };
        Some(Timer { delay, event, restore, place: element.place.clone() })
    }

    fn initial(&mut self, element: &Element<'_, 'i>) -> Initial {
        self.allow(element, &[]);
        let children = self.children(element, false);
        let [child] = children.as_slice() else {
            self.error(&element.place, "`<initial>` holds exactly one `<transition>`");
            return Initial::default();
        };
        if child.name() != "transition" {
            self.misplaced(child, "initial");
            return Initial::default();
        }
        let transition = self.transition(child);
        if transition.targets.is_empty()
            || !transition.events.is_empty()
            || transition.guard.is_some()
        {
            self.error(
                &child.place,
                "the transition of `<initial>` has a target, no event and no condition",
            );
        }
        Initial {
            targets: transition.targets,
            actions: transition.actions,
            place: element.place.clone(),
        }
    }

    fn transition(&mut self, element: &Element<'_, 'i>) -> Transition {
        self.allow(element, &["event", "cond", "target", "type"]);
        let internal = match element.attribute("type") {
            None | Some("external") => false,
            Some("internal") => true,
            Some(other) => {
                self.error(
                    &element.at("type"),
                    format!("`{other}` is no transition: write `external` or `internal`"),
                );
                false
            }
        };
        Transition {
            events: names(element.attribute("event")),
            guard: self.expr(element, "cond"),
            targets: names(element.attribute("target")),
            internal,
            actions: self.actions(element),
            description: element.own("description").map(str::to_owned),
            place: element.place.clone(),
        }
    }

    fn data(&mut self, element: &Element<'_, 'i>, data: &mut Vec<Datum>) {
        self.allow(element, &[]);
        for child in self.children(element, false) {
            if child.name() != "data" {
                self.misplaced(&child, "datamodel");
                continue;
            }
            self.allow(&child, &["id", "src", "expr"]);
            let id = self.required(&child, "id");
            let expr = self.expr(&child, "expr").map(Content::Expr);
            let src = child.attribute("src").map(|address| Content::Src(address.to_owned()));
            let held = self.held(&child).map(Content::Value);
            if [expr.is_some(), src.is_some(), held.is_some()]
                .into_iter()
                .filter(|given| *given)
                .count()
                > 1
            {
                self.error(
                    &child.place,
                    "a value is given once: by `expr`, by `src`, or by what stands there",
                );
            }
            data.push(Datum { id, value: expr.or(src).or(held), place: child.place });
        }
    }

    fn done(&mut self, element: &Element<'_, 'i>) -> Done {
        self.allow(element, &[]);
        let mut done = Done { place: element.place.clone(), ..Done::default() };
        for child in self.children(element, false) {
            match child.name() {
                "content" => self.content(&child, false, &mut done.content),
                "param" => done.params.push(self.param(&child)),
                _ => self.misplaced(&child, "donedata"),
            }
        }
        if done.content.is_some() && !done.params.is_empty() {
            self.error(
                &element.place,
                "`<content>` and `<param>` exclude each other: keep one kind",
            );
        }
        done
    }

    /// What stands in an element as a value: elements as a text of XML, JSON as what it says, and other text normalised.
    pub(crate) fn held(&mut self, element: &Element<'_, 'i>) -> Option<Value> {
        if element.has_elements() {
            let room = BYTES.saturating_sub(self.held);
            let Some(text) = inner(element.node, room) else {
                self.error(&element.place, format!("the XML in the document has more than {BYTES} bytes when it stands for itself: shorten it"));
                return None;
            };
            self.held += text.len();
            return Some(Value::string(&text));
        }
        let text = element.text();
        let text = text.trim();
        (!text.is_empty())
            .then(|| Value::from_json(text).unwrap_or_else(|_| Value::string(&normalise(text))))
    }

    pub(crate) fn required(&mut self, element: &Element<'_, '_>, name: &str) -> String {
        match element.attribute(name) {
            Some(value) => value.to_owned(),
            None => {
                self.error(
                    &element.place,
                    format!("`<{}>` needs the attribute `{name}`", element.name()),
                );
                String::new()
            }
        }
    }

    /// An expression; one that is data is marked, and written as JSON.
    pub(crate) fn expr(&mut self, element: &Element<'_, '_>, name: &str) -> Option<Expr> {
        let text = element.attribute(name)?;
        Some(self.expression(element, name, text, element.at(name)))
    }

    pub(crate) fn expression(
        &mut self,
        element: &Element<'_, '_>,
        name: &str,
        text: &str,
        place: Place,
    ) -> Expr {
        let is_data = names(element.own("json")).iter().any(|marked| marked == name);
        let source = match is_data.then(|| Value::from_json(text)) {
            None => Value::string(text),
            Some(Ok(value)) => value,
            Some(Err(error)) => {
                self.error(&place, format!("this is marked as JSON and is none: {error}"));
                Value::Null
            }
        };
        Expr { source, place }
    }

    /// A wait; what it was written as goes before the seconds of it.
    pub(crate) fn delay(&mut self, element: &Element<'_, '_>) -> Option<Given<String>> {
        let delay = self.given(element, "delay", "delayexpr")?;
        Some(element.own("delay").map_or(delay, |text| Given::Known(text.to_owned())))
    }

    /// What is written down in one attribute or evaluated from another.
    pub(crate) fn given(
        &mut self,
        element: &Element<'_, '_>,
        known: &str,
        evaluated: &str,
    ) -> Option<Given<String>> {
        let expr = self.expr(element, evaluated).map(Given::Expr);
        let text = element.attribute(known).map(|text| Given::Known(text.to_owned()));
        if expr.is_some() && text.is_some() {
            self.error(
                &element.place,
                format!("`{known}` and `{evaluated}` exclude each other: keep one"),
            );
        }
        text.or(expr)
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
