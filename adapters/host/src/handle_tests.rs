use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::{NewKeys, backup, rehearse, restore, verify};
use thalium::api::{Account, Capture, Hold, Post, Release};
use thalium_store::Until;

fn open(path: &Path) -> Thalium {
    let options = Options { segment_len: 256 << 10, ..Options::default() };
    Thalium::open_with(&format!("file:{}", path.display()), options).unwrap()
}

fn chart(t: &Thalium) {
    let outcomes = t.submit(&[
        Account::asset("bank:ZAR", "ZAR").into(),
        Account::liability("c42:ZAR", "ZAR").into(),
        Account::liability("c77:ZAR", "ZAR").into(),
        Account::liability("holds:ZAR", "ZAR").into(),
    ]);
    assert!(outcomes.unwrap().iter().all(|outcome| outcome.ok));
}

fn available(t: &Thalium, account: &str) -> String {
    t.account(account).unwrap().unwrap().balances.available
}

#[test]
fn what_was_acknowledged_is_there_after_opening_again() {
    let directory = tempfile::tempdir().unwrap();
    let t = open(directory.path());
    chart(&t);
    for n in 0..100 {
        assert!(t.do_one(Post::new(format!("dep-{n}"), "bank:ZAR", "c42:ZAR", "1.23")).unwrap().ok);
    }
    let (size, root) = t.root().unwrap();
    let state = t.check().unwrap();
    // One store, one writer.
    let second = Thalium::open(&directory.path().display().to_string()).err().unwrap();
    assert!(second.to_string().contains("in use by another writer"), "{second}");
    drop(t);
    for round in 0..3 {
        let t = open(directory.path());
        assert_eq!(t.opened().recovery.from_snapshot, round > 1);
        assert_eq!((t.root().unwrap(), t.check().unwrap()), ((size, root), state));
        assert!(t.do_one(Post::new("dep-7", "bank:ZAR", "c42:ZAR", "1.23")).unwrap().replayed);
        let other = t.do_one(Post::new("dep-7", "bank:ZAR", "c42:ZAR", "1.24")).unwrap();
        assert_eq!(other.status, "exists_with_different_amount");
        assert_eq!(available(&t, "c42:ZAR"), "123.00");
        if round > 0 { t.close().unwrap() } else { drop(t) }
    }
    let verified = verify(directory.path(), None).unwrap();
    assert_eq!((verified.root, verified.state_hash, verified.transfers), (root, state, 100));
}

#[test]
fn memory_and_directory_come_to_the_same_root() {
    let directory = tempfile::tempdir().unwrap();
    let roots: Vec<_> = [open(directory.path()), Thalium::open("memory:").unwrap()]
        .into_iter()
        .map(|t| {
            let context = Context { actor: "desk".into(), ..Context::default() };
            let submit = |now, command| t.submit_at(&context, now, &[command]).unwrap();
            submit(1_000, Account::asset("bank:ZAR", "ZAR").into());
            submit(2_000, Account::liability("c42:ZAR", "ZAR").into());
            submit(3_000, Post::new("dep-1", "bank:ZAR", "c42:ZAR", "5.00 ZAR").into());
            (t.root().unwrap(), t.check().unwrap())
        })
        .collect();
    assert_eq!(roots[0], roots[1]);
}

#[test]
fn many_threads_lose_nothing_and_book_nothing_twice() {
    let directory = tempfile::tempdir().unwrap();
    let t = Arc::new(open(directory.path()));
    chart(&t);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let t = Arc::clone(&t);
            // Every thread submits the same keys: each is booked once, whoever comes first.
            std::thread::spawn(move || {
                (0..200)
                    .filter(|n| {
                        !t.do_one(Post::new(format!("dep-{n}"), "bank:ZAR", "c42:ZAR", "0.01"))
                            .unwrap()
                            .replayed
                    })
                    .count()
            })
        })
        .collect();
    let booked: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!(booked, 200);
    assert_eq!(available(&t, "c42:ZAR"), "2.00");
}

