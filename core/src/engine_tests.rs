use super::*;
use crate::command::COMMANDS_MAX;
use crate::event::AssetRegistered;
use crate::ledger::account::{AccountFlags, NewAccount};
use crate::ledger::detail::Detail;
use crate::ledger::transaction::{Leg, Side, Transaction};
use crate::ledger::transfer::TransferFlags;
use crate::time::SECOND;
use crate::{Balances, Id};

const NOW: i64 = 1_700_000_000 * SECOND;
const USD: u32 = 840;
const ZAR: u32 = 710;

fn account(id: u128, ledger: u32) -> Command {
    let flags = AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS;
    let flags = if id == 1 || id == 11 { AccountFlags::default() } else { flags };
    NewAccount { id: Id(id), ledger, code: 1, flags, ..NewAccount::default() }.into()
}

fn transfer(id: u128, debit: u128, credit: u128, amount: u128) -> Transfer {
    let (debit_account_id, credit_account_id) = (Id(debit), Id(credit));
    Transfer {
        id: Id(id),
        debit_account_id,
        credit_account_id,
        amount,
        ledger: USD,
        code: 1,
        ..Transfer::default()
    }
}

/// Accounts 1 (a bank), 2 and 3 in USD; 11 (a bank), 12 and 13 in ZAR. Client 2 has 100, client 13 has 500.
fn engine() -> Engine {
    let mut engine = Engine::new(Genesis::default());
    let mut commands: Vec<Command> = [1, 2, 3].map(|id| account(id, USD)).into();
    commands.extend([11, 12, 13].map(|id| account(id, ZAR)));
    commands.push(transfer(100, 1, 2, 100).into());
    commands.push(Transfer { ledger: ZAR, ..transfer(101, 11, 13, 500) }.into());
    let outcomes = run(&mut engine, NOW, commands);
    assert!(outcomes.iter().all(|outcome| outcome.status.is_created()));
    engine
}

fn run(engine: &mut Engine, now: i64, commands: Vec<Command>) -> Vec<Outcome> {
    engine.execute(&Request { context: Context::default(), now, commands }).unwrap().outcomes
}

fn names(outcomes: &[Outcome]) -> Vec<&'static str> {
    outcomes.iter().map(|outcome| outcome.status.name()).collect()
}

fn posted(engine: &Engine, id: u128) -> (u128, u128) {
    let Balances { debits_posted, credits_posted, .. } = engine.book().balances(Id(id)).unwrap();
    (debits_posted, credits_posted)
}

fn leg(side: Side, account: u128, amount: u128, ledger: u32) -> Leg {
    Leg { account_id: Id(account), side, amount, ledger }
}

/// Client 2 buys 50 ZAR of client 13 for 10 USD.
fn trade(id: u128) -> Transaction {
    let legs = vec![
        leg(Side::Debit, 2, 10, USD),
        leg(Side::Credit, 3, 10, USD),
        leg(Side::Debit, 13, 50, ZAR),
        leg(Side::Credit, 12, 50, ZAR),
    ];
    Transaction { id: Id(id), legs, code: 7, ..Transaction::default() }
}

#[test]
fn a_retry_gets_the_original_outcome() {
    let mut engine = engine();
    let first = run(&mut engine, NOW + 1, vec![transfer(7, 2, 3, 30).into()])[0];
    let state = engine.state_hash();
    let again = run(&mut engine, NOW + 99 * SECOND, vec![transfer(7, 2, 3, 30).into()])[0];
    assert_eq!(again, Outcome { status: Status::Transfer(TransferStatus::Exists), ..first });
    let other = run(&mut engine, NOW + 99 * SECOND, vec![transfer(7, 2, 3, 31).into()])[0];
    assert_eq!(other.status.name(), "exists_with_different_amount");
    assert_eq!(engine.state_hash(), state);
}

