//! Plugins: what they have in common, and the states that they run in.

use std::collections::BTreeMap;

use thalium::kyc::chart::Given;
use thalium::kyc::chart::{Action, ActionKind, Invoke, Param};

use crate::json::At;
use crate::make::{Make, action};
use crate::names::Names;
use crate::report::{listed, shown};

/// The most plugins of a kind, and the most states that one is run in.
pub(crate) const PLUGINS: usize = 256;

/// What a plugin does when a state is entered, in the order of its kinds and of the text.
#[derive(Clone, Debug)]
pub(crate) struct Step<'n> {
    pub(crate) name: String,
    pub(crate) kind: StepKind,
    pub(crate) at: At<'n>,
}

#[derive(Clone, Debug)]
pub(crate) enum StepKind {
    /// It is done, and tells nothing.
    Do(Vec<Action>),
    /// The host is asked, and its answer counts.
    Ask(Box<Asked>),
}

/// What the host is asked for, or a chart that is invoked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) invoke: Invoke,
    /// What is done when the state is entered, beside it.
    pub(crate) entry: Vec<Action>,
    /// What must have a value before anything is asked, as expressions that can fail.
    pub(crate) check: Vec<String>,
    /// An expression of the answer that can fail.
    pub(crate) answer: Option<String>,
    /// What is done with an answer.
    pub(crate) done: Vec<Action>,
    /// Where it is told that there is none.
    pub(crate) error: Option<String>,
    /// What else is done then.
    pub(crate) failed: Vec<Action>,
    /// The events that are raised then.
    pub(crate) callbacks: Vec<String>,
}

/// The steps of each state, by its number.
pub(crate) type Steps<'n> = BTreeMap<usize, Vec<Step<'n>>>;

/// A step is one of each of these states.
pub(crate) fn add<'n>(steps: &mut Steps<'n>, states: Vec<usize>, step: &Step<'n>) {
    for state in states {
        steps.entry(state).or_default().push(step.clone());
    }
}

/// The events of the host's answers, as a plugin names them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Callbacks<'n> {
    pub(crate) success: Option<&'n str>,
    pub(crate) error: Option<&'n str>,
}

impl<'n> Callbacks<'n> {
    /// Whether both answers are told.
    pub(crate) const fn is_both(self) -> bool {
        self.success.is_some() && self.error.is_some()
    }

    pub(crate) fn of(make: &mut Make<'_>, at: &At<'n>) -> Self {
        let mut named = |key: &str| {
            let name = make.report.text(at, key).filter(|name| !name.is_empty())?;
            let field = at.get(key)?;
            make.report.name(&field, "an event", name).then_some(name)
        };
        let told = Self { success: named("successAction"), error: named("errorAction") };
        if let (Some(success), Some(error)) = (told.success, told.error)
            && fails(success)
            && !fails(error)
        {
            make.report.tolerate(
                at,
                "callbacks-swapped",
                format!(
                    "`successAction` is `{}` and `errorAction` is `{}`: are they swapped?",
                    shown(success),
                    shown(error)
                ),
            );
        }
        told
    }

    pub(crate) fn names(self) -> Vec<String> {
        [self.success, self.error].into_iter().flatten().map(str::to_owned).collect()
    }
}

/// Whether a name says that something went wrong.
fn fails(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["fail", "error", "invalid"].iter().any(|word| name.contains(word))
}

/// An event that the chart tells itself.
pub(crate) fn raise(at: &At<'_>, event: Option<&str>) -> Option<Action> {
    event.map(|event| action(at, ActionKind::Raise(event.to_owned())))
}

/// A service of the host.
pub(crate) fn service(at: &At<'_>, name: &str, kind: &str, params: Vec<Param>) -> Invoke {
    Invoke {
        id: Some(name.to_owned()),
        kind: Some(Given::Known(kind.to_owned())),
        src: Some(Given::Known(name.to_owned())),
        params,
        place: at.place(),
        ..Invoke::default()
    }
}

/// The name of a plugin, which its answers are kept by.
pub(crate) fn name<'n>(make: &mut Make<'_>, at: &At<'n>) -> Option<&'n str> {
    let name = make.report.needed(at, "name")?;
    if name.contains('.') {
        make.report.refuse(at, format!("the plugin's name `{}` has a dot in it, which parts of a context are told apart by: rename it", shown(name)));
        return None;
    }
    make.report.name(at, "a plugin", name).then_some(name)
}

/// The states that a plugin is run in: those of the outermost level that have no children.
pub(crate) fn states(make: &mut Make<'_>, names: &Names, at: &At<'_>) -> Vec<usize> {
    if at.get("stateNames").is_none() {
        make.report.refuse(
            at,
            "has no `stateNames`, without which no event is taken there: name its states",
        );
    }
    let mut found = Vec::new();
    let items = make.report.list(at, "stateNames");
    if items.len() > PLUGINS {
        make.report.refuse(at, format!("is run in more than {PLUGINS} states: split it"));
    }
    for item in items.iter().take(PLUGINS) {
        let Some(name) = item.text() else {
            make.report.refuse(
                item,
                format!("is {}, and the name of a state should stand here", item.node.told()),
            );
            continue;
        };
        match names.child(0, name) {
            Some(state) if names.is_atomic(state) => found.push(state),
            Some(_) => make.report.tolerate(item, "plugin-never-runs", format!("`{}` has states within it, and there plugins are run in states without any: name another state, or remove this", shown(name))),
            None => make.report.tolerate(item, "plugin-never-runs", format!("there is no state `{}` at the outermost level, so that nothing is run for it: name one of {}", shown(name), listed(&names.outermost()))),
        }
    }
    found
}

/// The transformers of a field, joined to one expression that is asked of `of`; none if there are none. The outer is none if there was an error.
#[expect(clippy::option_option, reason = "an error and nothing are two things")]
pub(crate) fn mapping(make: &mut Make<'_>, items: &[At<'_>], of: &str) -> Option<Option<String>> {
    let mut told = of.to_owned();
    for item in items {
        make.report.known(item, &["transformer", "mapping", "options"]);
        match make.report.needed(item, "transformer")? {
            "jmespath" => {}
            "helper" => {
                make.report.refuse(item, "a `helper` within a request or an answer changes the context on the way: let a plugin of the kind `transformer` do it before, or write it as JMESPath");
                return None;
            }
            other => {
                make.report.refuse(
                    item,
                    format!(
                        "`{}` is no transformer that is known there: write `jmespath`",
                        shown(other)
                    ),
                );
                return None;
            }
        }
        let mapping = make.report.needed(item, "mapping")?;
        let field = item.get("mapping").unwrap_or_else(|| item.clone());
        let mapping = crate::path::blanks(mapping);
        let is_outer = told.is_empty();
        // Only the first is asked of the context.
        let mapping = if is_outer {
            make.path(&field, &mapping, false)?
        } else {
            make.inner(&field, &mapping)?
        };
        told = if is_outer { mapping } else { format!("{told} | {mapping}") };
    }
    Some((!items.is_empty()).then_some(told))
}

/// Whether an expression can fail: functions do, of what they are not for.
pub(crate) fn can_fail(text: &str) -> bool {
    crate::path::calls(text)
}
