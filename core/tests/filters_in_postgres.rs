//! Filters asked of PostgreSQL itself: for policies made at random its answer for every row is what the engine decides on that row.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

#[path = "../src/policy/filter/cases.rs"]
mod cases;

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cases::{COLUMNS, Chance, DATA, INPUT, row, rules};
use thalium::policy::bundle::{Bundle, File};
use thalium::policy::filter::{Column, FilterError, Kind, Parameter, Table};
use thalium::policy::rego::{Request, Value};
use thalium::policy::snapshot::Snapshot;

const POLICIES: u64 = 1_000;
const ROWS: usize = 80;

/// Where its programs may be: where Debian has those of each version, and on the path.
fn folders() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders
}

/// A server of its own in a folder of its own, which listens on a socket there and nowhere else.
struct Server {
    process: Child,
    folder: PathBuf,
}

impl Server {
    /// None where its programs are not there.
    fn start() -> Option<Self> {
        let programs = folders()
            .into_iter()
            .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())?;
        let folder = std::env::temp_dir().join(format!("filters-{}", std::process::id()));
        fs::create_dir(&folder).ok()?;
        // It refuses to run as root: then as `nobody`, whose folder it is.
        let root = unprivileged(&mut Command::new("id"), "-u") == "0";
        let run = |program: &str| {
            if !root {
                return Command::new(programs.join(program));
            }
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
            command.arg(programs.join(program));
            command
        };
        if root {
            Command::new("chown").arg("65534:65534").arg(&folder).status().ok()?;
        }
        let data = folder.join("data");
        let made = run("initdb")
            .current_dir(&folder)
            .args(["-A", "trust", "-U", "filters", "-E", "UTF8", "--locale=C.UTF-8", "-N", "-D"])
            .arg(&data)
            .stdout(Stdio::null())
            .status();
        if !made.is_ok_and(|made| made.success()) {
            _ = fs::remove_dir_all(&folder);
            return None;
        }
        let process = run("postgres")
            .current_dir(&folder)
            .args(["-c", "listen_addresses=", "-c", "fsync=off", "-k"])
            .arg(&folder)
            .arg("-D")
            .arg(&data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let server = Self { process: process.ok()?, folder };
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            if server.ask("select 1;") == Ok("1\n".to_owned()) {
                return Some(server);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        println!("filters: the server of {} did not start", programs.display());
        None
    }

    fn ask(&self, script: &str) -> Result<String, String> {
        let file = self.folder.join("script.sql");
        fs::write(&file, script).unwrap();
        let told = Command::new("psql")
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "filters",
                "-d",
                "postgres",
                "-h",
            ])
            .arg(&self.folder)
            .arg("-f")
            .arg(&file)
            .env("PGCLIENTENCODING", "UTF8")
            .output()
            .unwrap();
        if told.status.success() {
            Ok(String::from_utf8(told.stdout).unwrap())
        } else {
            Err(String::from_utf8_lossy(&told.stderr).into_owned())
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT, its fast shutdown: `setpriv` has become the server.
        _ = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        _ = self.process.wait();
        _ = fs::remove_dir_all(&self.folder);
    }
}

fn unprivileged(command: &mut Command, argument: &str) -> String {
    let told = command.arg(argument).output();
    told.map(|told| String::from_utf8_lossy(&told.stdout).trim().to_owned()).unwrap_or_default()
}

fn table() -> Table {
    let columns = COLUMNS.map(|(name, kind, nullable)| {
        let kind = match kind {
            "text" => Kind::Text,
            "numeric" => Kind::Number,
            "boolean" => Kind::Boolean,
            _ => Kind::Texts,
        };
        let column = Column::new(name, &format!("the {name}"), kind);
        if nullable { column.nullable() } else { column }
    });
    Table::new("input.row", columns).unwrap().alias("r").unwrap()
}