#[test]
fn a_key_is_an_id_and_guards_what_stands_under_it() {
    let mut engine = engine();
    let keyed = |key: &str, amount| Transfer {
        detail: Detail::keyed(key).boxed(),
        ..transfer(Id::from_key("transfer", key).0, 2, 3, amount)
    };
    let table: [(&str, Transfer, &str); 5] = [
        ("the first", keyed("dep-9", 5), "created"),
        ("a retry", keyed("dep-9", 5), "exists"),
        ("the key with another amount", keyed("dep-9", 6), "exists_with_different_amount"),
        (
            "the key under an id of its own",
            Transfer { id: Id(77), ..keyed("dep-9", 5) },
            "exists_with_different_detail",
        ),
        (
            "an id with another key",
            Transfer { id: Id::from_key("transfer", "dep-9"), ..keyed("dep-10", 5) },
            "exists_with_different_detail",
        ),
    ];
    for (what, transfer, want) in table {
        assert_eq!(names(&run(&mut engine, NOW, vec![transfer.into()])), [want], "{what}");
    }
    assert_eq!(
        engine.book().transfer(Id::from_key("transfer", "dep-9")).unwrap().transfer.amount,
        5
    );
}

#[test]
fn a_failure_that_may_pass_burns_the_id() {
    let mut engine = engine();
    assert_eq!(
        names(&run(&mut engine, NOW, vec![transfer(7, 2, 3, 101).into()])),
        ["exceeds_credits"]
    );
    run(&mut engine, NOW, vec![transfer(8, 1, 2, 1).into()]);
    assert_eq!(
        names(&run(&mut engine, NOW, vec![transfer(7, 2, 3, 101).into()])),
        ["id_already_failed"]
    );
    assert_eq!(names(&run(&mut engine, NOW, vec![transfer(9, 2, 3, 101).into()])), ["created"]);
}

#[test]
fn a_transaction_is_booked_whole_or_not_at_all() {
    let mut engine = engine();
    let outcome = run(&mut engine, NOW, vec![trade(40).into()])[0];
    assert_eq!((outcome.status.name(), outcome.amount), ("created", 60));
    assert_eq!(
        [2, 3, 12, 13].map(|id| posted(&engine, id)),
        [(10, 100), (0, 10), (0, 50), (50, 500)]
    );
    let parts = engine.book().transaction(Id(40));
    assert_eq!(parts.iter().map(|part| part.transfer.amount).collect::<Vec<_>>(), [50, 10]);
    assert_eq!(engine.book().transaction(parts[1].transfer.id), parts);

    let state = engine.state_hash();
    assert_eq!(run(&mut engine, NOW + SECOND, vec![trade(40).into()])[0].status.name(), "exists");
    let mut other = trade(40);
    other.legs[0].amount = 9;
    other.legs[1].amount = 9;
    assert_eq!(names(&run(&mut engine, NOW, vec![other.into()])), ["exists_with_different_legs"]);
    let mut fewer = trade(40);
    fewer.legs.truncate(2);
    let refused = names(&run(&mut engine, NOW, vec![fewer.into()]));
    assert_eq!(refused, ["exists_with_different_debit_account_id"]);
    assert_eq!(engine.state_hash(), state);

    let mut dear = trade(41);
    dear.legs[0].amount = 1_000;
    dear.legs[1].amount = 1_000;
    assert_eq!(names(&run(&mut engine, NOW, vec![dear.into()])), ["exceeds_credits"]);
    assert_eq!(
        [2, 3, 12, 13].map(|id| posted(&engine, id)),
        [(10, 100), (0, 10), (0, 50), (50, 500)]
    );
    assert_eq!(names(&run(&mut engine, NOW, vec![trade(41).into()])), ["id_already_failed"]);
    let lame = Transaction { legs: trade(42).legs[..3].to_vec(), ..trade(42) };
    assert_eq!(names(&run(&mut engine, NOW, vec![lame.into()])), ["legs_must_balance"]);
}

