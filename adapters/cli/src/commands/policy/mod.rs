//! `thalium policy`: bundles of Rego checked, asked, tested, packed and signed.

mod bench;
mod build;
mod check;
mod diff;
mod eval;
mod filter;
mod lint;
mod log;
mod test;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use thalium_host::Policy;
use thalium_host::policy::bundle::SignatureKey;

use crate::commands::{answered, text_of};
use crate::failure::Failure;
use crate::session::Global;

/// Decide by policies: check, ask, explain, test, lint, compare, measure, pack and sign bundles; make rules conditions in SQL; read what was decided, and decide it once more
#[derive(Subcommand, Debug)]
#[command(after_help = "\
A bundle is what Open Policy Agent packs: a directory, or a .tar.gz, of modules (*.rego), documents (data.json, data.yaml) and a .manifest.
No store is needed, but for what is on record: `decide --record`, `log` and `replay`.

Example:
  thalium policy check policies/
  thalium policy test policies/
  thalium policy decide policies/ aml/verdict --input withdrawal.json
  thalium policy build policies/ --output policies.tar.gz")]
pub(crate) enum PolicyCommand {
    Check(check::Check),
    Eval(eval::Eval),
    Decide(eval::Decide),
    Test(test::Test),
    Lint(lint::Lint),
    Filter(filter::Filter),
    Diff(diff::Diff),
    Log(log::Log),
    Replay(log::Replay),
    Bench(bench::Bench),
    Build(build::Build),
    Sign(build::Sign),
}

impl PolicyCommand {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        match self {
            Self::Check(args) => args.run(global),
            Self::Eval(args) => args.run(global),
            Self::Decide(args) => args.run(global),
            Self::Test(args) => args.run(global),
            Self::Lint(args) => args.run(global),
            Self::Filter(args) => args.run(global),
            Self::Diff(args) => args.run(global),
            Self::Log(args) => args.run(global),
            Self::Replay(args) => args.run(global),
            Self::Bench(args) => args.run(global),
            Self::Build(args) => args.run(global),
            Self::Sign(args) => args.run(global),
        }
    }
}

/// Which bundle.
#[derive(Args, Debug)]
struct BundleArgs {
    /// The bundle: a directory, a .tar.gz, or one module
    bundle: PathBuf,
    /// The bundle must be signed: the public key (PEM or JWK) or secret, a file
    #[arg(long, value_name = "FILE")]
    verification_key: Option<PathBuf>,
    /// The id of that key, where the signature names one
    #[arg(
        long,
        value_name = "ID",
        default_value = "",
        hide_default_value = true,
        requires = "verification_key"
    )]
    verification_key_id: String,
    /// The algorithm of that key
    #[arg(long, value_name = "ALGORITHM", default_value = "RS256", requires = "verification_key")]
    signing_alg: String,
    /// The scope that the signature must have
    #[arg(long, default_value = "", hide_default_value = true, requires = "verification_key")]
    scope: String,
}

impl BundleArgs {
    fn open(&self) -> Result<Policy, Failure> {
        let keys = match &self.verification_key {
            Some(path) => Some(vec![SignatureKey {
                id: self.verification_key_id.clone(),
                algorithm: self.signing_alg.clone(),
                key: text_of(path)?,
                scope: self.scope.clone(),
            }]),
            None => None,
        };
        Ok(Policy::open(&self.bundle, keys.as_deref())?)
    }
}

/// With what it is asked.
#[derive(Args, Debug)]
struct AskedArgs {
    /// The input: a file of JSON, or `-` for the standard input
    #[arg(long, short, value_name = "FILE")]
    input: Option<PathBuf>,
    /// The instant at which it is decided, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
    /// End with an error where a built-in function fails, instead of taking it for undefined
    #[arg(long)]
    strict: bool,
}

impl AskedArgs {
    fn text(&self) -> Result<Option<String>, Failure> {
        self.input.as_deref().map(text_of).transpose()
    }

    fn asked<'a>(&self, input: Option<&'a str>) -> thalium_host::Asked<'a> {
        thalium_host::Asked { input, now: self.now, strict: self.strict, ..Default::default() }
    }
}

/// A word as JSON has it.
fn word(value: &impl serde::Serialize) -> String {
    let told = serde_json::to_value(value).unwrap_or_default();
    told.as_str().unwrap_or_default().to_owned()
}
