//! The command line as a user meets it: the real program, its output and its exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

struct Books {
    directory: tempfile::TempDir,
}

impl Books {
    fn empty() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    /// A store with a bank, two clients and an account for holds.
    fn new() -> Self {
        let books = Self::empty();
        books.ok("init");
        books.ok("account add bank:ZAR --asset ZAR --kind asset");
        books.ok("account add platform:ZAR --asset ZAR --kind liability --name Platform");
        for client in ["c1:ZAR", "c2:ZAR"] {
            books.ok(&format!(
                "account add {client} --asset ZAR --kind liability --parent platform:ZAR \
                 --flag debits_must_not_exceed_credits --metadata segment=retail"
            ));
        }
        books
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    /// Runs the words of a line; `'…'` is one word.
    fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    fn command(&self, line: &str) -> Command {
        let words = line.split('\'').enumerate().flat_map(|(index, part)| {
            if index % 2 == 1 { vec![part] } else { part.split_whitespace().collect() }
        });
        let mut command = Command::new(env!("CARGO_BIN_EXE_thalium"));
        command.args(words).env("THALIUM_DIR", self.path("books")).stdin(Stdio::null());
        command
    }

    fn ok(&self, line: &str) -> String {
        let (code, out, err) = told(&self.run(line));
        assert_eq!(code, 0, "{line}\n{out}\n{err}");
        out
    }

    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.ok(&format!("{line} --json"))).unwrap()
    }

    fn fails(&self, line: &str, expected: i32, says: &str) {
        let (code, out, err) = told(&self.run(line));
        assert_eq!(code, expected, "{line}\n{out}\n{err}");
        assert!(
            format!("{out}{err}").contains(says),
            "{line} does not say `{says}`:\n{out}\n{err}"
        );
    }
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_store_is_made_once_and_missed_with_a_hint() {
    let books = Books::empty();
    for line in
        ["stats", "account list", "post --from a --to b --amount 1", "statement c1:ZAR", "get x"]
    {
        books.fails(line, 2, "thalium init");
    }
    assert!(!books.path("books").exists());
    books.ok("init");
    books.fails("init", 2, "there is a store at");
    assert_eq!(books.json("stats")["transfers"], 0);
    books.fails("init --dir memory:", 2, "no files");
    books.fails("stats --dir mysql://x", 2, "no address of a ledger");
}

