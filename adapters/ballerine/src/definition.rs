//! Definitions: a chart of each, and what is asked of their parts.

use std::collections::BTreeSet;

use thalium::kyc::chart::{Chart, ChartError, Content, Datum, Initial, Kind, STATES, Transition};
use thalium::kyc::logic::Dialect;
use thalium::kyc::{Definition, Surroundings};
use thalium::value::Value;

use crate::child::{Callback, Child, callbacks};
use crate::json::{At, Node};
use crate::make::{Make, assign};
use crate::names::Names;
use crate::plugin::{PLUGINS, Steps};
use crate::report::{Imported, Mode, Report, shown};
use crate::state::{Raw, States};
use crate::transition::{Way, on};
use crate::weave::Weave;
use crate::{api, child, common, path};

/// The most definitions of a text.
const DEFINITIONS: usize = 64;
const FIELDS: [&str; 9] = [
    "id",
    "name",
    "displayName",
    "version",
    "definitionType",
    "definition",
    "config",
    "extensions",
    "contextSchema",
];
/// What a service keeps beside a definition, and no case asks for.
const RECORD: [&str; 10] = [
    "createdAt",
    "createdBy",
    "crossEnvKey",
    "documentsSchema",
    "isPublic",
    "projectId",
    "supportedPlatforms",
    "uiDefinitions",
    "updatedAt",
    "variant",
];
const CHART: [&str; 17] = [
    "id",
    "key",
    "version",
    "description",
    "predictableActionArguments",
    "preserveActionOrder",
    "schema",
    "tsTypes",
    "initial",
    "context",
    "states",
    "on",
    "meta",
    "tags",
    "type",
    "strict",
    "delimiter",
];
/// The most transitions and assignments that are copied into states.
const COPIES: usize = 100_000;
/// The event that the interpreter there takes in every state: what it carries is laid over the context.
const UPDATE: &str = "UPDATE_CONTEXT";

/// Imports a definition, or a list of them of which the first is meant and the others are its children.
///
/// Load the charts with `Surroundings` of the dialect that is told. A case is begun with the context as its variables; what is asked of the host, and
/// how it answers, stands in `docs/ballerine.md`.
///
/// # Errors
/// All that is wrong, with paths, rows and columns: the text is no JSON or out of [bounds](crate::BYTES), something cannot be carried over, or a
/// chart would not load; in [`Mode::Strict`] each [`Leniency`](crate::Leniency) as well.
pub fn import(text: &str, mode: Mode) -> Result<Imported, Vec<ChartError>> {
    let root = Node::parse(text).map_err(|error| vec![error])?;
    let root = At { node: &root, path: String::new() };
    let mut report = Report::new(mode);
    let definitions = root.items().unwrap_or_else(|| vec![root.clone()]);
    if definitions.is_empty() || definitions.len() > DEFINITIONS {
        report.refuse(
            &root,
            format!("a list of definitions has at least one and at most {DEFINITIONS}"),
        );
    }
    let mut told: Vec<Callback<'_>> = Vec::new();
    for at in &definitions {
        let Some(config) = at.get("config") else { continue };
        let mut own = callbacks(&mut Make::new(&mut report), &config);
        let invoked = child::invoked(at);
        let known = |id: &&str| {
            definitions
                .iter()
                .find(|other| named(other, "id") == Some(id))
                .and_then(|other| named(other, "name"))
        };
        let names: Vec<&str> = invoked.iter().filter_map(known).collect();
        for callback in &mut own {
            let is_meant = |name: &&str| *name == callback.definition;
            callback.is_invoked = invoked.iter().any(is_meant) || names.iter().any(is_meant);
        }
        told.extend(own);
    }
    if told.len() > DEFINITIONS {
        report
            .refuse(&root, format!("has more than {DEFINITIONS} `childCallbackResults`: split it"));
        return Err(report.errors);
    }
    let mut charts = Vec::new();
    let mut children: Vec<Child> = Vec::new();
    // Children are read before those that start them, whose variables they are given.
    for at in definitions.iter().rev() {
        let Some(chart) = definition(&mut report, at, &children, &told) else { continue };
        if let Some(id) = &chart.id {
            let variables = chart.data.iter().map(|datum| datum.id.clone()).collect();
            let name = named(at, "name").map(str::to_owned);
            children.push(Child { id: id.clone(), name, variables });
        }
        charts.push(chart);
    }
    charts.reverse();
    let mut charts = charts.into_iter();
    let chart = charts.next().unwrap_or_default();
    let others: Vec<Chart> = charts.collect();
    let dialect = Dialect::JavaScript;
    if report.errors.is_empty() {
        let surroundings = Surroundings { dialect, ..Surroundings::default() };
        if let Err(errors) = Definition::load(chart.clone(), others.clone(), surroundings) {
            report.errors = errors.0;
        }
    }
    if !report.errors.is_empty() {
        return Err(report.errors);
    }
    Ok(Imported { chart, others, dialect, leniencies: report.leniencies })
}

