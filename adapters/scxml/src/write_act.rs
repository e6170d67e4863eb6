//! A chart as a document of SCXML: attributes and values, and what is done, sent and invoked.

use thalium::kyc::chart::{
    Action, ActionKind, Branch, ChartError, Content, Duration, Expr, Given, Invoke, Param, Place,
    Send,
};
use thalium::value::Value;

use crate::write::Writer;
use crate::xml::{SCXML, escape, forbidden, inner, normalise, parse};

pub(crate) fn error(place: &Place, message: impl Into<String>) -> ChartError {
    ChartError { place: place.clone(), message: message.into() }
}

/// The attributes of an element, in the order of writing.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    pairs: Vec<(&'static str, String)>,
    // The names of those that are data.
    data: Vec<&'static str>,
}

impl Attributes {
    pub(crate) fn put(&mut self, name: &'static str, text: &str) {
        self.pairs.push((name, text.to_owned()));
    }

    pub(crate) fn text(&mut self, name: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.put(name, text);
        }
    }

    /// Names with blanks between them; nothing for none.
    pub(crate) fn names(
        &mut self,
        name: &'static str,
        names: &[String],
        place: &Place,
    ) -> Result<(), ChartError> {
        if let Some(wrong) = names
            .iter()
            .find(|name| name.is_empty() || name.contains(|char: char| char.is_ascii_whitespace()))
        {
            return Err(error(
                place,
                format!(
                    "`{wrong}` is empty or has white space, which divides names in SCXML: rename it"
                ),
            ));
        }
        if !names.is_empty() {
            self.put(name, &names.join(" "));
        }
        Ok(())
    }

    pub(crate) fn expr(
        &mut self,
        name: &'static str,
        expr: Option<&Expr>,
        place: &Place,
    ) -> Result<(), ChartError> {
        match expr.map(|expr| &expr.source) {
            None => {}
            Some(Value::String(text)) => self.put(name, text),
            Some(data) => {
                self.put(name, &as_json(data, place)?);
                self.data.push(name);
            }
        }
        Ok(())
    }

    pub(crate) fn given(
        &mut self,
        known: &'static str,
        evaluated: &'static str,
        given: Option<&Given<String>>,
        place: &Place,
    ) -> Result<(), ChartError> {
        match given {
            None => Ok(()),
            Some(Given::Known(text)) => {
                self.put(known, text);
                Ok(())
            }
            Some(Given::Expr(expr)) => self.expr(evaluated, Some(expr), place),
        }
    }

    /// A wait. One that is written as ISO 8601 does, which SCXML does not, is written in seconds, too. Months and years have no seconds of their
    /// own, and no form in SCXML: another engine would be told something that it does not know, or something else.
    pub(crate) fn delay(
        &mut self,
        delay: Option<&Given<String>>,
        place: &Place,
    ) -> Result<(), ChartError> {
        let Some(Given::Known(text)) = delay else {
            return self.given("delay", "delayexpr", delay, place);
        };
        match seconds(text, place)? {
            Some(seconds) => {
                self.put("delay", &seconds);
                self.put("thalium:delay", text);
            }
            None => self.put("delay", text),
        }
        Ok(())
    }

    pub(crate) fn write(&self, place: &Place, text: &mut String) -> Result<(), ChartError> {
        let data = self.data.join(" ");
        let marked = Some(("thalium:json", &data)).filter(|_| !data.is_empty());
        for (name, value) in self.pairs.iter().map(|(name, value)| (*name, value)).chain(marked) {
            legal(value, place)?;
            text.push_str(&format!(" {name}=\""));
            escape(value, true, text);
            text.push('"');
        }
        Ok(())
    }
}

/// A duration of ISO 8601 in seconds, exactly; none of what is another time, or no time at all.
fn seconds(text: &str, place: &Place) -> Result<Option<String>, ChartError> {
    const SECOND: i64 = 1_000_000_000;
    let is_iso = text.trim_start().starts_with('P');
    let Some(duration) = text.parse::<Duration>().ok().filter(|_| is_iso) else { return Ok(None) };
    let Some(nanos) = duration.fixed() else {
        return Err(error(
            place,
            format!(
                "`{text}` has months or years, which the calendar tells and SCXML cannot: write days, such as `P30D`"
            ),
        ));
    };
    let (whole, rest) = (nanos / SECOND, nanos % SECOND);
    let rest = if rest == 0 { String::new() } else { format!(".{rest:09}") };
    Ok(Some(format!("{whole}{}s", rest.trim_end_matches('0'))))
}

