//! From the caller's names to the engine's commands. It parses; it decides nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::command::{
    Account, Capture, Command, Extra, Flag, Hold, NewAsset, Post, Release, Transaction, Transfer,
    TransferFlag,
};
use crate::event::AssetRegistered;
use crate::ledger::account::{AccountFlags, AccountKind};
use crate::ledger::detail::{Detail, DetailTooLarge};
use crate::ledger::transaction;
use crate::ledger::transfer::{AMOUNT_MAX, EffectiveDate, TransferFlags};
use crate::ledger::{self, Ahead, Book, Slot, validate_asset};
use crate::money::{Amount, Asset, AssetCode, ParseAmountError};
use crate::party::change::NewParty;
use crate::party::{Basis, Change, Registry};
use crate::{Engine, Id, NewAccount, time};

use super::party::SealTo;
use super::vault::Vault;

/// Text that cannot be turned into a command: which field, what is wrong, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Invalid {
    /// The field; of a row as in `trades[3].price`.
    pub field: Cow<'static, str>,
    /// What is wrong, and what to do.
    pub message: String,
}

pub(crate) fn invalid(field: impl Into<Cow<'static, str>>, message: impl ToString) -> Invalid {
    Invalid { field: field.into(), message: message.to_string() }
}

/// The engine's commands for the caller's, in order; `parts[i]` of them stand for command i.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The engine's commands.
    pub commands: Vec<crate::Command>,
    /// For each of the caller's commands, how many of the engine's stand for it, or why it stands for none.
    pub parts: Vec<Result<usize, Invalid>>,
}

/// Resolves commands against the state and against one another: an account opened by one is known to the next. Personal data
/// cannot be sealed without a vault; see [`resolve_with`].
#[must_use]
pub fn resolve(engine: &Engine, commands: &[Command]) -> Resolved {
    resolve_with(engine, commands, None)
}

/// The keys that commands need to seal personal data of parties that are registered, or that they register.
#[must_use]
pub fn keys_needed(engine: &Engine, commands: &[Command]) -> Vec<(Id, Basis)> {
    let mut subjects = Subjects { parties: engine.parties(), new: BTreeMap::new() };
    let mut keys = Vec::new();
    for command in commands {
        match command {
            Command::RegisterParty(party) => {
                if let Ok(party) = party.resolve() {
                    subjects.register(&party);
                }
            }
            Command::SealData(data) => {
                let Ok((party, bases)) = data.keys() else { continue };
                let Some(subject) = subjects.find(party) else { continue };
                keys.extend(bases.into_iter().map(|basis| (subject, basis)));
            }
            _ => {
                let key = command.seal_to().and_then(SealTo::key);
                let Some((party, basis)) = key else { continue };
                keys.extend(subjects.find(party).map(|subject| (subject, basis)));
            }
        }
    }
    keys
}

/// The parties that are registered, and those that a batch registers.
struct Subjects<'a> {
    parties: &'a Registry,
    /// By their ids and those of their keys.
    new: BTreeMap<Id, Id>,
}

impl Subjects<'_> {
    fn register(&mut self, party: &NewParty) {
        let key = party.key.as_deref().map(|key| Id::from_key("party", key));
        let names = || key.into_iter().chain([party.id]);
        // One that takes a name of another's will be refused, and lends nobody its names.
        if names().all(|name| self.find(name).is_none()) {
            self.new.extend(names().map(|name| (name, party.id)));
        }
    }

    /// The own id of a party, by whatever id it is named.
    fn find(&self, party: Id) -> Option<Id> {
        let known = self.parties.record(party).map(|known| known.id);
        known.or_else(|| self.new.get(&party).copied())
    }
}

/// As [`resolve`], with what seals personal data.
#[must_use]
pub fn resolve_with(engine: &Engine, commands: &[Command], vault: Option<&Vault>) -> Resolved {
    let mut names = Names {
        book: engine.book(),
        subjects: Subjects { parties: engine.parties(), new: BTreeMap::new() },
        vault,
        assets: BTreeMap::new(),
        accounts: BTreeMap::new(),
        holds: BTreeMap::new(),
    };
    let mut parts: Vec<_> = commands.iter().map(|command| names.command(command)).collect();
    refuse_broken_chains(commands, &mut parts);
    let mut resolved = Resolved::default();
    for parts in parts {
        resolved.parts.push(parts.map(|parts| {
            let count = parts.len();
            resolved.commands.extend(parts);
            count
        }));
    }
    resolved
}

