//! `cargo xtask package`: the packages as they ship, in one folder.

use clap::Args;
use std::fs;

use crate::failure::Failure;
use crate::mobile;
use crate::node;
use crate::python;
use crate::repo::Repo;
use crate::runner::Runner;

/// Build the packages of the languages as they ship: wheel (manylinux2014), source distribution, npm tarballs, the jar of Kotlin
///
/// They stand in target/packages. `cargo xtask python`, `node` and `mobile` test what they build. What goes onto phones takes the
/// tools of their makers: bindings-mobile/kotlin/aar.sh and bindings-mobile/swift/xcframework.sh.
#[derive(Args)]
#[command(after_help = "Example:\n  cargo xtask package")]
pub(crate) struct Package {}

impl Package {
    #[allow(clippy::unused_self, reason = "every subcommand is run alike")]
    pub(crate) fn run(&self, repo: &Repo) -> Result<(), Failure> {
        let folder = repo.root().join("target/packages");
        fs::create_dir_all(&folder).map_err(|error| Failure::io("creating", &folder, &error))?;
        let mut runner = Runner::default();
        let result = python::package(repo, &mut runner, &folder)
            .and_then(|()| node::package(repo, &mut runner, &folder))
            .and_then(|()| mobile::package(repo, &mut runner, &folder));
        println!("\n{}", runner.summary());
        result?;
        println!("packages: {}", folder.display());
        Ok(())
    }
}
