//! `thalium party`: who accounts belong to, what is known of them, and how they are forgotten.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use thalium_host::api::party::{
    AmendParty, AssignAccount, DefineRetention, ForgetParty, GrantAccess, LiftHold, MergeParties,
    PartyQuery, PersonalField, PersonalText, PlaceHold, RegisterParty, RelateParties, RevokeAccess,
    SealData, SplitParty, find_parties, get_party, list_retentions,
};
use thalium_host::party::{
    AccountRole, Basis, ForgetScope, IdentifierKind, PartyKind, RelationRole, RiskLevel,
};
use thalium_host::{self as api, FindParties};

use super::party_read::{AccessLog, Export, ReadArgs};
use super::party_show::{classes, list, show};
use super::party_tokens::{Mask, Token};
use super::viewer::Viewer;
use super::{close, missing, named, pair, submit_one};
use crate::failure::Failure;
use crate::session::Global;

/// Register people and companies, seal what is known of them, and forget them
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Personal data is sealed with keys of the person's own before it is kept, so the store has to have a key (`thalium keys new`). \
To forget someone is to destroy those keys: what was sealed is gone from the log, from every copy of it and from all that was made of it, \
and `thalium verify` still passes.

Example:
  thalium party add c42
  thalium party assign c42 c42:ZAR
  thalium party set c42 --purpose due_diligence --law 5 --field name=\"Thandi Maseko\"
  thalium party read c42 --why \"a complaint\"
  thalium party forget c42")]
pub(crate) enum Party {
    Add(Add),
    Show(Show),
    List(List),
    Find(Find),
    Amend(Amend),
    Relate(Relate),
    Assign(Assign),
    Set(Set),
    Read(ReadArgs),
    Export(Export),
    Merge(Merge),
    Split(Split),
    Hold(Hold),
    Lift(Lift),
    Forget(Forget),
    Retain(Retain),
    Retentions(Retentions),
    Grant(Grant),
    Revoke(Revoke),
    AccessLog(AccessLog),
    Token(Token),
    Mask(Mask),
}

/// Register a party
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  thalium party add b7 --kind broker\n  thalium party add c42 --broker b7"
)]
pub(crate) struct Add {
    /// The name under which every other command knows it; it is not sealed, so no personal data
    key: String,
    /// person, company or broker
    #[arg(long, value_parser = named::<PartyKind>, default_value = "person")]
    kind: PartyKind,
    /// The broker whose client it is: its key or id
    #[arg(long, value_name = "PARTY")]
    broker: Option<String>,
}

/// Show a party: its levels, accounts, relations, holds, and which fields are known of it
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium party show c42")]
pub(crate) struct Show {
    /// Its key or id
    party: String,
    #[command(flatten)]
    viewer: Viewer,
}

/// List parties
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  thalium party list --broker b7 --flag pep\n  thalium party list --due 2026-12-31"
)]
pub(crate) struct List {
    /// Clients of this broker: its key or id
    #[arg(long, value_name = "PARTY")]
    broker: Option<String>,
    /// Of this kind: person, company or broker
    #[arg(long, value_parser = named::<PartyKind>)]
    kind: Option<PartyKind>,
    /// With this flag
    #[arg(long)]
    flag: Option<String>,
    /// Due to be forgotten on this date: the relationship has ended, and no law and no legal hold keeps them any longer
    #[arg(long, value_name = "DATE")]
    due: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = api::PAGE_DEFAULT)]
    limit: u32,
    /// Behind the page that ended with this cursor
    #[arg(long, value_name = "CURSOR")]
    after: Option<api::Id>,
    #[command(flatten)]
    viewer: Viewer,
}

/// Find parties by an identifier, however it is written
#[derive(Args, Debug)]
#[command(after_help = "\
The identifier is read from the standard input where none is given, so that it stands in no history of a shell.

Example:
  echo \"thandi@example.com\" | thalium party find --by email")]
pub(crate) struct Find {
    /// What it is: name, email, phone, iban, tax_number, passport, national_id, company_number, lei, wallet or other
    #[arg(long, value_parser = named::<IdentifierKind>)]
    by: IdentifierKind,
    /// The identifier
    value: Option<String>,
    #[command(flatten)]
    viewer: Viewer,
}

