//! Questions about parties as plain data.

use serde::{Deserialize, Serialize};

use super::resolve::party_id;
use super::view::{HolderView, PartyView, holder_view, party_name, party_view};
use crate::Engine;
use crate::Id;
use crate::api::query::{PAGE_MAX, page_limit, there};
use crate::api::resolve::{Invalid, date, invalid};
use crate::api::sight::Sight;
use crate::event::{self, Body};
use crate::party::{Change, Party, PartyKind};
use crate::time::format_instant;

/// Parties that are looked at for one page: one that asks for a rare flag may hold fewer than its limit.
const SCAN_MAX: usize = 100_000;

/// Which parties. All that is given must match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PartyQuery {
    /// Clients of this broker: its key or id.
    pub broker: Option<String>,
    /// Of this kind.
    pub kind: Option<PartyKind>,
    /// With this flag.
    pub flag: Option<String>,
    /// That are due to be forgotten on this date: the relationship ended before it, and no law and no legal hold keeps them any longer.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub due: Option<String>,
    /// Behind the page before: its `next`.
    pub after: Option<Id>,
    /// At most so many, up to [`PAGE_MAX`](crate::api::PAGE_MAX);
    /// [`PAGE_DEFAULT`](crate::api::PAGE_DEFAULT) where nothing is said.
    pub limit: Option<u32>,
    /// As this broker sees it: its key or id. By default all is seen.
    pub viewer: Option<String>,
}

/// Parties by their ids, and where the next page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartyPage {
    /// The parties.
    pub parties: Vec<PartyView>,
    /// What the next page comes [after](PartyQuery::after); nothing at the end.
    pub next: Option<Id>,
}

/// Whose holders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HoldersQuery {
    /// The account: its key or id.
    pub account: String,
    /// As this broker sees it: its key or id. By default all is seen.
    #[serde(default)]
    pub viewer: Option<String>,
}

/// Nothing is asked for in particular.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListGrants {
    /// As this broker sees it: its key or id. By default all is seen.
    #[serde(default)]
    pub viewer: Option<String>,
}

/// Nothing is asked for in particular.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListRetentions {
    /// As this broker sees it: its key or id. By default all is seen.
    #[serde(default)]
    pub viewer: Option<String>,
}

/// A retention class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetentionView {
    /// Its name.
    pub name: String,
    /// The years for which the law has data kept after the business relationship ended.
    pub years: u8,
    /// The law that says so; empty: not said.
    pub law: String,
    /// When it was defined, or changed last.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub defined: String,
}

/// Who may read the access log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GrantView {
    /// Who: the actor of their requests.
    pub actor: String,
    /// Whose access log; of all parties, where there is none: a key or an id.
    pub party: Option<String>,
    /// Until when.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub until: String,
    /// When it was granted.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub granted: String,
}

/// Which entries of the access log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AccessQuery {
    /// Whose: a party's key or id; of all, where nothing is said.
    pub party: Option<String>,
    /// Behind the last entry of the page before: its `next`.
    pub after: Option<u64>,
    /// At most so many, up to [`PAGE_MAX`](crate::api::PAGE_MAX);
    /// [`PAGE_DEFAULT`](crate::api::PAGE_DEFAULT) where nothing is said.
    pub limit: Option<u32>,
    /// Who asks: someone who was granted it.
    pub actor: Option<String>,
}

/// Who read personal data, what and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessView {
    /// Its place in the log.
    pub sequence: u64,
    /// When.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub timestamp: String,
    /// Who read.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// From where.
    pub origin: String,
    /// Whose data: the party's key or id.
    pub party: String,
    /// Which fields.
    pub fields: Vec<String>,
    /// The transfers whose details were opened: their keys or ids.
    pub transfers: Vec<String>,
    /// The accounts whose details were opened: their keys or ids.
    pub accounts: Vec<String>,
    /// Whether all details were opened that are sealed to the party, as for an export.
    pub details: bool,
    /// Why.
    pub why: String,
}

/// Entries of the access log, oldest first, and where the next page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessPage {
    /// The entries.
    pub entries: Vec<AccessView>,
    /// What the next page comes [after](AccessQuery::after); nothing at the end.
    pub next: Option<u64>,
}

/// A party that has to be there, and seen, by its key or id.
///
/// # Errors
/// There is none, or it is not seen: `field` is at fault.
pub fn the_party<'a>(
    sight: &Sight<'a>,
    field: &'static str,
    name: &str,
) -> Result<&'a Party, Invalid> {
    let found = sight.parties().party(party_id(field, name)?);
    let found = found.filter(|party| sight.sees_party(party));
    found.ok_or_else(|| invalid(field, "there is no such party: check its key or id"))
}

/// A party by its key or id.
///
/// # Errors
/// An empty name.
pub fn get_party(sight: &Sight<'_>, name: &str) -> Result<Option<PartyView>, Invalid> {
    let found = sight.parties().party(party_id("name", name)?);
    Ok(found.filter(|party| sight.sees_party(party)).map(|party| party_view(sight, party)))
}

