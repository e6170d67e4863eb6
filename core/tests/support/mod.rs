//! Random requests: accounts with and without keys, transfers, holds and what ends them, transactions, imports.

mod party;

use proptest::prelude::*;
use thalium::ledger::detail::{Detail, Sealed};
use thalium::ledger::transaction::{Leg, Side, Transaction};
use thalium::ledger::transfer::EffectiveDate;
use thalium::{
    AccountFlags, AccountKind, Command, Context, Id, NewAccount, Request, Transfer, TransferFlags,
};

pub(crate) const SECOND: i64 = 1_000_000_000;
const USD: u32 = 840;
const ZAR: u32 = 710;

pub(crate) fn cases() -> ProptestConfig {
    let full = std::env::var("THALIUM_TEST_TIER").is_ok_and(|tier| tier == "full");
    ProptestConfig::with_cases(if full { 64 * 16 } else { 64 })
}

/// The detail of a record: a key for every third, of which every other one has words that are sealed to a party.
fn key(namespace: &str, n: u128) -> Option<Box<Detail>> {
    let sealed = n.is_multiple_of(2).then(|| Sealed {
        subject: Id(n / 6 % 4 + 1),
        retention: if n.is_multiple_of(9) { "a".to_owned() } else { String::new() },
        years: (!n.is_multiple_of(12) && !n.is_multiple_of(9))
            .then(|| u8::try_from(n % 50 + 20).unwrap_or(0)),
        value: vec![7; 3],
    });
    let detail = || Detail { sealed, ..Detail::keyed(format!("{namespace}-{n}")) };
    n.is_multiple_of(3).then(|| Box::new(detail()))
}

/// An account by its id or, if it has one, by its key.
fn account_id(n: u128, by_key: bool) -> Id {
    if by_key && n.is_multiple_of(3) && n > 0 {
        Id::from_key("account", &format!("account-{n}"))
    } else {
        Id(n)
    }
}

fn account() -> impl Strategy<Value = Command> {
    let kinds = prop::option::of(prop::sample::select(AccountKind::ALL.to_vec()));
    let flags = prop_oneof![4 => 0..0x10_u16, 1 => 0..0x40_u16];
    (1..12_u128, 0..12_u128, any::<bool>(), any::<bool>(), flags, kinds).prop_map(
        |(id, parent, by_key, linked, flags, kind)| {
            let mut flags = AccountFlags(flags).without(AccountFlags::IMPORTED);
            if !linked || id % 4 > 0 {
                flags = flags.without(AccountFlags::LINKED);
            }
            let parent = if parent < id { account_id(parent, by_key) } else { Id::ZERO };
            let (ledger, detail) = (ledger_of(id), key("account", id));
            NewAccount {
                id: Id(id),
                parent,
                ledger,
                code: 1,
                flags,
                kind,
                detail,
                ..NewAccount::default()
            }
            .into()
        },
    )
}

/// Accounts 1 to 4 and 9 on are in USD, 5 to 8 in ZAR.
fn ledger_of(account: u128) -> u32 {
    if (5..9).contains(&account) { ZAR } else { USD }
}

fn flags() -> impl Strategy<Value = TransferFlags> {
    use TransferFlags as F;
    let single = vec![
        F::default(),
        F::default(),
        F::default(),
        F::LINKED,
        F::BALANCING_DEBIT,
        F::BALANCING_CREDIT,
        F::BALANCING_DEBIT.with(F::BALANCING_CREDIT),
    ];
    let hold = vec![
        F::PENDING,
        F::PENDING,
        F::PENDING,
        F::PENDING.with(F::LINKED),
        F::PENDING.with(F::BALANCING_DEBIT),
        F::PENDING.with(F::CLOSING_DEBIT),
        F::PENDING.with(F::CLOSING_CREDIT),
    ];
    let resolve = vec![
        F::POST_PENDING,
        F::POST_PENDING,
        F::POST_PENDING.with(F::LINKED),
        F::VOID_PENDING,
        F::VOID_PENDING.with(F::LINKED),
    ];
    prop_oneof![
        6 => prop::sample::select(single),
        6 => prop::sample::select(hold),
        8 => prop::sample::select(resolve),
        1 => (0..0x100_u16).prop_map(TransferFlags),
    ]
}