#[test]
fn a_chain_may_open_the_accounts_that_it_pays() {
    let mut engine = engine();
    let linked = |command: Command| match command {
        Command::Account(account) => Command::from(NewAccount {
            flags: account.flags.with(AccountFlags::LINKED),
            ..*account
        }),
        Command::Transfer(transfer) => {
            Transfer { flags: transfer.flags.with(TransferFlags::LINKED), ..transfer }.into()
        }
        other => other,
    };
    let chain = |amount| {
        vec![
            linked(account(4, USD)),
            linked(transfer(50, 2, 4, amount).into()),
            transfer(51, 4, 3, 20).into(),
        ]
    };
    assert_eq!(
        names(&run(&mut engine, NOW, chain(10))),
        ["linked_event_failed", "linked_event_failed", "exceeds_credits"]
    );
    assert!(engine.book().account(Id(4)).is_none());
    let mut chain = chain(30);
    if let Command::Transfer(last) = &mut chain[2] {
        last.id = Id(52);
    }
    assert_eq!(names(&run(&mut engine, NOW, chain)), ["created", "created", "created"]);
    assert_eq!(posted(&engine, 4), (20, 30));
}

#[test]
fn holds_run_out_at_their_instant_in_order() {
    let mut engine = engine();
    let hold = |id, amount, timeout| -> Command {
        Transfer { flags: TransferFlags::PENDING, timeout, ..transfer(id, 2, 3, amount) }.into()
    };
    run(&mut engine, NOW + SECOND, vec![hold(60, 1, 9), hold(61, 2, 3), hold(62, 4, 3)]);
    let pending = |engine: &Engine| engine.book().balances(Id(2)).unwrap().debits_pending;
    let booked = engine.book().transfer(Id(61)).unwrap().transfer.timestamp;
    assert_eq!(pending(&engine), 7);
    run(&mut engine, booked + 3 * SECOND - 1, vec![]);
    assert_eq!(pending(&engine), 7);
    run(&mut engine, booked + 3 * SECOND, vec![]);
    assert_eq!(pending(&engine), 5);
    run(&mut engine, booked + 20 * SECOND, vec![]);
    assert_eq!(pending(&engine), 0);
    let expired: Vec<u128> = engine
        .book()
        .events_from(0)
        .filter_map(|bytes| match event::decode(&bytes).unwrap().1 {
            Body::TransferExpired(expired) => Some(expired.pending_id.0),
            _ => None,
        })
        .collect();
    assert_eq!(expired, [61, 62, 60]);
    let late = Transfer {
        flags: TransferFlags::POST_PENDING,
        pending_id: Id(60),
        id: Id(63),
        ..Transfer::default()
    };
    assert_eq!(names(&run(&mut engine, NOW, vec![late.into()])), ["pending_transfer_expired"]);
}

#[test]
fn a_request_out_of_bounds_changes_nothing() {
    let mut engine = engine().with_jump_limit(3_600 * SECOND);
    let state = engine.state_hash();
    let ok = |id| Command::from(transfer(id, 2, 3, 1));
    let long = |length| Detail { description: "x".repeat(length), ..Detail::default() }.boxed();
    let table: Vec<(&str, Request)> = vec![
        (
            "an hour and a bit ahead",
            Request { now: NOW + 3_601 * SECOND, commands: vec![ok(1)], ..Request::default() },
        ),
        ("before 1970", Request { now: -1, commands: vec![ok(2)], ..Request::default() }),
        ("the end of time", Request { now: i64::MAX, commands: vec![ok(3)], ..Request::default() }),
        (
            "an actor of 257 bytes",
            Request {
                now: NOW,
                context: Context { actor: "a".repeat(257), ..Context::default() },
                commands: vec![ok(4)],
            },
        ),
        (
            "a description of 1,025 bytes, behind a good command",
            Request {
                now: NOW,
                commands: vec![
                    ok(5),
                    Transfer { detail: long(1_025), ..transfer(6, 2, 3, 1) }.into(),
                ],
                ..Request::default()
            },
        ),
        (
            "1,025 legs",
            Request {
                now: NOW,
                commands: vec![
                    ok(7),
                    Transaction { legs: vec![leg(Side::Debit, 2, 1, USD); 1_025], ..trade(8) }
                        .into(),
                ],
                ..Request::default()
            },
        ),
        (
            "65,537 commands",
            Request { now: NOW, commands: vec![ok(9); COMMANDS_MAX + 1], ..Request::default() },
        ),
    ];
    for (what, request) in table {
        let refused = engine.execute(&request).err().map(|error| error.to_string());
        assert!(refused.is_some(), "{what}");
        assert_eq!(engine.state_hash(), state, "{what}");
    }
    assert_eq!(names(&run(&mut engine, NOW, vec![ok(10)])), ["created"]);
}

