//! What is known of a party, as a page that the person can read.

use std::fmt::Write;

use thalium::api::party::PersonalText;
use thalium::party::Basis;

use crate::PartyExport;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%;margin:0 0 2rem}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;\
border-bottom:1px solid #ccc}th{font-weight:600}caption{text-align:left;font-size:1.2rem;font-weight:600;padding:.4rem 0}";

impl PartyExport {
    /// The export as a page of HTML that stands by itself.
    #[must_use]
    pub fn to_page(&self) -> String {
        let party = &self.party;
        let name = escape(&self.data.party);
        let mut page = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name}</title><style>{STYLE}</style></head>\n\
             <body><h1>What is known of {name}</h1>\n<p>Registered {}.</p>\n",
            escape(&party.registered)
        );
        let known = [
            ("kind", format!("{:?}", party.kind).to_lowercase()),
            ("level of identification", party.kyc_level.to_string()),
            ("risk", party.risk.map_or(String::new(), |risk| format!("{risk:?}").to_lowercase())),
            ("flags", party.flags.join(", ")),
            ("client of", party.broker.clone().unwrap_or_default()),
            ("the relationship ended", day(&party.ended)),
            ("records that were merged", party.merged.join(", ")),
        ];
        let known = known.into_iter().filter(|(_, what)| !what.is_empty());
        let known = known.map(|(name, what)| [name.to_owned(), what]);
        table(&mut page, "In the registry", ["", ""], known);
        let fields = self.data.fields.iter().map(|field| {
            let value = field.value.as_ref().map_or("(lost)", |value| value.as_str());
            let own = party.fields.iter().find(|own| own.name == field.name);
            let (years, class) =
                own.map_or((None, None), |own| (own.years, own.retention.as_deref()));
            let kept = kept(field.basis, years, class);
            [field.name.clone(), value.to_owned(), field.purpose.clone(), kept]
        });
        table(&mut page, "Personal data", ["field", "value", "held for", "kept"], fields);
        let details = self.data.details.iter().map(|own| {
            let of = own.transfer.as_ref().or(own.account.as_ref()).cloned().unwrap_or_default();
            let lost = || own.lost.as_ref().map(|_| "(lost)".to_owned());
            let description = own.description.as_ref().map(|text| text.as_str().to_owned());
            let pair =
                |(name, value): (&String, &PersonalText)| format!("{name}: {}", value.as_str());
            let metadata: Vec<String> = own.metadata.iter().map(pair).collect();
            let kept = kept(own.basis, own.years, own.retention.as_deref());
            [of, description.or_else(lost).unwrap_or_default(), metadata.join(", "), kept]
        });
        let head = ["transfer or account", "description", "metadata", "kept"];
        table(&mut page, "What transfers and accounts say", head, details);
        let holds = party.holds.iter().map(|hold| {
            [hold.name.clone(), hold.placed.clone(), day(&hold.until), hold.reason.clone()]
        });
        table(&mut page, "Legal holds", ["hold", "since", "until", "why"], holds);
        let accounts = party.accounts.iter().map(|held| {
            [
                held.account.clone(),
                format!("{:?}", held.role).to_lowercase(),
                day(&held.since),
                day(&held.until),
            ]
        });
        table(&mut page, "Accounts", ["account", "role", "since", "until"], accounts);
        let all = party.relations.iter().map(|one| ("to", one));
        let all = all.chain(party.related.iter().map(|one| ("of", one)));
        let relations = all.map(|(way, one)| {
            let role = format!("{:?} {way} {}", one.role, one.party);
            [role, one.share.clone().unwrap_or_default(), day(&one.since), day(&one.until)]
        });
        table(
            &mut page,
            "Relations",
            ["relation", "share in percent", "since", "until"],
            relations,
        );
        let accesses = self.accesses.iter().map(|one| {
            let mut what = [&one.fields[..], &one.transfers, &one.accounts].concat();
            if one.details {
                what.push("what transfers and accounts say".to_owned());
            }
            [one.timestamp.clone(), one.actor.clone(), what.join(", "), one.why.clone()]
        });
        table(&mut page, "Who read it", ["when", "who", "what", "why"], accesses);
        page.push_str("</body></html>\n");
        page
    }
}

/// On what ground, and for how long.
fn kept(basis: Basis, years: Option<u8>, class: Option<&str>) -> String {
    match basis {
        Basis::Consent => "by consent".to_owned(),
        Basis::Law => {
            let class = class.map_or_else(String::new, |class| format!(" ({class})"));
            format!("by law, {} years after the relationship ends{class}", years.unwrap_or(0))
        }
    }
}

fn day(day: &Option<String>) -> String {
    day.clone().unwrap_or_default()
}

fn table<const N: usize>(
    page: &mut String,
    caption: &str,
    head: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    // Writing to a String cannot fail.
    let _ = write!(page, "<table><caption>{caption}</caption><tr>");
    for name in head {
        let _ = write!(page, "<th>{name}</th>");
    }
    page.push_str("</tr>\n");
    for row in rows {
        page.push_str("<tr>");
        for cell in row {
            let _ = write!(page, "<td>{}</td>", escape(&cell));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table>\n");
}

/// Text that means nothing in HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