fn literal(parameter: &Parameter) -> String {
    let quoted = |text: &String| format!("'{}'", text.replace('\'', "''"));
    match parameter {
        Parameter::Text(text) | Parameter::Number(text) => quoted(text),
        Parameter::Texts(all) | Parameter::Numbers(all) => {
            format!("array[{}]::text[]", all.iter().map(quoted).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The collations that its columns have, each another than the next, one of them with a language's order.
fn collations(server: &Server) -> Vec<&'static str> {
    let swedish = "create collation swedish (provider = icu, locale = 'sv-SE');";
    let mut found = vec![" collate \"POSIX\"", ""];
    if server.ask(swedish).is_ok() {
        found.insert(0, " collate swedish");
        found.insert(1, " collate \"en-x-icu\"");
    } else {
        println!("filters: the server has no collations of ICU");
    }
    found
}

#[test]
fn postgres_answers_as_the_engine() {
    let Some(server) = Server::start() else {
        println!("skipped: there is no PostgreSQL here");
        return;
    };
    let mut chance = Chance(20_261_129);
    let mut collations = collations(&server).into_iter().cycle();
    let columns: Vec<String> = COLUMNS
        .iter()
        .map(|(name, kind, nullable)| {
            let collation = if kind.starts_with("text") { collations.next().unwrap() } else { "" };
            format!("\"the {name}\" {kind}{collation}{}", if *nullable { "" } else { " not null" })
        })
        .collect();
    let mut script = format!("create table rows (id int, {});\n", columns.join(", "));
    let mut rows = Vec::new();
    for id in 0..ROWS {
        let (json, sql) = row(&mut chance);
        script += &format!("insert into rows values ({id}, {sql});\n");
        rows.push(Value::from_json(&json).unwrap());
    }
    server.ask(&script).unwrap();
    let input = Value::from_json(INPUT).unwrap();
    let (mut script, mut expected, mut refused) = (String::new(), Vec::new(), 0);
    for at in 0..POLICIES {
        let rules = rules(&mut Chance(at));
        let files = [File::new("app.rego", &rules), File::new("app/data.json", DATA)];
        // Some have operands of types that are refused when they are loaded.
        let Ok(snapshot) = Snapshot::new(&Bundle::read(&files, None).unwrap()) else {
            refused += 1;
            continue;
        };
        let entry = snapshot.entry("app/visible").unwrap();
        let asked = |input: Value| Request { input: Some(input), ..Request::default() };
        let filter = match snapshot.filter(&entry, &table(), asked(input.clone())) {
            Ok(filter) => filter,
            Err(FilterError::Rule { message, .. }) => {
                println!("refused: {message}");
                refused += 1;
                continue;
            }
            Err(error) => panic!("{error}\n{rules}"),
        };
        let sql = filter.sql(1).unwrap();
        let values: Vec<String> = sql.parameters.iter().map(literal).collect();
        let values =
            if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
        script += &format!(
            "prepare filter as select id, {} from rows r order by id;\nexecute filter{values};\ndeallocate filter;\n",
            sql.text
        );
        for (id, row) in rows.iter().enumerate() {
            let input = input.as_object().unwrap().with("row".into(), row.clone());
            let input =
                Value::object(input.iter().map(|(key, value)| (key.clone(), value.clone())));
            let decided = snapshot.evaluate(&entry, asked(input));
            let visible = decided == Ok(Some(Value::Bool(true)));
            let told = || format!("row {}\n{rules}\n{sql:?}", row.to_json());
            expected.push((format!("{id}|{}", if visible { "t" } else { "f" }), told()));
        }
    }
    let told = server.ask(&script).unwrap();
    let told: Vec<&str> = told.lines().collect();
    assert_eq!(told.len(), expected.len());
    for (told, (expected, case)) in told.iter().zip(&expected) {
        assert_eq!(told, expected, "{case}");
    }
    let seen = told.iter().filter(|line| line.ends_with('t')).count();
    println!("{refused} of {POLICIES} refused; {seen} of {} rows seen", told.len());
    assert!(refused < POLICIES / 2, "{refused} of {POLICIES} refused");
    assert!(seen > told.len() / 10 && seen < told.len() * 9 / 10);
}
