//! How parties are shown to people.

use thalium_host::api::party::{PartyView, RetentionView};

use crate::failure::Failure;
use crate::output::{Output, Rows};

/// All that is known of a party, but for personal data.
pub(super) fn show(party: &PartyView, output: Output) -> Result<(), Failure> {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    output.pairs(&[
        ("party", name_of(party)),
        ("kind", word(&party.kind)),
        ("broker", or_none(&party.broker)),
        ("kyc level", party.kyc_level.to_string()),
        ("risk", party.risk.as_ref().map_or_else(|| "-".to_owned(), word)),
        ("flags", party.flags.join(", ")),
        ("registered", party.registered.clone()),
        ("ended", or_none(&party.ended)),
        ("kept until", or_none(&party.kept_until)),
        ("merged", party.merged.join(", ")),
        (
            "forgotten",
            party.forgotten.as_ref().map_or_else(
                || "-".to_owned(),
                |forgotten| format!("{} at {}", word(&forgotten.scope), forgotten.timestamp),
            ),
        ),
    ])?;
    let span = |since: &Option<String>, until: &Option<String>| [or_none(since), or_none(until)];
    let mut accounts = Rows::new(&["account", "role", "since", "until"]);
    for held in &party.accounts {
        let [since, until] = span(&held.since, &held.until);
        accounts.push([held.account.clone(), word(&held.role), since, until]);
    }
    let mut relations = Rows::new(&["relation", "party", ">share", "since", "until"]);
    for (is_own, relation) in party
        .relations
        .iter()
        .map(|relation| (true, relation))
        .chain(party.related.iter().map(|relation| (false, relation)))
    {
        let role = word(&relation.role);
        let role = if is_own { format!("is {role} of") } else { format!("has {role}") };
        let [since, until] = span(&relation.since, &relation.until);
        let share =
            relation.share.clone().map_or_else(|| "-".to_owned(), |share| format!("{share} %"));
        relations.push([role, relation.party.clone(), share, since, until]);
    }
    let mut fields = Rows::new(&["field", "purpose", "basis", "retention", ">years"]);
    for field in &party.fields {
        let years = field.years.map_or_else(|| "-".to_owned(), |years| years.to_string());
        let class = or_none(&field.retention);
        fields.push([field.name.clone(), field.purpose.clone(), word(&field.basis), class, years]);
    }
    let mut holds = Rows::new(&["hold", "until", "reason"]);
    for hold in &party.holds {
        holds.push([hold.name.clone(), or_none(&hold.until), hold.reason.clone()]);
    }
    for rows in [accounts, relations, fields, holds].iter().filter(|rows| !rows.is_empty()) {
        output.line("")?;
        output.table(rows)?;
    }
    Ok(())
}

/// Retention classes, a line each.
pub(super) fn classes(classes: &[RetentionView], output: Output) -> Result<(), Failure> {
    if classes.is_empty() {
        return output.line("no retention classes");
    }
    let mut rows = Rows::new(&["retention", ">years", "law", "defined"]);
    for class in classes {
        let (years, defined) = (class.years.to_string(), class.defined.clone());
        rows.push([class.name.clone(), years, class.law.clone(), defined]);
    }
    output.table(&rows)
}

/// Parties, a line each.
pub(super) fn list(parties: &[PartyView], output: Output) -> Result<(), Failure> {
    if parties.is_empty() {
        return output.line("no parties");
    }
    let mut rows = Rows::new(&["party", "kind", "broker", ">kyc", "risk", "flags"]);
    for party in parties {
        rows.push([
            name_of(party),
            word(&party.kind),
            party.broker.clone().unwrap_or_else(|| "-".to_owned()),
            party.kyc_level.to_string(),
            party.risk.as_ref().map_or_else(|| "-".to_owned(), word),
            party.flags.join(", "),
        ]);
    }
    output.table(&rows)
}

fn name_of(party: &PartyView) -> String {
    if party.key.is_empty() { party.id.to_string() } else { party.key.clone() }
}

/// An enum's name, as it is in JSON.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
