//! `cargo xtask node`: builds the npm package and tests it, in its folder and as the tarballs that ship.

use clap::Args;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::repo::{Repo, ScratchFolder, files_in, target_folder};
use crate::runner::Runner;
use crate::test;

/// Build the npm package, pack it, install the tarballs and test them
///
/// The native module is built as it ships, the TypeScript compiled strictly, and the tests run: the vectors, the surface, random
/// payloads, real Express and Fastify servers. Then the tarballs are packed, installed into an empty folder, and the vectors run
/// there, beside a program of strict TypeScript in each module system.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo xtask node\n  cargo xtask node --full     100,000 random payloads, a panic in every export"
)]
pub(crate) struct Node {
    /// More random payloads, and a build in which every export can be made to panic
    #[arg(long)]
    full: bool,
}

const EXPRESS: &str = "examples/express";
const PACKAGE: &str = "bindings-node";

impl Node {
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        let mut runner = Runner::default();
        let result = steps(repo, &mut runner, self.full);
        println!("\n{}", runner.summary());
        result
    }
}

/// The steps, as part of another run.
pub(crate) fn steps(repo: &Repo, runner: &mut Runner, full: bool) -> Result<(), Failure> {
    let package = repo.root().join(PACKAGE);
    let platform = platform(&package)?;
    let module = format!("thalium.{platform}.node");
    let profile = test::profile(full);
    runner.program("node tools", &mut npm(&package, &["ci"]))?;
    for config in ["tsconfig.json", "tsconfig.test.json"] {
        runner.program(
            "node types",
            npm(&package, &["exec", "--", "tsc", "-p", config]).env("CI", "1"),
        )?;
    }
    if full {
        build(repo, runner, profile, &["--features", "test-hooks"], &package.join(&module))?;
        runner.program("node panics", &mut tests(repo, &package, full, "panics.test.js"))?;
    }
    build(repo, runner, profile, &[], &package.join(&module))?;
    runner.program("node tests", &mut tests(repo, &package, full, ""))?;
    runner.program("node reference", &mut npm(&package, &["exec", "--", "typedoc"]))?;
    packed(repo, runner, &package, &platform, &module)
}

/// Packs the package and its native module, and tests both where nothing else is.
fn packed(
    repo: &Repo,
    runner: &mut Runner,
    package: &Path,
    platform: &str,
    module: &str,
) -> Result<(), Failure> {
    let away = ScratchFolder::create("npm")?;
    pack(runner, package, platform, module, away.path())?;

    let user = away.path().join("user");
    write(&user.join("package.json"), "{ \"name\": \"user\", \"private\": true }\n")?;
    let tarballs = files_in(away.path(), "tgz")?;
    let mut install = npm(&user, &["install", "--no-audit", "--no-fund"]);
    // What checks the types of whoever uses the package.
    install.args(&tarballs).args(["typescript@5.9", "@types/node@20"]);
    runner.program("node install", &mut install)?;

    // The same program in either module system.
    for name in ["a.cts", "b.mts"] {
        copy(&repo.root().join("examples/node/first.ts"), &user.join(name))?;
    }
    write(&user.join("readme.mts"), &example(&repo.root().join("README.md"))?)?;
    let strict = ["exec", "--", "tsc", "--strict", "--module", "node16", "--target", "es2022"];
    let mut types = npm(&user, &strict);
    types.args([
        "--lib",
        "es2023,esnext.disposable",
        "--types",
        "node",
        "a.cts",
        "b.mts",
        "readme.mts",
    ]);
    runner.program("node user types", &mut types)?;
    for built in ["a.cjs", "b.mjs", "readme.mjs"] {
        runner.program("node user", Command::new("node").current_dir(&user).arg(built))?;
    }
    copy(&package.join("target-test/test/vectors.test.js"), &user.join("vectors.test.js"))?;
    runner.program("node vectors", node_test(repo, &user, false).arg("vectors.test.js"))?;
    express(repo, runner, away.path(), &tarballs)
}

