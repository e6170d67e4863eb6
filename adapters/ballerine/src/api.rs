//! Plugins that call an interface: what is asked for, and where the answer goes.

use thalium::kyc::chart::Param;

use crate::json::At;
use crate::make::{Make, assign, known, told};
use crate::names::Names;
use crate::path;
use crate::plugin::{
    Asked, Callbacks, Step, StepKind, Steps, add, can_fail, mapping, name, raise, service, states,
};
use crate::transition::ask;

/// Kinds that the interpreter there has code of its own for, and whether what they ask for is told anything.
const KINDS: [&str; 6] = ["api", "email", "kyb", "kyc", "kyc-session", "webhook"];
const FIELDS: [&str; 12] = [
    "name",
    "displayName",
    "pluginKind",
    "stateNames",
    "url",
    "method",
    "headers",
    "request",
    "response",
    "successAction",
    "errorAction",
    "persistResponseDestination",
];

/// Reads the plugins and adds their steps.
pub(crate) fn plugins<'n>(
    make: &mut Make<'_>,
    names: &Names,
    plugins: &[At<'n>],
    steps: &mut Steps<'n>,
) {
    for at in plugins {
        let found = states(make, names, at);
        let Some(step) = plugin(make, at) else { continue };
        add(steps, found, &step);
    }
}

/// What an interface is asked, before it is known by whom.
#[derive(Clone, Debug, Default)]
pub(crate) struct Call {
    pub(crate) kind: String,
    pub(crate) params: Vec<Param>,
    /// Expressions of it that can fail.
    pub(crate) check: Vec<String>,
}

fn plugin<'n>(make: &mut Make<'_>, at: &At<'n>) -> Option<Step<'n>> {
    let callbacks = Callbacks::of(make, at);
    let name = name(make, at)?;
    let call = call(make, at, callbacks)?;
    let destination = destination(make, at);
    let answer = answer(make, at);
    let (destination, answer) = (destination?, answer?);
    let is_heard = call.kind != "webhook" && callbacks.is_both();
    if !is_heard {
        if call.kind == "webhook" && callbacks.is_both() {
            make.report.tolerate(at, "answer-dropped", "a webhook tells nothing, and the case takes no event for it: remove `successAction` and `errorAction`, or make it `api`");
        } else if callbacks.success.is_some() || callbacks.error.is_some() || destination.is_some()
        {
            make.report.tolerate(at, "answer-dropped", "without both `successAction` and `errorAction` the answer is dropped: name both, or neither and no destination");
        }
        let mut params = vec![known("name", name)];
        params.extend(call.params);
        let kind = StepKind::Do(vec![ask(at, &call.kind, params)]);
        return Some(Step { name: name.to_owned(), kind, at: at.clone() });
    }
    make.variable(at, "pluginsOutput");
    // What an email is answered does not matter there.
    let response = if call.kind == "email" {
        "`{}`".to_owned()
    } else {
        answer.clone().unwrap_or_else(|| "event.data".to_owned())
    };
    let mut done = vec![match &destination {
        Some(destination) => {
            assign(at, destination.clone(), merged(&path::dotted(destination), &response))
        }
        None => assign(at, format!("pluginsOutput.{name}"), response),
    }];
    done.extend(raise(at, callbacks.success));
    let asked = Asked {
        invoke: service(at, name, &call.kind, call.params),
        check: call.check,
        answer: answer.filter(|answer| call.kind != "email" && can_fail(answer)),
        done,
        error: Some(format!("pluginsOutput.{name}")),
        failed: raise(at, callbacks.error).into_iter().collect(),
        callbacks: callbacks.names(),
        ..Asked::default()
    };
    Some(Step { name: name.to_owned(), kind: StepKind::Ask(Box::new(asked)), at: at.clone() })
}

/// An answer laid over what stands where it goes, at all depths; what is no object is nothing there.
pub(crate) fn merged(destination: &str, answer: &str) -> String {
    let object = |what: &str| format!("type({what}) == 'object' && {what} || `{{}}`");
    format!("[{destination}, ({answer})] | deep_merge({}, {})", object("[0]"), object("[1]"))
}

/// Where the answer goes. The outer is none if there was an error.
#[expect(clippy::option_option, reason = "an error and nothing are two things")]
fn destination(make: &mut Make<'_>, at: &At<'_>) -> Option<Option<String>> {
    let Some(field) = at.get("persistResponseDestination") else { return Some(None) };
    let text = make.report.text(at, "persistResponseDestination")?;
    if text.is_empty() {
        return Some(None);
    }
    let root = text.split('.').next().unwrap_or_default();
    make.variable(&field, root);
    make.given.insert(root.to_owned());
    Some(Some(text.to_owned()))
}

