//! A document of SCXML as a chart: what is done, sent and invoked.

use thalium::kyc::chart::{Action, ActionKind, Branch, Content, Expr, Given, Invoke, Param, Send};
use thalium::value::Value;

use crate::read::names;
use crate::xml::{Element, Reader, SCXML};

impl<'i> Reader<'i> {
    /// The executable content of an element.
    pub(crate) fn actions(&mut self, element: &Element<'_, 'i>) -> Vec<Action> {
        let mut actions = Vec::new();
        for child in self.children(element, true) {
            match self.action(&child) {
                Some(kind) => actions.push(Action { kind, place: child.place }),
                None => self.misplaced(&child, element.name()),
            }
        }
        actions
    }

    fn action(&mut self, element: &Element<'_, 'i>) -> Option<ActionKind> {
        Some(match element.name() {
            "raise" => {
                self.allow(element, &["event"]);
                self.empty(element);
                ActionKind::Raise(self.required(element, "event"))
            }
            "if" => ActionKind::If(self.branches(element)),
            "foreach" => {
                self.allow(element, &["array", "item", "index"]);
                ActionKind::Foreach {
                    array: self.required_expr(element, "array"),
                    item: self.required(element, "item"),
                    index: element.attribute("index").map(str::to_owned),
                    actions: self.actions(element),
                }
            }
            "log" => {
                self.allow(element, &["label", "expr"]);
                self.empty(element);
                ActionKind::Log {
                    label: element.attribute("label").map(str::to_owned),
                    value: self.expr(element, "expr"),
                }
            }
            "assign" => self.assign(element),
            "send" => ActionKind::Send(Box::new(self.send(element))),
            "cancel" => {
                self.allow(element, &["sendid", "sendidexpr"]);
                self.empty(element);
                match self.given(element, "sendid", "sendidexpr") {
                    Some(id) => ActionKind::Cancel(id),
                    None => ActionKind::Cancel(Given::Known(self.required(element, "sendid"))),
                }
            }
            "script" => ActionKind::Script(self.script(element)),
            _ => return None,
        })
    }

    /// A script, or the address of one.
    pub(crate) fn script(&mut self, element: &Element<'_, 'i>) -> Expr {
        self.allow(element, &["src"]);
        if element.has_elements() {
            self.error(&element.place, "a script is text: write `<` as `&lt;`, or use CDATA");
        }
        let text = element.text();
        let Some(address) = element.attribute("src") else {
            return self.expression(element, "text()", &text, element.place.clone());
        };
        if !text.trim().is_empty() {
            self.error(&element.place, "a script is given once: by `src`, or by what stands there");
        }
        Expr::elsewhere(address, element.place.clone())
    }

    fn branches(&mut self, element: &Element<'_, 'i>) -> Vec<Branch> {
        self.allow(element, &["cond"]);
        let mut branches = Vec::new();
        let mut branch =
            Branch { condition: Some(self.required_expr(element, "cond")), actions: Vec::new() };
        for child in self.children(element, true) {
            let name = child.name();
            if name != "elseif" && name != "else" {
                match self.action(&child) {
                    Some(kind) => branch.actions.push(Action { kind, place: child.place }),
                    None => self.misplaced(&child, "if"),
                }
                continue;
            }
            if branch.condition.is_none() {
                self.error(
                    &child.place,
                    "`<else/>` is the last: nothing but what is done may follow it",
                );
            }
            self.empty(&child);
            let condition = if name == "elseif" {
                self.allow(&child, &["cond"]);
                Some(self.required_expr(&child, "cond"))
            } else {
                self.allow(&child, &[]);
                None
            };
            branches
                .push(std::mem::replace(&mut branch, Branch { condition, actions: Vec::new() }));
        }
        branches.push(branch);
        branches
    }

    fn assign(&mut self, element: &Element<'_, 'i>) -> ActionKind {
        self.allow(element, &["location", "expr"]);
        let expr = self.expr(element, "expr").map(Content::Expr);
        let held = self.held(element).map(Content::Value);
        if expr.is_some() == held.is_some() {
            self.error(&element.place, "a value is given once: by `expr`, or by what stands there");
        }
        let value = expr.or(held).unwrap_or(Content::Value(Value::Null));
        ActionKind::Assign { location: self.required(element, "location"), value }
    }

    fn send(&mut self, element: &Element<'_, 'i>) -> Send {
        self.allow(
            element,
            &[
                "event",
                "eventexpr",
                "target",
                "targetexpr",
                "type",
                "typeexpr",
                "id",
                "idlocation",
                "delay",
                "delayexpr",
                "namelist",
            ],
        );
        self.exclude(element, "id", "idlocation");
        let mut send = Send {
            event: self.given(element, "event", "eventexpr"),
            target: self.given(element, "target", "targetexpr"),
            kind: self.given(element, "type", "typeexpr"),
            id: element.attribute("id").map(str::to_owned),
            id_location: element.attribute("idlocation").map(str::to_owned),
            delay: self.delay(element),
            names: names(element.attribute("namelist")),
            ..Send::default()
        };
        for child in self.children(element, false) {
            match child.name() {
                "content" => self.content(&child, false, &mut send.content),
                "param" => send.params.push(self.param(&child)),
                _ => self.misplaced(&child, "send"),
            }
        }
        if send.content.is_some() && !(send.params.is_empty() && send.names.is_empty()) {
            self.error(
                &element.place,
                "`<content>` excludes `<param>` and `namelist`: keep one kind",
            );
        }
        send
    }

