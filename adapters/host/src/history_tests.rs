use std::path::Path;
use std::time::{Duration, Instant};

use thalium::api::{Account, Capture, Command, Hold, Post, Release};
use thalium::ledger::query::AccountFilter;
use thalium::{Context, Id};

use crate::{Access, Condition, Error, Options, Recovery, Thalium, verify};

/// After the test's own time, so that only what is said lets holds run out.
const START: i64 = 4_000_000_000_000_000_000;

/// A part for every 32 KiB or so of history, in segments of 256 KiB.
fn options() -> Options {
    Options {
        segment_len: 256 << 10,
        memory: 32 << 10,
        max_clock_jump_days: i64::MAX,
        ..Options::default()
    }
}

fn open(path: &Path) -> Thalium {
    open_with(path, options()).unwrap()
}

fn open_with(path: &Path, options: Options) -> Result<Thalium, Error> {
    Thalium::open_with(&format!("file:{}", path.display()), options)
}

/// The ledger in memory and the one in the directory, to which everything is said alike.
struct Both {
    memory: Thalium,
    said: i64,
}

impl Both {
    fn new(t: &Thalium) -> Self {
        let mut both = Self { memory: Thalium::open_with("memory:", options()).unwrap(), said: 0 };
        let accounts = (0..20).map(|n| Account::liability(format!("c{n}:ZAR"), "ZAR").into());
        let opening = std::iter::once(Account::asset("bank:ZAR", "ZAR").into()).chain(accounts);
        both.say(t, opening.collect());
        both
    }

    fn say(&mut self, t: &Thalium, commands: Vec<Command>) {
        self.said += 1;
        let now = START + self.said * 1_000_000_000;
        let submit = |t: &Thalium| t.submit_at(&Context::default(), now, &commands).unwrap();
        assert_eq!(submit(t), submit(&self.memory));
    }

    /// Deposits, holds of which some are captured, some released and some run out, and retries of what is long past.
    fn work(&mut self, t: &Thalium, rounds: i64) {
        for _ in 0..rounds {
            let n = self.said;
            let (client, other) = (format!("c{}:ZAR", n % 20), format!("c{}:ZAR", n % 7));
            let mut commands: Vec<Command> = vec![
                Post::new(format!("dep-{n}"), "bank:ZAR", &client, "10.00").into(),
                Post::new(format!("dep-{}", n / 2), "bank:ZAR", &client, "10.00").into(),
                Post {
                    id: Some(id(n).to_string()),
                    key: String::new(),
                    ..Post::new("", "bank:ZAR", &other, "1")
                }
                .into(),
            ];
            if other != client {
                let hold = Hold::new(format!("hold-{n}"), &client, &other, "2.00");
                commands.push(Hold { timeout: if n % 3 == 0 { 30 } else { 0 }, ..hold }.into());
            }
            commands.push(Capture::new(format!("cap-{n}"), format!("hold-{}", n - 20)).into());
            commands.push(Release::new(format!("rel-{n}"), format!("hold-{}", n - 25)).into());
            self.say(t, commands);
        }
    }

    fn check(&self, t: &Thalium) {
        assert_eq!(t.root().unwrap(), self.memory.root().unwrap());
        assert_eq!(t.check().unwrap(), self.memory.check().unwrap());
        for n in (0..20).map(|n| format!("c{n}:ZAR")).chain(["bank:ZAR".to_owned()]) {
            assert_eq!(t.account(&n).unwrap(), self.memory.account(&n).unwrap());
            assert_eq!(t.statement(&n, 0, 0).unwrap(), self.memory.statement(&n, 0, 0).unwrap());
            let filter = AccountFilter {
                limit: 10,
                reversed: true,
                ..AccountFilter::of(Id::from_key("account", &n))
            };
            assert_eq!(t.transfers(&filter).unwrap(), self.memory.transfers(&filter).unwrap());
        }
        for n in 0..self.said + 2 {
            for name in [format!("dep-{n}"), format!("hold-{n}"), id(n).to_string()] {
                let transfer = t.transfer(&name).unwrap();
                assert_eq!(transfer, self.memory.transfer(&name).unwrap(), "{name}");
            }
        }
        assert_eq!(t.trial_balance(None).unwrap(), self.memory.trial_balance(None).unwrap());
        let half = Some(START + self.said * 500_000_000);
        assert_eq!(t.trial_balance(half).unwrap(), self.memory.trial_balance(half).unwrap());
    }
}

/// A UUIDv7 of the instant at which a round says it.
fn id(n: i64) -> Id {
    let millis = u128::try_from(START / 1_000_000 + (n + 1) * 1_000).unwrap();
    Id((millis << 80) | (7 << 76) | (2 << 62) | u128::try_from(n).unwrap())
}

