//! The load: 10,000 accounts in a chart of three levels, batches of 8,190 transfers, UUIDv7 ids of 16 generators with
//! 50 ms of skew between them, one retry in a hundred.

use thalium::ledger::transfer::EffectiveDate;
use thalium::{AccountFlags, AccountKind, Command, Context, Id, NewAccount, Request, Transfer};

/// Accounts of clients.
pub const ACCOUNTS: u64 = 10_000;
/// Transfers of a batch.
pub const BATCH: u64 = 8_190;
/// USD, by its ISO 4217 number.
pub const LEDGER: u32 = 840;
const GENERATORS: u64 = 16;
const SKEW_MILLIS: u64 = 50;
const BROKERS: u64 = 100;
/// 2026-01-01T00:00:00Z.
const EPOCH_MILLIS: u64 = 1_767_225_600_000;
/// The day on which the load begins, since 1970.
pub const EPOCH_DAY: u64 = EPOCH_MILLIS / 86_400_000;
/// One transfer of so many is dated back, by up to [`DAYS_BACK`].
const DATED_BACK: u64 = 10_000;
/// How many days before the load have transfers.
pub const DAYS_BACK: u64 = 365;

/// A small generator of numbers that need not be secret (Steele, Lea and Flood, *SplitMix*, 2014).
#[derive(Clone, Copy, Debug)]
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// The chart of the load: a platform, its brokers, their clients.
#[must_use]
pub fn chart() -> Vec<Request> {
    chart_of(ACCOUNTS)
}

/// A chart with so many clients.
#[must_use]
pub fn chart_of(clients: u64) -> Vec<Request> {
    let account = |n: u64, parent: u64| -> Command {
        NewAccount {
            id: Id(account_id(n)),
            parent: if parent == 0 { Id::ZERO } else { Id(account_id(parent)) },
            ledger: LEDGER,
            code: 1,
            kind: Some(AccountKind::Liability),
            flags: AccountFlags::default(),
            ..NewAccount::default()
        }
        .into()
    };
    let mut commands = vec![account(1, 0)];
    commands.extend((0..BROKERS).map(|broker| account(2 + broker, 1)));
    commands
        .extend((0..clients).map(|client| account(first_client() + client, 2 + client % BROKERS)));
    let request = |commands: &[Command]| Request {
        context: Context::default(),
        now: now(0),
        commands: commands.to_vec(),
    };
    commands.chunks(thalium::COMMANDS_MAX).map(request).collect()
}

fn first_client() -> u64 {
    2 + BROKERS
}

/// The id of a client's account.
#[must_use]
pub fn client(n: u64) -> Id {
    Id(account_id(first_client() + n))
}

fn account_id(n: u64) -> u128 {
    // Spread like random ids, so that look-ups find no help in their order.
    let mut random = Random(n);
    (u128::from(random.number()) << 64) | u128::from(random.number()) | 1
}

fn now(millis: u64) -> i64 {
    i64::try_from((EPOCH_MILLIS + millis) * 1_000_000).unwrap_or(i64::MAX)
}

/// Makes batches; time goes on by as much as `rate` transfers a second take.
pub struct Batches {
    random: Random,
    accounts: Vec<Id>,
    sent: u64,
    rate: u64,
    last: Vec<Transfer>,
    is_random: bool,
}

impl Batches {
    /// Batches at a rate of transfers a second.
    #[must_use]
    pub fn new(rate: u64) -> Self {
        Self::of(ACCOUNTS, rate)
    }

    /// Batches between so many clients.
    #[must_use]
    pub fn of(clients: u64, rate: u64) -> Self {
        let accounts = (0..clients).map(client).collect();
        Self { random: Random(42), accounts, sent: 0, rate, last: Vec::new(), is_random: false }
    }

    /// With ids that say nothing of the time, as a version 4 UUID.
    #[must_use]
    pub fn with_random_ids(mut self) -> Self {
        self.is_random = true;
        self
    }

    /// The next batch.
    pub fn batch(&mut self) -> Request {
        let mut commands = Vec::with_capacity(usize::try_from(BATCH).unwrap_or(0));
        let mut kept = Vec::new();
        for n in 0..BATCH {
            if n % 100 == 99
                && let Some(retry) = self.last.pop()
            {
                commands.push(retry.into());
                continue;
            }
            let transfer = self.transfer();
            if n % 50 == 0 {
                kept.push(transfer.clone());
            }
            commands.push(transfer.into());
        }
        self.last = kept;
        Request { context: Context::default(), now: now(self.millis()), commands }
    }

    fn millis(&self) -> u64 {
        SKEW_MILLIS + self.sent * 1_000 / self.rate
    }

    fn transfer(&mut self) -> Transfer {
        self.sent += 1;
        let generator = self.random.number() % GENERATORS;
        let millis = EPOCH_MILLIS + self.millis() - generator * SKEW_MILLIS / GENERATORS;
        let random = self.random.number();
        let id = (u128::from(millis) << 80)
            | (7 << 76)
            | (u128::from(random >> 52) << 64)
            | (2 << 62)
            | u128::from(self.random.number() >> 2);
        let upper = u128::from(random) << 64;
        let id = if self.is_random { upper | (id & u128::from(u64::MAX)) } else { id };
        let debit = self.pick();
        let mut credit = self.pick();
        if credit == debit {
            credit = self.accounts.iter().copied().find(|id| *id != debit).unwrap_or_default();
        }
        Transfer {
            id: Id(id),
            debit_account_id: debit,
            credit_account_id: credit,
            amount: u128::from(random % 1_000_000 + 1),
            ledger: LEDGER,
            code: 1,
            effective_date: self.date(),
            ..Transfer::default()
        }
    }

    /// One transfer of ten thousand is dated back.
    fn date(&self) -> EffectiveDate {
        if !self.sent.is_multiple_of(DATED_BACK) {
            return EffectiveDate::NONE;
        }
        let back = self.sent / DATED_BACK % DAYS_BACK + 1;
        EffectiveDate::days(i32::try_from(EPOCH_DAY - back).unwrap_or(0))
    }

    fn pick(&mut self) -> Id {
        let at = usize::try_from(self.random.number() % self.accounts.len() as u64).unwrap_or(0);
        self.accounts.get(at).copied().unwrap_or_default()
    }
}