/// A chain of which one member cannot be read is not all there, so none of it goes on.
fn refuse_broken_chains(commands: &[Command], parts: &mut [Result<Vec<crate::Command>, Invalid>]) {
    let mut start = 0;
    while start < commands.len() {
        let rest = commands.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|command| !command.is_linked())
            .map_or(rest.len(), |last| last + 1);
        let chain = parts.get_mut(start..start + length).unwrap_or_default();
        if chain.iter().any(Result::is_err) {
            for member in chain.iter_mut().filter(|member| member.is_ok()) {
                *member =
                    Err(invalid("linked", "another member of this linked chain cannot be read"));
            }
        }
        start += length;
    }
}

/// The id that a caller's name of an account stands for: an id, or a key.
///
/// # Errors
/// An empty name.
pub fn account_id(field: &'static str, name: &str) -> Result<Id, Invalid> {
    named(field, "account", name)
}

/// The id that a caller's name of a transfer, hold or transaction stands for.
///
/// # Errors
/// An empty name.
pub fn transfer_id(field: &'static str, name: &str) -> Result<Id, Invalid> {
    named(field, "transfer", name)
}

pub(super) fn named(field: &'static str, namespace: &str, name: &str) -> Result<Id, Invalid> {
    if name.is_empty() {
        return Err(invalid(field, "is missing: give a key or an id"));
    }
    Ok(name.parse().unwrap_or_else(|_| Id::from_key(namespace, name)))
}

/// Reads decimal text with or without an asset; `default` is the asset where the text names none.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_money(
    field: &'static str,
    text: &str,
    find: impl Fn(AssetCode) -> Option<(u32, Asset)>,
    default: Option<(u32, Asset)>,
) -> Result<(u32, u128), Invalid> {
    let (digits, named) = match text.split_once(' ') {
        Some((digits, code)) => {
            let code: AssetCode = code.parse().map_err(|error| invalid(field, error))?;
            let found = find(code).ok_or_else(|| unknown_asset(field, code))?;
            if let Some((_, expected)) = default
                && expected.code() != code
            {
                let message =
                    format!("`{code}` is not what the account holds, which is {}", expected.code());
                return Err(invalid(field, message));
            }
            (digits, Some(found))
        }
        None => (text, None),
    };
    let (ledger, asset) = named.or(default).ok_or_else(|| {
        invalid(field, "names no asset: write it behind the number, as in `1.00 USD`")
    })?;
    let amount = Amount::parse(digits, asset.scale())
        .map_err(|error: ParseAmountError| invalid(field, error))?;
    Ok((ledger, amount.units()))
}

fn unknown_asset(field: &'static str, code: AssetCode) -> Invalid {
    invalid(field, format!("there is no asset `{code}`: register it first, or check the spelling"))
}

/// What is known: the books, and what this batch adds to them.
struct Names<'a> {
    book: &'a Book,
    subjects: Subjects<'a>,
    vault: Option<&'a Vault>,
    assets: BTreeMap<AssetCode, (u32, Asset)>,
    /// Accounts of this batch, by their ids and those that their keys stand for: the id and the ledger.
    accounts: BTreeMap<Id, (Id, u32)>,
    /// Holds of this batch: the ledger, the account that the money is meant for, and how much.
    holds: BTreeMap<Id, (u32, Id, u128)>,
}

