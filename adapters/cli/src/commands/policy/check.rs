//! `thalium policy check`.

use clap::Args;
use thalium_host::hex;
use thalium_host::policy::rego::RuleKind;

use super::BundleArgs;
use crate::failure::Failure;
use crate::output::{Rows, count};
use crate::session::Global;

/// Load a bundle as it would be loaded to decide, and list its rules
#[derive(Args, Debug)]
#[command(after_help = "\
Everything that the engine does not support is refused here, with its file and row: what loads can be asked.

Examples:
  thalium policy check policies/
  thalium policy check policies.tar.gz --verification-key public.pem")]
pub(crate) struct Check {
    #[command(flatten)]
    bundle: BundleArgs,
    /// List the rules
    #[arg(long)]
    rules: bool,
}

const fn word(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Complete => "value",
        RuleKind::Set => "set",
        RuleKind::Partial => "object",
        RuleKind::Function => "function",
    }
}

impl Check {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let policy = self.bundle.open()?;
        let snapshot = policy.snapshot();
        let (manifest, digest) = (snapshot.manifest(), hex(&snapshot.digest()));
        let mut rules: Vec<_> = snapshot.policy().rules().collect();
        rules.sort_by(|a, b| (a.file, a.row, a.path).cmp(&(b.file, b.row, b.path)));
        let output = global.output();
        if output.json {
            let rules: Vec<_> = rules
                .iter()
                .map(|rule| {
                    let place = (rule.file, rule.row);
                    serde_json::json!({ "path": rule.name(), "kind": word(rule.kind), "rules": rule.count, "file": place.0, "row": place.1 })
                })
                .collect();
            return output.json(&serde_json::json!({
                "ok": true, "revision": manifest.revision, "roots": manifest.roots, "digest": digest, "rules": rules,
            }));
        }
        if self.rules {
            let mut table = Rows::new(&["rule", "makes a", ">rules", "at"]);
            for rule in &rules {
                let at = format!("{}:{}", rule.file, rule.row);
                table.push([rule.name(), word(rule.kind).to_owned(), count(rule.count as u64), at]);
            }
            output.table(&table)?;
        }
        let revision = if manifest.revision.is_empty() { "none" } else { &manifest.revision };
        output.line(format!(
            "ok  {} names of rules  revision {revision}  digest {digest}",
            rules.len()
        ))
    }
}