/// Change what is known of a party: its levels, its flags, the end of the relationship
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium party amend c42 --kyc-level 2 --risk low --set verified"
)]
pub(crate) struct Amend {
    /// Its key or id
    party: String,
    /// How far it was identified, by your own scale
    #[arg(long, value_name = "LEVEL")]
    kyc_level: Option<u8>,
    /// low, medium, high or prohibited
    #[arg(long, value_parser = named::<RiskLevel>)]
    risk: Option<RiskLevel>,
    /// A flag that it gets; may be given again
    #[arg(long, value_name = "FLAG")]
    set: Vec<String>,
    /// A flag that it loses; may be given again
    #[arg(long, value_name = "FLAG")]
    clear: Vec<String>,
    /// The date on which the business relationship ended: what a law has kept is counted from it
    #[arg(long, value_name = "DATE")]
    ended: Option<String>,
    /// The relationship goes on after it had ended
    #[arg(long, conflicts_with = "ended")]
    resumed: bool,
}

/// Say what one party is to another
#[derive(Args, Debug)]
#[command(after_help = "\
To end a relation, say it again with --until.

Example:
  thalium party relate c42 mill --role beneficial_owner --share 25.5 --since 2026-01-31")]
pub(crate) struct Relate {
    /// The party that has the role: its key or id
    from: String,
    /// The party for which it has it: its key or id
    to: String,
    /// owner, beneficial_owner, director, signatory, representative or employee
    #[arg(long, value_parser = named::<RelationRole>)]
    role: RelationRole,
    /// Since which date
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Until which date, that day included
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// The share in percent
    #[arg(long, value_name = "PERCENT")]
    share: Option<String>,
}

/// Give an account to a party
#[derive(Args, Debug)]
#[command(after_help = "\
To take it away, say it again with --until.

Example:
  thalium party assign c42 c42:ZAR")]
pub(crate) struct Assign {
    /// The party: its key or id
    party: String,
    /// The account: its key or id
    account: String,
    /// owner, operator or viewer
    #[arg(long, value_parser = named::<AccountRole>, default_value = "owner")]
    role: AccountRole,
    /// Since which date
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Until which date, that day included
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

/// Seal personal data of a party
#[derive(Args, Debug)]
#[command(after_help = "\
What is held by consent goes when the party asks; what a law has kept (--law YEARS, or --retention CLASS for as long as the class says) \
goes so many years after the relationship ended. With --file -, fields are read from the standard input as JSON, so that they stand in no history of a shell.

Examples:
  thalium party set c42 --purpose due_diligence --law 5 --field name=\"Thandi Maseko\" --identifier name=name
  echo '{\"email\":{\"value\":\"thandi@example.com\",\"purpose\":\"contact\",\"identifier\":\"email\"}}' \\
    | thalium party set c42 --file -")]
pub(crate) struct Set {
    /// The party: its key or id
    party: String,
    /// A field; may be given again
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = pair, required_unless_present = "file")]
    fields: Vec<(String, String)>,
    /// What the fields are held for
    #[arg(long, default_value = "general")]
    purpose: String,
    /// A law has them kept for so many years after the relationship ended
    #[arg(long, value_name = "YEARS")]
    law: Option<u8>,
    /// A law has them kept for as long as this retention class says
    #[arg(long, value_name = "CLASS", conflicts_with = "law")]
    retention: Option<String>,
    /// The party can be found by this field, which is of this kind; may be given again
    #[arg(long = "identifier", value_name = "NAME=KIND", value_parser = pair)]
    identifiers: Vec<(String, String)>,
    /// JSON of fields, each with value, purpose, basis, years or retention, identifier; - for the standard input
    #[arg(long, value_name = "FILE", conflicts_with = "fields")]
    file: Option<PathBuf>,
}

/// Make two records of one party one
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium party merge c43 --into c42")]
pub(crate) struct Merge {
    /// The one that is found under the other from now on
    party: String,
    /// The one that goes on
    #[arg(long, value_name = "PARTY")]
    into: String,
}

/// Undo a merger
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium party split c43")]
pub(crate) struct Split {
    /// The party that was merged into another
    party: String,
}

/// Place a legal hold: nothing of the party is forgotten while it is in force
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium party hold c42 case-9 --until 2031-12-31 --reason \"order of the court\""
)]
pub(crate) struct Hold {
    /// The party: its key or id
    party: String,
    /// The hold's name
    name: String,
    /// Until which date, that day included; until it is lifted, where nothing is said
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Why; it is not sealed, so no personal data
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
}

