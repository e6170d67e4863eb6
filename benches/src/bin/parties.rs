//! What parties cost: a field sealed and opened, a person forgotten however long the history, a transfer between the accounts
//! of parties beside one between bare accounts, and a registry of a hundred thousand.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use thalium::party::change::Assignment;
use thalium::party::{AccountRole, Basis, Change, IdentifierKind, PartyKind, Sealer};
use thalium::{Command, Context, Engine, Genesis, Id, NewAccount, Request, Transfer};
use thalium_benches::{Figure, median, print};
use thalium_host::api::party::{
    AmendParty, AssignAccount, ForgetParty, PersonalField, ReadData, RegisterParty, SealData,
};
use thalium_host::{
    Account, Extra, FindParties, KeyText, Keys, Options, Post, Question, Thalium, TransferQuery,
};

/// What parties cost
#[derive(Parser)]
struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Parties
    #[arg(long, default_value_t = 10_000)]
    parties: usize,
    /// Fields of each
    #[arg(long, default_value_t = 10)]
    fields: usize,
    /// Where the store is made
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

const FIELD: usize = 200;
const REPEATS: u32 = 200_000;
const USD: u32 = 840;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let sealer = Sealer::new(&[7; 32]);
    let plain = [7; FIELD];
    let sealed = sealer.seal(b"where it stands", &plain);
    let sealing =
        median((0..5).map(|_| each(|| sealer.seal(b"where it stands", &plain))).collect());
    let opening =
        median((0..5).map(|_| each(|| sealer.open(b"where it stands", &sealed))).collect());

    // Turn by turn, since a shared machine drifts.
    let (mut bare, mut owned) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        bare.push(transfers(false)?);
        owned.push(transfers(true)?);
    }
    let (bare, owned) = (median(bare), median(owned));

    let directory = tempfile::tempdir_in(&arguments.dir)?;
    let keys: Arc<dyn Keys> = Arc::new(KeyText::generate()?);
    let place = directory.path().join("books").display().to_string();
    let options = || Options { keys: Some(Arc::clone(&keys)), ..Options::default() };
    let t = Thalium::open_with(&place, options())?;
    let begun = Instant::now();
    register(&t, arguments.parties, arguments.fields)?;
    let registering = begun.elapsed();
    history(&t)?;
    t.close()?;
    let begun = Instant::now();
    let t = Thalium::open_with(&place, options())?;
    let reopening = begun.elapsed();
    let find = |n: usize| -> Result<Duration, Box<dyn Error>> {
        let begun = Instant::now();
        let value = email(n).into();
        let found = t.find_parties(&FindParties {
            identifier: IdentifierKind::Email,
            value,
            viewer: None,
        })?;
        assert_eq!(found.len(), 1);
        Ok(begun.elapsed())
    };
    let first_found = find(0)?;
    let mut found = Vec::new();
    let mut read = Vec::new();
    for n in 1..100 {
        found.push(micros(find(n)?));
        let call = ReadData { party: format!("c{n}"), why: "a test".into(), ..ReadData::default() };
        let begun = Instant::now();
        assert_eq!(t.read_data(&call)?.fields.len(), arguments.fields);
        read.push(micros(begun.elapsed()));
    }
    let (plain_words, sealed_words) = words(&t, arguments.parties)?;
    let (all_seen, own_seen) = pages()?;
    let mut forgotten = Vec::new();
    for n in 0..50 {
        let party = format!("c{n}");
        let ended = Some("2001-01-31".to_owned());
        t.do_one(AmendParty { party: party.clone(), ended, ..AmendParty::default() })?;
        let begun = Instant::now();
        assert!(t.do_one(ForgetParty { party, ..ForgetParty::default() })?.ok);
        forgotten.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let count = arguments.parties * arguments.fields;
    print(
        &[
            Figure::at_most(format!("a field of {FIELD} bytes sealed"), sealing, "µs", 1.5),
            Figure::at_most(format!("a field of {FIELD} bytes opened"), opening, "µs", 1.5),
            Figure::limit("a transfer between bare accounts", bare, "ns"),
            Figure::at_most("a transfer between accounts of parties", owned, "ns", bare * 1.05),
            Figure::limit(
                format!("{} parties with {count} fields registered, durable", arguments.parties),
                registering.as_secs_f64(),
                "s",
            ),
            Figure::limit("the ledger opened again", reopening.as_secs_f64(), "s"),
            Figure::limit("the first found by an identifier", first_found.as_secs_f64(), "s"),
            Figure::limit("the next found", median(found), "µs"),
            Figure::limit("all fields of one read, with the record of it", median(read), "µs"),
            Figure::limit("a post with a description of 100 bytes, durable", plain_words, "µs"),
            Figure::limit("the same, sealed to a party", sealed_words, "µs"),
            Figure::limit("a page of 100 transfers", all_seen, "µs"),
            Figure::limit("the same as a broker of ten sees it", own_seen, "µs"),
            Figure::at_most("one forgotten", median(forgotten), "ms", 50.0),
        ],
        arguments.json,
    );
    Ok(())
}