fn definition<'n>(
    report: &mut Report,
    at: &At<'n>,
    children: &[Child],
    told: &[Callback<'n>],
) -> Option<Chart> {
    if !at.is_map() {
        report.refuse(
            at,
            format!("is {}, and a definition should stand here, an object", at.node.told()),
        );
        return None;
    }
    let mut known = FIELDS.to_vec();
    known.extend(RECORD);
    known.extend(["backend", "persistStates", "reviewMachineId", "submitStates"]);
    report.known(at, &known);
    for key in ["backend", "persistStates", "submitStates"] {
        if let Some(field) = at.get(key) {
            report.tolerate(
                &field,
                "not-carried",
                format!(
                    "`{key}` is the business of a browser or a service around the case: remove it"
                ),
            );
        }
    }
    match report.needed(at, "definitionType") {
        Some("statechart-json") | None => {}
        Some(other) => report.refuse(
            at,
            format!(
                "`{}` is no type of definition that can be carried over: only `statechart-json` is",
                shown(other)
            ),
        ),
    }
    let Some(own) = at.get("definition").filter(At::is_map) else {
        report.refuse(at, "has no `definition`, an object with its `states`");
        return None;
    };
    let names = Names::of(report, &own);
    let mut make = Make::new(report);
    chart_fields(&mut make, &own);
    let id =
        ["id", "name"].iter().find_map(|key| at.get(key)?.text()).or_else(|| own.get("id")?.text());
    // A case that a host began for its parent has no session above it to tell anything.
    let own_told: Vec<Callback<'_>> = told
        .iter()
        .filter(|callback| callback.is_invoked)
        .filter(|callback| {
            ["id", "name"].iter().any(|key| named(at, key) == Some(&callback.definition))
        })
        .cloned()
        .collect();
    let mut data = context(&mut make, at, &own);
    let steps = steps(&mut make, &names, at, children, told);
    if steps.values().map(Vec::len).sum::<usize>() > STATES {
        make.report.refuse(
            at,
            format!("has plugins that run in more than {STATES} states in all: split it"),
        );
        return None;
    }
    let outer = on(&mut make, &names, 0, &own);
    let states =
        States { names: &names, steps: &steps, told: &own_told, has_outer: !outer.is_empty() };
    let initial = states.initial(&mut make, &own, 0, true);
    let mut raws = states.within(&mut make, &own, 0);
    if raws.is_empty() {
        make.report.refuse(&own, "has no `states`");
    }
    if let Some(first) = raws.iter().find(|raw| Some(raw.number) == initial && raw.has_always) {
        make.report.tolerate_at(first.state.place.clone(), "always-at-the-beginning", "a case begins in this state, and there its ways without an event are not asked until an event was taken; here they are asked at once: let it begin before");
    }
    let copies = outer.len().saturating_add(make.variables.len()).saturating_mul(raws.len());
    if copies > COPIES {
        make.report.refuse(&own, format!("has so many variables, or events of the whole, and so many states, that each of these does more than {COPIES} things in all: split it"));
        return None;
    }
    add_outer(&mut raws, &outer);
    let weave = Weave::new(&names, &steps, &raws, initial);
    let built: Vec<_> = raws.into_iter().map(|raw| weave.state(&mut make, raw)).collect();
    make.tell_unread();
    let known: BTreeSet<String> = data.iter().map(|datum| datum.id.clone()).collect();
    for name in std::mem::take(&mut make.variables) {
        if !known.contains(&name) {
            data.push(Datum { id: name, value: None, place: own.place() });
        }
    }
    let mut chart = Chart {
        id: id.map(|id| id.split_whitespace().collect::<Vec<_>>().join("-")),
        initial: initial.map(|initial| Initial {
            targets: vec![names.id(initial).to_owned()],
            place: own.place(),
            ..Initial::default()
        }),
        schema: schema(at, &data),
        data,
        states: built,
        description: own.get("description").and_then(|told| told.text()).map(str::to_owned),
        place: at.place(),
        ..Chart::default()
    };
    if own.get("on").is_none() {
        add_update(&own, &mut chart);
    }
    Some(chart)
}