/// The expression of the answer; none if it is taken as it comes. The outer is none if there was an error.
#[expect(clippy::option_option, reason = "an error and nothing are two things")]
fn answer(make: &mut Make<'_>, at: &At<'_>) -> Option<Option<String>> {
    let Some(response) = at.get("response") else { return Some(None) };
    make.report.known(&response, &["transform", "schema"]);
    let items = make.report.list(&response, "transform");
    mapping(make, &items, "event.data")
}

/// What is asked for, of the context.
pub(crate) fn call(make: &mut Make<'_>, at: &At<'_>, callbacks: Callbacks<'_>) -> Option<Call> {
    let kind = make.report.text(at, "pluginKind");
    let kind = kind.unwrap_or(if callbacks.is_both() { "api" } else { "webhook" });
    make.report.name(at, "a kind of plugin", kind).then_some(())?;
    let is_own = KINDS.contains(&kind);
    if is_own {
        make.report.known(at, &FIELDS);
    }
    let mut call = Call { kind: kind.to_owned(), ..Call::default() };
    let fill = |make: &mut Make<'_>, call: &mut Call, name: &str, field: &At<'_>, text: &str| {
        let value = make.template(field, text)?;
        // A value that may make a secret of the host's is no answer.
        call.check.extend(path::template(text));
        call.params.push(Param { name: name.to_owned(), value });
        Some(())
    };
    if is_own || at.get("url").is_some() {
        let url = make.report.needed(at, "url")?;
        let field = at.get("url")?;
        fill(make, &mut call, "url", &field, url)?;
    }
    if is_own || at.get("method").is_some() {
        call.params.push(known("method", make.report.needed(at, "method")?));
    }
    if let Some(headers) = at.get("headers") {
        let parts = headers.fields().into_iter().map(|(key, field)| {
            let text =
                field.text().map(str::to_owned).unwrap_or_else(|| field.node.to_value().to_json());
            match path::template(&text) {
                None => (key, path::literal(&thalium::value::Value::string(&text)), false),
                Some(filled) => (key, filled, true),
            }
        });
        let parts: Vec<_> = parts.collect();
        if parts.iter().any(|(.., is_filled)| *is_filled) {
            let fields: Vec<_> =
                parts.iter().map(|(key, text, _)| format!("{}: {text}", path::name(key))).collect();
            let text = make.path(&headers, &format!("{{{}}}", fields.join(", ")), false)?;
            call.check.push(text.clone());
            call.params.push(told(&headers, "headers", text));
        } else {
            call.params.push(known("headers", headers.node.to_value()));
        }
    }
    request(make, at, is_own, &mut call)?;
    if let Some(schema) = at.get("response").and_then(|response| response.get("schema")) {
        call.params.push(known("responseSchema", schema.node.to_value()));
    }
    if !is_own {
        let others = at.fields().into_iter().filter(|(key, _)| !FIELDS.contains(key));
        call.params.extend(others.map(|(key, field)| known(key, field.node.to_value())));
    }
    Some(call)
}

fn request(make: &mut Make<'_>, at: &At<'_>, is_needed: bool, call: &mut Call) -> Option<()> {
    let Some(request) = at.get("request") else {
        if is_needed {
            make.report.refuse(at, "has no `request`, without which nothing of the definition runs there: write `{transform: […]}`");
            return None;
        }
        return Some(());
    };
    make.report.known(&request, &["transform", "schema"]);
    let items = make.report.list(&request, "transform");
    for item in &items {
        let texts = item.get("mapping").and_then(|mapping| mapping.text()).map(path::texts);
        let texts = texts.unwrap_or_default();
        if texts.iter().any(|text| path::has_secret(text)) {
            make.report.tolerate(item, "secret-in-request", "a text names a secret: there it is filled in, and so is what a customer writes like it; here the host fills in secrets in `url` and `headers` alone and gets the text as it is: send the secret in a header");
        }
        if texts.iter().any(|text| path::has_braces(text)) {
            make.report.tolerate(item, "placeholder-in-request", "a text has braces, which are filled in from the request itself once it is made; the host gets the text as it is: write the value into the mapping");
        }
    }
    // Without a mapping the whole of the context goes out.
    let text = mapping(make, &items, "")?.unwrap_or_else(|| "@".to_owned());
    if can_fail(&text) {
        call.check.push(text.clone());
    }
    call.params.push(told(&request, "request", text));
    if let Some(schema) = request.get("schema") {
        call.params.push(known("requestSchema", schema.node.to_value()));
    }
    Some(())
}