#[test]
fn requests_under_way_together_come_out_as_one_after_another() {
    let directory = tempfile::tempdir().unwrap();
    let (t, alone) = (open(directory.path()), Thalium::open("memory:").unwrap());
    let account = |id| -> Command {
        thalium::NewAccount { id: Id(id), ledger: 710, code: 1, ..thalium::NewAccount::default() }
            .into()
    };
    let transfer = |id| -> Command {
        thalium::Transfer {
            id: Id(id),
            debit_account_id: Id(1),
            credit_account_id: Id(2),
            amount: id,
            ledger: 710,
            code: 1,
            ..thalium::Transfer::default()
        }
        .into()
    };
    let mut requests =
        vec![Request { now: 1, commands: vec![account(1), account(2)], ..Request::default() }];
    for n in 0..400_u128 {
        // Of many sizes, so that some are written together and some alone, and buffers are used again.
        let commands = (0..n % 37).map(|m| transfer(100 + n * 40 + m)).collect();
        requests.push(Request { now: 2, commands, ..Request::default() });
    }
    let tickets: Vec<_> = requests.iter().map(|request| t.send_request(request).unwrap()).collect();
    for (ticket, request) in tickets.into_iter().zip(&requests) {
        let direct = alone.send_request(request).unwrap();
        assert_eq!(t.wait(ticket).unwrap(), alone.wait(direct).unwrap());
    }
    assert_eq!(
        (t.root().unwrap(), t.check().unwrap()),
        (alone.root().unwrap(), alone.check().unwrap())
    );
    drop(t);
    assert_eq!(verify(directory.path(), None).unwrap().root, alone.root().unwrap().1);
}

#[test]
fn a_hold_is_captured_in_part_for_someone_else() {
    let t = Thalium::open("memory:").unwrap();
    chart(&t);
    t.do_one(Post::new("dep-9", "bank:ZAR", "c42:ZAR", "250.00")).unwrap();
    let hold = Hold {
        key: "ord-7".into(),
        from: "c42:ZAR".into(),
        amount: "100".into(),
        ..Hold::default()
    };
    assert!(t.do_one(hold).unwrap().ok);
    assert_eq!(available(&t, "c42:ZAR"), "150.00");
    let capture =
        Capture { to: Some("c77:ZAR".into()), ..Capture::new("fill-1", "ord-7").amount("60") };
    assert!(t.do_one(capture.clone()).unwrap().ok);
    assert_eq!(
        ["c42:ZAR", "c77:ZAR", "holds:ZAR"].map(|name| available(&t, name)),
        ["190.00", "60.00", "0.00"]
    );
    let late = t.do_one(Release::new("rel-1", "ord-7")).unwrap();
    assert_eq!(late.status, "pending_transfer_already_posted");
    assert_eq!(t.statement("c42:ZAR", 0, 0).unwrap().unwrap().entries.len(), 3);
}

#[test]
fn a_hold_runs_out_by_itself() {
    let t = Thalium::open("memory:").unwrap();
    let hold = Hold { timeout: 1, ..Hold::new("ord-7", "c42:ZAR", "c77:ZAR", "100") };
    let commands = [
        Account::asset("bank:ZAR", "ZAR").into(),
        Account::liability("c42:ZAR", "ZAR").into(),
        Account::liability("c77:ZAR", "ZAR").into(),
        Post::new("dep-9", "bank:ZAR", "c42:ZAR", "250.00").into(),
        hold.into(),
    ];
    // Two seconds ago, so that by now the hold of one second is due.
    t.submit_at(&Context::default(), t.clock.now() - 2_000_000_000, &commands).unwrap();
    assert_eq!(available(&t, "c42:ZAR"), "250.00");
    assert_eq!(t.transfer("ord-7").unwrap().unwrap().state, "expired");
}

#[test]
fn a_command_that_cannot_be_read_stops_no_other() {
    let t = Thalium::open("memory:").unwrap();
    chart(&t);
    let outcomes = t
        .submit(&[
            Post::new("a", "bank:ZAR", "c42:ZAR", "1.001").into(),
            Post::new("b", "bank:ZAR", "c42:ZAR", "1.00 USD").into(),
            Post::new("", "bank:ZAR", "c42:ZAR", "1.00").into(),
            Post::new("c", "bank:ZAR", "nobody", "1.00").into(),
            Post::new("d", "bank:ZAR", "c42:ZAR", "1.00").into(),
        ])
        .unwrap();
    let told: Vec<_> = outcomes
        .iter()
        .map(|o| (o.ok, o.status.as_str(), o.field.as_deref(), o.account.as_deref()))
        .collect();
    assert_eq!(told[0], (false, "invalid", Some("amount"), None));
    assert_eq!(told[1], (false, "invalid", Some("amount"), None));
    assert_eq!(told[2], (false, "invalid", Some("key"), None));
    assert_eq!((told[3].0, told[3].1), (false, "credit_account_not_found"));
    assert_eq!(told[4], (true, "created", None, None));
}