#[test]
fn assets_are_registered_once() {
    let mut engine = engine();
    let asset = |code: &str, scale, ledger| -> Command {
        let asset =
            crate::money::Asset::new(code.parse().unwrap(), scale, crate::money::AssetKind::Crypto)
                .unwrap();
        AssetRegistered { ledger, asset }.into()
    };
    let table = [
        (asset("BTC", 8, 1_000), "created"),
        (asset("BTC", 8, 1_000), "exists"),
        (asset("BTC", 9, 1_000), "exists_with_different_scale"),
        (asset("BTC", 8, 1_001), "exists_with_different_ledger"),
        (asset("ETH", 18, 1_000), "ledger_already_taken"),
        (asset("ETH", 18, 710), "ledger_already_taken"),
        (asset("ETH", 18, 0), "ledger_must_not_be_zero"),
        (asset("THAL", 18, 1_001), "created"),
        // A currency of ISO 4217 is there already and cannot be taken over.
        (asset("USD", 2, 840), "exists_with_different_kind"),
        (asset("USD", 18, 5_000), "exists_with_different_scale"),
    ];
    for (command, want) in table {
        assert_eq!(names(&run(&mut engine, NOW, vec![command.clone()])), [want], "{command:?}");
    }
    assert_eq!(names(&run(&mut engine, NOW, vec![account(20, 1_002)])), ["asset_not_found"]);
}

#[test]
fn a_log_that_does_not_continue_is_refused() {
    let engine = engine();
    let events: Vec<Vec<u8>> = engine.book().events_from(0).map(|event| event.to_vec()).collect();
    let mut again = Engine::empty();
    assert!(matches!(again.replay(&events[1]), Err(ReplayError::Genesis { .. })));
    again.replay(&events[0]).unwrap();
    assert!(again.replay(&events[2]).unwrap_err().to_string().contains("not the next one"));
    for event in &events[1..] {
        again.replay(event).unwrap();
    }
    assert_eq!(again.state_hash(), engine.state_hash());
    let mut other = Vec::new();
    let genesis = Genesis { rules: 2, ..Genesis::default() };
    event::encode(
        event::Header { sequence: 0, timestamp: 0, request: 0 },
        &Body::Genesis(genesis),
        &mut other,
    );
    assert!(matches!(Engine::empty().replay(&other), Err(ReplayError::Genesis { rules: 2, .. })));
}