#[test]
fn money_moves_and_is_reported() {
    let books = Books::new();
    let deposit = books.json("post --key dep-1 --from bank:ZAR --to c1:ZAR --amount '250.00 ZAR' --effective-date 2026-01-31");
    assert_eq!(
        (deposit["status"].as_str(), deposit["amount"].as_str()),
        (Some("created"), Some("250.00 ZAR"))
    );
    assert_eq!(
        books.json(
            "post --key dep-1 --from bank:ZAR --to c1:ZAR --amount 250 --effective-date 2026-01-31"
        )["replayed"],
        true
    );
    books.fails(
        "post --key dep-1 --from bank:ZAR --to c1:ZAR --amount 251",
        1,
        "exists_with_different_amount",
    );
    books.fails(
        "post --key wd-1 --from c1:ZAR --to bank:ZAR --amount 250.01",
        1,
        "`c1:ZAR` has 250.00 ZAR, needs 250.01 ZAR",
    );
    books.fails("post --key a --from bank:ZAR --to c1:ZAR --amount 1.001", 1, "amount");
    assert_eq!(
        books.json("hold --key ord-7 --from c1:ZAR --to c2:ZAR --amount 100 --timeout 3600")["ok"],
        true
    );
    assert_eq!(books.json("balance c1:ZAR")["balances"]["available"], "150.00");
    assert_eq!(books.json("capture --key fill-1 --hold ord-7 --amount 60")["amount"], "60.00 ZAR");
    assert_eq!(books.json("hold --key ord-8 --from c1:ZAR --to c2:ZAR --amount 10")["ok"], true);
    assert_eq!(books.json("release --key rel-8 --hold ord-8")["ok"], true);
    assert_eq!(books.json("balance c1:ZAR")["balances"]["available"], "190.00");
    assert_eq!(books.json("balance c1:ZAR --at 2199-01-01")["balances"]["balance"], "190.00");
    books.fails("balance c1:ZAR --at 2000-01-01", 1, "there is no account");

    let statement = books.json("statement c1:ZAR");
    let lines: Vec<_> = statement["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                line["what"].as_str().unwrap().to_owned(),
                line["balance"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let expected = [
        ("post", "250.00"),
        ("hold", "250.00"),
        ("capture", "190.00"),
        ("hold", "190.00"),
        ("release", "190.00"),
    ];
    assert_eq!(lines, expected.map(|(what, balance)| (what.to_owned(), balance.to_owned())));
    assert_eq!((&statement["opening"], &statement["closing"]), (&"0.00".into(), &"190.00".into()));
    let csv = books.ok("statement c1:ZAR --csv");
    assert_eq!(csv.lines().count(), 8, "{csv}");
    assert!(
        books
            .ok("history c1:ZAR --limit 1 --reverse --csv")
            .lines()
            .nth(1)
            .unwrap()
            .contains("rel-8")
    );

    let trial = books.json("trial-balance --asset ZAR");
    assert_eq!(
        (&trial["debit"], &trial["credit"], &trial["balanced"]),
        (&"250.00".into(), &"250.00".into(), &true.into())
    );
    assert!(books.ok("trial-balance").contains("ZAR: balanced"));
    assert_eq!(books.json("get dep-1")["what"], "transfer");
    assert_eq!(books.json("get c1:ZAR")["account"]["metadata"]["segment"], "retail");
    books.fails("get nothing", 1, "there is no account, transfer or transaction `nothing`");
    let tree = books.ok("account list --under platform:ZAR");
    assert!(tree.contains("\n  c2:ZAR"), "{tree}");
    assert_eq!(books.json("verify")["transfers"], 5);
}

#[test]
fn holds_are_listed_and_a_device_is_answered() {
    let books = Books::new();
    books.ok("post --key d1 --from bank:ZAR --to c1:ZAR --amount 100.00");
    books.ok("hold --key h1 --from c1:ZAR --to c2:ZAR --amount 2.00");
    books.ok("hold --key h2 --from c1:ZAR --to c2:ZAR --amount 3.00");
    books.ok("release --key r1 --hold h1");
    let listed = books.ok("holds c1:ZAR");
    assert!(listed.contains("h2") && !listed.contains("h1"), "{listed}");
    assert!(books.ok("holds bank:ZAR").contains("no open holds"));
    books.fails("holds nobody", 2, "`nobody` is not there");

    let device = |request: &str| {
        let mut command = books.command("sync --customer c1 --account c1:ZAR --payee platform:ZAR");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
        told(&child.wait_with_output().unwrap())
    };
    let pay = |from: &str| {
        format!(
            r#"{{"intents":[{{"made_at":"2026-01-30T09:59:00Z","command":{{"op":"post","key":"p-{from}","from":"{from}","to":"c2:ZAR","amount":"1.00"}}}}],"accounts":[{{"account":"c1:ZAR"}}]}}"#
        )
    };
    let (code, reply, _) = device(&pay("c1:ZAR"));
    let reply: Value = serde_json::from_str(&reply).unwrap();
    assert_eq!(code, 0, "{reply}");
    assert_eq!(reply["outcomes"][0]["outcome"]["key"], "device/c1/p-c1:ZAR");
    assert_eq!(reply["accounts"][0]["holds"][0]["key"], "h2");
    let (code, reply, _) = device(&pay("c2:ZAR"));
    assert_eq!(code, 1);
    assert!(reply.contains("not_permitted"), "{reply}");
    assert_eq!(device("{").0, 2);
}

#[test]
fn assets_are_registered() {
    let books = Books::new();
    books.ok("asset add BTC --scale 8");
    books.ok("asset add SHARE.A --scale 0 --kind security --ledger 2000");
    assert!(books.ok("asset add BTC --scale 8").contains("already booked"));
    books.fails("asset add BTC --scale 9", 1, "rejected");
    books.fails("asset add X --scale 2 --kind gold", 2, "fiat:NUMBER");
    let listed = books.ok("asset list --json");
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(books.ok("asset list --all").contains("ZAR"));
    books.fails("account add x --asset DOGE --kind asset", 1, "there is no asset `DOGE`");
    books.fails("account add x --asset ZAR --kind liabilty", 2, "unknown variant");
}

/// Good lines are booked, bad ones are told by file, line and field; the second run books nothing.
fn many(books: &Books, file: &str, errors: &[&str], expected: [u64; 4]) {
    let results = books.path("results.jsonl").display().to_string();
    let run = || told(&books.run(&format!("post --file {file} --results {results} --json")));
    let (code, out, err) = run();
    let counts = |out: &str| {
        let summary: Value = serde_json::from_str(out).unwrap();
        ["booked", "replayed", "rejected", "unreadable"].map(|name| summary[name].as_u64().unwrap())
    };
    assert_eq!((code, counts(&out)), (1, expected), "{out}\n{err}");
    for error in errors {
        assert!(err.contains(&format!("{file}:{error}")), "no `{error}` in:\n{err}");
    }
    let lines = std::fs::read_to_string(&results).unwrap().lines().count();
    assert_eq!(u64::try_from(lines).unwrap(), expected.iter().sum::<u64>());
    let before = books.json("stats")["transfers"].clone();
    let (_, out, _) = run();
    let [booked, replayed, ..] = expected;
    assert_eq!(counts(&out), [0, booked + replayed, expected[2], expected[3]], "{out}");
    assert_eq!(books.json("stats")["transfers"], before);
    assert_eq!(books.json("balance c1:ZAR")["balances"]["balance"], "3.00");
}

#[test]
fn transfers_are_found_page_after_page() {
    let books = Books::new();
    for n in 1..=3 {
        books
            .ok(&format!("post --key d{n} --from bank:ZAR --to c1:ZAR --amount {n}.00 --code {n}"));
    }
    books.ok("post --key old --from c1:ZAR --to c2:ZAR --amount 0.50 --effective-date 2025-12-31");
    let keys = |line: &str| {
        let (code, out, err) = told(&books.run(&format!("{line} --json")));
        assert_eq!(code, 0, "{err}");
        let keys: Vec<String> = out
            .lines()
            .map(|line| {
                serde_json::from_str::<Value>(line).unwrap()["key"].as_str().unwrap().into()
            })
            .collect();
        (keys.join(" "), err)
    };
    let (found, more) = keys("transfers --limit 2");
    let cursor = more.trim().strip_prefix("more: ").unwrap();
    assert_eq!(
        (found.as_str(), keys(&format!("transfers {cursor}")).0.as_str()),
        ("d1 d2", "d3 old")
    );
    assert_eq!(keys("transfers --to-date 2025-12-31").0, "old");
    assert_eq!(keys("transfers --account c1:ZAR --side credit --reverse").0, "d3 d2 d1");
    assert_eq!(keys("transfers --code 2 --asset ZAR").0, "d2");
    let (code, _, err) = told(&books.run("transfers --account c9"));
    assert_eq!((code, err.trim()), (2, "thalium: account: `c9` is not there"));
}

#[test]
fn what_blnk_holds_is_imported_with_a_report_of_every_difference() {
    let books = Books::empty();
    books.ok("init");
    std::fs::create_dir(books.path("blnk")).unwrap();
    let from = books.path("blnk").display().to_string();
    let balance = |id: &str, credit: u64, debit: u64| {
        format!(
            r#"{{"balance_id":"{id}","currency":"USD","created_at":"2026-07-01T08:00:00Z","credit_balance":{credit},"debit_balance":{debit}}}"#
        )
    };
    let transaction = |id: &str, status: &str, minute: u32| {
        format!(
            r#"{{"transaction_id":"{id}","status":"{status}","source":"bln_a","destination":"bln_b","currency":"USD",
                "precision":100,"precise_amount":500,"created_at":"2026-07-01T09:{minute:02}:00Z"}}"#
        )
    };
    let transactions =
        [transaction("txn_2", "QUEUED", 2), transaction("txn_1", "APPLIED", 1)].join(",");
    books.write("blnk/transactions.json", &format!("[{transactions}]"));
    // One cent is missing: nothing is imported until someone says so.
    books.write(
        "blnk/balances.json",
        &format!("[{},{}]", balance("bln_a", 0, 500), balance("bln_b", 501, 0)),
    );
    let (code, out, err) = told(&books.run(&format!("import blnk {from}")));
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("nothing was imported: money is missing"), "{out}");
    assert!(
        err.contains("balance bln_b: credit_balance is 501 in Blnk, 500 in the books"),
        "{err}"
    );
    assert!(books.ok("transfers").contains("no transfers"));

    books.write(
        "blnk/balances.json",
        &format!("[{},{}]", balance("bln_a", 0, 500), balance("bln_b", 500, 0)),
    );
    let dry = books.ok(&format!("import blnk {from} --dry-run"));
    assert!(dry.contains("dry run: nothing was imported"), "{dry}");
    let report = books.path("report.jsonl");
    books.ok(&format!("import blnk {from} --report {}", report.display()));
    let told = std::fs::read_to_string(&report).unwrap();
    assert_eq!(
        told.trim(),
        r#"{"kind":"not_applied","record":"txn_2","detail":"is QUEUED: submit it again when it is due"}"#
    );
    assert!(books.ok("balance bln_b").contains("5.00"));
    assert!(books.ok("get txn_1").contains("2026-07-01T09:01:00"));
    // Once more: everything is recognised.
    books.ok(&format!("import blnk {from}"));
    assert!(books.ok("balance bln_b").contains("5.00"));
    books.ok("verify");
}

