//! Plugins that stand beside those that call an interface: what is done for each of some, what changes the context, events for the host, and the
//! rules of a risk.

use thalium::kyc::chart::{ActionKind, Content, Given, Param};
use thalium::value::Value;

use crate::api::{call, merged};
use crate::json::At;
use crate::make::{Make, action, assign, known, told};
use crate::names::Names;
use crate::path;
use crate::plugin::{
    Asked, Callbacks, Step, StepKind, Steps, add, can_fail, mapping, name, raise, service, states,
};
use crate::report::{listed, shown};
use crate::transition::ask;

/// Reads the plugins and adds their steps; `acting` are those that one of them can do for each of some.
pub(crate) fn plugins<'n>(
    make: &mut Make<'_>,
    names: &Names,
    plugins: &[At<'n>],
    acting: &[(bool, At<'n>)],
    steps: &mut Steps<'n>,
) {
    for at in plugins {
        let found = states(make, names, at);
        let told = match at.get("pluginKind").and_then(|kind| kind.text()) {
            Some("transformer") => transformer(make, at),
            Some("riskRules") => risk_rules(make, at),
            Some("iterative") | None => iterative(make, at, acting),
            Some(other) => {
                make.report.refuse(at, format!("`{}` is no kind of common plugin that can be carried over: these are `iterative`, `riskRules` and `transformer`", shown(other)));
                None
            }
        };
        for state in found {
            steps.entry(state).or_default().extend(told.iter().flatten().cloned());
        }
    }
}

/// One step that asks.
fn asking<'n>(at: &At<'n>, name: &str, asked: Asked) -> Vec<Step<'n>> {
    vec![Step { name: name.to_owned(), kind: StepKind::Ask(Box::new(asked)), at: at.clone() }]
}

/// What another plugin does, for each of some.
fn iterative<'n>(
    make: &mut Make<'_>,
    at: &At<'n>,
    acting: &[(bool, At<'n>)],
) -> Option<Vec<Step<'n>>> {
    make.report.known(
        at,
        &[
            "name",
            "displayName",
            "pluginKind",
            "stateNames",
            "iterateOn",
            "actionPluginName",
            "successAction",
            "errorAction",
            "response",
        ],
    );
    if let Some(response) = at.get("response") {
        make.report.tolerate(
            &response,
            "not-carried",
            "nothing is done with `response` here: remove it",
        );
    }
    let callbacks = Callbacks::of(make, at);
    let name = name(make, at)?;
    let items = make.report.list(at, "iterateOn");
    let items = mapping(make, &items, "")?.unwrap_or_else(|| "@".to_owned());
    let wanted = make.report.needed(at, "actionPluginName")?;
    let is_wanted = |(_, plugin): &&(bool, At<'n>)| {
        plugin.get("name").and_then(|own| own.text()) == Some(wanted)
    };
    let Some((is_child, acting)) = acting.iter().find(is_wanted) else {
        let all: Vec<_> =
            acting.iter().filter_map(|(_, plugin)| plugin.get("name")?.text()).take(16).collect();
        let field = at.get("actionPluginName").unwrap_or_else(|| at.clone());
        make.report.refuse(
            &field,
            format!("there is no plugin `{}`: name one of {}", shown(wanted), listed(&all)),
        );
        return None;
    };
    let mut params = vec![known("plugin", wanted)];
    let mut check = Vec::new();
    if *is_child {
        params.push(known("definitionId", make.report.needed(acting, "definitionId")?));
        params.extend(make.report.text(acting, "initEvent").map(|event| known("event", event)));
        let transformers = make.report.list(acting, "transformers");
        // What a child begins with is asked of each item.
        let of_item = make.quiet(|make| mapping(make, &transformers, "@"))?;
        params.push(told(at, "contexts", each(&items, of_item.as_deref())));
    } else {
        let call = make.quiet(|make| {
            let own = Callbacks::of(make, acting);
            call(make, acting, own)
        })?;
        params.push(known("kind", call.kind));
        check.extend(call.check.iter().map(|own| each(&items, Some(own))));
        for Param { name, value } in call.params {
            let value = match value {
                Given::Expr(own) => {
                    let text =
                        own.source.get_str("jmespath").and_then(Value::as_str).unwrap_or("@");
                    told(at, &name, each(&items, Some(text)))
                }
                value => Param { name, value },
            };
            params.push(value);
        }
    }
    if can_fail(&items) {
        check.push(items);
    }
    make.variable(at, "pluginsOutput");
    let kind = if *is_child { "child-workflows" } else { "iterative" };
    let asked = Asked {
        invoke: service(at, name, kind, params),
        check,
        done: raise(at, callbacks.success).into_iter().collect(),
        error: Some(format!("pluginsOutput.{name}")),
        failed: raise(at, callbacks.error).into_iter().collect(),
        callbacks: callbacks.names(),
        ..Asked::default()
    };
    Some(asking(at, name, asked))
}