#[test]
fn a_retry_names_the_original_whatever_was_asked() {
    let keyed = |key: &str| Detail::keyed(key).boxed();
    let key = |namespace, key| Id::from_key(namespace, key);
    let opened = |id, key, parent| NewAccount {
        id: Id(id),
        parent,
        ledger: USD,
        code: 1,
        detail: keyed(key),
        ..NewAccount::default()
    };
    let hold =
        Transfer { flags: TransferFlags::PENDING, detail: keyed("h60"), ..transfer(60, 1, 2, 30) };
    let post = Transfer {
        id: Id(61),
        pending_id: key("transfer", "h60"),
        amount: 20,
        flags: TransferFlags::POST_PENDING,
        ..Transfer::default()
    };
    let most = Transfer { flags: TransferFlags::BALANCING_DEBIT, ..transfer(62, 2, 3, 1_000) };
    let empty = Transfer { detail: Some(Box::default()), ..transfer(63, 1, 2, 4) };
    #[rustfmt::skip]
    let table: Vec<(&str, Command, u128)> = vec![
        ("an account",                              opened(20, "c20", Id::ZERO).into(),              0),
        ("one below it, named by its key",          opened(21, "c21", key("account", "c20")).into(), 0),
        ("a hold",                                  hold.into(),                                     30),
        ("a post in part of the hold, by its key",  post.into(),                                     20),
        ("as much as there is",                     most.into(),                                     120),
        ("a transfer with an empty detail",         empty.into(),                                    4),
        ("a transaction in two assets",             Transaction { id: Id(64), legs: vec![
            leg(Side::Debit, 3, 10, USD), leg(Side::Credit, 1, 10, USD),
            leg(Side::Debit, 13, 50, ZAR), leg(Side::Credit, 11, 50, ZAR),
        ], code: 7, ..Transaction::default() }.into(),                                               60),
    ];
    let mut engine = engine();
    let mut firsts = Vec::new();
    for (what, command, amount) in &table {
        let first = run(&mut engine, NOW + SECOND, vec![command.clone()])[0];
        assert!(first.status.is_created() && first.amount == *amount, "{what}: {first:?}");
        firsts.push(first);
    }
    let state = engine.state_hash();
    for ((what, command, _), first) in table.iter().zip(firsts) {
        let again = run(&mut engine, NOW + 99 * SECOND, vec![command.clone()])[0];
        assert!(again.status.is_replay(), "{what}: {again:?}");
        assert_eq!(again, Outcome { status: again.status, ..first }, "{what}");
    }
    assert_eq!(engine.state_hash(), state);
    assert_eq!(engine.book().account(Id(21)).unwrap().opened.parent, Id(20));
    assert_eq!(engine.book().transfer(Id(63)).unwrap().transfer.detail, None);
}

#[test]
fn a_refusal_that_stays_leaves_no_trace() {
    let mut engine = engine();
    let single = |t: Transfer| vec![t.into()];
    let linked = Transfer { flags: TransferFlags::LINKED, ..transfer(70, 2, 3, 1) };
    let unknown = Transfer { flags: TransferFlags(1 << 15), ..transfer(70, 2, 3, 1) };
    #[rustfmt::skip]
    let table: Vec<(&str, Vec<Command>, &[&str])> = vec![
        ("nothing",                 vec![],                                                     &[]),
        ("an id of zero",           single(transfer(0, 2, 3, 1)),                               &["id_must_not_be_zero"]),
        ("the reserved id",         single(transfer(u128::MAX, 2, 3, 1)),                       &["id_must_not_be_int_max"]),
        ("an unknown flag",         single(unknown),                                            &["reserved_flag"]),
        ("no code",                 single(Transfer { code: 0, ..transfer(70, 2, 3, 1) }),      &["code_must_not_be_zero"]),
        ("to itself",               single(transfer(70, 2, 2, 1)),                              &["accounts_must_be_different"]),
        ("across two assets",       single(transfer(70, 2, 12, 1)),                             &["accounts_must_have_the_same_ledger"]),
        ("in another asset",        single(Transfer { ledger: ZAR, ..transfer(70, 2, 3, 1) }),  &["transfer_must_have_the_same_ledger_as_accounts"]),
        ("a chain that stays open", vec![linked.clone().into(), linked.into()],                 &["linked_event_failed", "linked_event_chain_open"]),
        ("an account twice",        vec![account(2, USD), account(3, USD)],                     &["exists", "exists"]),
        ("a retry",                 single(transfer(100, 1, 2, 100)),                           &["exists"]),
        ("an account for no asset", vec![account(70, 1_234)],                                   &["asset_not_found"]),
        ("a transaction of no legs", vec![Transaction { id: Id(70), code: 1, ..Transaction::default() }.into()], &["legs_must_not_be_empty"]),
    ];
    let (state, root) = (engine.state_hash(), engine.root());
    for (what, commands, want) in table {
        let request = Request { context: Context::default(), now: NOW + SECOND, commands };
        let executed = engine.execute(&request).unwrap();
        assert_eq!(names(&executed.outcomes), want, "{what}");
        assert_eq!(executed.event_count, 0, "{what}");
        assert_eq!((engine.state_hash(), engine.root()), (state, root), "{what}");
    }
}