fn legal(text: &str, place: &Place) -> Result<(), ChartError> {
    match forbidden(text) {
        Some(char) => Err(error(place, format!("{char:?} is no character of XML: remove it"))),
        None => Ok(()),
    }
}

fn as_json(value: &Value, place: &Place) -> Result<String, ChartError> {
    let text = value.to_json();
    if Value::from_json(&text).is_ok_and(|read| read == *value) {
        Ok(text)
    } else {
        Err(error(place, "a set, or an object whose keys are no texts, is no JSON: write an array"))
    }
}

/// A value as JSON, and as a text of XML.
pub(crate) fn json(value: &Value, place: &Place) -> Result<String, ChartError> {
    escaped(&as_json(value, place)?, place)
}

fn escaped(text: &str, place: &Place) -> Result<String, ChartError> {
    legal(text, place)?;
    let mut out = String::new();
    escape(text, false, &mut out);
    Ok(out)
}

/// A value as it is read: XML as elements (if it `may` be), a text as it is if it would be taken for nothing else, and JSON.
pub(crate) fn value(value: &Value, may: bool, place: &Place) -> Result<String, ChartError> {
    let Some(text) = value.as_str() else { return json(value, place) };
    if may && text.starts_with('<') && stands_for_itself(text) {
        return Ok(text.to_owned());
    }
    let plain = !text.is_empty() && normalise(text) == text && text.trim() == text;
    if plain && forbidden(text).is_none() && Value::from_json(text).is_err() {
        escaped(text, place)
    } else {
        json(value, place)
    }
}

fn stands_for_itself(text: &str) -> bool {
    let whole = format!("<content xmlns=\"{SCXML}\">{text}</content>");
    parse(&whole).is_ok_and(|document| {
        let root = document.root_element();
        root.children().any(|node| node.is_element())
            && inner(root, whole.len()).as_deref() == Some(text)
    })
}

impl Writer {
    pub(crate) fn actions(&mut self, actions: &[Action]) -> Result<(), ChartError> {
        actions.iter().try_for_each(|action| self.action(action))
    }

    fn action(&mut self, Action { kind, place }: &Action) -> Result<(), ChartError> {
        let mut attributes = Attributes::default();
        match kind {
            ActionKind::Raise(event) => {
                attributes.put("event", event);
                self.leaf("raise", &attributes, place)
            }
            ActionKind::Send(send) => self.send(send, place),
            ActionKind::Cancel(id) => {
                attributes.given("sendid", "sendidexpr", Some(id), place)?;
                self.leaf("cancel", &attributes, place)
            }
            ActionKind::Log { label, value } => {
                attributes.text("label", label.as_deref());
                attributes.expr("expr", value.as_ref(), place)?;
                self.leaf("log", &attributes, place)
            }
            ActionKind::Assign { location, value } => self.assign(location, value, place),
            ActionKind::If(branches) => self.choice(branches, place),
            ActionKind::Foreach { array, item, index, actions } => {
                attributes.expr("array", Some(array), place)?;
                attributes.put("item", item);
                attributes.text("index", index.as_deref());
                self.start("foreach", &attributes, place)?;
                self.actions(actions)?;
                self.end();
                Ok(())
            }
            ActionKind::Script(script) => self.script(script),
        }
    }

    pub(crate) fn script(&mut self, script: &Expr) -> Result<(), ChartError> {
        let place = &script.place;
        let mut attributes = Attributes::default();
        let text = match (&script.source, script.address()) {
            (_, Some(address)) => {
                attributes.put("src", address);
                String::new()
            }
            (Value::String(text), None) => escaped(text, place)?,
            (data, None) => {
                attributes.put("thalium:json", "text()");
                json(data, place)?
            }
        };
        self.start("script", &attributes, place)?;
        self.put(&text);
        self.end();
        Ok(())
    }

    fn assign(&mut self, location: &str, given: &Content, place: &Place) -> Result<(), ChartError> {
        let mut attributes = Attributes::default();
        attributes.put("location", location);
        let mut text = String::new();
        match given {
            Content::Expr(expr) => attributes.expr("expr", Some(expr), place)?,
            Content::Value(held) => text = value(held, true, place)?,
            Content::Src(_) | Content::Chart(_) => {
                return Err(error(
                    place,
                    "what is assigned is evaluated or written down: neither an address nor a chart",
                ));
            }
        }
        self.start("assign", &attributes, place)?;
        self.put(&text);
        self.end();
        Ok(())
    }