/// What leaves as a table comes into a fresh ledger under the same ids and times, to the byte.
#[test]
fn tables_leave_and_come_again() {
    let books = Books::new();
    books.ok("asset add BTC --scale 8 --kind crypto");
    books.ok("account add vault --asset BTC --kind asset");
    books.ok("account add c1:BTC --asset BTC --kind liability");
    books.ok(
        "post --from bank:ZAR --to c1:ZAR --amount '250.00 ZAR' --key d1 --description 'one, \"two\"' --metadata a=b",
    );
    books.ok("post --from vault --to c1:BTC --amount '0.00000001 BTC' --key d2 --effective-date 2026-01-31");
    for (key, then) in [
        ("h1", "capture --hold h1 --key k1"),
        ("h2", "release --hold h2 --key r2"),
        ("h3", "stats"),
    ] {
        books.ok(&format!("hold --from c1:ZAR --to c2:ZAR --amount '10.00 ZAR' --key {key}"));
        books.ok(then);
    }
    for form in ["csv", "jsonl", "parquet"] {
        let [accounts, transfers] = ["accounts", "transfers"].map(|table| {
            let file = books.path(&format!("{table}.{form}")).display().to_string();
            books.ok(&format!("export {table} {file}"));
            file
        });
        let fresh = Books::empty();
        fresh.ok("init");
        let import = format!("import tables --accounts {accounts} --transfers {transfers}");
        let told = fresh.ok(&import);
        assert!(told.contains("transfers     7       7 "), "{told}");
        fresh.ok("verify");
        for table in ["accounts", "transfers"] {
            let [old, new] = [&books, &fresh]
                .map(|books| without_order(&books.ok(&format!("export {table} -"))));
            assert_eq!(old, new, "{form}");
        }
        // Once more: everything is known.
        fresh.ok(&import);
        // Into a ledger where something else was booked: told, with the row.
        let (code, _, err) = told_of(&Books::new(), &import);
        assert_eq!(code, 1, "{err}");
        assert!(err.contains("accounts, row 1: "), "{err}");
    }
    let (code, _, err) = told(&books.run("export accounts ledger.xlsx"));
    assert_eq!((code, err.contains("does not tell its form")), (2, true), "{err}");
    let damaged = books.write("bad.csv", "id,amount\n1\n");
    let (code, _, err) = told(&books.run(&format!("import tables --transfers {damaged}")));
    assert_eq!((code, err.contains("row 1")), (2, true), "{err}");
}

fn told_of(books: &Books, line: &str) -> (i32, String, String) {
    told(&books.run(line))
}

/// A table without what is another ledger's own: the numbers of its log, and that it was imported.
fn without_order(table: &str) -> Vec<String> {
    let (head, rows) = table.split_once('\n').unwrap();
    let sequence = head.split(',').position(|name| name == "sequence");
    let cut = |row: &str| match sequence {
        Some(0) => row.split_once(',').unwrap().1.to_owned(),
        _ => row.to_owned(),
    };
    rows.lines().map(|row| cut(row).replace(" imported", "").replace("imported", "")).collect()
}

#[test]
fn an_encrypted_store_opens_with_its_key_alone() {
    let books = Books::empty();
    let [key, other] = ["key", "other"].map(|name| books.path(name).display().to_string());
    books.ok(&format!("keys new {key}"));
    let (code, _, err) = told(&books.run(&format!("keys new {key}")));
    assert_eq!((code, err.contains("cannot be written")), (3, true), "{err}");
    books.ok(&format!("init --key-file {key}"));
    books.ok(&format!("account add canary-account --asset ZAR --kind asset --key-file {key}"));
    let with = |line: &str, variable: &str, value: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_thalium"))
            .args(line.split_whitespace())
            .env("THALIUM_DIR", books.path("books"))
            .env(variable, value)
            .output()
            .unwrap();
        told(&output)
    };
    let (code, _, err) = told(&books.run("balance canary-account"));
    assert_eq!((code, err.contains("is encrypted: give the key")), (3, true), "{err}");
    assert_eq!(with("balance canary-account", "THALIUM_KEY_FILE", &key).0, 0);
    let text = std::fs::read_to_string(&key).unwrap();
    assert_eq!(with("balance canary-account", "THALIUM_KEY", &text).0, 0);
    let (code, _, err) = with("balance canary-account", "THALIUM_KEY", "secret-text");
    assert_eq!(
        (code, err.contains("THALIUM_KEY is no key"), err.contains("secret-text")),
        (2, true, false)
    );
    assert!(books.ok(&format!("keys rotate --key-file {key}")).contains("data key 2"));
    books.ok(&format!("keys new {other}"));
    books.ok(&format!("keys rewrap --key-file {key} --to {other}"));
    assert_eq!(told(&books.run(&format!("stats --key-file {key}"))).0, 3);
    assert!(books.ok(&format!("keys check --key-file {other}")).contains("had: 2"));
    assert_eq!(books.json(&format!("stats --key-file {other}"))["data_key"], 2);

    let copy = books.path("copy").display().to_string();
    books.ok(&format!("backup {copy} --rehearse --key-file {other}"));
    books.ok(&format!("verify {copy} --key-file {other}"));
    let restored = books.path("restored").display().to_string();
    books.ok(&format!("restore {copy} --dir {restored} --key-file {other} --decrypt"));
    books.ok(&format!("verify {restored}"));
    assert!(books.ok(&format!("balance canary-account --dir {restored}")).contains("0.00"));

    // Shipped once more, nothing is new.
    let shipped = books.json(&format!("ship {copy} --once --key-file {other}"));
    assert_eq!((&shipped["copied"], &shipped["behind"]), (&0.into(), &0.into()));

    // A passphrase instead of a file.
    let phrase = "correct horse battery staple";
    let rewrap = format!("keys rewrap --key-file {other} --to-passphrase NEW");
    assert_eq!(with(&rewrap, "NEW", phrase).0, 0);
    assert_eq!(with("balance canary-account", "THALIUM_PASSPHRASE", phrase).0, 0);
    let (code, _, err) = told(&books.run(&format!("balance canary-account --key-file {other}")));
    assert_eq!((code, err.contains("by a passphrase, not by a key")), (3, true), "{err}");
    for file in std::fs::read_dir(books.path("books")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"canary"));
    }
}