impl Names<'_> {
    fn command(&mut self, command: &Command) -> Result<Vec<crate::Command>, Invalid> {
        match command {
            Command::Asset(new) => Ok(vec![self.asset(new)?.into()]),
            Command::Account(new) => Ok(vec![self.account(new)?.into()]),
            Command::Post(post) => Ok(vec![self.post(post)?.into()]),
            Command::Hold(hold) => Ok(vec![self.hold(hold)?.into()]),
            Command::Capture(capture) => self.capture(capture),
            Command::Release(release) => Ok(vec![self.release(release)?.into()]),
            Command::Transaction(new) => Ok(vec![self.transaction(new)?.into()]),
            Command::Transfer(transfer) => Ok(vec![self.transfer(transfer)?.into()]),
            Command::RegisterParty(new) => {
                let new = new.resolve()?;
                self.subjects.register(&new);
                changed(new)
            }
            Command::AmendParty(amendment) => changed(amendment.resolve()?),
            Command::RelateParties(relation) => changed(relation.resolve()?),
            Command::AssignAccount(assignment) => changed(assignment.resolve()?),
            Command::SealData(data) => {
                changed(data.resolve(|id| self.subjects.find(id).unwrap_or(id), self.vault)?)
            }
            Command::MergeParties(merge) => changed(merge.resolve()?),
            Command::SplitParty(split) => changed(split.resolve()?),
            Command::PlaceHold(hold) => changed(hold.resolve()?),
            Command::LiftHold(lift) => changed(lift.resolve()?),
            Command::ForgetParty(forget) => changed(forget.resolve()?),
            Command::GrantAccess(grant) => changed(grant.resolve()?),
            Command::RevokeAccess(revoke) => changed(revoke.resolve()?),
            Command::DefineRetention(class) => changed(class.resolve()?),
        }
    }

    fn asset(&mut self, new: &NewAsset) -> Result<AssetRegistered, Invalid> {
        let code: AssetCode = new.code.parse().map_err(|error| invalid("code", error))?;
        let asset =
            Asset::new(code, new.scale, new.kind).map_err(|error| invalid("scale", error))?;
        let ledger = new
            .ledger
            .or_else(|| self.find(code).map(|(ledger, _)| ledger))
            .unwrap_or_else(|| self.book.free_ledger(|ledger| self.is_taken(ledger)));
        let registered = AssetRegistered { ledger, asset };
        // One that will be refused is known to no command behind it: its scale would be another than the books'.
        let slot = Slot { timestamp: 0, newest: 0, imported: false, likely: Ahead::NONE };
        if !self.assets.contains_key(&code)
            && !self.is_taken(ledger)
            && validate_asset(self.book, &registered, slot).is_ok()
        {
            self.assets.insert(code, (ledger, asset));
        }
        Ok(registered)
    }

    /// Whether an asset of this batch has a ledger number.
    fn is_taken(&self, ledger: u32) -> bool {
        self.assets.values().any(|(taken, _)| *taken == ledger)
    }

    fn account(&mut self, new: &Account) -> Result<NewAccount, Invalid> {
        let id = own_id("account", new.id.as_deref(), &new.key)?;
        let code: AssetCode = new.asset.parse().map_err(|error| invalid("asset", error))?;
        let (ledger, _) = self.find(code).ok_or_else(|| unknown_asset("asset", code))?;
        let flags = new
            .flags
            .iter()
            .fold(AccountFlags::default(), |flags, flag| flags.with(account_flag(*flag)));
        let is_limited = flags.has(AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS)
            || flags.has(AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS);
        if new.overdraft && flags.has(AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS) {
            let message =
                "contradicts the flag debits_must_not_exceed_credits: leave one of them out";
            return Err(invalid("overdraft", message));
        }
        // Money that the book owes is someone's: paying out more of it than there is has to be asked for.
        let is_owed = new.kind == Some(AccountKind::Liability);
        let flags = if is_owed && !new.overdraft && !is_limited {
            flags.with(AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS)
        } else {
            flags
        };
        let detail = Detail {
            key: new.key.clone(),
            description: new.name.clone(),
            metadata: new.metadata.clone(),
            sealed: None,
        };
        detail.check().map_err(|error| too_large("name", &error))?;
        let detail = self.seal(new.into(), detail, ("account", id))?;
        self.accounts.entry(id).or_insert((id, ledger));
        if !new.key.is_empty() {
            self.accounts.entry(Id::from_key("account", &new.key)).or_insert((id, ledger));
        }
        Ok(NewAccount {
            id,
            parent: new
                .parent
                .as_deref()
                .map_or(Ok(Id::ZERO), |parent| account_id("parent", parent))?,
            user_data_128: user_data(new.user_data_128.as_deref())?,
            user_data_64: new.user_data_64,
            user_data_32: new.user_data_32,
            ledger,
            code: new.code.unwrap_or(1),
            flags,
            kind: new.kind,
            timestamp: instant(new.timestamp.as_deref())?,
            detail: detail.boxed(),
            ..NewAccount::default()
        })
    }

    fn post(&self, post: &Post) -> Result<crate::Transfer, Invalid> {
        let (from, to) = (account_id("from", &post.from)?, account_id("to", &post.to)?);
        let (ledger, amount) = self.money("amount", &post.amount, &[from, to])?;
        let transfer = self.carried(
            own_id("transfer", post.id.as_deref(), &post.key)?,
            &post.key,
            &post.extra,
        )?;
        Ok(crate::Transfer {
            debit_account_id: from,
            credit_account_id: to,
            amount,
            ledger,
            ..transfer
        })
    }

    fn hold(&mut self, hold: &Hold) -> Result<crate::Transfer, Invalid> {
        let from = account_id("from", &hold.from)?;
        let (ledger, amount) = self.money("amount", &hold.amount, &[from])?;
        let to = match &hold.to {
            Some(to) => account_id("to", to)?,
            None => {
                let asset = self
                    .asset_of(ledger)
                    .ok_or_else(|| invalid("amount", "its asset is unknown"))?;
                Id::from_key("account", &format!("holds:{}", asset.code()))
            }
        };
        let transfer = self.carried(
            own_id("transfer", hold.id.as_deref(), &hold.key)?,
            &hold.key,
            &hold.extra,
        )?;
        self.held_now(transfer.id, &hold.key, (ledger, to, amount));
        let flags = transfer.flags.with(TransferFlags::PENDING);
        let timeout = hold.timeout;
        Ok(crate::Transfer {
            debit_account_id: from,
            credit_account_id: to,
            amount,
            ledger,
            timeout,
            flags,
            ..transfer
        })
    }

    fn capture(&self, capture: &Capture) -> Result<Vec<crate::Command>, Invalid> {
        let pending_id = transfer_id("hold", &capture.hold)?;
        let (ledger, meant_for, held) = self.held(pending_id);
        let amount = match &capture.amount {
            None => AMOUNT_MAX,
            Some(text) => {
                let default = self.asset_of(ledger).map(|asset| (ledger, asset));
                parse_money("amount", text, |code| self.find(code), default)?.1
            }
        };
        let id = own_id("transfer", capture.id.as_deref(), &capture.key)?;
        let transfer = self.carried(id, &capture.key, &capture.extra)?;
        // A post takes its code from the hold unless it names one.
        let code = capture.extra.code.unwrap_or(0);
        let flags = transfer.flags.with(TransferFlags::POST_PENDING);
        let post = crate::Transfer { pending_id, amount, code, flags, ..transfer.clone() };
        let Some(to) = &capture.to else { return Ok(vec![post.into()]) };
        let to = account_id("to", to)?;
        if self.own_id_of(to) == self.own_id_of(meant_for) {
            return Ok(vec![post.into()]);
        }
        // The money passes through the account that the hold was meant for, in one step with the capture.
        let amount = if amount == AMOUNT_MAX { held } else { amount };
        let onward = crate::Transfer {
            id: id.part(1),
            debit_account_id: meant_for,
            credit_account_id: to,
            amount,
            ledger,
            detail: None,
            ..transfer
        };
        Ok(vec![
            crate::Transfer { flags: flags.with(TransferFlags::LINKED), ..post }.into(),
            onward.into(),
        ])
    }

    fn release(&self, release: &Release) -> Result<crate::Transfer, Invalid> {
        let pending_id = transfer_id("hold", &release.hold)?;
        let transfer = self.carried(
            own_id("transfer", release.id.as_deref(), &release.key)?,
            &release.key,
            &release.extra,
        )?;
        let flags = transfer.flags.with(TransferFlags::VOID_PENDING);
        Ok(crate::Transfer { pending_id, code: release.extra.code.unwrap_or(0), flags, ..transfer })
    }

    fn transaction(&self, new: &Transaction) -> Result<transaction::Transaction, Invalid> {
        let id = own_id("transfer", new.id.as_deref(), &new.key)?;
        let carried = self.carried(id, &new.key, &new.extra)?;
        let legs = new.legs.iter().map(|leg| {
            let account_id = account_id("account", &leg.account)?;
            let (ledger, amount) = self.money("amount", &leg.amount, &[account_id])?;
            Ok(transaction::Leg { account_id, side: leg.side, amount, ledger })
        });
        Ok(transaction::Transaction {
            id,
            legs: legs.collect::<Result<_, Invalid>>()?,
            code: carried.code,
            user_data_128: carried.user_data_128,
            user_data_64: carried.user_data_64,
            user_data_32: carried.user_data_32,
            linked: new.extra.linked,
            effective_date: carried.effective_date,
            detail: carried.detail,
        })
    }

    fn transfer(&mut self, new: &Transfer) -> Result<crate::Transfer, Invalid> {
        let mut transfer =
            self.carried(own_id("transfer", new.id.as_deref(), &new.key)?, &new.key, &new.extra)?;
        for flag in &new.flags {
            transfer.flags = transfer.flags.with(transfer_flag(*flag));
        }
        let resolves = transfer.flags.resolves();
        let account = |field, name: &Option<String>| match name {
            None if resolves => Ok(Id::ZERO),
            None => Err(invalid(field, "is missing: give a key or an id")),
            Some(name) => account_id(field, name),
        };
        transfer.debit_account_id = account("from", &new.from)?;
        transfer.credit_account_id = account("to", &new.to)?;
        if let Some(pending) = &new.pending {
            transfer.pending_id = transfer_id("pending", pending)?;
        }
        let mut holders = vec![transfer.debit_account_id, transfer.credit_account_id];
        holders.retain(|id| *id != Id::ZERO);
        let held = self.held(transfer.pending_id).0;
        (transfer.ledger, transfer.amount) = match new.amount.as_deref() {
            None if transfer.flags.has(TransferFlags::POST_PENDING) => (0, AMOUNT_MAX),
            None if transfer.flags.has(TransferFlags::VOID_PENDING) => (0, 0),
            None => return Err(invalid("amount", "is missing: give a decimal number, or `max`")),
            Some("max") => (self.ledger_of(&holders).unwrap_or(0), AMOUNT_MAX),
            Some(text) if resolves => {
                let default = self.asset_of(held).map(|asset| (held, asset));
                parse_money("amount", text, |code| self.find(code), default)?
            }
            Some(text) => self.money("amount", text, &holders)?,
        };
        if resolves {
            transfer.code = new.extra.code.unwrap_or(0);
        }
        transfer.timeout = new.timeout;
        transfer.timestamp = instant(new.timestamp.as_deref())?;
        if transfer.flags.has(TransferFlags::PENDING) {
            let held = (transfer.ledger, transfer.credit_account_id, transfer.amount);
            self.held_now(transfer.id, &new.key, held);
        }
        Ok(transfer)
    }

    /// Reads an amount in the asset that the first known one of these accounts holds.
    fn money(
        &self,
        field: &'static str,
        text: &str,
        accounts: &[Id],
    ) -> Result<(u32, u128), Invalid> {
        let default =
            self.ledger_of(accounts).and_then(|ledger| Some((ledger, self.asset_of(ledger)?)));
        // An account that does not exist is the ledger's to refuse; until then the text must name its asset.
        parse_money(field, text, |code| self.find(code), default)
    }

    fn ledger_of(&self, accounts: &[Id]) -> Option<u32> {
        // What stands in the books goes before what a command of this batch asks for and may not get.
        accounts.iter().find_map(|id| {
            let booked = self.book.account(*id).map(|account| account.opened.ledger);
            booked.or_else(|| self.accounts.get(id).map(|(_, ledger)| *ledger))
        })
    }

    /// The id of an account that may be named by its key.
    fn own_id_of(&self, id: Id) -> Id {
        let booked = self.book.account(id).map(|account| account.opened.id);
        booked.or_else(|| self.accounts.get(&id).map(|(id, _)| *id)).unwrap_or(id)
    }

    fn find(&self, code: AssetCode) -> Option<(u32, Asset)> {
        let booked = self.book.ledger_of(code);
        let booked = booked.and_then(|ledger| Some((ledger, self.book.asset(ledger)?)));
        booked.or_else(|| self.assets.get(&code).copied())
    }

    fn asset_of(&self, ledger: u32) -> Option<Asset> {
        let new = || self.assets.values().find(|(number, _)| *number == ledger);
        self.book.asset(ledger).or_else(|| new().map(|(_, asset)| *asset))
    }

    /// Notes a hold of this batch, under its id and that which its key stands for.
    fn held_now(&mut self, id: Id, key: &str, held: (u32, Id, u128)) {
        self.holds.entry(id).or_insert(held);
        if !key.is_empty() {
            self.holds.entry(Id::from_key("transfer", key)).or_insert(held);
        }
    }

    /// A transfer with an id and all that any movement may carry.
    fn carried(&self, id: Id, key: &str, extra: &Extra) -> Result<crate::Transfer, Invalid> {
        let detail = Detail {
            key: key.to_owned(),
            description: extra.description.clone(),
            metadata: extra.metadata.clone(),
            sealed: None,
        };
        detail.check().map_err(|error| too_large("description", &error))?;
        let detail = self.seal(extra.into(), detail, ("transfer", id))?;
        let effective_date = match &extra.effective_date {
            None => EffectiveDate::NONE,
            Some(text) => EffectiveDate::days(date("effective_date", text)?),
        };
        Ok(crate::Transfer {
            id,
            user_data_128: user_data(extra.user_data_128.as_deref())?,
            user_data_64: extra.user_data_64,
            user_data_32: extra.user_data_32,
            code: extra.code.unwrap_or(1),
            flags: if extra.linked { TransferFlags::LINKED } else { TransferFlags::default() },
            effective_date,
            detail: detail.boxed(),
            ..ledger::transfer::Transfer::default()
        })
    }

    /// Seals what a command has sealed of its detail.
    fn seal(&self, to: SealTo<'_>, detail: Detail, record: (&str, Id)) -> Result<Detail, Invalid> {
        to.seal(detail, |id| self.subjects.find(id).unwrap_or(id), self.vault, record)
    }

    /// The ledger, the account meant and the amount of a hold.
    fn held(&self, id: Id) -> (u32, Id, u128) {
        let booked = || {
            let hold = self.book.transfer(id)?.transfer;
            Some((hold.ledger, hold.credit_account_id, hold.amount))
        };
        booked().or_else(|| self.holds.get(&id).copied()).unwrap_or((0, Id::ZERO, 0))
    }
}