fn parts(t: &Thalium) -> (usize, u64) {
    t.read(thalium::ledger::Book::parts).unwrap()
}

/// Works until so many parts were made: they are made beside the writer.
fn work_until(both: &mut Both, t: &Thalium, wanted: usize) {
    let begun = Instant::now();
    while parts(t).0 < wanted {
        both.work(t, 5);
        assert!(begun.elapsed() < Duration::from_secs(60), "there are {:?} parts", parts(t));
    }
}

/// A ledger with at least so many parts and an image, closed.
fn made(path: &Path, wanted: usize) -> Both {
    let t = open(path);
    let mut both = Both::new(&t);
    work_until(&mut both, &t, wanted);
    t.close().unwrap();
    both
}

fn recovery(t: &Thalium) -> Recovery {
    t.opened().recovery.clone()
}

#[test]
fn a_history_in_parts_tells_what_one_in_memory_tells() {
    let directory = tempfile::tempdir().unwrap();
    let t = open(directory.path());
    let mut both = Both::new(&t);
    work_until(&mut both, &t, 3);
    both.check(&t);
    drop(t);
    for round in 0..4 {
        let t = open(directory.path());
        let (events, _) = t.root().unwrap();
        let spared = recovery(&t).from_image;
        assert!(spared > 0 && events - spared < 2_000, "{spared} of {events} events were spared");
        assert!(parts(&t).1 >= spared);
        both.check(&t);
        both.work(&t, 60);
        both.check(&t);
        if round % 2 == 0 { t.close().unwrap() } else { drop(t) }
    }
    let verified = verify(directory.path(), None).unwrap();
    assert_eq!(verified.root, both.memory.root().unwrap().1);
    assert_eq!(verified.state_hash, both.memory.check().unwrap());
}

#[test]
fn what_is_derived_can_be_lost_and_is_made_again() {
    let directory = tempfile::tempdir().unwrap();
    let both = made(directory.path(), 3);
    let derived = |name: &str| name == "image" || name == "snapshot" || name.starts_with("part-");
    let names: Vec<String> = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| derived(name))
        .collect();
    assert!(names.len() >= 5, "{names:?}");
    for lost in names.iter().map(std::slice::from_ref).chain([names.as_slice()]) {
        for name in lost {
            // Parts that are made again need not be as many.
            let _ = std::fs::remove_file(directory.path().join(name));
        }
        let t = open(directory.path());
        both.check(&t);
        assert!(parts(&t).0 >= 2, "{lost:?}");
        t.close().unwrap();
        assert!(recovery(&open(directory.path())).from_image > 0, "{lost:?}");
    }
}

#[test]
fn damage_in_what_is_derived_is_passed_over_or_told_and_never_believed() {
    let directory = tempfile::tempdir().unwrap();
    let both = made(directory.path(), 2);
    // The header, a page of ids, the summary; the middle of the image.
    for (name, byte) in [("part-00000001.idx", 20), ("part-00000001.idx", 5_000), ("image", 200)] {
        let path = directory.path().join(name);
        let sound = std::fs::read(&path).unwrap();
        for at in [byte, sound.len() - 8] {
            let mut bytes = sound.clone();
            bytes[at] ^= 1;
            std::fs::write(&path, bytes).unwrap();
            let t = open(directory.path());
            match t.check().and_then(|_| {
                (0..both.said).try_for_each(|n| t.transfer(&id(n).to_string()).map(|_| ()))
            }) {
                Ok(()) => {
                    both.check(&t);
                    t.close().unwrap();
                }
                Err(error) => {
                    let told = error.to_string();
                    assert!(told.contains(name) && told.contains("remove the file"), "{told}");
                    // Nothing is decided without the history, and nothing is lost; no state is left that counts it.
                    let post = Post::new("dep-new", "bank:ZAR", "c1:ZAR", "1.00");
                    assert!(t.do_one(post).is_err());
                    assert!(t.root().is_err() && t.check().is_err());
                    assert_eq!(t.health().unwrap().condition, Condition::Stopped);
                    assert!(t.close().is_err());
                    std::fs::remove_file(&path).unwrap();
                }
            }
            // What was passed over is made anew, and found by the opening after that.
            let t = open(directory.path());
            both.check(&t);
            t.close().unwrap();
            let t = open(directory.path());
            assert!(parts(&t).0 >= 2 && recovery(&t).from_image > 0, "{name}, byte {at}");
            both.check(&t);
            t.close().unwrap();
        }
    }
}

#[test]
fn parts_of_another_ledger_are_not_believed() {
    // The other one is as long, or goes on where the first has no file any more.
    for wanted in [2, 6] {
        parts_of_another_are_not_believed(wanted);
    }
}