/// A text of a definition, if it is one.
fn named<'n>(at: &At<'n>, key: &str) -> Option<&'n str> {
    at.get(key)?.text()
}

fn chart_fields(make: &mut Make<'_>, own: &At<'_>) {
    make.report.known(
        own,
        &[&CHART[..], &["always", "entry", "exit", "after", "invoke", "onDone"]].concat(),
    );
    for key in ["always", "entry", "exit", "after", "invoke", "onDone"] {
        if let Some(field) = own.get(key) {
            make.report.refuse(&field, format!("`{key}` of the whole definition has no place in a chart: write it into its states"));
        }
    }
    for key in ["meta", "tags", "strict", "delimiter"] {
        if let Some(field) = own.get(key) {
            make.report.tolerate(
                &field,
                "not-carried",
                format!("`{key}` of the whole definition is nothing that a chart has: remove it"),
            );
        }
    }
    if let Some(kind) = own.get("type").filter(|kind| kind.text() != Some("compound")) {
        make.report.refuse(&kind, "a definition whose states are all active at once is not carried over: put them into one state of the type `parallel`");
    }
}

/// The variables of the context, and the names that its schema has.
fn context(make: &mut Make<'_>, at: &At<'_>, own: &At<'_>) -> Vec<Datum> {
    let mut data: Vec<Datum> = Vec::new();
    if let Some(context) = own.get("context") {
        if !context.is_map() {
            make.report.refuse(
                &context,
                format!("is {}, and an object should stand here", context.node.told()),
            );
        }
        make.report.once(&context);
        let mut seen = BTreeSet::new();
        for (name, value) in context.fields().into_iter().rev() {
            if seen.insert(name) {
                make.variable(&value, name);
                make.given.insert(name.to_owned());
                data.push(Datum {
                    id: name.to_owned(),
                    value: Some(Content::Value(value.node.to_value())),
                    place: value.place(),
                });
            }
        }
        data.reverse();
    }
    if let Some(properties) = properties(at) {
        for (name, property) in properties.fields() {
            make.variable(&property, name);
            make.given.insert(name.to_owned());
        }
    }
    data
}

fn properties<'n>(at: &At<'n>) -> Option<At<'n>> {
    at.get("contextSchema")?.get("schema")?.get("properties")
}

/// The schema of the context: what is null there is not there in Ballerine.
fn schema(at: &At<'_>, data: &[Datum]) -> Option<Value> {
    let schema = at.get("contextSchema")?.get("schema")?.node.to_value();
    let own = schema.as_object()?;
    let nothing = Value::fields([("type", Value::from("null"))]);
    let or_nothing = |schema: &Value| {
        Value::fields([("anyOf", Value::array([nothing.clone(), schema.clone()]))])
    };
    let properties = own.get_str("properties").and_then(Value::as_object);
    let mut told: Vec<(Value, Value)> = Vec::new();
    for (name, property) in properties.into_iter().flat_map(|all| all.iter()) {
        told.push((name.clone(), or_nothing(property)));
    }
    for datum in data {
        if properties.is_none_or(|all| all.get_str(&datum.id).is_none()) {
            told.push((Value::from(datum.id.as_str()), Value::object([])));
        }
    }
    Some(Value::Object(std::sync::Arc::new(
        own.with(Value::from("properties"), Value::object(told)),
    )))
}