#[test]
fn an_address_that_names_no_ledger_is_refused() {
    assert!(matches!(Thalium::open("mysql://x"), Err(Error::Address(_))));
    let missing =
        Thalium::open_with("file:/nowhere/at/all", Options { create: false, ..Options::default() });
    assert!(missing.err().unwrap().to_string().contains("thalium init"));
}

/// Readers see what was acknowledged, at once, and nothing of theirs reaches the ledger.
#[test]
fn readers_beside_the_writer() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("books").display().to_string();
    let missing = Thalium::open_to_read(&path).err().unwrap();
    assert!(missing.is_missing(), "{missing}");
    assert!(matches!(Thalium::open_to_read("memory:"), Err(Error::NotShared)));

    let writer = Thalium::open(&path).unwrap();
    let reader = Thalium::open_to_read(&path).unwrap();
    let accounts = [Account::asset("bank:ZAR", "ZAR"), Account::liability("c42:ZAR", "ZAR")];
    writer.submit(&accounts.map(Into::into)).unwrap();
    let balance = |t: &Thalium| t.account("c42:ZAR").unwrap().unwrap().balances.balance;
    let mut roots = Vec::new();
    for n in 1..=50_u32 {
        writer.do_one(Post::new(format!("dep-{n}"), "bank:ZAR", "c42:ZAR", "1.00")).unwrap();
        assert_eq!(balance(&reader), format!("{n}.00"));
        assert_eq!(reader.root().unwrap(), writer.root().unwrap());
        roots.push(writer.root().unwrap());
    }
    let refused = reader.do_one(Post::new("dep-x", "bank:ZAR", "c42:ZAR", "1.00"));
    assert!(matches!(refused, Err(Error::ReadOnly)));

    // At a size of the log everything is as it was, whatever comes after.
    let at = |size| Options { access: Access::ReadAt(size), ..Options::default() };
    for (n, root) in (1..).zip(&roots).step_by(7) {
        let then = Thalium::open_with(&path, at(root.0)).unwrap();
        assert_eq!((balance(&then), then.root().unwrap()), (format!("{n}.00"), *root));
        writer.do_one(Post::new(format!("more-{n}"), "bank:ZAR", "c42:ZAR", "1.00")).unwrap();
        assert_eq!((balance(&then), then.root().unwrap()), (format!("{n}.00"), *root));
    }
    let long = Thalium::open_with(&path, at(1_000_000)).err().unwrap().to_string();
    assert!(long.contains("cannot be read as of 1000000"), "{long}");

    // A hold that is due runs out by the writer's hand alone.
    writer.do_one(Hold { timeout: 1, ..Hold::new("h", "c42:ZAR", "bank:ZAR", "1.00") }).unwrap();
    let events = reader.read(thalium::ledger::Book::event_count).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert_eq!(reader.read(thalium::ledger::Book::event_count).unwrap(), events);
    assert!(writer.read(thalium::ledger::Book::event_count).unwrap() > events);
    assert_eq!(reader.check().unwrap(), writer.check().unwrap());

    // Without a writer, after a clean close and a snapshot, the same is read.
    let last = writer.root().unwrap();
    writer.close().unwrap();
    assert_eq!(reader.root().unwrap(), last);
    assert_eq!(Thalium::open_to_read(&path).unwrap().root().unwrap(), last);
}

/// A rolling restart: the next process waits, follows, and goes on where the one before it ended.
#[test]
fn a_waiting_writer_takes_over_from_one_that_ends() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("books").display().to_string();
    let wait = |millis| Options {
        wait: std::time::Duration::from_millis(millis),
        segment_len: 16 << 10,
        ..Options::default()
    };
    let first = Thalium::open_with(&path, wait(0)).unwrap();
    chart(&first);
    for millis in [0, 30] {
        let refused = Thalium::open_with(&path, wait(millis)).err().unwrap().to_string();
        assert!(refused.contains("in use by another writer"), "{refused}");
    }
    let next = {
        let path = path.clone();
        std::thread::spawn(move || Thalium::open_with(&path, wait(60_000)).unwrap())
    };
    // The writer goes on while it is followed, over several segments, until it is told to end.
    let mut booked = 0;
    for n in 0..1_000 {
        let post = Post::new(format!("first-{n}"), "bank:ZAR", "c42:ZAR", "0.01");
        assert!(first.do_one(post).unwrap().ok);
        booked += 1;
    }
    let (size, root) = first.root().unwrap();
    first.close().unwrap();

    let second = next.join().unwrap();
    assert_eq!(second.opened().recovery.events, size);
    assert_eq!(second.root().unwrap(), (size, root));
    for n in 0..booked {
        let again = Post::new(format!("first-{n}"), "bank:ZAR", "c42:ZAR", "0.01");
        assert!(second.do_one(again).unwrap().replayed);
    }
    assert!(second.do_one(Post::new("second", "bank:ZAR", "c42:ZAR", "0.01")).unwrap().ok);
    let state = second.check().unwrap();
    second.close().unwrap();
    assert_eq!(verify(Path::new(&path), None).unwrap().state_hash, state);
}