#[test]
fn a_leg_too_many_moves_nothing_and_burns_the_transaction() {
    let mut engine = engine();
    let balances = |engine: &Engine| [1, 2, 3].map(|id| posted(engine, id));
    let before = balances(&engine);
    let legs = vec![
        leg(Side::Debit, 1, 40, USD),
        leg(Side::Debit, 2, 60, USD),
        leg(Side::Debit, 3, 1, USD),
        leg(Side::Credit, 99, 101, USD),
    ];
    run(&mut engine, NOW, vec![account(99, USD)]);
    let payout = Transaction { id: Id(80), legs, code: 7, ..Transaction::default() };
    let request = Request { now: NOW, commands: vec![payout.clone().into()], ..Request::default() };
    let executed = engine.execute(&request).unwrap();
    assert_eq!(names(&executed.outcomes), ["exceeds_credits"]);
    assert_eq!(executed.event_count, 2, "the envelope and the burnt id");
    assert_eq!(balances(&engine), before);
    assert_eq!(posted(&engine, 99), (0, 0));
    assert!(engine.book().transaction(Id(80)).is_empty());

    run(&mut engine, NOW, vec![transfer(81, 1, 3, 1).into()]);
    assert_eq!(names(&run(&mut engine, NOW, vec![payout.clone().into()])), ["id_already_failed"]);
    let anew = Transaction { id: Id(82), ..payout };
    assert_eq!(names(&run(&mut engine, NOW, vec![anew.into()])), ["created"]);
    assert_eq!(posted(&engine, 99), (0, 101));
}

#[test]
fn a_preview_is_what_executing_gives_holds_that_are_due_among_it() {
    let mut engine = engine();
    let hold = Transfer { flags: TransferFlags::PENDING, timeout: 1, ..transfer(60, 2, 3, 90) };
    run(&mut engine, NOW, vec![hold.into()]);
    let commands = vec![
        transfer(90, 2, 3, 80).into(),
        transfer(91, 2, 3, 80).into(),
        trade(92).into(),
        account(93, USD),
    ];
    let at = |now| Request { context: Context::default(), now, commands: commands.clone() };
    let (state, events) = (engine.state_hash(), engine.book().event_count());
    let early = engine.preview(&at(NOW + SECOND / 2)).unwrap();
    assert_eq!(names(&early), ["exceeds_credits", "exceeds_credits", "created", "created"]);
    let late = engine.preview(&at(NOW + 2 * SECOND)).unwrap();
    assert_eq!(names(&late), ["created", "exceeds_credits", "created", "created"]);
    assert_eq!((engine.state_hash(), engine.book().event_count()), (state, events));
    assert_eq!(engine.execute(&at(NOW + 2 * SECOND)).unwrap().outcomes, late);
}

#[test]
fn an_import_answers_with_the_instant_that_it_brought() {
    let mut engine = engine();
    let old = engine.book().clock();
    let opened = NewAccount {
        id: Id(20),
        ledger: USD,
        code: 1,
        flags: AccountFlags::IMPORTED,
        timestamp: old + 5,
        ..NewAccount::default()
    };
    let moved =
        Transfer { flags: TransferFlags::IMPORTED, timestamp: old + 7, ..transfer(94, 1, 20, 3) };
    let commands: Vec<Command> = vec![opened.into(), moved.into()];
    for want in ["created", "exists"] {
        let outcomes = run(&mut engine, NOW + 60 * SECOND, commands.clone());
        assert_eq!(names(&outcomes), [want, want]);
        let instants: Vec<i64> = outcomes.iter().map(|outcome| outcome.timestamp).collect();
        assert_eq!(instants, [old + 5, old + 7], "{want}");
    }
}

