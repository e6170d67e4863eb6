//! Children: definitions that a state of another one starts, as charts that it invokes.

use thalium::kyc::chart::{Action, ActionKind, Branch, Expr, Given, Invoke, Param, Send};
use thalium::value::Value;

use crate::json::At;
use crate::make::{Make, action, assign, known, told};
use crate::names::Names;
use crate::plugin::{Asked, Step, StepKind, Steps, add, mapping, name, states};
use crate::report::{listed, shown};

/// A definition that was imported before those that start it.
#[derive(Clone, Debug)]
pub(crate) struct Child {
    pub(crate) id: String,
    /// What configurations may call it instead.
    pub(crate) name: Option<String>,
    /// Its variables.
    pub(crate) variables: Vec<String>,
}

impl Child {
    fn is_called(&self, name: &str) -> bool {
        self.id == name || self.name.as_deref() == Some(name)
    }
}

/// The definitions that states of a definition start.
pub(crate) fn invoked<'n>(definition: &At<'n>) -> Vec<&'n str> {
    let plugins = definition
        .get("extensions")
        .and_then(|extensions| extensions.get("childWorkflowPlugins")?.items())
        .unwrap_or_default();
    let of_state = plugins.iter().filter(|plugin| plugin.get("stateNames").is_some());
    of_state.filter_map(|plugin| plugin.get("definitionId")?.text()).collect()
}

/// What is told to a parent, as its configuration says.
#[derive(Clone, Debug)]
pub(crate) struct Callback<'n> {
    pub(crate) definition: String,
    /// Whether a state starts it: then it is told by the chart that is invoked.
    pub(crate) is_invoked: bool,
    pub(crate) event: Option<String>,
    pub(crate) states: Vec<String>,
    pub(crate) transformers: Vec<At<'n>>,
    pub(crate) at: At<'n>,
}

/// What a parent wants to be told of its children.
pub(crate) fn callbacks<'n>(make: &mut Make<'_>, config: &At<'n>) -> Vec<Callback<'n>> {
    let mut found = Vec::new();
    for at in make.report.list(config, "childCallbackResults") {
        make.report.known(
            &at,
            &[
                "definitionId",
                "definitionName",
                "transformers",
                "action",
                "deliverEvent",
                "persistenceStates",
            ],
        );
        let named =
            if at.get("definitionId").is_some() { "definitionId" } else { "definitionName" };
        let Some(definition) = make.report.needed(&at, named) else { continue };
        let event = make.report.text(&at, "deliverEvent").map(str::to_owned);
        let states = make.report.list(&at, "persistenceStates");
        let states = states.iter().filter_map(|state| state.text().map(str::to_owned)).collect();
        let transformers = make.report.list(&at, "transformers");
        found.push(Callback {
            definition: definition.to_owned(),
            is_invoked: false,
            event,
            states,
            transformers,
            at,
        });
    }
    found
}