/// Lift a legal hold
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium party lift c42 case-9")]
pub(crate) struct Lift {
    /// The party: its key or id
    party: String,
    /// The hold's name
    name: String,
}

/// Forget a party: its keys are destroyed, and what was sealed with them is gone for ever
#[derive(Args, Debug)]
#[command(after_help = "\
It is refused, with the reason and the date, while a legal hold or the time that a law says runs.

Examples:
  thalium party forget c42 --scope consent
  thalium party forget c42")]
pub(crate) struct Forget {
    /// The party: its key or id
    party: String,
    /// consent or all
    #[arg(long, value_parser = named::<ForgetScope>, default_value = "all")]
    scope: ForgetScope,
}

/// Say how long a law has data of a retention class kept
#[derive(Args, Debug)]
#[command(after_help = "\
Said again it is changed, and what was sealed under the class before follows.

Example:
  thalium party retain due_diligence --years 5 --law \"Directive (EU) 2015/849, Art. 40\"")]
pub(crate) struct Retain {
    /// The class's name; it is not sealed, so no personal data
    name: String,
    /// The years for which the law has data kept after the relationship ended
    #[arg(long, value_name = "N")]
    years: u8,
    /// The law that says so
    #[arg(long, default_value = "", hide_default_value = true)]
    law: String,
}

/// List retention classes
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium party retentions")]
pub(crate) struct Retentions {}

/// Let someone read the access log until an instant
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium party grant ann --party b7 --until 2026-12-31")]
pub(crate) struct Grant {
    /// Who may: the actor of their requests
    grantee: String,
    /// Whose log: a party's, or that of a broker and its clients; of all, where nothing is said
    #[arg(long)]
    party: Option<String>,
    /// Until when
    #[arg(long, value_name = "INSTANT")]
    until: String,
}

/// Take back all that someone was granted
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium party revoke ann")]
pub(crate) struct Revoke {
    /// Who
    grantee: String,
}

impl Party {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        match self {
            Self::Add(add) => {
                let (key, kind, broker) = (add.key.clone(), add.kind, add.broker.clone());
                submit_one(global, RegisterParty { key, kind, broker, id: None })
            }
            Self::Show(show) => show.run(global),
            Self::List(list) => list.run(global),
            Self::Find(find) => find.run(global),
            Self::Amend(amend) => submit_one(global, amend.command()),
            Self::Relate(relate) => submit_one(global, relate.command()),
            Self::Assign(assign) => submit_one(global, assign.command()),
            Self::Set(set) => submit_one(global, set.command()?),
            Self::Read(args) => args.run(global),
            Self::Export(export) => export.run(global),
            Self::Merge(Merge { party, into }) => {
                submit_one(global, MergeParties { party: party.clone(), into: into.clone() })
            }
            Self::Split(Split { party }) => submit_one(global, SplitParty { party: party.clone() }),
            Self::Hold(Hold { party, name, until, reason }) => {
                let (party, name, until) = (party.clone(), name.clone(), until.clone());
                submit_one(global, PlaceHold { party, name, until, reason: reason.clone() })
            }
            Self::Lift(Lift { party, name }) => {
                submit_one(global, LiftHold { party: party.clone(), name: name.clone() })
            }
            Self::Forget(Forget { party, scope }) => {
                submit_one(global, ForgetParty { party: party.clone(), scope: *scope })
            }
            Self::Retain(Retain { name, years, law }) => {
                let (name, law) = (name.clone(), law.clone());
                submit_one(global, DefineRetention { name, years: *years, law })
            }
            Self::Retentions(Retentions {}) => {
                let thalium = global.open_to_read()?;
                let output = global.output();
                let found = thalium.read_state(list_retentions)?;
                if output.json { output.json(&found) } else { classes(&found, output) }
            }
            Self::Grant(Grant { grantee, party, until }) => {
                let (actor, party, until) = (grantee.clone(), party.clone(), until.clone());
                submit_one(global, GrantAccess { actor, party, until })
            }
            Self::Revoke(Revoke { grantee }) => {
                submit_one(global, RevokeAccess { actor: grantee.clone() })
            }
            Self::AccessLog(log) => log.run(global),
            Self::Token(token) => token.run(global),
            Self::Mask(mask) => mask.run(global),
        }
    }
}

impl Amend {
    fn command(&self) -> AmendParty {
        AmendParty {
            party: self.party.clone(),
            kyc_level: self.kyc_level,
            risk: self.risk,
            set: self.set.clone(),
            clear: self.clear.clone(),
            ended: self.ended.clone(),
            resumed: self.resumed,
        }
    }
}

