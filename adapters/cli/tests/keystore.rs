//! A ledger whose key is in the key store of the platform: against a real Secret Service, on a bus of its own.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A bus and the service on it, which end with the test.
struct Service {
    bus: Child,
    daemon: Option<Child>,
    address: String,
    home: tempfile::TempDir,
}

impl Drop for Service {
    fn drop(&mut self) {
        for child in self.daemon.iter_mut().chain([&mut self.bus]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Service {
    /// Where the programs are installed, and the service answers.
    fn start() -> Option<Self> {
        let home = tempfile::tempdir().unwrap();
        let mut bus = Command::new("dbus-daemon")
            .env("HOME", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let mut service = Self { bus, daemon: None, address, home };
        let mut daemon = service
            .with_home(Command::new("gnome-keyring-daemon"))
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        // With its end it takes the password of the new collection.
        daemon.stdin.take().unwrap().write_all(b"correct horse").unwrap();
        service.daemon = Some(daemon);
        // Asked before it has its name, the bus would start another, which has no password.
        let is_there = |_: &u32| {
            std::thread::sleep(Duration::from_millis(100));
            service.has_name()
        };
        (0..100).find(is_there)?;
        Some(service)
    }

    /// Whether the service has its name on the bus.
    fn has_name(&self) -> bool {
        let asked = self
            .with_home(Command::new("dbus-send"))
            .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"])
            .args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"])
            .output();
        asked.is_ok_and(|told| String::from_utf8_lossy(&told.stdout).contains("boolean true"))
    }

    fn with_home(&self, mut command: Command) -> Command {
        let home = self.home.path();
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("XDG_DATA_HOME", home.join("data"));
        command
    }

    /// Runs the words of a line, for a store in this home.
    fn run(&self, line: &str) -> (i32, String) {
        let mut command = self.with_home(Command::new(env!("CARGO_BIN_EXE_thalium")));
        told(command.args(line.split_whitespace()).env("THALIUM_DIR", self.path("books")))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn ok(&self, line: &str) -> String {
        let (code, out) = self.run(line);
        assert_eq!(code, 0, "{line}\n{out}");
        out
    }

    fn fails(&self, line: &str, code: i32, says: &str) {
        let (found, out) = self.run(line);
        assert_eq!(found, code, "{line}\n{out}");
        assert!(out.contains(says), "{line} does not say `{says}`:\n{out}");
    }
}

fn told(command: &mut Command) -> (i32, String) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout) + &text(&output.stderr))
}

fn files_in(directory: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    bytes
}

#[test]
fn a_ledger_is_opened_with_a_key_of_the_platforms_store() {
    let Some(service) = Service::start() else {
        println!("skipped: no Secret Service (dbus-daemon, dbus-send, gnome-keyring-daemon)");
        return;
    };
    let key = "--key-file keystore:books";
    service.fails(&format!("init {key}"), 2, "is not in the key store");
    service.ok("keys new keystore:books");
    service.fails("keys new keystore:books", 3, "is there already");
    service.ok(&format!("init {key}"));
    service.ok(&format!("account add c1:ZAR --asset ZAR --kind asset {key}"));
    service.ok(&format!("party add c42 {key}"));
    service.ok(&format!("party set c42 --field name=Nomvula {key}"));
    service.fails("stats", 3, "encrypted");
    assert!(service.ok(&format!("party read c42 --why audit {key}")).contains("Nomvula"));
    let copy = service.path("copy").display().to_string();
    service.ok(&format!("keys copy keystore:books {copy}"));
    service.fails(&format!("keys copy keystore:books {copy}"), 3, "cannot be written");
    assert!(service.ok(&format!("keys check --key-file {copy}")).contains("had: 1"));
    // Under another key of the store from now on; the one before opens it no more.
    service.ok("keys new keystore:next");
    service.ok(&format!("keys rewrap {key} --to keystore:next"));
    service.fails(&format!("keys check {key}"), 3, "not the one");
    service.ok("keys check --key-file keystore:next");
    // The key stands in no file of the ledger.
    let text = std::fs::read_to_string(&copy).unwrap();
    let digits = text.trim().rsplit('-').next().unwrap();
    let told = files_in(&service.path("books"));
    assert!(!told.windows(16).any(|window| window == &digits.as_bytes()[..16]));
}

#[test]
fn where_there_is_no_store_that_is_told_with_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_thalium"));
    let nowhere = format!("unix:path={}", home.path().join("no-bus").display());
    command.args(["keys", "new", "keystore:books"]).env("DBUS_SESSION_BUS_ADDRESS", nowhere);
    let (code, out) = told(&mut command);
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("cannot be used") && out.contains("in a file instead"), "{out}");
}