/// A backup of a live ledger, restored at every instant of its life: each time to the books of that instant.
#[test]
fn a_backup_is_restored_to_any_instant() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let t = Thalium::open(&at("books").display().to_string()).unwrap();
    let second = |n: i64| (1_000 + n) * thalium::time::SECOND;
    let submit = |n: i64, commands: &[api::Command]| {
        let outcomes = t.submit_at(&Context::default(), second(n), commands).unwrap();
        assert!(outcomes.iter().all(|outcome| outcome.ok));
    };
    let accounts = [Account::asset("bank:ZAR", "ZAR"), Account::liability("c42:ZAR", "ZAR")];
    submit(0, &accounts.map(Into::into));
    let mut roots = vec![t.root().unwrap()];
    for n in 1..=6 {
        // Two posts of one request: restored together or not at all.
        let post =
            |part: &str| Post::new(format!("{part}-{n}"), "bank:ZAR", "c42:ZAR", "1.00").into();
        submit(n, &[post("a"), post("b")]);
        roots.push(t.root().unwrap());
        let copied = backup(&at("books"), &at("copy"), None, &mut |_| ()).unwrap();
        assert_eq!((copied.events, copied.root), *roots.last().unwrap());
    }
    for (n, (size, root)) in (0..).zip(&roots) {
        let to = at(&format!("at-{n}"));
        let (restored, verified) =
            restore(&at("copy"), &to, Until::Instant(second(n) + 500_000_000), None, NewKeys::Same)
                .unwrap();
        assert_eq!((restored.events, restored.root, restored.generation), (*size, *root, 2));
        assert_eq!((verified.root, verified.transfers), (*root, 2 * u64::try_from(n).unwrap()));
        // A cut within a request leaves all of it out.
        let to = at(&format!("cut-{n}"));
        let (cut, _) =
            restore(&at("copy"), &to, Until::Size(size + 1), None, NewKeys::Same).unwrap();
        assert_eq!(cut.events, *size, "a size within the request after {n}");
        let again = Thalium::open(&at(&format!("at-{n}")).display().to_string()).unwrap();
        assert_eq!(again.opened().recovery.generation, 2);
        let on = [Post::new("on", "bank:ZAR", "c42:ZAR", "1.00").into()];
        assert!(again.submit_at(&Context::default(), second(9), &on).unwrap()[0].ok);
    }
    let (rehearsed, _) = rehearse(&at("copy"), None).unwrap();
    assert_eq!((rehearsed.events, rehearsed.root), *roots.last().unwrap());
    let left: Vec<_> = std::fs::read_dir(directory.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains("rehearsal"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(backup(&at("nothing"), &at("nowhere"), None, &mut |_| ()).unwrap_err().is_missing());
    assert!(!at("nowhere").exists());
}

/// Readers of every kind run against a writer that rotates its segments as fast as it can.
#[test]
fn readers_and_backups_keep_up_with_a_writer_at_full_speed() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let path = at("books").display().to_string();
    let options = Options { segment_len: 16 << 10, ..Options::default() };
    let writer = Thalium::open_with(&path, options).unwrap();
    chart(&writer);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let reader = Thalium::open_to_read(&path).unwrap();
                let mut seen = 0;
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let events = reader.read(thalium::ledger::Book::event_count).unwrap();
                    assert!(events >= seen, "{events} after {seen}");
                    seen = events;
                }
                assert_eq!(reader.root().unwrap(), writer.root().unwrap());
            });
        }
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                backup(&at("books"), &at("copy"), None, &mut |_| ()).unwrap();
            }
        });
        for n in 0..3_000 {
            let post = Post::new(format!("p-{n}"), "bank:ZAR", "c42:ZAR", "0.01");
            assert!(writer.do_one(post).unwrap().ok);
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}
