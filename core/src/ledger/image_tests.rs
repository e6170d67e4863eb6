use super::*;
use crate::audit::merkle::MerkleTree;
use crate::ledger::detail::Detail;
use crate::money::{Asset, AssetCode, AssetKind};
use crate::port::memory::MemoryPart;
use crate::{Command, Engine, Genesis, NewAccount, Request, Transfer, TransferFlags};

const SECOND: i64 = 1_000_000_000;

/// Books with an asset, a key, balances past 64 bits, holds that are open, timed and ended.
fn books() -> Engine {
    let mut engine = Engine::new(Genesis::default());
    let account = |id: u128, key: &str| NewAccount {
        id: Id(id),
        ledger: 1_000,
        code: 1,
        detail: (!key.is_empty()).then(|| Box::new(Detail::keyed(key))),
        ..NewAccount::default()
    };
    let transfer = |id: u128, amount, flags, pending: u128, timeout| Transfer {
        id: Id(id),
        debit_account_id: Id(1),
        credit_account_id: Id(2),
        amount,
        ledger: 1_000,
        code: 1,
        flags,
        pending_id: Id(pending),
        timeout,
        ..Transfer::default()
    };
    let none = TransferFlags::default();
    let commands: Vec<Command> = vec![
        event::AssetRegistered {
            ledger: 1_000,
            asset: Asset::new("ETH".parse::<AssetCode>().unwrap(), 18, AssetKind::Crypto).unwrap(),
        }
        .into(),
        account(1, "").into(),
        account(2, "c42:ETH").into(),
        transfer(10, 1 << 70, none, 0, 0).into(),
        transfer(11, 5, TransferFlags::PENDING, 0, 0).into(),
        transfer(12, 6, TransferFlags::PENDING, 0, 60).into(),
        transfer(13, 7, TransferFlags::PENDING, 0, 60).into(),
        transfer(14, 7, TransferFlags::POST_PENDING, 13, 0).into(),
    ];
    let request = Request { now: SECOND, commands, ..Request::default() };
    let outcomes = engine.execute(&request).unwrap().outcomes;
    assert!(outcomes.iter().all(|outcome| outcome.status.is_created()), "{outcomes:?}");
    engine
}

#[test]
fn an_image_is_read_as_it_was_written() {
    let mut engine = books();
    let bytes = engine.image().to_bytes();
    assert_eq!(Image::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    let (summary, part) = MemoryPart::of(&engine.cut());
    let mut again = Engine::empty();
    again.attach(&summary, Box::new(part)).unwrap();
    again.restore(&bytes, engine.tree().clone()).unwrap();
    assert_eq!(again.state_hash(), engine.state_hash());
    assert_eq!(again.root(), engine.root());
    assert_eq!(
        again.book().account(Id::from_key("account", "c42:ETH")),
        engine.book().account(Id(2))
    );
    assert_eq!(again.book().next_timeout(), engine.book().next_timeout());
    let states = |engine: &Engine| -> Vec<_> {
        engine.book().transfers().map(|record| record.state.name()).collect()
    };
    assert_eq!(states(&again), ["none", "pending", "pending", "posted", "none"]);
    assert_eq!(states(&engine), states(&again));
}

#[test]
fn what_is_no_image_is_refused() {
    let bytes = books().image().to_bytes();
    for len in 0..bytes.len() {
        assert!(Image::from_bytes(&bytes[..len]).is_err(), "{len} bytes of {}", bytes.len());
    }
    let with = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        Image::from_bytes(&bytes).map(|image| image.to_bytes() == bytes)
    };
    assert_eq!(with(0, 9), Err(ImageError::Version(9)));
    // Reserved bytes; the counts of transfers, accounts and holds; the event that opened the first account.
    for (at, byte, what) in [
        (2, 1, "a reserved byte is not zero"),
        (47, 0xff, "it has more records than events"),
        (55, 0xff, "it has more records than events"),
        (71, 0xff, "a hold is out of order"),
        (119, 0xff, "an account is of no event"),
    ] {
        let told = with(at, byte).unwrap_err().to_string();
        assert!(told.contains(what), "byte {at}: {told}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(Image::from_bytes(&longer).unwrap_err().to_string().contains("behind its end"));
    // Whatever one byte is changed to, what is accepted is written as it was read.
    for at in 0..bytes.len().min(2_000) {
        assert!(with(at, 0xa5).unwrap_or(true), "byte {at}");
    }
}

#[test]
fn an_image_goes_into_an_empty_engine_whose_parts_reach_as_far() {
    let mut engine = books();
    let image = engine.image().to_bytes();
    let events = engine.book().event_count();
    assert_eq!(engine.restore(&image, MerkleTree::default()), Err(ImageError::NotEmpty));
    let mut empty = Engine::empty();
    let history = Err(ImageError::History { events, parts: 0 });
    assert_eq!(empty.restore(&image, MerkleTree::default()), history);
}
