//! The demo's chart of accounts: the platform, its brokers, their clients; the bank, the vault, holds and fees.

use thalium_host::ledger::account::AccountKind;
use thalium_host::money::AssetKind;
use thalium_host::{Account, Command, Extra, NewAsset, Post};

/// What is traded.
pub(super) const BASE: &str = "BTC";
/// What it is paid with.
pub(super) const QUOTE: &str = "USD";
/// The platform's home currency.
pub(super) const HOME: &str = "ZAR";
/// Fraction digits of the base.
pub(super) const BASE_SCALE: u8 = 8;
/// Fraction digits of the quote.
pub(super) const QUOTE_SCALE: u8 = 2;
/// Brokers under the platform.
pub(super) const BROKERS: u64 = 3;

/// The assets that the clients hold, with their scales and where the money itself is.
pub(super) const HELD: [(&str, u8, &str); 3] =
    [(HOME, 2, "bank:ZAR"), (QUOTE, QUOTE_SCALE, "bank:USD"), (BASE, BASE_SCALE, "vault:BTC")];

/// What each client pays in: 18,500.00 ZAR, 1,000,000.00 USD, 25 BTC; the latter two once for every `factor`.
const DEPOSITS: [(&str, u128); 3] =
    [(HOME, 1_850_000), (QUOTE, 100_000_000), (BASE, 2_500_000_000)];

/// The key of a client's account.
pub(super) fn client(number: u64, asset: &str) -> String {
    format!("c{number}:{asset}")
}

/// The broker of a client.
pub(super) fn broker_of(client: u64) -> u64 {
    (client - 1) % BROKERS + 1
}

/// The commands that make the chart, parents first.
pub(super) fn commands(clients: u64) -> Vec<Command> {
    let mut commands: Vec<Command> = [("BTC", BASE_SCALE), ("ETH", 18), ("THAL", 18)]
        .map(|(code, scale)| {
            NewAsset { code: code.into(), scale, kind: AssetKind::Crypto, ledger: None }.into()
        })
        .to_vec();
    for (asset, _, money) in HELD {
        let platform = format!("platform:{asset}");
        let what = if asset == BASE { "Coins in the vault" } else { "Money at the bank" };
        commands.push(Account::asset(money, asset).name(what).into());
        commands.push(master(&platform, asset, "Platform master account").into());
        for (key, name) in [("holds", "Held for open orders"), ("suspense", "Unallocated funds")] {
            commands.push(
                Account::liability(format!("{key}:{asset}"), asset)
                    .parent(&platform)
                    .name(name)
                    .into(),
            );
        }
        commands.push(Account::income(format!("fees:{asset}"), asset).name("Trading fees").into());
        for broker in 1..=BROKERS {
            let name = format!("Broker {broker} master account");
            commands
                .push(master(&format!("b{broker}:{asset}"), asset, &name).parent(&platform).into());
        }
        for number in 1..=clients {
            let account =
                Account::liability(client(number, asset), asset).name(format!("Client c{number}"));
            commands.push(account.parent(format!("b{}:{asset}", broker_of(number))).into());
        }
    }
    commands
}

/// The commands that pay the clients' money in.
pub(super) fn deposits(clients: u64, factor: u128) -> Vec<Command> {
    let mut commands = Vec::new();
    for (asset, scale, money) in HELD {
        for number in 1..=clients {
            let to = client(number, asset);
            let amount =
                thalium_host::money::Amount::from_units(deposit(asset, factor)).to_text(scale);
            let extra = Extra { description: "deposit".into(), code: Some(1), ..Extra::default() };
            commands
                .push(Post { extra, ..Post::new(format!("dep-{to}"), money, to, amount) }.into());
        }
    }
    commands
}

/// How much each client pays in of an asset, in smallest units.
pub(super) fn deposit(asset: &str, factor: u128) -> u128 {
    let base = DEPOSITS.iter().find(|(code, _)| *code == asset).map_or(0, |(_, units)| *units);
    if asset == HOME { base } else { base.saturating_mul(factor) }
}

fn master(key: &str, asset: &str, name: &str) -> Account {
    Account::new(AccountKind::Liability, key, asset).name(name)
}