/// Microseconds of a post with a description, public and sealed to a party.
fn words(t: &Thalium, parties: usize) -> Result<(f64, f64), Box<dyn Error>> {
    const TOGETHER: usize = 1_000;
    let (mut plain, mut sealed) = (Vec::new(), Vec::new());
    for round in 0..5 {
        for (times, is_sealed) in [(&mut plain, false), (&mut sealed, true)] {
            let post = |n: usize| {
                let key = format!("words-{round}-{is_sealed}-{n}");
                // Those who will be forgotten have nothing by law that would keep them.
                let subject =
                    is_sealed.then(|| format!("c{}", 50 + n % parties.saturating_sub(50)));
                let extra = Extra { description: "x".repeat(100), subject, ..Extra::default() };
                Post { extra, ..Post::new(key, "bank:USD", "c0:USD", "0.01") }.into()
            };
            let commands: Vec<_> = (0..TOGETHER).map(post).collect();
            let begun = Instant::now();
            assert!(t.submit(&commands)?.iter().all(|one| one.ok), "every post is booked");
            times.push(micros(begun.elapsed()) / TOGETHER as f64);
        }
    }
    Ok((median(plain), median(sealed)))
}

/// Microseconds of a page of transfers, of all and of those that one of ten brokers sees.
fn pages() -> Result<(f64, f64), Box<dyn Error>> {
    const BROKERS: usize = 10;
    const CLIENTS: usize = 1_000;
    const POSTS: usize = 20_000;
    let t = Thalium::open("memory:")?;
    let mut commands: Vec<thalium_host::Command> = vec![Account::asset("bank:USD", "USD").into()];
    for broker in 0..BROKERS {
        commands.push(RegisterParty::new(PartyKind::Broker, format!("b{broker}")).into());
    }
    for client in 0..CLIENTS {
        let (party, account) = (format!("c{client}"), format!("c{client}:USD"));
        let broker = format!("b{}", client % BROKERS);
        commands.push(RegisterParty::person(&party).broker(broker).into());
        commands.push(Account::liability(&account, "USD").into());
        let role = AccountRole::Owner;
        commands.push(AssignAccount { party, account, role, since: None, until: None }.into());
    }
    commands.extend((0..POSTS).map(|n| {
        let to = format!("c{}:USD", n * 7 % CLIENTS);
        Post::new(format!("p{n}"), "bank:USD", to, "0.01").into()
    }));
    for commands in commands.chunks(4_096) {
        assert!(t.submit(commands)?.iter().all(|one| one.ok), "every command is good");
    }
    let page = |viewer: Option<&str>| -> Result<f64, Box<dyn Error>> {
        let query = TransferQuery {
            limit: Some(100),
            newest_first: true,
            viewer: viewer.map(str::to_owned),
            ..TransferQuery::default()
        };
        let mut times = Vec::new();
        for _ in 0..50 {
            let begun = Instant::now();
            black_box(t.ask(&Question::ListTransfers(query.clone()))?);
            times.push(micros(begun.elapsed()));
        }
        Ok(median(times))
    };
    Ok((page(None)?, page(Some("b3"))?))
}

/// Microseconds that something takes, of many times.
fn each<T>(mut run: impl FnMut() -> T) -> f64 {
    let begun = Instant::now();
    for _ in 0..REPEATS {
        black_box(run());
    }
    micros(begun.elapsed()) / f64::from(REPEATS)
}