#[test]
fn what_the_store_does_is_told_without_names_and_its_files_one_by_one() {
    let books = Books::new();
    let (code, out, err) = told(&books.run(
        "post --from bank:ZAR --to c1:ZAR --amount '1 ZAR' --key canary-key --log trace --json",
    ));
    assert_eq!(code, 0, "{err}");
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(err.contains("opened") && err.contains("decided") && err.contains("durable"), "{err}");
    for name in ["canary", "bank", "c1:ZAR"] {
        assert!(!err.contains(name), "{err}");
    }
    assert!(err.contains("submit{commands=1}"), "{err}");
    for quiet in ["stats", "stats --log off", "stats --log error"] {
        let (code, _, err) = told(&books.run(quiet));
        assert_eq!((code, err.as_str()), (0, ""), "{quiet}");
    }
    for (level, is_told) in [("info", true), ("warn", false), ("off", false), ("", false)] {
        let run = books.command("stats").env("THALIUM_LOG", level).output().unwrap();
        let (code, _, err) = told(&run);
        assert_eq!((code, err.contains("opened")), (0, is_told), "{level}: {err}");
    }
    let (code, _, err) = told(&books.run("stats --log loud"));
    assert_eq!((code, err.contains("debug")), (2, true), "{err}");

    let shown = books.ok("inspect");
    assert!(shown.contains("segment-00000001.log") && shown.contains("ok"), "{shown}");
    assert!(shown.contains("`default`, format 1") && shown.contains("writer  "), "{shown}");
    let json = books.json("inspect");
    assert_eq!(
        (&json["genesis"]["tenant"], &json["is_written"]),
        (&"default".into(), &false.into())
    );
    let segment = &json["files"].as_array().unwrap()[0];
    assert_eq!((&segment["first_block"], &segment["first_event"]), (&1.into(), &0.into()));
    let sum = segment["used"].as_u64().unwrap() + segment["prewritten"].as_u64().unwrap();
    assert_eq!(segment["bytes"].as_u64(), Some(sum));
    let segment = books.path("books").join("segment-00000001.log");
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[4096 + 200] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let (code, out, err) = told(&books.run("inspect --json"));
    assert_eq!(code, 3, "{err}");
    let first = out.lines().next().unwrap();
    let json: Value = serde_json::from_str(first).unwrap();
    let wrong =
        json["files"].as_array().unwrap().iter().find(|file| !file["wrong"].is_null()).unwrap();
    assert_eq!(wrong["name"], "segment-00000001.log");
    assert!(wrong["wrong"].as_str().unwrap().contains("byte 4096"), "{wrong}");
}

/// A store whose parts are of version 1: opened, told, upgraded once.
#[test]
fn older_files_are_told_and_upgraded() {
    let books = Books::empty();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host/tests/golden/parts_1");
    std::fs::create_dir(books.path("books")).unwrap();
    for entry in std::fs::read_dir(golden).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, books.path("books").join(path.file_name().unwrap())).unwrap();
    }
    let (code, out, err) = told(&books.run("upgrade --check"));
    assert_eq!((code, err.contains("part-00000001.idx")), (1, true), "{out}{err}");
    assert!(books.ok("balance c1:ZAR").contains("598.60"));
    assert_eq!(books.json("upgrade")["files"].as_array().unwrap().len(), 3);
    assert!(books.ok("upgrade --check").contains("0 files"));
    assert!(books.ok("balance c1:ZAR").contains("598.60"));
    books.ok("verify");
}

