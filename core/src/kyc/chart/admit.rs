//! What comes from outside: which events may, and which service tells them.

use std::sync::Arc;

use super::event::{Event, Source};
use super::model::DataModel;
use super::read::{INVOKE_DONE, INVOKE_ERROR};
use super::run::Run;
use super::step::StepError;

impl<M: DataModel> Run<'_, '_, M> {
    /// Whether an event can come from outside. What the interpreter tells itself can not, and what a service tells only from one that goes on.
    pub(super) fn admit(&self, to: Option<&str>, event: &Event) -> Result<(), StepError> {
        let first = event.name.split('.').next().unwrap_or_default();
        if event.source == Source::Platform {
            return Ok(());
        }
        let live = to.map_or(Some(0), |to| self.find(to)).and_then(|at| self.lives.get(at));
        if let Some(known) = event.invoke_id.as_deref()
            && live.is_some_and(|live| live.session.service(known).is_none())
        {
            let (name, invoke_id) = (event.name.clone(), known.to_owned());
            return Err(StepError::Stale { name, invoke_id });
        }
        if !matches!(first, "done" | "error" | "after") {
            return Ok(());
        }
        let is_of_service = event.invoke_id.as_deref().is_some_and(|known| {
            let id = live.and_then(|live| live.session.service(known));
            let told = event.name.strip_prefix(INVOKE_DONE);
            id.is_some_and(|id| first == "error" || told == Some(id) || told == Some(known))
        });
        if is_of_service {
            return Ok(());
        }
        Err(StepError::Reserved { name: event.name.clone() })
    }

    /// An event as the chart knows it: what a service tells comes from its id, without the number that the host knows it by. None if that
    /// service does not go on any more.
    pub(super) fn known(&self, at: usize, event: Arc<Event>) -> Option<Arc<Event>> {
        let session = &self.lives.get(at)?.session;
        let Some(known) = event.invoke_id.as_deref() else { return Some(event) };
        let Some(id) = session.service(known) else {
            return (event.source == Source::Platform).then_some(event);
        };
        if id == known {
            return Some(event);
        }
        let plain = |told: &str| {
            let rest = event.name.strip_prefix(told)?.strip_prefix(known)?;
            (rest.is_empty() || rest.starts_with('.')).then(|| format!("{told}{id}{rest}"))
        };
        let name = plain(INVOKE_DONE).or_else(|| plain(INVOKE_ERROR));
        let name = name.unwrap_or_else(|| event.name.clone());
        Some(Arc::new(Event { name, invoke_id: Some(id.to_owned()), ..Event::clone(&event) }))
    }
}