#[test]
fn a_log_begins_once() {
    let mut engine = engine();
    let header = event::Header { sequence: engine.book().event_count(), timestamp: 0, request: 0 };
    let mut bytes = Vec::new();
    event::encode(header, &Body::Genesis(Genesis::default()), &mut bytes);
    let state = engine.state_hash();
    assert!(engine.replay(&bytes).unwrap_err().to_string().contains("a log begins once"));
    assert_eq!(engine.state_hash(), state);
}

/// Transfers that no engine of ours writes: each is refused with its reason, and the books stay as they were.
#[test]
fn a_forged_transfer_is_refused_and_changes_nothing() {
    let mut engine = engine();
    let hold = Transfer { flags: TransferFlags::PENDING, ..transfer(60, 2, 3, 40) };
    run(&mut engine, NOW, vec![hold.into()]);
    let capture = |debit, credit, amount| Transfer {
        flags: TransferFlags::POST_PENDING,
        pending_id: Id(60),
        ..transfer(61, debit, credit, amount)
    };
    let table = [
        ("no such account", transfer(61, 2, 99, 1), "no such credit account"),
        ("one account", transfer(61, 2, 2, 1), "one account"),
        ("accounts of two assets", transfer(61, 2, 13, 1), "of another asset"),
        ("another asset", Transfer { ledger: ZAR, ..transfer(61, 2, 3, 1) }, "of another asset"),
        ("more than fits", transfer(61, 1, 2, u128::MAX), "does not fit"),
        ("a capture between others", capture(3, 2, 40), "between other accounts"),
        ("a capture of more", capture(2, 3, 41), "does not fit"),
        ("of no hold", Transfer { pending_id: Id(100), ..capture(2, 3, 1) }, "is not pending"),
    ];
    let (state, sequence) = (engine.state_hash(), engine.book().event_count());
    for (name, forged, says) in table {
        let header = event::Header { sequence, timestamp: NOW + 9, request: 0 };
        let mut bytes = Vec::new();
        event::encode(header, &Body::TransferCreated(forged), &mut bytes);
        let refused = engine.replay(&bytes).unwrap_err().to_string();
        assert!(refused.contains(says), "{name}: {refused}");
        assert_eq!((engine.state_hash(), engine.book().event_count()), (state, sequence), "{name}");
    }
}