/// Finds parties.
///
/// # Errors
/// A field that cannot be read, or that names what is not there.
pub fn find_parties(sight: &Sight<'_>, query: &PartyQuery) -> Result<PartyPage, Invalid> {
    let limit = usize::try_from(page_limit(query.limit)?).unwrap_or(usize::MAX);
    let behind = query.after.unwrap_or_default();
    let parties = sight.parties();
    let broker =
        query.broker.as_deref().map(|name| the_party(sight, "broker", name)).transpose()?;
    let all: Box<dyn Iterator<Item = &Party>> = match (broker, sight.broker()) {
        (Some(broker), _) => Box::new(parties.clients_from(broker.id, behind)),
        (None, None) => Box::new(parties.parties_from(behind)),
        (None, Some(viewer)) => Box::new(parties.subtree_from(viewer, behind)),
    };
    let due = query.due.as_deref().map(|text| date("due", text)).transpose()?;
    let is_meant = |party: &&Party| {
        query.kind.is_none_or(|kind| party.kind == kind)
            && query.flag.as_ref().is_none_or(|flag| party.flags.contains(flag))
            && due.is_none_or(|day| parties.is_due(party, day))
    };
    let mut page = PartyPage::default();
    let mut last = None;
    let mut all = all.filter(|party| sight.sees_party(party)).peekable();
    for party in all.by_ref().take(SCAN_MAX) {
        if is_meant(&party) {
            page.parties.push(party_view(sight, party));
        }
        last = Some(party.id);
        if page.parties.len() == limit {
            break;
        }
    }
    page.next = last.filter(|_| all.peek().is_some());
    Ok(page)
}

/// The parties that have an account.
///
/// # Errors
/// There is no such account.
pub fn find_holders(sight: &Sight<'_>, query: &HoldersQuery) -> Result<Vec<HolderView>, Invalid> {
    let account = there(sight, "account", &query.account)?;
    let parties = sight.parties();
    let holders = parties.holders_of(account.opened.id);
    let holders = holders.filter(|(party, ..)| sight.sees_party(party));
    Ok(holders.map(|holder| holder_view(parties, holder)).collect())
}

/// What was granted.
#[must_use]
pub fn list_grants(engine: &Engine) -> Vec<GrantView> {
    let parties = engine.parties();
    let view = |(grant, at): &(crate::party::change::Grant, crate::party::Stamp)| GrantView {
        actor: grant.actor.clone(),
        party: grant.party.map(|id| party_name(parties, id)),
        until: format_instant(grant.until),
        granted: format_instant(at.timestamp),
    };
    parties.grants().map(view).collect()
}

/// The retention classes, by their names.
#[must_use]
pub fn list_retentions(engine: &Engine) -> Vec<RetentionView> {
    let view =
        |(class, at): &(crate::party::change::RetentionClass, crate::party::Stamp)| RetentionView {
            name: class.name.clone(),
            years: class.years,
            law: class.law.clone().unwrap_or_default(),
            defined: format_instant(at.timestamp),
        };
    engine.parties().retentions().map(view).collect()
}

/// Finds who read personal data. Who asks must have been granted it.
///
/// # Errors
/// A field that cannot be read, or that names what is not there; someone who was not granted it, or whose time is over.
pub fn find_accesses(
    engine: &Engine,
    query: &AccessQuery,
    actor: &str,
    now: i64,
) -> Result<AccessPage, Invalid> {
    let limit = usize::try_from(page_limit(query.limit)?).unwrap_or(usize::MAX);
    let parties = engine.parties();
    let sight = Sight::whole(engine);
    let party = query.party.as_deref().map(|name| the_party(&sight, "party", name)).transpose()?;
    if !parties.may_audit(actor, party, now) {
        let message = "was not granted this access log, or no longer: see grant_access";
        return Err(invalid("actor", message));
    }
    let mut reads = match party {
        Some(party) => parties.reads_of(party),
        None => parties.reads(),
    };
    let after = query.after.unwrap_or(0);
    reads.retain(|sequence| *sequence > after);
    let more = reads.len() > limit;
    reads.truncate(limit);
    Ok(AccessPage {
        next: reads.last().copied().filter(|_| more),
        entries: reads.into_iter().filter_map(|sequence| access(&sight, sequence)).collect(),
    })
}

/// The newest readings of a party's personal data, oldest first: what the party is told of them.
#[must_use]
pub fn accesses_of(sight: &Sight<'_>, party: &Party) -> Vec<AccessView> {
    let reads = sight.parties().reads_of(party);
    let newest = reads.len().saturating_sub(usize::try_from(PAGE_MAX).unwrap_or(usize::MAX));
    reads.into_iter().skip(newest).filter_map(|sequence| access(sight, sequence)).collect()
}

fn access(sight: &Sight<'_>, sequence: u64) -> Option<AccessView> {
    let (book, parties) = (sight.book(), sight.parties());
    let (header, body) = event::decode(&book.event(sequence)?).ok()?;
    let Body::Party(Change::Read(read)) = body else { return None };
    let (_, asked) = event::decode(&book.event(header.request)?).ok()?;
    let Body::Request(by) = asked else { return None };
    Some(AccessView {
        sequence,
        timestamp: format_instant(header.timestamp),
        actor: by.actor,
        role: by.role,
        origin: by.origin,
        party: party_name(parties, read.party),
        fields: read.fields,
        transfers: read.transfers.iter().flatten().map(|id| sight.transfer_named(*id)).collect(),
        accounts: read.accounts.iter().flatten().map(|id| sight.account_named(*id)).collect(),
        details: read.details.is_some(),
        why: read.why,
    })
}