/// A text that is too large; the description of an account is its name.
fn too_large(description: &'static str, error: &DetailTooLarge) -> Invalid {
    invalid(if error.field == "description" { description } else { error.field }, error)
}

/// A change of the registry is one command of the engine's.
fn changed(change: impl Into<Change>) -> Result<Vec<crate::Command>, Invalid> {
    let change = change.into();
    change.check().map_err(|error| invalid(error.field, error.what))?;
    Ok(vec![change.into()])
}

/// A civil date.
pub(super) fn date(field: &'static str, text: &str) -> Result<i32, Invalid> {
    time::parse_date(text)
        .ok_or_else(|| invalid(field, format!("`{}` is no date: write `2026-01-31`", short(text))))
}

/// The id given, or the one that the key stands for.
pub(super) fn own_id(namespace: &str, id: Option<&str>, key: &str) -> Result<Id, Invalid> {
    if key.parse::<Id>().is_ok() {
        return Err(invalid(
            "key",
            format!("`{}` reads as an id: give it as `id`, or add a letter", short(key)),
        ));
    }
    match id {
        Some(id) => id.parse().map_err(|error| invalid("id", error)),
        None if key.is_empty() => {
            Err(invalid("key", "is missing: give a key or an id, so that a retry is recognised"))
        }
        None => Ok(Id::from_key(namespace, key)),
    }
}