#[test]
fn json_lines_with_bad_ones_among_them() {
    let books = Books::new();
    let text = r#"{"op":"post","key":"a","from":"bank:ZAR","to":"c1:ZAR","amount":"1.00 ZAR"}
{"op":"post","key":"b","from":"bank:ZAR"
{"op":"post","key":"c","from":"bank:ZAR","to":"c1:ZAR","amount":1.5}
{"op":"post","key":"d","from":"bank:ZAR","to":"c1:ZAR","ammount":"1"}

{"op":"post","key":"e","from":"bank:ZAR","to":"c1:ZAR","amount":"1.001"}
{"op":"post","key":"f","from":"c2:ZAR","to":"c1:ZAR","amount":"1.00"}
{"op":"post","key":"l1","from":"bank:ZAR","to":"c1:ZAR","amount":"9","linked":true}
{"op":"post","key":"l2"
{"op":"hold","key":"h","from":"c1:ZAR","to":"c2:ZAR","amount":"0.50","timeout":0}
{"op":"transaction","key":"t","legs":[{"account":"bank:ZAR","side":"debit","amount":"2"},{"account":"c1:ZAR","side":"credit","amount":"2"}]}
"#;
    let file = books.write("day.jsonl", text);
    let errors = [
        "2: is no JSON",
        "3: amount: is a bare number",
        "4: ammount: `post` has no such field",
        "6: amount: invalid",
        "7: exceeds_credits",
        "8: linked_event_failed",
        "9: is no JSON",
    ];
    many(&books, &file, &errors, [3, 0, 3, 4]);
}

/// The parts of a transaction go by its name: what a statement shows is what `get` finds.
#[test]
fn the_parts_of_a_transaction_bear_its_key() {
    let books = Books::new();
    let text = r#"{"op":"transaction","key":"pay-1","legs":[{"account":"bank:ZAR","side":"debit","amount":"5"},{"account":"c1:ZAR","side":"credit","amount":"3"},{"account":"c2:ZAR","side":"credit","amount":"2"}]}"#;
    books.ok(&format!("post --file {}", books.write("pay.jsonl", text)));
    for (account, part) in [("c1:ZAR", "1/2"), ("c2:ZAR", "2/2")] {
        let entry = books.json(&format!("statement {account}"))["entries"][0].clone();
        assert_eq!((&entry["transfer"], &entry["part"]), (&"pay-1".into(), &part.into()));
    }
    let history = books.ok("history c2:ZAR");
    assert!(history.contains("pay-1") && history.contains("2/2"), "{history}");
    assert_eq!(books.json("get pay-1")["transfers"].as_array().unwrap().len(), 2);
}

/// A refusal speaks in the names that were given, and says what stands in the books.
#[test]
fn refusals_say_what_stands_in_the_way() {
    let books = Books::new();
    books.ok("post --key a --from bank:ZAR --to c1:ZAR --amount '5.00 ZAR'");
    books.ok("hold --key h --from c1:ZAR --to c2:ZAR --amount 2");
    let table = [
        (
            "post --key b --from bank:ZAR --to nope:ZAR --amount 1",
            1,
            "there is no account `nope:ZAR`",
        ),
        ("post --key b --from bank:ZAR --to c1:ZAR --amount 1", 1, "credit_account_not_found"),
        ("hold --key g --from c1:ZAR --amount 1", 1, "there is no account `holds:ZAR`"),
        ("post --key a --from bank:ZAR --to c1:ZAR --amount '6.00 ZAR'", 1, "booked with 5.00 ZAR"),
        ("post --key a --from bank:ZAR --to c2:ZAR --amount '5.00 ZAR'", 1, "booked to `c1:ZAR`"),
        (
            "post --key c --from c1:ZAR --to c2:ZAR --amount 9",
            1,
            "`c1:ZAR` has 3.00 ZAR, needs 9.00 ZAR",
        ),
        ("capture --key d --hold ord-9", 1, "there is no hold `ord-9`"),
        ("capture --key e --hold a", 1, "`a` is no hold"),
        ("capture --key f --hold h --amount 3", 1, "hold `h` is of 2.00 ZAR, not 3.00 ZAR"),
        ("post --key i --from bank:ZAR --to c1:ZAR --amount '-1 ZAR'", 1, "rejected  i  invalid"),
        ("account add bank:ZAR --asset ZAR --kind income", 1, "opened as asset"),
        ("account add c3:ZAR --asset ZAR --kind asset --parent b9", 1, "there is no account `b9`"),
        ("asset add USD --scale 3 --kind crypto", 1, "`USD` is there as fiat with 2 digits"),
        ("trial-balance --asset XXQ", 1, "`XXQ`"),
        ("statement c1:ZAR --from 2026-02-01 --to 2026-01-01", 2, "swap them"),
    ];
    for (line, code, says) in table {
        books.fails(line, code, says);
    }
    let transaction = |key: &str, first: &str, second: &str| {
        let leg = |(account, side, amount): (&str, &str, &str)| {
            format!(r#"{{"account":"{account}","side":"{side}","amount":"{amount} ZAR"}}"#)
        };
        let legs = [("c1:ZAR", "debit", first), ("c2:ZAR", "credit", second)].map(leg).join(",");
        format!(r#"{{"op":"transaction","key":"{key}","legs":[{legs}]}}"#)
    };
    for (text, says) in [
        (transaction("t1", "2.00", "1.00"), "the legs debit 2.00 ZAR and credit 1.00 ZAR"),
        (transaction("t2", "9.00", "9.00"), "`c1:ZAR` has 3.00 ZAR, needs 9.00 ZAR"),
        (transaction("t3", "1.00", "1.00").replace("c2:", "c9:"), "there is no account `c9:ZAR`"),
    ] {
        let file = books.write("transaction.jsonl", &text);
        books.fails(&format!("post --file {file}"), 1, says);
    }
    books.ok("capture --key g2 --hold h --amount 1 --effective-date 2026-01-31");
    let got = books.ok("get g2");
    assert!(got.contains("hold") && got.contains("2026-01-31"), "{got}");
    assert!(books.ok("get h").contains("captured"));
    assert!(books.ok("statement c1:ZAR").contains("2026-01-31"));
    let told = told(&books.run("balance c1:ZAR --dir nowhere --json"));
    let failure: Value = serde_json::from_str(&told.1).unwrap();
    assert_eq!((told.0, &failure["ok"], &failure["status"]), (2, &false.into(), &"usage".into()));
    books.fails(&format!("verify {}", books.path("nowhere").display()), 2, "there is no store");
}

/// Reading takes no lock: it goes on while another process writes, on a medium that cannot be written, and in the past.
#[test]
fn reading_needs_neither_the_lock_nor_a_disk_that_can_be_written() {
    let books = Books::new();
    for n in 1..=3 {
        books.ok(&format!("post --key d{n} --from bank:ZAR --to c1:ZAR --amount 1"));
    }
    let size = books.json("stats")["events"].as_u64().unwrap();
    let mut writer = Command::new(env!("CARGO_BIN_EXE_thalium"))
        .args(["post", "--file", "-", "--format", "jsonl", "--batch", "1", "--results", "-"])
        .env("THALIUM_DIR", books.path("books"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut input, output) = (writer.stdin.take().unwrap(), writer.stdout.take().unwrap());
    let mut results = BufReader::new(output).lines();
    for n in 4..=9 {
        let line =
            format!(r#"{{"op":"post","key":"d{n}","from":"bank:ZAR","to":"c1:ZAR","amount":"1"}}"#);
        writeln!(input, "{line}").unwrap();
        assert!(results.next().unwrap().unwrap().contains("created"));
        let balance = |line: &str| books.json(line)["balances"]["balance"].clone();
        assert_eq!(balance("balance c1:ZAR"), format!("{n}.00"));
        assert_eq!(balance(&format!("balance c1:ZAR --at-size {size}")), "3.00");
    }
    books.fails(
        "post --key x --from bank:ZAR --to c1:ZAR --amount 1",
        3,
        "in use by another writer",
    );
    // The next writer waits for the first to end, and takes over.
    let mut next = Command::new(env!("CARGO_BIN_EXE_thalium"))
        .args(["post", "--wait", "60", "--key", "n", "--from", "bank:ZAR", "--to", "c2:ZAR"])
        .args(["--amount", "1"])
        .env("THALIUM_DIR", books.path("books"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    drop(input);
    assert!(writer.wait().unwrap().success());
    assert!(next.wait().unwrap().success());
    assert_eq!(books.json("balance c2:ZAR")["balances"]["balance"], "1.00");
    books.fails("balance c1:ZAR --at-size 100000", 2, "cannot be read as of 100000");
    books.fails(
        "post --at-size 1 --key x --from bank:ZAR --to c1:ZAR --amount 1",
        2,
        "leave it out",
    );
    for entry in std::fs::read_dir(books.path("books")).unwrap() {
        let path = entry.unwrap().path();
        let mut permissions = std::fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).unwrap();
    }
    let before = std::fs::read(segment(&books.path("books"))).unwrap();
    assert!(books.ok("statement c1:ZAR").contains("9.00"));
    assert!(books.ok("trial-balance").contains("balanced"));
    assert_eq!(std::fs::read(segment(&books.path("books"))).unwrap(), before);
}

#[test]
fn a_store_is_backed_up_rehearsed_and_restored() {
    let books = Books::new();
    books.ok("post --key a --from bank:ZAR --to c1:ZAR --amount 1");
    let size = books.json("stats")["events"].clone();
    let copy = books.path("copy").display().to_string();
    let first = books.json(&format!("backup {copy}"));
    assert_eq!(
        (&first["events"], &first["copied"], &first["generation"]),
        (&size, &size, &1.into())
    );
    books.ok("post --key b --from bank:ZAR --to c1:ZAR --amount 2");
    assert!(books.ok(&format!("backup {copy} --rehearse")).contains("rehearsed: restored"));
    assert_eq!(books.json(&format!("backup {copy}"))["copied"], 0);
    assert!(books.ok(&format!("verify {copy}")).contains("is sound"));
    let restored = books.path("restored").display().to_string();
    let line = format!("restore {copy} --dir {restored} --until-size {size}");
    assert_eq!(books.json(&line)["events"], size);
    let balance = books.json(&format!("balance c1:ZAR --dir {restored}"));
    assert_eq!(balance["balances"]["balance"], "1.00");
    assert_eq!(books.json(&format!("stats --dir {restored}"))["generation"], 2);
    books.fails(&line, 2, "there is a store");
    books.fails(&format!("backup {restored}"), 2, "holds no backup of this store");
    books.fails(&format!("backup {copy} --dir {restored}"), 2, "holds no backup of this store");
    let nowhere = books.path("nowhere").display().to_string();
    books.fails(&format!("restore {nowhere} --dir {nowhere}"), 2, "there is no store");
}

#[test]
fn a_store_is_shipped_once_or_until_it_is_told_to_end() {
    let books = Books::new();
    let copy = books.path("copy").display().to_string();
    let size = books.json("stats")["events"].clone();
    let once = books.json(&format!("ship {copy} --once"));
    assert_eq!((&once["events"], &once["copied"], &once["behind"]), (&size, &size, &0.into()));
    assert_eq!(once["behind_bytes"], 0);
    assert!(books.ok(&format!("ship {copy} --once")).contains("0 behind in 0 bytes"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_thalium"))
        .args(["ship", &copy, "--every", "10ms", "--json", "--dir"])
        .arg(books.path("books"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut step = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(step()["copied"], 0);
    books.ok("post --key a --from bank:ZAR --to c1:ZAR --amount 1");
    let shipped = std::iter::repeat_with(&mut step).find(|step| step["copied"] != 0).unwrap();
    assert_eq!(shipped["events"], books.json("stats")["events"]);
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert!(child.wait().unwrap().success());
    assert!(books.ok(&format!("verify {copy}")).contains("is sound"));
    let [restored, second] =
        ["restored", "second"].map(|name| books.path(name).display().to_string());
    books.ok(&format!("restore {copy} --dir {restored}"));
    let refused = "holds no backup of this store";
    books.fails(&format!("ship {copy} --once --dir {restored}"), 2, refused);
    books.ok(&format!("ship {second} --once --dir {restored}"));
    books.fails(&format!("ship {second}"), 2, "generation 2");
    books.fails(&format!("ship {second} --dir {second}x"), 2, "there is no store");
    books.fails(&format!("ship {copy} --every soon"), 2, "200ms");
}

/// What could not be told is not booked on, and a file is never both the commands and the results.
#[test]
fn results_that_cannot_be_written_stop_the_run() {
    let books = Books::new();
    let line = |n: u32| {
        let key = format!("{{\"op\":\"post\",\"key\":\"k{n}\",\"from\":\"bank:ZAR\",");
        format!("{key}\"to\":\"c1:ZAR\",\"amount\":\"1\"}}\n")
    };
    let text: String = (0..2_000).map(line).collect();
    let file = books.write("many.jsonl", &text);
    books.fails(&format!("post --file {file} --results {file}"), 2, "cannot be both");
    assert_eq!(std::fs::read_to_string(books.path("many.jsonl")).unwrap(), text);
    if Path::new("/dev/full").exists() {
        std::os::unix::fs::symlink("/dev/full", books.path("full.jsonl")).unwrap();
        let full = books.path("full.jsonl").display().to_string();
        let line = format!("post --file {file} --batch 100 --results {full}");
        books.fails(&line, 3, "those after them were not submitted");
        books.fails(&line, 3, "full.jsonl");
        assert_eq!(books.json("stats")["transfers"], 100);
    }
    books.ok(&format!("post --file {file}"));
    assert_eq!(books.json("stats")["transfers"], 2_000);
    let twice =
        r#"{"op":"post","key":"t","from":"bank:ZAR","to":"c1:ZAR","amount":"1","amount":"100"}"#;
    books.fails(
        &format!("post --file {}", books.write("twice.jsonl", twice)),
        1,
        "names a field twice",
    );
}

#[test]
fn csv_with_bad_rows_among_them() {
    let books = Books::new();
    let text = "op,key,from,to,amount,hold,timeout,description\n\
                ,a,bank:ZAR,c1:ZAR,4.00,,,\"rent, paid\"\n\
                post,b,bank:ZAR,c1:ZAR\n\
                post,c,bank:ZAR,\"c1:ZAR,1.00,,,\n\
                hold,h,c1:ZAR,c2:ZAR,1.00,,soon,\n\
                hold,h,c1:ZAR,c2:ZAR,1.00,,60,\n\
                capture,f,,,,h,,\n\
                send,x,bank:ZAR,c1:ZAR,1.00,,,\n\
                post,g,bank:ZAR,nobody,1.00,,,\n";
    let file = books.write("day.csv", text);
    let errors = [
        "3: has 4 fields",
        "4: has a quote",
        "5: timeout: `soon`",
        "8: op: there is no operation `send`",
        "9: credit_account_not_found",
    ];
    many(&books, &file, &errors, [3, 0, 1, 4]);
    books.fails(
        &format!("post --file {}", books.write("odd.csv", "key,sum\n")),
        2,
        "odd.csv: sum: is no column",
    );
    books.fails(&format!("post --file {}", books.write("day.txt", "")), 2, "add `--format");
    let stopped =
        told(&books.run(
            &format!("post --file {} --stop-on-error --json", books.write("stop.csv",
        "key,from,to,amount\ns1,bank:ZAR,c2:ZAR,1\ns2,bank:ZAR,c2:ZAR,x\ns3,bank:ZAR,c2:ZAR,1\n")),
        ));
    assert!(stopped.0 == 1 && stopped.1.contains("\"lines\":2"), "{stopped:?}");
}

#[test]
fn a_flipped_byte_is_found_and_named() {
    let books = Books::new();
    books.ok("post --key dep-1 --from bank:ZAR --to c1:ZAR --amount 250");
    books.ok("verify");
    let segment = segment(&books.path("books"));
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[4_096 + 200] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let name = segment.file_name().unwrap().to_str().unwrap();
    books.fails("verify", 3, name);
    books.fails("verify --json", 3, "\"status\":\"damaged\"");
    books.fails("balance c1:ZAR", 3, "damaged");
}

fn segment(directory: &Path) -> PathBuf {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("segment-"))
        .min()
        .unwrap()
}

#[test]
fn shells_and_help_are_served() {
    let books = Books::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(books.ok(&format!("completions {shell}")).contains("thalium"));
    }
    assert!(books.ok("--help").contains("Exit codes:"));
    for command in [
        "init",
        "asset add",
        "account add",
        "post",
        "hold",
        "capture",
        "release",
        "get",
        "balance",
        "history",
        "statement",
        "balance-history",
        "volumes",
        "trial-balance",
        "verify",
        "stats",
        "completions",
        "demo",
    ] {
        assert!(books.ok(&format!("{command} --help")).contains("Example"), "{command}");
    }
}

#[test]
fn balances_and_volumes_are_told_by_the_bucket() {
    let books = Books::new();
    books.ok("post --key dep-1 --from bank:ZAR --to c1:ZAR --amount 250.00 --code 7");
    books.ok("post --key pay-1 --from c1:ZAR --to c2:ZAR --amount 30.50");
    let told = books.json("balance-history c1:ZAR --width 1M --zone Africa/Johannesburg");
    let bucket = &told["buckets"][0];
    let fields = ["open", "high", "close", "available", "debits", "credits"];
    let values = ["0.00", "250.00", "219.50", "219.50", "30.50", "250.00"];
    assert_eq!(fields.map(|field| bucket[field].as_str().unwrap()), values);
    assert!(books.ok("balance-history c1:ZAR").contains("219.50"));
    let told = books.json("volumes --account c1:ZAR");
    let codes: Vec<_> =
        told["volumes"].as_array().unwrap().iter().map(|row| &row["code"]).collect();
    assert_eq!(codes, [&Value::from(1), &Value::from(7)]);
    let csv = books.ok("volumes --asset ZAR --code 7 --csv");
    assert!(csv.lines().nth(1).unwrap().ends_with(",ZAR,7,1,250.00,250.00"), "{csv}");
    books.fails("volumes", 2, "--account");
    books.fails("balance-history c1:ZAR --width 1x", 2, "width");
    books.fails("balance-history nobody", 2, "nobody");
}

#[test]
fn the_demo_proves_itself() {
    let books = Books::empty();
    let told = books.json("demo --count 60 --clients 9");
    assert_eq!(
        (&told["ok"], &told["trades"], &told["killed"]),
        (&true.into(), &60.into(), &true.into())
    );
    assert!(told["found_after_kill"].as_u64() >= told["acknowledged_before_kill"].as_u64());
    let kept = books.path("kept").display().to_string();
    let text = books.ok(&format!("demo --count 30 --clients 6 --no-crash --dir {kept}"));
    assert!(text.contains("thalium verify"), "{text}");
    books.ok(&format!("verify {kept}"));
    books.fails(&format!("demo --dir {kept}"), 2, "is not empty");
    let trades = books.write(
        "trades.csv",
        "trade_id,time_ms,price,quantity,buyer_maker\n10,1610064000278,39432.48,0.000263,true\n",
    );
    assert_eq!(
        books.json(&format!("demo --trades {trades} --no-crash --clients 2"))["transfers"],
        6 + 6
    );
}

#[test]
fn a_person_is_known_read_kept_by_law_and_forgotten() {
    let books = Books::empty();
    let key = books.path("key").display().to_string();
    books.ok(&format!("keys new {key}"));
    let with = |line: &str| format!("{line} --key-file {key} --actor ann");
    books.ok(&with("init"));
    books.ok(&with("account add c42:ZAR --asset ZAR --kind liability"));
    books.ok(&with("party add b7 --kind broker"));
    books.ok(&with("party add c42 --broker b7"));
    books.ok(&with("party assign c42 c42:ZAR"));
    books.ok(&with("party amend c42 --kyc-level 2 --risk low --set verified"));
    books.ok(&with(
        "party set c42 --purpose due_diligence --law 5 --field 'name=Nomvula Canary' --identifier name=name",
    ));
    let fields = r#"{"email":{"value":"n@example.org","purpose":"contact","identifier":"email"}}"#;
    let file = books.write("fields.json", fields);
    books.ok(&with(&format!("party set c42 --file {file}")));
    let shown = books.ok(&with("party show c42"));
    for says in ["c42:ZAR", "due_diligence", "verified", "b7"] {
        assert!(shown.contains(says), "{shown}");
    }
    assert!(!shown.contains("Canary"));
    assert!(books.ok(&with("party find --by email N@Example.org")).contains("c42"));
    assert!(books.ok(&with("party list --broker b7")).contains("c42"));
    // What moves may be sealed to a party too, and a broker sees its own.
    books.ok(&with("party add b8 --kind broker"));
    books.ok(&with("account add bank:ZAR --asset ZAR --kind asset"));
    let words = "--subject c42 --description 'rent of Nomvula' --metadata flat=7 --metadata order=9 --public order";
    books.ok(&with(&format!("post --key rent --from bank:ZAR --to c42:ZAR --amount 1 {words}")));
    let shown = books.ok(&with("get rent"));
    assert!(shown.contains("order=9") && shown.contains("sealed to"), "{shown}");
    assert!(!shown.contains("Nomvula") && !shown.contains("flat"), "{shown}");
    let read = books.ok(&with("party read c42 --transfer rent --why 'a complaint'"));
    assert!(read.contains("rent of Nomvula") && read.contains("flat=7"), "{read}");
    let rejected =
        "post --key r2 --from bank:ZAR --to c42:ZAR --amount 1 --subject c99 --description x";
    books.fails(&with(rejected), 1, "subject_not_found");
    for (question, seen) in [
        ("balance c42:ZAR", "balance"),
        ("history c42:ZAR", "rent"),
        ("statement c42:ZAR", "rent"),
        ("holds c42:ZAR", "no open holds"),
        ("get c42:ZAR", "liability"),
        ("party show c42", "b7"),
    ] {
        assert!(books.ok(&with(&format!("{question} --viewer b7"))).contains(seen), "{question}");
        let told = books.run(&with(&format!("{question} --viewer b8")));
        assert!(!told.status.success(), "{question}");
    }
    for (question, seen) in
        [("transfers", "rent"), ("account list", "c42:ZAR"), ("party list", "c42")]
    {
        assert!(books.ok(&with(&format!("{question} --viewer b7"))).contains(seen), "{question}");
        assert!(!books.ok(&with(&format!("{question} --viewer b8"))).contains(seen), "{question}");
    }
    let tokens =
        books.ok(&with("party token --purpose mail --by email N@example.org n@EXAMPLE.org x"));
    let tokens: Vec<&str> = tokens.lines().collect();
    assert!(tokens[0].len() == 32 && tokens[0] == tokens[1] && tokens[2].is_empty(), "{tokens:?}");
    let masked = books.ok(&with("party mask --purpose card 4000-0012-3456-7899"));
    assert!(masked.len() == 20 && !masked.contains("0012-3456"), "{masked}");
    assert!(books.ok(&with("party read c42 --why 'a complaint'")).contains("Nomvula Canary"));
    let page = books.path("c42.html").display().to_string();
    books.ok(&with(&format!("party export c42 --why 'asked for it' --page {page}")));
    assert!(std::fs::read_to_string(&page).unwrap().contains("Nomvula Canary"));
    books.fails(&with("party access-log --party c42"), 2, "granted");
    books.ok(&with("party grant ann --until 2200-01-01"));
    let log = books.ok(&with("party access-log --party c42"));
    assert!(log.contains("a complaint") && log.contains("email, name"), "{log}");
    books.fails(&with("party forget c42"), 1, "as long as the relationship lasts");
    books.ok(&with("party forget c42 --scope consent"));
    let read = books.ok(&with("party read c42 --why 'a complaint'"));
    assert!(read.contains("Nomvula Canary") && !read.contains("n@example.org"), "{read}");
    books.ok(&with("party amend c42 --ended 2001-01-31"));
    books.ok(&with("party hold c42 case-9 --reason 'order of the court'"));
    books.fails(&with("party forget c42"), 1, "case-9");
    books.ok(&with("party lift c42 case-9"));
    let copy = books.path("copy").display().to_string();
    books.ok(&format!("backup {copy} --key-file {key}"));
    books.ok(&with("party forget c42"));
    assert!(books.ok(&with("party read c42 --why 'a complaint'")).contains("no fields"));
    books.ok(&with("keys rotate --people"));
    let checked = books.json(&with("keys check --people"));
    assert_eq!((&checked["destroyed"], &checked["lost_count"]), (&2.into(), &0.into()));
    // What a backup made later holds, and what it makes of itself under another key.
    books.ok(&format!("backup {copy} --key-file {key}"));
    books.ok(&with("verify"));
    let other = books.path("other").display().to_string();
    books.ok(&format!("keys new {other}"));
    let restored = books.path("restored").display().to_string();
    books.ok(&format!("restore {copy} --dir {restored} --key-file {key} --new-key-file {other}"));
    let read = format!("party read c42 --why x --dir {restored} --key-file {other}");
    assert!(books.ok(&read).contains("no fields"));
}

#[test]
fn personal_data_needs_a_store_with_a_key() {
    let books = Books::new();
    books.ok("party add c1");
    books.fails("party set c1 --field name=x", 1, "open the ledger with a key");
    books.fails("party read c1 --why x", 2, "personal data needs keys");
}
