//! `thalium policy check`.

use clap::Args;
use thalium_host::wire::{PolicyNeed, PolicyRule, PolicyView};

use super::{BundleArgs, word};
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
    /// List the rules, and the facts that typed rules read
    #[arg(long)]
    rules: bool,
}

impl Check {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let PolicyView { revision, digest, roots, rules, typed } = self.bundle.open()?.describe();
        let output = global.output();
        if output.json {
            let rules: Vec<_> = rules
                .iter()
                .map(|PolicyRule { name, makes, count, file, row }| {
                    serde_json::json!({ "path": name, "kind": makes, "rules": count, "file": file, "row": row })
                })
                .collect();
            return output.json(&serde_json::json!({
                "ok": true, "revision": revision, "roots": roots, "digest": digest, "rules": rules, "typed": typed,
            }));
        }
        if self.rules {
            let mut table = Rows::new(&["rule", "makes a", ">rules", "at"]);
            for rule in &rules {
                let at = format!("{}:{}", rule.file, rule.row);
                table.push([rule.name.clone(), word(&rule.makes), count(rule.count), at]);
            }
            output.table(&table)?;
            for program in &typed {
                let facts = program.facts.iter();
                let facts = facts.filter(|fact| fact.needed != PolicyNeed::Never);
                let mut table = Rows::new(&["fact", "type", "needed"]);
                facts.for_each(|fact| {
                    table.push([fact.name.clone(), fact.kind.clone(), word(&fact.needed)]);
                });
                output.line(format!("{}  typed rules of {}", program.path, program.file))?;
                output.indented(&table)?;
            }
        }
        let programs = match typed.len() {
            0 => String::new(),
            number => format!("  {number} programs of typed rules"),
        };
        let revision = if revision.is_empty() { "none" } else { &revision };
        output.line(format!(
            "ok  {} names of rules{programs}  revision {revision}  digest {digest}",
            rules.len()
        ))
    }
}
