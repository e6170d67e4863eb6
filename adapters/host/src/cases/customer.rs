//! What a customer's device hands in to their cases, and is told of them.

use std::collections::BTreeSet;

use thalium::api::party::party_id;
use thalium::api::{Admitted, HandIn, HandInOutcome, SyncCall, hand_in_failed, refused_hand_in};
use thalium::kyc::case::{By, Case, Fact};
use thalium::{Engine, Id};

use super::Loaded;
use crate::{Error, SyncReply, Thalium};

/// A party that goes on by itself, by its key or id: of one that was merged, the one that it is now.
pub(super) fn party(engine: &Engine, name: &str) -> Option<Id> {
    let id = party_id("parties", name).ok()?;
    engine.parties().party(id).map(|party| party.id)
}

impl Loaded {
    /// A case, if it is about one of some parties. What is lost is nobody's.
    fn case_of(&self, key: &str, is_own: &dyn Fn(&str) -> bool) -> Option<&Case> {
        let case = self.cases.get(key).filter(|_| !self.lost.contains(key))?;
        case.party.as_deref().filter(|party| is_own(party)).map(|_| case)
    }
}

impl Thalium {
    /// Hands in what a customer's device asks for as far as the customer may, and tells how their cases stand. All that is told is durable.
    pub(crate) fn sync_cases(
        &self,
        call: &SyncCall,
        now: i64,
        reply: &mut SyncReply,
    ) -> Result<(), Error> {
        let request = &call.request;
        if request.hand_ins.is_empty() && request.cases.is_empty() {
            return Ok(());
        }
        // Not every party that the back end names has to be there: what is not, no case is about.
        let names = &call.cases.parties;
        let own: BTreeSet<Id> = self
            .read_state(|engine| names.iter().filter_map(|name| party(engine, name)).collect())?;
        let is_own = |name: &str| -> bool {
            let found = self.read_state(|engine| party(engine, name));
            found.is_ok_and(|found| found.is_some_and(|id| own.contains(&id)))
        };
        for hand_in in &request.hand_ins {
            reply.handed_in.push(self.hand_in(call, hand_in, now, &is_own)?);
        }
        // What the register does not take is told when time passes for cases; it is nothing that a customer can mend.
        let changed: BTreeSet<&str> = request.hand_ins.iter().map(|it| it.case.as_str()).collect();
        if !changed.is_empty() {
            drop(self.tell_register(&|key| changed.contains(key)));
        }
        self.see_cases(|loaded| {
            for key in &request.cases {
                match loaded.case_of(key, &is_own) {
                    Some(case) => reply.cases.push(call.case_news(&loaded.cases, case)),
                    None => reply.refused_cases.push(key.clone()),
                }
            }
            Ok(())
        })
    }

    fn hand_in(
        &self,
        call: &SyncCall,
        hand_in: &HandIn,
        now: i64,
        is_own: &dyn Fn(&str) -> bool,
    ) -> Result<HandInOutcome, Error> {
        let key = &hand_in.key;
        let by = By {
            at: now,
            actor: call.customer.clone(),
            request_id: Some(call.hand_in_id(hand_in)),
        };
        let done = HandInOutcome { key: key.clone(), ok: true, ..HandInOutcome::default() };
        let is_lost = self.loaded_cases()?.lost.contains(&hand_in.case);
        let told = self.change_cases(|cases| {
            let refused = |told: HandInOutcome| Ok::<_, Error>((Vec::<Fact>::new(), told));
            let case = cases.get(&hand_in.case).filter(|_| !is_lost);
            let case = case.filter(|case| case.party.as_deref().is_some_and(is_own));
            let command = match call.admit_hand_in(cases, case, hand_in) {
                Ok(Admitted::Asked(command)) => command,
                Ok(Admitted::There) => return refused(HandInOutcome { replayed: true, ..done }),
                Err(told) => return refused(*told),
            };
            match cases.decide(&hand_in.case, command, &by) {
                // What the chart does not hear has changed nothing.
                Ok(told) if !told.heard && hand_in.form.is_some() => {
                    let reason = "the case does not take this now";
                    refused(hand_in_failed(key, "unheard", reason))
                }
                Ok(told) => {
                    let facts = told.changes.into_iter().map(Fact::from).collect();
                    Ok((facts, HandInOutcome { replayed: told.replayed.is_some(), ..done }))
                }
                Err(refusal) => refused(refused_hand_in(key, &refusal)),
            }
        });
        match told {
            // What cannot be kept did not happen; the others do.
            Err(Error::Invalid(_)) => {
                Ok(hand_in_failed(key, "unkept", "it cannot be kept: ask the office"))
            }
            told => told,
        }
    }
}