    pub(crate) fn invoke(&mut self, element: &Element<'_, 'i>) -> Invoke {
        self.allow(
            element,
            &["type", "typeexpr", "src", "srcexpr", "id", "idlocation", "namelist", "autoforward"],
        );
        self.exclude(element, "id", "idlocation");
        let autoforward = match element.attribute("autoforward") {
            None | Some("false") => false,
            Some("true") => true,
            Some(other) => {
                self.error(
                    &element.at("autoforward"),
                    format!("`{other}` is neither `true` nor `false`"),
                );
                false
            }
        };
        let mut invoke = Invoke {
            id: element.attribute("id").map(str::to_owned),
            id_location: element.attribute("idlocation").map(str::to_owned),
            kind: self.given(element, "type", "typeexpr"),
            src: self.given(element, "src", "srcexpr"),
            names: names(element.attribute("namelist")),
            autoforward,
            place: element.place.clone(),
            ..Invoke::default()
        };
        for child in self.children(element, false) {
            match child.name() {
                "content" => self.content(&child, true, &mut invoke.content),
                "param" => invoke.params.push(self.param(&child)),
                "finalize" => {
                    if invoke.finalize.is_some() {
                        self.error(
                            &child.place,
                            "an invocation has at most one `<finalize>`: join them",
                        );
                    }
                    self.allow(&child, &[]);
                    invoke.finalize = Some(self.actions(&child));
                }
                _ => self.misplaced(&child, "invoke"),
            }
        }
        if invoke.content.is_some() && invoke.src.is_some() {
            self.error(&element.place, "`<content>` and `src` exclude each other: keep one");
        }
        if !invoke.names.is_empty() && !invoke.params.is_empty() {
            self.error(
                &element.place,
                "`<param>` and `namelist` exclude each other: keep one kind",
            );
        }
        invoke
    }

    /// What is carried; a chart only where it can be invoked.
    pub(crate) fn content(
        &mut self,
        element: &Element<'_, 'i>,
        invoked: bool,
        content: &mut Option<Content>,
    ) {
        self.allow(element, &["expr"]);
        if content.is_some() {
            self.error(&element.place, "there is at most one `<content>`: remove the others");
        }
        let expr = self.expr(element, "expr");
        let mut elements = element.node.children().filter(|node| node.is_element());
        let chart = elements.next().filter(|node| invoked && node.has_tag_name((SCXML, "scxml")));
        let held = if let Some(node) =
            chart.filter(|_| elements.next().is_none() && element.text().trim().is_empty())
        {
            let root = self.element(node, format!("{}/scxml[1]", element.place.path));
            Some(Content::Chart(Box::new(self.chart(&root))))
        } else {
            self.held(element).map(Content::Value)
        };
        if expr.is_some() && held.is_some() {
            self.error(
                &element.place,
                "`<content>` is given once: by `expr`, or by what stands there",
            );
        }
        *content = Some(
            expr.map(Content::Expr).or(held).unwrap_or_else(|| Content::Value(Value::string(""))),
        );
    }

    pub(crate) fn param(&mut self, element: &Element<'_, 'i>) -> Param {
        self.allow(element, &["name", "expr", "location"]);
        self.empty(element);
        let (expr, location) = (self.expr(element, "expr"), self.expr(element, "location"));
        if expr.is_some() == location.is_some() {
            self.error(&element.place, "a `<param>` has either `expr` or `location`");
        }
        let name = self.required(element, "name");
        let expr = expr
            .or(location)
            .unwrap_or_else(|| Expr { source: Value::Null, place: element.place.clone() });
        // A value that is written down is marked; for others it is the expression that a data model with JSON's literals takes it for.
        let value = if element.own("known").is_some() {
            Given::Known(expr.source)
        } else {
            Given::Expr(expr)
        };
        Param { name, value }
    }

    fn required_expr(&mut self, element: &Element<'_, 'i>, name: &str) -> Expr {
        let text = self.required(element, name);
        self.expression(element, name, &text, element.at(name))
    }

    fn exclude(&mut self, element: &Element<'_, 'i>, one: &str, other: &str) {
        if element.attribute(one).is_some() && element.attribute(other).is_some() {
            self.error(
                &element.place,
                format!("`{one}` and `{other}` exclude each other: keep one"),
            );
        }
    }
}