/// However a booking comes about, what it seals by law is kept as long as the longest of them says: when it is decided, when it
/// is replayed, in an image, and for a forgetting in the same chain.
#[test]
fn what_a_booking_seals_by_law_is_kept_after_replay_too() {
    use crate::ledger::detail::Sealed;
    use crate::party::change::{Amendment, Forget, NewParty, RetentionClass};
    use crate::party::{Change, ForgetScope, PartyStatus};

    let sealed = |years| {
        let sealed =
            Sealed { subject: Id(7), years, retention: String::new(), value: vec![1, 2, 3] };
        Detail { sealed: Some(sealed), ..Detail::default() }.boxed()
    };
    let account = |id, years| NewAccount {
        id: Id(id),
        ledger: 840,
        code: 1,
        detail: sealed(years),
        ..NewAccount::default()
    };
    let transfer = |id, years| Transfer {
        id: Id(id),
        debit_account_id: Id(1),
        credit_account_id: Id(2),
        amount: 1,
        ledger: 840,
        code: 1,
        detail: sealed(years),
        ..Transfer::default()
    };
    let leg = |account, side| Leg { account_id: Id(account), side, amount: 1, ledger: 840 };
    let transaction = Transaction {
        id: Id(30),
        legs: vec![leg(1, Side::Debit), leg(2, Side::Credit)],
        code: 1,
        detail: sealed(Some(9)),
        ..Transaction::default()
    };
    let class =
        |years| Change::from(RetentionClass { name: "kyc".to_owned(), years, law: None }).into();
    let mut of_class = transfer(13, None);
    if let Some(sealed) = of_class.detail.as_mut().and_then(|detail| detail.sealed.as_mut()) {
        sealed.retention = "kyc".to_owned();
    }
    let forget = || Change::from(Forget { party: Id(7), scope: ForgetScope::All });
    let linked = Transfer { flags: TransferFlags::LINKED, ..transfer(40, Some(99)) };
    let ended = Amendment { party: Id(7), ended: Some(0), ..Amendment::default() };
    let steps: Vec<(Vec<crate::Command>, Option<u8>)> = vec![
        (vec![Change::from(NewParty { id: Id(7), ..NewParty::default() }).into()], None),
        (vec![account(1, None).into(), account(2, Some(1)).into()], Some(1)),
        (vec![transfer(10, Some(3)).into()], Some(3)),
        (vec![transfer(11, Some(2)).into(), transfer(12, None).into()], Some(3)),
        (vec![transaction.into()], Some(9)),
        (vec![class(8)], Some(9)),
        (vec![of_class.into()], Some(9)),
        (vec![class(20)], Some(20)),
        (vec![class(2)], Some(9)),
        (vec![Change::from(ended).into()], Some(9)),
    ];
    let mut engine = Engine::new(Genesis::default());
    let request =
        |commands| Request { context: Context::default(), now: 20_000 * 86_400 * SECOND, commands };
    for (commands, years) in steps {
        let outcomes = engine.execute(&request(commands)).unwrap().outcomes;
        assert!(outcomes.iter().all(Outcome::is_booked), "{outcomes:?}");
        let kept = |engine: &Engine| {
            let parties = engine.parties();
            parties.years_kept(parties.record(Id(7)).unwrap())
        };
        assert_eq!(kept(&engine), years);
        let mut replayed = Engine::empty();
        for event in engine.book().events_from(0) {
            replayed.replay(&event).unwrap();
        }
        assert_eq!((kept(&replayed), replayed.state_hash()), (years, engine.state_hash()));
    }
    // The chain would keep it for 99 years, so nothing of the chain is done; alone it may be forgotten.
    let chain = request(vec![linked.into(), forget().into()]);
    let previewed: Vec<_> = engine.preview(&chain).unwrap().iter().map(|one| one.status).collect();
    let decided: Vec<_> =
        engine.execute(&chain).unwrap().outcomes.iter().map(|one| one.status).collect();
    assert_eq!(previewed, decided);
    assert_eq!(decided[1], Status::Party(PartyStatus::RetentionHasNotPassed));
    let alone = engine.execute(&request(vec![forget().into()])).unwrap();
    assert!(alone.outcomes[0].is_booked());
    let late = engine.execute(&request(vec![transfer(50, Some(1)).into()])).unwrap();
    let gone = Status::Transfer(TransferStatus::SubjectWasForgotten);
    assert_eq!(late.outcomes[0].status, gone);
    // Another's id than the party's own would be another's key.
    let alias = NewParty { id: Id(8), key: Some("c8".to_owned()), ..NewParty::default() };
    engine.execute(&request(vec![Change::from(alias).into()])).unwrap();
    let mut named = transfer(51, Some(1));
    if let Some(sealed) = named.detail.as_mut().and_then(|detail| detail.sealed.as_mut()) {
        sealed.subject = Id::from_key("party", "c8");
    }
    let told = engine.execute(&request(vec![named.into()])).unwrap().outcomes[0].status;
    assert_eq!(told, Status::Transfer(TransferStatus::SubjectNotFound));
}