/// The TypeScript that a page shows.
fn example(page: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(page).map_err(|error| Failure::io("reading", page, &error))?;
    let block = text.split_once("```ts\n").and_then(|(_, rest)| rest.split_once("```"));
    let (example, _) =
        block.ok_or_else(|| Failure::new(format!("`{}` shows no TypeScript", page.display())))?;
    Ok(example.to_owned())
}

/// Installs the example back end with the packed package, and tests it: its routes, its document, a restart under load.
fn express(
    repo: &Repo,
    runner: &mut Runner,
    to: &Path,
    tarballs: &[PathBuf],
) -> Result<(), Failure> {
    let folder = installed(repo, runner, to, tarballs)?;
    runner.program("express tests", &mut npm(&folder, &["test"]))
}

/// A copy of the example back end with the packed package in it.
fn installed(
    repo: &Repo,
    runner: &mut Runner,
    to: &Path,
    tarballs: &[PathBuf],
) -> Result<PathBuf, Failure> {
    let folder = to.join("express");
    copy_folder(&repo.root().join(EXPRESS), &folder)?;
    let mut install = npm(&folder, &["install", "--no-audit", "--no-fund"]);
    runner.program("express install", install.args(tarballs))?;
    Ok(folder)
}

/// The example back end, ready to be started by its `npm start`.
pub(crate) fn back_end(repo: &Repo, runner: &mut Runner, to: &Path) -> Result<PathBuf, Failure> {
    let package = repo.root().join(PACKAGE);
    let platform = platform(&package)?;
    let module = format!("thalium.{platform}.node");
    if !package.join("node_modules").is_dir() {
        runner.program("node tools", &mut npm(&package, &["ci"]))?;
    }
    // As they are now, not as they were when someone built them last.
    runner.program("node types", &mut npm(&package, &["run", "build"]))?;
    build(repo, runner, test::PROFILE, &[], &package.join(&module))?;
    pack(runner, &package, &platform, &module, to)?;
    let folder = installed(repo, runner, to, &files_in(to, "tgz")?)?;
    runner.program("express build", &mut npm(&folder, &["run", "build"]))?;
    Ok(folder)
}

/// Packs the package and its native module into tarballs.
fn pack(
    runner: &mut Runner,
    package: &Path,
    platform: &str,
    module: &str,
    to: &Path,
) -> Result<(), Failure> {
    let staging = ScratchFolder::create("npm-staging")?;
    let (main, native) = (staging.path().join("main"), staging.path().join("native"));
    write(&native.join("package.json"), &manifest(platform, module))?;
    copy(&package.join(module), &native.join(module))?;
    stage(package, &main, platform)?;
    for folder in [&main, &native] {
        let mut pack = npm(folder, &["pack", "--pack-destination"]);
        runner.program("node pack", pack.arg(to))?;
    }
    Ok(())
}

/// Builds the package and its native module as they ship, and packs both.
pub(crate) fn package(repo: &Repo, runner: &mut Runner, to: &Path) -> Result<(), Failure> {
    let package = repo.root().join(PACKAGE);
    let platform = platform(&package)?;
    let module = format!("thalium.{platform}.node");
    runner.program("node tools", &mut npm(&package, &["ci"]))?;
    runner.program("node types", &mut npm(&package, &["run", "build"]))?;
    build(repo, runner, "release", &[], &package.join(&module))?;
    pack(runner, &package, &platform, &module, to)
}