fn parts_of_another_are_not_believed(wanted: usize) {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let both = made(one.path(), 2);
    let t = open(other.path());
    let mut others = Both::new(&t);
    others.say(&t, vec![Post::new("only-here", "bank:ZAR", "c1:ZAR", "1.00").into()]);
    work_until(&mut others, &t, wanted);
    t.close().unwrap();
    for entry in std::fs::read_dir(other.path()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with("part-") || name == "image" {
            std::fs::copy(entry.path(), one.path().join(name)).unwrap();
        }
    }
    let reading = Options { access: Access::Read, ..options() };
    let reader = open_with(one.path(), reading).unwrap();
    both.check(&reader);
    assert_eq!(parts(&reader), (0, 0));
    let t = open(one.path());
    both.check(&t);
}

#[test]
fn a_journal_that_lost_what_its_parts_know_of_is_not_opened() {
    let directory = tempfile::tempdir().unwrap();
    let both = made(directory.path(), 2);
    assert!(both.said > 0);
    std::fs::remove_file(directory.path().join("snapshot")).unwrap();
    let last = (1..).map(|n| directory.path().join(format!("segment-{n:08}.log")));
    let segments: Vec<_> = last.take_while(|path| path.exists()).collect();
    let bytes = std::fs::read(segments.last().unwrap()).unwrap();
    std::fs::write(segments.last().unwrap(), vec![0; bytes.len()]).unwrap();
    assert!(open_with(directory.path(), options()).is_err());
    std::fs::remove_file(segments.last().unwrap()).unwrap();
    for access in [Access::Write, Access::Read] {
        let error = open_with(directory.path(), Options { access, ..options() }).err().unwrap();
        assert!(error.is_damaged() && error.to_string().contains("restore"), "{error}");
    }
}

#[test]
fn a_journal_whose_beginning_is_gone_is_not_opened() {
    let directory = tempfile::tempdir().unwrap();
    let t = open_with(directory.path(), Options { segment_len: 64 << 10, ..options() }).unwrap();
    let mut both = Both::new(&t);
    work_until(&mut both, &t, 4);
    t.close().unwrap();
    assert!(directory.path().join("segment-00000002.log").exists());
    std::fs::remove_file(directory.path().join("segment-00000001.log")).unwrap();
    let error = open_with(directory.path(), options()).err().unwrap();
    assert!(error.to_string().contains("segment-00000001.log"), "{error}");
}

#[test]
fn readers_and_successors_read_the_parts_of_the_writer() {
    let directory = tempfile::tempdir().unwrap();
    let t = open(directory.path());
    let mut both = Both::new(&t);
    work_until(&mut both, &t, 1);
    let address = directory.path().display().to_string();
    let reading = Options { access: Access::Read, ..options() };
    let reader = Thalium::open_with(&address, reading).unwrap();
    let (size, root) = t.root().unwrap();
    let state = t.check().unwrap();
    work_until(&mut both, &t, 4);
    both.check(&reader);
    // A look takes in the parts that were made meanwhile.
    assert!(parts(&reader).0 >= 3, "{:?} of {:?}", parts(&reader), parts(&t));
    let at = Options { access: Access::ReadAt(size), ..options() };
    let then = Thalium::open_with(&address, at).unwrap();
    assert_eq!((then.root().unwrap(), then.check().unwrap()), ((size, root), state));
    let successor = {
        let wait = Options { wait: Duration::from_secs(20), ..options() };
        let path = directory.path().to_owned();
        let waiting = std::thread::spawn(move || open_with(&path, wait).unwrap());
        std::thread::sleep(Duration::from_millis(50));
        both.work(&t, 20);
        t.close().unwrap();
        waiting.join().unwrap()
    };
    both.check(&successor);
    let before = parts(&successor).0;
    work_until(&mut both, &successor, before + 2);
    both.check(&successor);
    both.check(&reader);
}

#[test]
fn a_history_that_cannot_be_put_away_stays_in_memory_until_it_can() {
    let directory = tempfile::tempdir().unwrap();
    let t = open(directory.path());
    let mut both = Both::new(&t);
    // Where a part would be written stands something else.
    let taken = directory.path().join("part.tmp");
    std::fs::create_dir(&taken).unwrap();
    let begun = Instant::now();
    while t.health().unwrap().archive_failed.is_none() {
        both.work(&t, 20);
        assert!(begun.elapsed() < Duration::from_secs(60), "no part was tried");
    }
    let health = t.health().unwrap();
    assert!(!health.is_well() && health.archive_failed.unwrap().contains("part-00000001.idx"));
    assert_eq!(parts(&t).0, 0);
    both.check(&t);
    std::fs::remove_dir(&taken).unwrap();
    work_until(&mut both, &t, 2);
    assert_eq!(t.health().unwrap().archive_failed, None);
    both.check(&t);
}