fn user_data(text: Option<&str>) -> Result<u128, Invalid> {
    text.map_or(Ok(0), |text| {
        text.parse::<Id>().map(|id| id.0).map_err(|error| invalid("user_data_128", error))
    })
}

fn instant(text: Option<&str>) -> Result<i64, Invalid> {
    text.map_or(Ok(0), |text| {
        time::parse_instant(text).ok_or_else(|| {
            let message = format!(
                "`{}` is no instant: write `2026-01-31T09:30:00Z` or nanoseconds since 1970",
                short(text)
            );
            invalid("timestamp", message)
        })
    })
}

pub(crate) fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

fn account_flag(flag: Flag) -> AccountFlags {
    match flag {
        Flag::Linked => AccountFlags::LINKED,
        Flag::DebitsMustNotExceedCredits => AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS,
        Flag::CreditsMustNotExceedDebits => AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS,
        Flag::History => AccountFlags::HISTORY,
        Flag::Imported => AccountFlags::IMPORTED,
        Flag::Closed => AccountFlags::CLOSED,
    }
}

fn transfer_flag(flag: TransferFlag) -> TransferFlags {
    match flag {
        TransferFlag::Linked => TransferFlags::LINKED,
        TransferFlag::Pending => TransferFlags::PENDING,
        TransferFlag::PostPending => TransferFlags::POST_PENDING,
        TransferFlag::VoidPending => TransferFlags::VOID_PENDING,
        TransferFlag::BalancingDebit => TransferFlags::BALANCING_DEBIT,
        TransferFlag::BalancingCredit => TransferFlags::BALANCING_CREDIT,
        TransferFlag::ClosingDebit => TransferFlags::CLOSING_DEBIT,
        TransferFlag::ClosingCredit => TransferFlags::CLOSING_CREDIT,
        TransferFlag::Imported => TransferFlags::IMPORTED,
    }
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