/// Nanoseconds of a transfer between accounts, which have owners or have none.
fn transfers(owned: bool) -> Result<f64, Box<dyn Error>> {
    const ACCOUNTS: u128 = 1_000;
    const BATCH: u128 = 8_192;
    const BATCHES: u128 = 40;
    let mut engine = Engine::new(Genesis::default());
    let request = |commands| Request { context: Context::default(), now: 1, commands };
    let account = |id| NewAccount { id: Id(id), ledger: USD, code: 1, ..NewAccount::default() };
    engine.execute(&request((1..=ACCOUNTS).map(|id| account(id).into()).collect()))?;
    if owned {
        let party = |id| thalium::party::change::NewParty { id: Id(id), ..Default::default() };
        let parties = (1..=ACCOUNTS).map(|id| Change::from(party(id)).into());
        engine.execute(&request(parties.collect()))?;
        let assign = |id| Assignment {
            party: Id(id),
            account: Id(id),
            role: AccountRole::Owner,
            since: None,
            until: None,
        };
        let accounts = (1..=ACCOUNTS).map(|id| Change::from(assign(id)).into());
        engine.execute(&request(accounts.collect()))?;
    }
    let transfer = |id: u128| -> Command {
        Transfer {
            id: Id(id + 1),
            debit_account_id: Id(id * 7_919 % ACCOUNTS + 1),
            credit_account_id: Id((id * 7_919 + 1) % ACCOUNTS + 1),
            amount: 1,
            ledger: USD,
            code: 1,
            ..Transfer::default()
        }
        .into()
    };
    let batches: Vec<Request> = (0..BATCHES)
        .map(|batch| request((batch * BATCH..(batch + 1) * BATCH).map(transfer).collect()))
        .collect();
    let begun = Instant::now();
    let mut executed = thalium::Executed::default();
    for batch in &batches {
        engine.execute_into(batch, &mut executed)?;
    }
    let took = begun.elapsed();
    assert!(executed.outcomes.iter().all(thalium::Outcome::is_booked), "every transfer is good");
    Ok(took.as_secs_f64() * 1e9 / (BATCH * BATCHES) as f64)
}

fn email(n: usize) -> String {
    format!("client-{n}@example.org")
}

fn register(t: &Thalium, parties: usize, fields: usize) -> Result<(), Box<dyn Error>> {
    const TOGETHER: usize = 500;
    let numbers: Vec<usize> = (0..parties).collect();
    for numbers in numbers.chunks(TOGETHER) {
        let mut commands = Vec::with_capacity(2 * TOGETHER);
        for n in numbers {
            let key = format!("c{n}");
            commands.push(RegisterParty::person(key.clone()).into());
            let mut own = BTreeMap::new();
            for field in 0..fields {
                // One is an identifier, every other one is kept by law.
                let identifier = (field == 0).then_some(IdentifierKind::Email);
                let value = if field == 0 { email(*n) } else { "x".repeat(FIELD) };
                let (basis, years) =
                    if field % 2 == 0 { (Basis::Consent, None) } else { (Basis::Law, Some(5)) };
                let purpose = "due_diligence".to_owned();
                let value = value.into();
                own.insert(
                    format!("field-{field}"),
                    PersonalField {
                        value,
                        purpose,
                        basis: Some(basis),
                        years,
                        retention: None,
                        identifier,
                    },
                );
            }
            commands.push(SealData { party: key, fields: own }.into());
        }
        assert!(t.submit(&commands)?.iter().all(|one| one.ok), "every party is new");
    }
    Ok(())
}

/// A million transfers, so that what follows has a history behind it.
fn history(t: &Thalium) -> Result<(), Box<dyn Error>> {
    const ROUNDS: u128 = 125;
    t.do_one(Account::asset("bank:USD", "USD"))?;
    t.do_one(Account::liability("c0:USD", "USD"))?;
    assert!(t.do_one(Post::new("dep", "bank:USD", "c0:USD", "1.00"))?.ok);
    let (bank, client) = (Id::from_key("account", "bank:USD"), Id::from_key("account", "c0:USD"));
    let mut tickets = Vec::new();
    for round in 0..ROUNDS {
        let transfer = |n| Transfer {
            id: Id(round * 8_000 + n + 1),
            debit_account_id: bank,
            credit_account_id: client,
            amount: 1,
            ledger: USD,
            code: 1,
            ..Transfer::default()
        };
        tickets.push(t.send((0..8_000).map(|n| transfer(n).into()).collect())?);
        if tickets.len() > 3 {
            t.wait(tickets.remove(0))?;
        }
    }
    for ticket in tickets {
        t.wait(ticket)?;
    }
    Ok(())
}

fn micros(took: Duration) -> f64 {
    took.as_secs_f64() * 1e6
}
