//! Documents: asked for, handed in, looked at, and asked for again, so often and no more.

use minicbor::bytes::ByteArray;

use super::act::{Work, with_data};
use super::command::Finding;
use super::json::Json;
use super::kind::{Paper, Part};
use super::refusal::Refusal;
use super::registry::written;
use super::state::{Document, Standing};
use super::told::instant;
use super::vote::{checked_reasons, texts};
use crate::audit::merkle::hex;
use crate::kyc::chart::{Effect, Event};
use crate::value::Value;

impl Work<'_> {
    fn paper(&self, document: &str) -> Result<&'_ Paper, Refusal> {
        let papers = &self.desk.kind().documents;
        papers.get(document).ok_or_else(|| self.unknown("document", document, papers.keys()))
    }

    /// Asks for a document.
    pub(super) fn request(&mut self, document: &str, why: Option<&str>) -> Result<(), Refusal> {
        self.registered()?;
        why.map_or(Ok(()), |why| written("why", why))?;
        let paper = self.paper(document)?.clone();
        let found = self.case.documents.get_mut(document);
        if let Some(found) = found {
            found.makes_room();
            if found.attempts >= u32::from(paper.attempts) {
                let document = document.to_owned();
                return Err(Refusal::Attempts { document, most: paper.attempts });
            }
        }
        self.asked_for(document, &paper, why.map(str::to_owned).into_iter().collect());
        let reason = why.map_or(Value::Null, Value::from);
        let event = self.desk.kind().document_events.requested.clone();
        self.tell(event, document, None, vec![("reason", reason)])
    }

    /// What the chart asks for by the effect that the kind names is asked for, unless it was handed in and is still to be looked at: then the
    /// chart hears of that, once. What it asked is in the effects from `first` on.
    pub(super) fn chart_asks(&mut self, first: usize) -> Result<(), Refusal> {
        let kind = self.desk.kind();
        let Some(asks) = &kind.asks else { return Ok(()) };
        let asked = |effect: &Effect| match effect {
            Effect::Send { message, .. } if message.event.as_ref() == Some(asks) => {
                message.data.as_ref()?.get_str("document")?.as_str().map(str::to_owned)
            }
            _ => None,
        };
        let names: Vec<String> = self.effects.iter().skip(first).filter_map(asked).collect();
        let now = self.by.at;
        for name in names {
            let Some(paper) = kind.documents.get(&name) else { continue };
            match self.case.documents.get_mut(&name) {
                // It was sent back a moment ago, and that is why the chart asks.
                Some(found) if found.standing == Standing::Requested && found.since == now => {}
                Some(found) if found.waits_for_somebody(now) => {
                    if self.handed_over.insert(name.clone()) {
                        let event = kind.document_events.submitted.clone();
                        self.tell(event, &name, None, Vec::new())?;
                    }
                }
                found => {
                    // What the chart asks for anew is a matter of its own.
                    found.into_iter().for_each(|document| document.attempts = 0);
                    self.asked_for(&name, paper, Vec::new());
                }
            }
        }
        Ok(())
    }

    /// A document is asked for from now on.
    fn asked_for(&mut self, name: &str, paper: &Paper, reasons: Vec<String>) {
        let now = self.by.at;
        let due = paper.within.and_then(|within| within.after(now).ok());
        let attempts = self.case.documents.get(name).map_or(0, |document| document.attempts);
        let document = Document {
            standing: Standing::Requested,
            since: now,
            due,
            attempts,
            hash: None,
            file: None,
            valid_until: None,
            reasons,
            by: None,
        };
        self.case.documents.insert(name.to_owned(), document);
    }

    /// A document is handed in.
    pub(super) fn submit(
        &mut self,
        document: &str,
        hash: ByteArray<32>,
        file: Option<&str>,
        valid_until: Option<i64>,
        data: Option<&Json>,
    ) -> Result<(), Refusal> {
        file.map_or(Ok(()), |file| written("file", file))?;
        let most = self.paper(document)?.attempts;
        let standing = self.case.documents.get(document);
        if let Some(found) = standing
            && matches!(found.standing, Standing::Approved | Standing::Rejected)
        {
            return Err(Refusal::Document {
                document: document.to_owned(),
                standing: found.standing.name(),
                what: "ask for it again first",
            });
        }
        let attempts = standing.map_or(0, |found| found.attempts);
        if attempts >= u32::from(most) {
            return Err(Refusal::Attempts { document: document.to_owned(), most });
        }
        valid_until.map_or(Ok(()), |until| self.later("valid_until", until))?;
        let handed_in = Document {
            standing: Standing::Submitted,
            since: self.by.at,
            due: None,
            attempts: attempts + 1,
            hash: Some(hash),
            file: file.map(str::to_owned),
            valid_until,
            reasons: Vec::new(),
            by: Some(self.by.actor.clone()),
        };
        self.case.documents.insert(document.to_owned(), handed_in);
        self.submitted()?;
        let event = self.desk.kind().document_events.submitted.clone();
        self.tell(event, document, data, Vec::new())
    }

    /// Somebody has looked at a document.
    pub(super) fn decide_document(
        &mut self,
        name: &str,
        finding: Finding,
        reasons: &[String],
        seen: &ByteArray<32>,
        valid_until: Option<i64>,
        data: Option<&Json>,
    ) -> Result<(), Refusal> {
        let paper = self.paper(name)?.clone();
        let role = self.role_of(&self.by.actor, "decide about it", &paper.roles)?;
        let found = self.case.documents.get(name).cloned();
        let Some(found) = found.filter(|found| found.standing == Standing::Submitted) else {
            let standing = self.case.documents.get(name);
            return Err(Refusal::Document {
                document: name.to_owned(),
                standing: standing.map_or("not asked for", |found| found.standing.name()),
                what: "one that was handed in can be decided about",
            });
        };
        self.may_look_at(&found, &paper)?;
        if found.hash != Some(*seen) {
            let now = found.hash.map(|hash| hex(&*hash)).unwrap_or_default();
            return Err(Refusal::Stale { now });
        }
        let is_good = finding == Finding::Approve;
        checked_reasons(reasons, &paper.reasons, !is_good && !paper.reasons.is_empty())?;
        valid_until.map_or(Ok(()), |until| self.later("valid_until", until))?;
        let lasts = valid_until.or(found.valid_until).filter(|_| is_good);
        lasts.map_or(Ok(()), |until| self.later("valid_until", until))?;
        let events = &self.desk.kind().document_events;
        let (event, standing) = match finding {
            Finding::Approve => (events.approved.clone(), Standing::Approved),
            Finding::Reject => (events.rejected.clone(), Standing::Rejected),
            Finding::Revise if found.attempts >= u32::from(paper.attempts) => {
                return Err(Refusal::Attempts { document: name.to_owned(), most: paper.attempts });
            }
            Finding::Revise => (events.revised.clone(), Standing::Requested),
        };
        if standing == Standing::Requested {
            self.asked_for(name, &paper, reasons.to_vec());
        } else {
            let decided = Document {
                standing,
                since: self.by.at,
                due: None,
                valid_until: valid_until.or(found.valid_until),
                reasons: reasons.to_vec(),
                ..found
            };
            self.case.documents.insert(name.to_owned(), decided);
        }
        let own = vec![
            ("by", Value::from(&*self.by.actor)),
            ("role", Value::from(role)),
            ("reasons", texts(reasons)),
            ("reason", reasons.first().map_or(Value::Null, |reason| Value::from(&**reason))),
        ];
        self.tell(event, name, data, own)
    }

    /// That the one who asks had no part that keeps them from deciding about a document: whoever hands one in does not say that it is good.
    fn may_look_at(&self, document: &Document, paper: &Paper) -> Result<(), Refusal> {
        let actor = &self.by.actor;
        let is_own = |part: &&Part| **part == Part::Submitter;
        let parts = || paper.not_by.iter();
        // Of a document a submitter is who handed in this one.
        let had = document.by.as_ref() == Some(actor) && parts().any(|part| is_own(&part));
        let others = || self.part_of(parts().filter(|part| !is_own(part)), actor);
        match had.then_some("handed it in").or_else(others) {
            None => Ok(()),
            Some(part) => Err(Refusal::HadPart { actor: actor.clone(), part }),
        }
    }

    /// What did not come in time, or is not valid any more.
    pub(super) fn papers_over(&mut self) -> Result<(), Refusal> {
        let now = self.by.at;
        let over: Vec<String> = self
            .case
            .documents
            .iter()
            .filter(|(_, document)| document.is_over(now))
            .map(|(name, _)| name.clone())
            .collect();
        for name in over {
            if let Some(document) = self.case.documents.get_mut(&name) {
                document.makes_room();
                (document.standing, document.since, document.due) = (Standing::Expired, now, None);
            }
            let event = self.desk.kind().document_events.expired.clone();
            self.tell(event, &name, None, Vec::new())?;
        }
        Ok(())
    }

    /// The chart hears of a document, where the kind says that it does.
    fn tell(
        &mut self,
        event: Option<String>,
        document: &str,
        data: Option<&Json>,
        own: Vec<(&str, Value)>,
    ) -> Result<(), Refusal> {
        let found = self.case.documents.get(document);
        let text = |text: Option<&String>| text.map_or(Value::Null, |text| Value::from(&**text));
        let until = found.and_then(|found| found.valid_until);
        let hash = found.and_then(|found| found.hash.as_ref());
        let always = [
            ("document", Value::from(document)),
            ("party", self.case.whom()),
            ("file", text(found.and_then(|found| found.file.as_ref()))),
            ("hash", hash.map_or(Value::Null, |hash| Value::from(hex(&**hash)))),
            ("valid_until", until.map_or(Value::Null, instant)),
        ];
        let told = with_data(data, None, always.into_iter().chain(own))?;
        let Some(name) = event else { return Ok(()) };
        self.hear(Event::named(name).with(told), None).map(|_| ())
    }
}

#[cfg(test)]
#[path = "paper_tests.rs"]
mod tests;
