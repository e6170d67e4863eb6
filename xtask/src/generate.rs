//! `cargo xtask generate`: what is made of the facade's types, committed, and compared by CI.

mod aio;
mod kotlin;
mod mobile;
mod node;
mod python;
mod shapes;
mod swift;

use clap::Args;
use std::env;
use std::fs;
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::repo::{Repo, target_folder};
use crate::test;

/// Make what is made of the facade's types: the JSON Schema and the declarations of the languages
///
/// A type that crosses the border of a language is defined once, in core/src/api or the host. From there come the schema and
/// from the schema the types of the languages. What is made is committed.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask generate             write what is made\n  \
    cargo xtask generate --check     fail where what is committed differs")]
pub(crate) struct Generate {
    /// Only compare, and fail on a difference
    #[arg(long)]
    check: bool,
}

const SCHEMA: &str = "core/api.schema.json";
const LEDGER: &str = "bindings-python/python/thalium/_ledger.py";

impl Generate {
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        write(repo, self.check)
    }
}

/// Fails where what is committed differs.
pub(crate) fn check(repo: &Repo) -> Result<(), Failure> {
    write(repo, true)
}

fn write(repo: &Repo, check: bool) -> Result<(), Failure> {
    let mut differing = Vec::new();
    for (path, text) in made(repo)? {
        let file = repo.root().join(path);
        let found = fs::read_to_string(&file).unwrap_or_default();
        if found == text {
            continue;
        }
        if check {
            differing.push(path);
        } else {
            let folder = file.parent().unwrap_or(repo.root());
            fs::create_dir_all(folder).map_err(|error| Failure::io("creating", folder, &error))?;
            fs::write(&file, text)
                .map_err(|error| Failure::new(format!("cannot write `{path}`: {error}")))?;
            println!("wrote {path}");
        }
    }
    if differing.is_empty() {
        return Ok(());
    }
    let paths = differing.join(", ");
    Err(Failure::new(format!(
        "{paths}: not what is made of the facade's types; run `cargo xtask generate` and commit it"
    )))
}

/// The files that are made, with what stands in them.
fn made(repo: &Repo) -> Result<Vec<(&'static str, String)>, Failure> {
    let built = test::libraries(repo)
        .arg("--quiet")
        .status()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !built.success() {
        return Err(Failure::new("the schema cannot be made: see above"));
    }
    let name = format!("schema{}", env::consts::EXE_SUFFIX);
    let program = target_folder()?.join(test::PROFILE).join("examples").join(name);
    let output = Command::new(&program)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::io("running", &program, &error))?;
    if !output.status.success() {
        return Err(Failure::new("the schema cannot be made: see above"));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let schema = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("the schema is no JSON: {error}")))?;
    let answers = shapes::answers(&schema, &["answers"])?;
    let on_devices = shapes::answers(&schema, &["answers", "device"])?;
    let ledger = fs::read_to_string(repo.root().join(LEDGER))
        .map_err(|error| Failure::new(format!("cannot read `{LEDGER}`: {error}")))?;
    let mut made = vec![
        (SCHEMA, text),
        ("bindings-python/python/thalium/_types.py", python::types(&answers)),
        ("bindings-python/python/thalium/aio.py", aio::module(&ledger)),
        ("bindings-node/ts/types.ts", node::types(&answers)),
        ("bindings-mobile/kotlin/src/main/kotlin/io/thalium/Types.kt", kotlin::types(&on_devices)),
        ("bindings-mobile/swift/Sources/Thalium/Types.swift", swift::types(&on_devices)),
    ];
    made.extend(mobile::native(repo)?);
    Ok(made)
}

/// `effective_date` as `effectiveDate`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}