fn transfer() -> impl Strategy<Value = Command> {
    let amount = prop_oneof![12 => 0..60_u128, 1 => Just(u128::MAX)];
    let accounts = prop_oneof![6 => (1..5_u128, 1..5_u128), 2 => (5..9_u128, 5..9_u128), 2 => (0..12_u128, 0..12_u128)];
    let ids = (1..60_u128, accounts, 1..10_u128, any::<[bool; 2]>());
    (ids, amount, flags(), (0..4_u32, any::<bool>(), 0..3_u64)).prop_map(
        |(
            (id, (debit, credit), pending, by_key),
            amount,
            flags,
            (timeout, dated, user_data_64),
        )| {
            // Holds have few ids, so that what resolves one finds it.
            let id = if flags.has(TransferFlags::PENDING) { id % 9 + 1 } else { id + 9 };
            let resolves = flags.resolves();
            let pending = match by_key[0] && pending % 3 == 0 {
                true => Id::from_key("transfer", &format!("transfer-{pending}")),
                false => Id(pending),
            };
            let amount = match resolves {
                true if flags.has(TransferFlags::VOID_PENDING) => 0,
                true if amount > 15 => u128::MAX,
                _ => amount,
            };
            Transfer {
                id: Id(id),
                debit_account_id: if resolves { Id::ZERO } else { account_id(debit, by_key[0]) },
                credit_account_id: if resolves { Id::ZERO } else { account_id(credit, by_key[1]) },
                amount,
                pending_id: if resolves { pending } else { Id::ZERO },
                user_data_64,
                timeout: if flags.has(TransferFlags::PENDING) { timeout * 2 } else { 0 },
                ledger: if resolves { 0 } else { ledger_of(debit) },
                code: u16::from(!resolves),
                flags,
                // What is tested is recorded on day 0: some are dated before it, some on it, some after it.
                effective_date: match i32::try_from(id % 5) {
                    Ok(day) if dated => EffectiveDate::days(day - 2),
                    _ => EffectiveDate::NONE,
                },
                detail: key("transfer", id),
                ..Transfer::default()
            }
            .into()
        },
    )
}

fn transaction() -> impl Strategy<Value = Command> {
    let leg = (1..9_u128, 1..4_u128, 1..20_u128);
    let linked = prop::bool::weighted(0.2);
    (60..80_u128, prop::collection::vec(leg, 1..4), linked).prop_map(|(id, steps, linked)| {
        let legs = steps.into_iter().flat_map(|(from, away, amount)| {
            let to = (from - 1) / 4 * 4 + (from - 1 + away) % 4 + 1;
            let ledger = ledger_of(from);
            let leg = |account_id, side| Leg { account_id: Id(account_id), side, amount, ledger };
            [leg(from, Side::Debit), leg(to, Side::Credit)]
        });
        let detail = key("transfer", id);
        Transaction {
            id: Id(id),
            legs: legs.collect(),
            code: 1,
            linked,
            detail,
            ..Transaction::default()
        }
        .into()
    })
}

/// Commands of a request: decided as they come, or imported with instants of their own up to the request's.
fn commands() -> impl Strategy<Value = (Vec<Command>, bool)> {
    let command =
        prop_oneof![4 => account(), 16 => transfer(), 4 => transaction(), 5 => party::change()];
    (prop::collection::vec(command, 0..8), prop::bool::weighted(0.15))
}

fn import(commands: &mut Vec<Command>, now: i64) {
    commands.retain(|command| !matches!(command, Command::Transaction(_)));
    let first = now - 100;
    for (at, command) in (first..).zip(commands) {
        match command {
            Command::Account(account) => {
                account.flags = account.flags.with(AccountFlags::IMPORTED);
                account.timestamp = at;
            }
            Command::Transfer(transfer) => {
                transfer.flags = transfer.flags.with(TransferFlags::IMPORTED);
                transfer.timestamp = at;
                transfer.timeout = 0;
            }
            Command::Asset(_) | Command::Transaction(_) | Command::Party(_) => {}
        }
    }
}

/// Accounts 1 to 8, of which 3 and 6 have keys; the others may follow. Accounts 1 and 5 fund the rest.
pub(crate) fn requests() -> impl Strategy<Value = Vec<Request>> {
    prop::collection::vec((1_000..2 * SECOND, prop::bool::weighted(0.15), commands()), 1..20)
        .prop_map(|steps| {
            let mut opening: Vec<Command> = Vec::new();
            for id in 1..9_u128 {
                let flags = match id {
                    2 => AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS,
                    3 | 7 => AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS,
                    _ => AccountFlags::default(),
                };
                let (ledger, detail) = (ledger_of(id), key("account", id));
                let account = NewAccount {
                    id: Id(id),
                    ledger,
                    code: 1,
                    flags,
                    detail,
                    ..NewAccount::default()
                };
                opening.push(account.into());
            }
            for (id, debit, credit) in [(1_001, 1, 3), (1_002, 2, 1), (1_003, 5, 7)] {
                let (debit_account_id, credit_account_id, ledger) =
                    (Id(debit), Id(credit), ledger_of(debit));
                let transfer = Transfer {
                    id: Id(id),
                    debit_account_id,
                    credit_account_id,
                    ledger,
                    ..Transfer::default()
                };
                opening.push(Transfer { amount: 50, code: 1, ..transfer }.into());
            }
            let mut now = SECOND;
            let mut requests =
                vec![Request { context: Context::default(), now, commands: opening }];
            for (later, again, (mut commands, imported)) in steps {
                now += later;
                if imported {
                    import(&mut commands, now);
                }
                if again && let Some(Request { commands: earlier, .. }) = requests.last() {
                    commands = earlier.clone();
                }
                requests.push(Request { context: Context::default(), now, commands });
            }
            requests
        })
}