/// What all plugins do, in the order in which it is done.
fn steps<'n>(
    make: &mut Make<'_>,
    names: &Names,
    at: &At<'n>,
    children: &[Child],
    told: &[Callback<'n>],
) -> Steps<'n> {
    let mut steps = Steps::new();
    if let Some(config) = at.get("config") {
        for (key, field) in config.fields() {
            if key != "childCallbackResults" {
                make.report.tolerate(
                    &field,
                    "not-carried",
                    format!(
                        "`{}` is the business of the service around the case{}: remove it",
                        shown(key),
                        if key == "initialEvent" {
                            ", which gives the event when a case begins"
                        } else {
                            ""
                        }
                    ),
                );
            }
        }
    }
    let Some(extensions) = at.get("extensions") else { return steps };
    make.report.known(
        &extensions,
        &[
            "apiPlugins",
            "childWorkflowPlugins",
            "commonPlugins",
            "dispatchEventPlugins",
            "statePlugins",
        ],
    );
    for plugin in make.report.list(&extensions, "statePlugins") {
        make.report.refuse(&plugin, "a state plugin is code: write what it does as an action of the state, which the host is asked for");
    }
    let list = |make: &mut Make<'_>, key: &str| -> Vec<At<'n>> {
        let all = make.report.list(&extensions, key);
        if all.len() > PLUGINS {
            make.report.refuse(
                &extensions,
                format!("has more than {PLUGINS} `{key}`: split the definition"),
            );
            return Vec::new();
        }
        let (plugins, others): (Vec<_>, Vec<_>) = all.into_iter().partition(At::is_map);
        for other in others {
            make.report.refuse(
                &other,
                format!("is {}, and a plugin should stand here, an object", other.node.told()),
            );
        }
        plugins
    };
    let dispatched = list(make, "dispatchEventPlugins");
    let started = list(make, "childWorkflowPlugins");
    let common = list(make, "commonPlugins");
    let called = list(make, "apiPlugins");
    twice(make, &[&dispatched, &started, &common, &called]);
    common::dispatches(make, names, &dispatched, &mut steps);
    child::plugins(make, names, &started, children, told, &mut steps);
    let mut acting: Vec<(bool, At<'n>)> = called.iter().map(|at| (false, at.clone())).collect();
    acting.extend(started.iter().map(|at| (true, at.clone())));
    common::plugins(make, names, &common, &acting, &mut steps);
    api::plugins(make, names, &called, &mut steps);
    steps
}

/// Two plugins of one name.
fn twice(make: &mut Make<'_>, plugins: &[&Vec<At<'_>>]) {
    let mut seen = BTreeSet::new();
    for at in plugins.iter().copied().flatten() {
        if let Some(name) = named(at, "name")
            && !seen.insert(name)
        {
            make.report.refuse(
                at,
                format!("is the second plugin `{}`: give each a name of its own", shown(name)),
            );
        }
    }
}

/// What the whole definition does for its events, in each of its states, after what the state does itself.
fn add_outer(raws: &mut [Raw], outer: &[Way]) {
    for raw in raws.iter_mut().filter(|raw| raw.state.kind != Kind::Final) {
        raw.ways.extend(outer.iter().cloned());
        raw.events.extend(outer.iter().flat_map(|way| way.transition.events.clone()));
    }
}

/// What the event that updates the context does, in each state.
fn add_update(at: &At<'_>, chart: &mut Chart) {
    let actions: Vec<_> = chart
        .data
        .iter()
        .map(|datum| {
            let name = path::name(&datum.id);
            assign(at, datum.id.clone(), format!("not_null(event.data.{name}, {name})"))
        })
        .collect();
    if actions.is_empty() {
        return;
    }
    for state in chart.states.iter_mut().filter(|state| state.kind != Kind::Final) {
        let has_own =
            |transition: &Transition| transition.events.iter().any(|event| event == UPDATE);
        if !state.transitions.iter().any(has_own) {
            state.transitions.push(Transition {
                events: vec![UPDATE.to_owned()],
                actions: actions.clone(),
                place: state.place.clone(),
                ..Transition::default()
            });
        }
    }
}

#[cfg(test)]
#[path = "definition_tests.rs"]
mod tests;