/// An expression of each item of a list; what is no list stays as it is, and the host tells that it is none.
fn each(items: &str, of_item: Option<&str>) -> String {
    match of_item {
        None | Some("@") => items.to_owned(),
        Some(text) => format!("{items} | type(@) == 'array' && map(&({text}), @)"),
    }
}

/// What changes the context: one step for each mapping.
fn transformer<'n>(make: &mut Make<'_>, at: &At<'n>) -> Option<Vec<Step<'n>>> {
    make.report.known(at, &["name", "displayName", "pluginKind", "stateNames", "transformers"]);
    let name = name(make, at)?;
    let mut steps = Vec::new();
    for transformer in make.report.list(at, "transformers") {
        make.report.known(&transformer, &["transformer", "mapping", "options"]);
        let kind = make.report.needed(&transformer, "transformer")?;
        if kind != "helpers" {
            make.report.refuse(
                &transformer,
                format!(
                    "`{}` is no transformer of this kind of plugin: write `helpers`",
                    shown(kind)
                ),
            );
            return None;
        }
        for mapping in make.report.list(&transformer, "mapping") {
            let name = format!("{name}-{}", steps.len() + 1);
            steps.push(Step { kind: helper(make, &mapping, &name)?, name, at: mapping });
        }
    }
    Some(steps)
}

fn helper(make: &mut Make<'_>, at: &At<'_>, name: &str) -> Option<StepKind> {
    make.report.known(at, &["source", "target", "method", "value", "options"]);
    let (source, target) = (make.report.needed(at, "source")?, make.report.needed(at, "target")?);
    let method = make.report.needed(at, "method")?;
    let root = target.split('.').next().unwrap_or_default();
    make.variable(at, root);
    make.given.insert(root.to_owned());
    if method == "remove" {
        let value = Content::Value(Value::Null);
        let kind = ActionKind::Assign { location: target.to_owned(), value };
        return Some(StepKind::Do(vec![action(at, kind)]));
    }
    if !["imageUrlToBase64", "mergeArrayEachItemWithValue", "regex"].contains(&method) {
        make.report.refuse(at, format!("`{}` is no method that is known there: these are `imageUrlToBase64`, `mergeArrayEachItemWithValue`, `regex` and `remove`", shown(method)));
        return None;
    }
    let source = make.path(at, &path::dotted(source), false)?;
    let mut params = vec![known("method", method), told(at, "source", source)];
    params.extend(at.get("value").map(|value| known("value", value.node.to_value())));
    let mut check = Vec::new();
    if let Some(options) = at.get("options") {
        if method == "mergeArrayEachItemWithValue" {
            for (key, as_name) in [("mapJmespath", "items"), ("mergeWithJmespath", "with")] {
                let text = make.report.needed(&options, key)?;
                let field = options.get(key)?;
                let text = make.path(&field, text, false)?;
                check.extend(can_fail(&text).then(|| text.clone()));
                params.push(told(&field, as_name, text));
            }
        } else {
            params.push(known("options", options.node.to_value()));
        }
    }
    let asked = Asked {
        invoke: service(at, name, "transformer", params),
        check,
        done: vec![assign(at, target, "event.data")],
        ..Asked::default()
    };
    Some(StepKind::Ask(Box::new(asked)))
}