impl Relate {
    fn command(&self) -> RelateParties {
        RelateParties {
            from: self.from.clone(),
            to: self.to.clone(),
            role: self.role,
            since: self.since.clone(),
            until: self.until.clone(),
            share: self.share.clone(),
        }
    }
}

impl Assign {
    fn command(&self) -> AssignAccount {
        AssignAccount {
            party: self.party.clone(),
            account: self.account.clone(),
            role: self.role,
            since: self.since.clone(),
            until: self.until.clone(),
        }
    }
}

impl Set {
    fn command(&self) -> Result<SealData, Failure> {
        let fields = match &self.file {
            Some(file) => fields_in(file)?,
            None => self.fields()?,
        };
        Ok(SealData { party: self.party.clone(), fields })
    }

    fn fields(&self) -> Result<BTreeMap<String, PersonalField>, Failure> {
        let mut kinds = BTreeMap::new();
        for (name, kind) in &self.identifiers {
            kinds.insert(name.as_str(), named::<IdentifierKind>(kind).map_err(Failure::usage)?);
        }
        let mut fields = BTreeMap::new();
        for (name, value) in &self.fields {
            let field = PersonalField {
                value: value.as_str().into(),
                purpose: self.purpose.clone(),
                basis: self.law.map(|_| Basis::Law),
                years: self.law,
                retention: self.retention.clone(),
                identifier: kinds.remove(name.as_str()),
            };
            if fields.insert(name.clone(), field).is_some() {
                return Err(Failure::usage(format!("--field {name} is given twice")));
            }
        }
        match kinds.keys().next() {
            Some(name) => {
                Err(Failure::usage(format!("--identifier {name}: there is no such --field")))
            }
            None => Ok(fields),
        }
    }
}

/// Fields as JSON: no more than a command can carry.
fn fields_in(file: &PathBuf) -> Result<BTreeMap<String, PersonalField>, Failure> {
    const MAX: u64 = 1 << 20;
    let cannot = |error: std::io::Error| Failure::usage(format!("`{}`: {error}", file.display()));
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().take(MAX).read_to_string(&mut text).map_err(cannot)?;
    } else {
        let file = std::fs::File::open(file).map_err(cannot)?;
        file.take(MAX).read_to_string(&mut text).map_err(cannot)?;
    }
    // What serde says of a value would show it.
    let place = |error: serde_json::Error| (error.line(), error.column());
    serde_json::from_str(&text).map_err(place).map_err(|(line, column)| {
        let at = format!("`{}`, line {line}, column {column}", file.display());
        Failure::usage(format!("{at}: fields {}", thalium_host::wire::PERSONAL_FIELDS))
    })
}

impl Show {
    fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open_to_read()?;
        let output = global.output();
        let party = self.viewer.read(&thalium, |sight| get_party(sight, &self.party))?;
        let party = party.ok_or_else(|| missing("party", &self.party, output))?;
        if output.json { output.json(&party) } else { show(&party, output) }
    }
}

impl List {
    fn run(&self, global: &Global) -> Result<(), Failure> {
        let query = PartyQuery {
            broker: self.broker.clone(),
            kind: self.kind,
            flag: self.flag.clone(),
            due: self.due.clone(),
            after: self.after,
            limit: Some(self.limit),
            ..PartyQuery::default()
        };
        let thalium = global.open_to_read()?;
        let page = self.viewer.read(&thalium, |sight| find_parties(sight, &query))?;
        let output = global.output();
        if output.json {
            return output.json(&page);
        }
        list(&page.parties, output)?;
        match page.next {
            Some(next) => output.line(format!("more with --after {next}")),
            None => Ok(()),
        }
    }
}

impl Find {
    fn run(&self, global: &Global) -> Result<(), Failure> {
        let value: PersonalText = match &self.value {
            Some(value) => value.as_str().into(),
            None => {
                let mut line = String::new();
                std::io::stdin().read_line(&mut line)?;
                line.trim_end_matches(['\r', '\n']).into()
            }
        };
        let thalium = global.open()?;
        let viewer = self.viewer.viewer.clone();
        let found = thalium.find_parties(&FindParties { identifier: self.by, value, viewer })?;
        close(thalium);
        let output = global.output();
        if output.json { output.json(&found) } else { list(&found, output) }
    }
}