    fn choice(&mut self, branches: &[Branch], place: &Place) -> Result<(), ChartError> {
        let last = branches.len().saturating_sub(1);
        let stray = branches
            .iter()
            .enumerate()
            .any(|(nth, branch)| branch.condition.is_none() && (nth == 0 || nth < last));
        if branches.is_empty() || stray {
            return Err(error(
                place,
                "a choice begins with a condition, and only its last branch has none",
            ));
        }
        for (nth, branch) in branches.iter().enumerate() {
            let mut attributes = Attributes::default();
            attributes.expr("cond", branch.condition.as_ref(), place)?;
            match (nth, &branch.condition) {
                (0, _) => self.start("if", &attributes, place)?,
                (_, Some(_)) => self.leaf("elseif", &attributes, place)?,
                (_, None) => self.leaf("else", &attributes, place)?,
            }
            self.actions(&branch.actions)?;
        }
        self.end();
        Ok(())
    }

    fn send(&mut self, send: &Send, place: &Place) -> Result<(), ChartError> {
        if send.id.is_some() && send.id_location.is_some() {
            return Err(error(place, "an id is given or made up: keep `id` or the location"));
        }
        if send.content.is_some() && !(send.params.is_empty() && send.names.is_empty()) {
            return Err(error(place, "what is carried is either a whole or its parts: keep one"));
        }
        let mut attributes = Attributes::default();
        attributes.given("event", "eventexpr", send.event.as_ref(), place)?;
        attributes.given("target", "targetexpr", send.target.as_ref(), place)?;
        attributes.given("type", "typeexpr", send.kind.as_ref(), place)?;
        attributes.text("id", send.id.as_deref());
        attributes.text("idlocation", send.id_location.as_deref());
        attributes.delay(send.delay.as_ref(), place)?;
        attributes.names("namelist", &send.names, place)?;
        self.start("send", &attributes, place)?;
        self.carried(send.content.as_ref(), &send.params, false, place)?;
        self.end();
        Ok(())
    }

    pub(crate) fn invoke(&mut self, invoke: &Invoke) -> Result<(), ChartError> {
        let place = &invoke.place;
        if invoke.id.is_some() && invoke.id_location.is_some() {
            return Err(error(place, "an id is given or made up: keep `id` or the location"));
        }
        if invoke.content.is_some() && invoke.src.is_some()
            || !invoke.names.is_empty() && !invoke.params.is_empty()
        {
            return Err(error(
                place,
                "SCXML takes content or an address, and names or parts: keep one of each",
            ));
        }
        let mut attributes = Attributes::default();
        attributes.given("type", "typeexpr", invoke.kind.as_ref(), place)?;
        attributes.given("src", "srcexpr", invoke.src.as_ref(), place)?;
        attributes.text("id", invoke.id.as_deref());
        attributes.text("idlocation", invoke.id_location.as_deref());
        attributes.names("namelist", &invoke.names, place)?;
        attributes.text("autoforward", invoke.autoforward.then_some("true"));
        self.start("invoke", &attributes, place)?;
        self.carried(invoke.content.as_ref(), &invoke.params, true, place)?;
        if let Some(actions) = &invoke.finalize {
            self.start("finalize", &Attributes::default(), place)?;
            self.actions(actions)?;
            self.end();
        }
        self.end();
        Ok(())
    }

    /// What is carried: a whole, or its parts.
    pub(crate) fn carried(
        &mut self,
        content: Option<&Content>,
        params: &[Param],
        invoked: bool,
        place: &Place,
    ) -> Result<(), ChartError> {
        for Param { name, value } in params {
            let mut attributes = Attributes::default();
            attributes.put("name", name);
            match value {
                Given::Expr(expr) => attributes.expr("expr", Some(expr), place)?,
                Given::Known(held) => {
                    attributes.put("expr", &as_json(held, place)?);
                    attributes.data.push("expr");
                    attributes.put("thalium:known", "expr");
                }
            }
            self.leaf("param", &attributes, place)?;
        }
        let Some(content) = content else { return Ok(()) };
        let mut attributes = Attributes::default();
        if let Content::Expr(expr) = content {
            attributes.expr("expr", Some(expr), place)?;
        }
        self.start("content", &attributes, place)?;
        match content {
            Content::Expr(_) => {}
            // Elements that are invoked would be read as a chart.
            Content::Value(held) => self.put(&value(held, !invoked, place)?),
            Content::Chart(chart) if invoked => self.chart(chart, false)?,
            Content::Chart(_) => {
                return Err(error(place, "a chart can only be what is invoked: write it there"));
            }
            Content::Src(_) => {
                return Err(error(
                    place,
                    "SCXML has no address for content: write the value, or an expression",
                ));
            }
        }
        self.end();
        Ok(())
    }
}