/// The package as it ships: what its list of files names, and the native modules as what it can do without.
fn stage(package: &Path, to: &Path, platform: &str) -> Result<(), Failure> {
    let text = fs::read_to_string(package.join("package.json"))
        .map_err(|error| Failure::io("reading", package, &error))?;
    let mut manifest: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("package.json is no JSON: {error}")))?;
    let listed = manifest.get("files").and_then(serde_json::Value::as_array).cloned();
    for name in listed.unwrap_or_default().iter().filter_map(serde_json::Value::as_str) {
        let (from, to) = (package.join(name), to.join(name));
        if !from.is_dir() {
            write(&to, &fs::read_to_string(&from).map_err(|e| Failure::io("reading", &from, &e))?)?;
            continue;
        }
        for file in files_in(&from, "js")?.into_iter().chain(files_in(&from, "ts")?) {
            let name = file.file_name().unwrap_or_default();
            let text = fs::read_to_string(&file).map_err(|e| Failure::io("reading", &file, &e))?;
            write(&to.join(name), &text)?;
        }
    }
    if let Some(fields) = manifest.as_object_mut() {
        fields.remove("devDependencies");
        fields.remove("scripts");
        let native =
            serde_json::json!({ format!("@thalium/native-{platform}"): env!("CARGO_PKG_VERSION") });
        fields.insert("optionalDependencies".to_owned(), native);
    }
    write(&to.join("package.json"), &format!("{manifest:#}\n"))
}

/// The manifest of the package of a platform's native module.
fn manifest(platform: &str, module: &str) -> String {
    let mut parts = platform.split('-');
    let (os, cpu) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let libc = match parts.next() {
        Some("gnu") => ", \"libc\": [\"glibc\"]",
        Some("musl") => ", \"libc\": [\"musl\"]",
        _ => "",
    };
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "{{ \"name\": \"@thalium/native-{platform}\", \"version\": \"{version}\", \"license\": \"MIT OR Apache-2.0\", \
         \"main\": \"{module}\", \"files\": [\"{module}\"], \"os\": [\"{os}\"], \"cpu\": [\"{cpu}\"]{libc} }}\n"
    )
}

fn build(
    repo: &Repo,
    runner: &mut Runner,
    profile: &str,
    features: &[&str],
    to: &Path,
) -> Result<(), Failure> {
    let mut cargo = if profile == test::PROFILE && features.is_empty() {
        test::libraries(repo)
    } else {
        repo.cargo(["build", "--profile", profile, "--locked", "-p", "thalium-node"])
    };
    runner.program("node module", cargo.args(features))?;
    let library = format!("{}thalium_node{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    copy(&target_folder()?.join(profile).join(library), to)
}

/// The platform, as the package itself names it.
fn platform(package: &Path) -> Result<String, Failure> {
    let told = Command::new("node")
        .current_dir(package)
        .args(["-p", "require('./native-name.js')"])
        .output()
        .map_err(|error| Failure::new(format!("node cannot be started: {error}")))?;
    if !told.status.success() {
        return Err(Failure::new("the name of this platform is not known"));
    }
    Ok(String::from_utf8_lossy(&told.stdout).trim().to_owned())
}

fn tests(repo: &Repo, package: &Path, full: bool, only: &str) -> Command {
    let mut command = node_test(repo, package, full);
    command.arg(format!("target-test/test/{only}"));
    command
}

fn node_test(repo: &Repo, folder: &Path, full: bool) -> Command {
    let mut command = Command::new("node");
    command.current_dir(folder).args(["--test", "--test-reporter", "dot"]);
    command.env("THALIUM_VECTORS", repo.root().join("core/vectors"));
    command.env("THALIUM_TEST_TIER", test::tier(full));
    command
}

fn npm(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder).args(arguments);
    command
}

/// Copies a folder without what was built or installed in it.
fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    let reading = |error| Failure::io("reading", from, &error);
    for entry in fs::read_dir(from).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        let name = path.file_name().unwrap_or_default();
        if ["node_modules", "dist", "data"].iter().any(|built| name == *built) {
            continue;
        }
        match path.is_dir() {
            true => copy_folder(&path, &to.join(name))?,
            false => {
                fs::create_dir_all(to).map_err(|error| Failure::io("creating", to, &error))?;
                copy(&path, &to.join(name))?;
            }
        }
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::io("creating", folder, &error))?;
    }
    fs::write(file, text).map_err(|error| Failure::io("writing", file, &error))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::copy(from, to).map(drop).map_err(|error| Failure::io("copying", from, &error))
}
