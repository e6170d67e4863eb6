//! Why a change of the registry was refused, for people.

use super::view::{day, party_name};
use crate::Engine;
use crate::Id;
use crate::party::{Change, Kept, PartyStatus};
use crate::time::date_of;

/// The reason, where there is more to say than the status does.
pub(in crate::api) fn explain(
    engine: &Engine,
    change: &Change,
    status: PartyStatus,
) -> Option<String> {
    use PartyStatus as S;
    let parties = engine.parties();
    let name = |id: Id| party_name(parties, id);
    Some(match (status, change) {
        (
            S::LegalHoldInForce | S::RetentionHasNotPassed | S::RelationshipHasNotEnded,
            Change::Forget(forget),
        ) => {
            let party = parties.party(forget.party)?;
            match parties.kept(party, forget.scope, date_of(engine.book().clock()))? {
                Kept::Hold(hold, until) => {
                    let until = day(until).map_or("until it is lifted".to_owned(), |day| format!("until {day}"));
                    format!("the legal hold `{hold}` is in force {until}")
                }
                Kept::Until(until) => format!("the law has it kept until {}", day(Some(until))?),
                Kept::Relationship => {
                    "the law has it kept as long as the relationship lasts: say when it ended, or forget what was held by consent"
                        .to_owned()
                }
            }
        }
        (S::RetentionNotFound, Change::Seal(sealed)) => {
            let mut classes = sealed.fields.iter().map(|field| field.retention.as_deref());
            let class = classes.find(|class| !parties.has_retention(*class))??;
            format!("no retention class is called `{class}`: define it first")
        }
        (S::PartyWasMerged, _) => {
            let into = parties.record(change.party()?)?.merged_into?;
            format!("it is found under `{}` now: name that one", name(into))
        }
        (S::ExistsWithDifferentKind, Change::Register(new)) => {
            format!("it is registered as {:?}", parties.record(new.id)?.kind).to_lowercase()
        }
        (S::ExistsWithDifferentBroker, Change::Register(new)) => {
            match parties.record(new.id)?.broker {
                Id::ZERO => "it is registered as a client of no broker".to_owned(),
                broker => format!("it is registered as a client of `{}`", name(broker)),
            }
        }
        _ => return None,
    })
}