/// The rules of a risk, which stand elsewhere: the host asks them and answers what they came to.
fn risk_rules<'n>(make: &mut Make<'_>, at: &At<'n>) -> Option<Vec<Step<'n>>> {
    make.report.known(
        at,
        &[
            "name",
            "displayName",
            "pluginKind",
            "stateNames",
            "rulesSource",
            "successAction",
            "errorAction",
        ],
    );
    if let Some(action) = at.get("successAction").or_else(|| at.get("errorAction")) {
        make.report.tolerate(&action, "answer-dropped", "the interpreter there hands `successAction` and `errorAction` of rules on to nobody, so that no event is told: remove them, or let a way without an event ask for what the rules came to");
    }
    let name = name(make, at)?;
    let Some(rules) = at.get("rulesSource") else {
        make.report.refuse(at, "has no `rulesSource`, which it needs");
        return None;
    };
    make.variable(at, "pluginsOutput");
    let params = vec![known("rulesSource", rules.node.to_value()), told(at, "context", "@")];
    let asked = Asked {
        invoke: service(at, name, "risk-rules", params),
        done: vec![assign(at, format!("pluginsOutput.{name}"), "event.data")],
        error: Some(format!("pluginsOutput.{name}")),
        ..Asked::default()
    };
    Some(asking(at, name, asked))
}

/// Events for the host.
pub(crate) fn dispatches<'n>(
    make: &mut Make<'_>,
    names: &Names,
    plugins: &[At<'n>],
    steps: &mut Steps<'n>,
) {
    for at in plugins {
        let found = states(make, names, at);
        let Some(step) = dispatch(make, at) else { continue };
        add(steps, found, &step);
    }
}

fn dispatch<'n>(make: &mut Make<'_>, at: &At<'n>) -> Option<Step<'n>> {
    make.report.known(
        at,
        &[
            "name",
            "displayName",
            "pluginKind",
            "eventName",
            "payload",
            "stateNames",
            "transformers",
            "successAction",
            "errorAction",
        ],
    );
    let callbacks = Callbacks::of(make, at);
    let name = name(make, at)?;
    let event = make.report.needed(at, "eventName")?;
    let transformers = make.report.list(at, "transformers");
    let payload = at.get("payload").map(|payload| payload.node.to_value());
    let payload = match payload {
        None => mapping(make, &transformers, "")?.unwrap_or_else(|| "@".to_owned()),
        Some(payload) => {
            let whole = format!("merge(@, {})", path::literal(&payload));
            mapping(make, &transformers, &whole)?.unwrap_or(whole)
        }
    };
    let params = vec![known("event", event), told(at, "payload", payload.clone())];
    let kind = if callbacks.success.is_none() && callbacks.error.is_none() {
        let mut all = vec![known("name", name)];
        all.extend(params);
        StepKind::Do(vec![ask(at, "dispatch", all)])
    } else {
        StepKind::Ask(Box::new(Asked {
            invoke: service(at, name, "dispatch", params),
            check: can_fail(&payload).then(|| payload.clone()).into_iter().collect(),
            done: raise(at, callbacks.success).into_iter().collect(),
            failed: raise(at, callbacks.error).into_iter().collect(),
            callbacks: callbacks.names(),
            ..Asked::default()
        }))
    };
    Some(Step { name: name.to_owned(), kind, at: at.clone() })
}

/// What is told of a child where it goes.
pub(crate) fn child_result(definition: &str, plugin: &str) -> (String, String) {
    let location = format!("childWorkflows.{definition}.{plugin}");
    let path = path::dotted(&location);
    (location, merged(&path, "event.data"))
}