/// Reads the plugins and adds the steps of those that states start.
pub(crate) fn plugins<'n>(
    make: &mut Make<'_>,
    names: &Names,
    plugins: &[At<'n>],
    children: &[Child],
    callbacks: &[Callback<'n>],
    steps: &mut Steps<'n>,
) {
    for at in plugins {
        make.report.known(
            at,
            &[
                "name",
                "displayName",
                "pluginKind",
                "definitionId",
                "stateNames",
                "transformers",
                "initEvent",
                "successAction",
                "errorAction",
            ],
        );
        for key in ["successAction", "errorAction"] {
            if let Some(field) = at.get(key) {
                make.report.tolerate(&field, "answer-dropped", format!("a child that is started tells no event by `{key}`: remove it, and name `deliverEvent` in `config/childCallbackResults`"));
            }
        }
        // One without states is done for each of some, by another plugin.
        if at.get("stateNames").is_none() {
            continue;
        }
        let found = states(make, names, at);
        let Some(step) = plugin(make, at, children, callbacks) else { continue };
        add(steps, found, &step);
    }
}

fn plugin<'n>(
    make: &mut Make<'_>,
    at: &At<'n>,
    children: &[Child],
    callbacks: &[Callback<'n>],
) -> Option<Step<'n>> {
    let name = name(make, at)?;
    let wanted = make.report.needed(at, "definitionId")?;
    let Some(child) = children.iter().find(|child| child.id == wanted) else {
        let all: Vec<&str> = children.iter().map(|child| child.id.as_str()).take(16).collect();
        let field = at.get("definitionId").unwrap_or_else(|| at.clone());
        make.report.refuse(&field, format!("there is no definition `{}` beside this one: import a list of both, this one first; there are {}", shown(wanted), listed(&all)));
        return None;
    };
    let transformers = make.report.list(at, "transformers");
    let context = mapping(make, &transformers, "")?.unwrap_or_else(|| "@".to_owned());
    let params: Vec<Param> = child
        .variables
        .iter()
        .map(|variable| told(at, variable, format!("{context} | {}", crate::path::name(variable))))
        .collect();
    let told_of: Vec<&Callback<'_>> =
        callbacks.iter().filter(|callback| child.is_called(&callback.definition)).collect();
    make.variable(at, "childWorkflows");
    let (location, merged) = crate::common::child_result(&child.id, name);
    let finalize = told_of.iter().map(|callback| {
        let event = callback.event.as_deref().unwrap_or(TOLD);
        let is_it = Value::fields([(
            "===",
            Value::array([Value::fields([("var", Value::from("event.name"))]), Value::from(event)]),
        )]);
        let condition = Some(Expr { source: is_it, place: at.place() });
        let actions = vec![assign(at, location.clone(), merged.clone())];
        action(at, ActionKind::If(vec![Branch { condition, actions }]))
    });
    let finalize: Vec<Action> = finalize.collect();
    let invoke = Invoke {
        id: Some(name.to_owned()),
        src: Some(Given::Known(child.id.clone())),
        params,
        finalize: (!finalize.is_empty()).then_some(finalize),
        place: at.place(),
        ..Invoke::default()
    };
    let begins = make.report.text(at, "initEvent").map(|event| {
        // The child is not there yet: what waits no time is due when it is.
        let send = Send {
            event: Some(Given::Known(event.to_owned())),
            target: Some(Given::Known(format!("#_{name}"))),
            delay: Some(Given::Known("1ms".to_owned())),
            ..Send::default()
        };
        action(at, ActionKind::Send(Box::new(send)))
    });
    let asked = Asked { invoke, entry: begins.into_iter().collect(), ..Asked::default() };
    Some(Step { name: name.to_owned(), kind: StepKind::Ask(Box::new(asked)), at: at.clone() })
}

/// What a parent is told that names no event.
const TOLD: &str = "child.told";

/// What a child tells its parent when it comes to a state, by the configurations of all that start it.
pub(crate) fn tells(
    make: &mut Make<'_>,
    state: &str,
    is_final: bool,
    callbacks: &[Callback<'_>],
) -> Vec<Action> {
    let mut actions = Vec::new();
    for callback in callbacks {
        let is_named = callback.states.iter().any(|own| own == state);
        if !is_named && !is_final {
            continue;
        }
        let at = &callback.at;
        let result = mapping(make, &callback.transformers, "").flatten();
        let status = if is_final { "completed" } else { "active" };
        let params = vec![
            known("status", status),
            known("state", state),
            told(at, "result", result.unwrap_or_else(|| "@".to_owned())),
        ];
        let send = Send {
            event: Some(Given::Known(callback.event.clone().unwrap_or_else(|| TOLD.to_owned()))),
            target: Some(Given::Known("#_parent".to_owned())),
            params,
            ..Send::default()
        };
        actions.push(action(at, ActionKind::Send(Box::new(send))));
    }
    actions
}
