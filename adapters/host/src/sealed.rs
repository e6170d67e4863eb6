//! What is sealed to a party in a log beside the books: on what ground it is held, and who read it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thalium::api::decision::SealedTo;
use thalium::api::party::{PersonalField, PersonalText, ReadData, SealData, the_party};
use thalium::api::{Invalid, Sight};
use thalium::party::{Basis, Field};
use thalium::{Command, Id, Request};

use crate::error::invalid;
use crate::{Error, Thalium, api};

/// Of how many parties readings are recorded together.
const PARTIES: usize = 8_192;

/// What is kept of parties in a log. A field is sealed to each of them that stands for it: it keeps their key as long as a law has the log
/// kept, and readings of the log are recorded as readings of the field.
pub(crate) struct Dossier {
    /// The field; of a retention class, with that behind a slash.
    pub(crate) field: &'static str,
    /// What it is held for.
    pub(crate) purpose: &'static str,
    /// What is kept, for a message.
    pub(crate) what: &'static str,
}

impl Dossier {
    /// The field that stands for what is held on a ground.
    pub(crate) fn field(&self, retention: Option<&str>) -> String {
        retention.map_or_else(|| self.field.to_owned(), |class| format!("{}/{class}", self.field))
    }
}

/// Who opens what is sealed, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenSealed {
    /// Why. It stands in the log in the clear: put no personal data here.
    pub why: String,
    /// Who reads; by default who opened the ledger.
    #[serde(default)]
    pub actor: Option<String>,
    /// In which role.
    #[serde(default)]
    pub role: Option<String>,
    /// The caller's id of the request, for tracing.
    #[serde(default)]
    pub request_id: Option<String>,
    /// Where the request came from.
    #[serde(default)]
    pub origin: Option<String>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

/// Of whom something was opened, and the fields that stand for it.
#[derive(Default)]
pub(crate) struct Readings(BTreeMap<Id, Vec<String>>);

impl Readings {
    pub(crate) fn add(&mut self, dossier: &Dossier, to: &SealedTo) {
        let (fields, field) =
            (self.0.entry(to.party).or_default(), dossier.field(to.retention.as_deref()));
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
}

impl Thalium {
    /// To whom something is sealed. Where it is the first of the party's on that ground, the field that stands for it is sealed to them.
    pub(crate) fn sealed_to(
        &self,
        dossier: &Dossier,
        subject: (&'static str, &str),
        retention: Option<&str>,
        at: i64,
    ) -> Result<SealedTo, Error> {
        self.privacy()?;
        let (name, subject) = subject;
        let basis = if retention.is_some() { Basis::Law } else { Basis::Consent };
        let retention = retention.map(str::to_owned);
        let field = dossier.field(retention.as_deref());
        let (party, has_field) = self.read_state(|engine| {
            let sight = Sight::of(engine, None)?;
            let party = the_party(&sight, name, subject)?;
            // Of the party's own record: those that were merged into it may stand by themselves again.
            let own = engine.parties().own_field(party, &field);
            let is_ours = |own: &Field| {
                (own.purpose.as_str(), own.basis, &own.retention)
                    == (dossier.purpose, basis, &retention)
            };
            if own.as_ref().is_some_and(|own| !is_ours(own)) {
                let what = dossier.what;
                let message =
                    format!("has a field `{field}` of another purpose, which is that of {what}");
                return Err(invalid(name, message));
            }
            Ok::<_, Invalid>((party.id, own.is_some()))
        })??;
        if !has_field {
            let value = PersonalField {
                value: PersonalText::from("on record".to_owned()),
                purpose: dossier.purpose.to_owned(),
                basis: Some(basis),
                retention: retention.clone(),
                ..PersonalField::default()
            };
            let fields = [(field, value)].into();
            let seal = SealData { party: party.to_string(), fields };
            let told = self.submit_at(self.context(), at, &[api::Command::from(seal)])?;
            if let Some(refused) = told.iter().find(|outcome| !outcome.ok) {
                let why = refused.reason.as_deref().unwrap_or(&refused.status);
                let message = format!("nothing can be sealed to them: {why}");
                return Err(invalid(name, message).into());
            }
        }
        Ok(SealedTo { party, basis, retention })
    }

    /// Records who opened what of whom, before anything of it is handed out. The parties of whom no reading could be recorded, and why: of
    /// these nothing is to be handed out.
    pub(crate) fn note_readings(
        &self,
        open: &OpenSealed,
        readings: &Readings,
    ) -> Result<BTreeMap<Id, String>, Error> {
        let mut withheld = BTreeMap::new();
        let said = [&open.actor, &open.role, &open.request_id, &open.origin];
        // The books' clock does not run ahead for a reading that is thought of in the future.
        let now = self.instant(open.now.as_deref())?.min(self.now());
        let all: Vec<(&Id, &Vec<String>)> = readings.0.iter().collect();
        for some in all.chunks(PARTIES) {
            let mut state = self.lock()?;
            let sight = Sight::of(&state.engine, None)?;
            let mut commands = Vec::new();
            for (party, fields) in some {
                let call = ReadData {
                    party: party.to_string(),
                    fields: (*fields).clone(),
                    why: open.why.clone(),
                    ..ReadData::default()
                };
                match call.resolve(&sight) {
                    Ok(to_open) => commands.extend(to_open.read.into_iter().map(Command::from)),
                    Err(error) => {
                        let why = format!("no reading of it can be recorded: {error}");
                        withheld.insert(**party, why);
                    }
                }
            }
            if commands.is_empty() {
                continue;
            }
            let request = Request { context: self.context_with(said), now, commands };
            let ticket = self.execute(&mut state, &request)?;
            drop(state);
            self.wait_booked(ticket, "open")?;
        }
        Ok(withheld)
    }
}
