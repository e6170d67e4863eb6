//! `thalium kyc migrate`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use thalium_host::{
    CaseChange, CaseEffect, CaseFault, CaseQuery, ChangeCase, MigrateCase, MigrationRefused,
    MigrationRehearsed, RehearseMigration, Thalium, chart_text,
};

use super::cases::{effects, look, nanos, show};
use crate::commands::{answered, close};
use crate::failure::Failure;
use crate::output::{Output, Rows, count};
use crate::session::Global;

/// Move the cases of a kind to its newest version, by a map from the old one to the new
#[derive(Args, Debug)]
#[command(after_help = "\
Define the new version first. With --dry-run each case is tried and nothing is changed. Otherwise each case that can be moved is moved, on its own;
one that cannot stays in its version, and why is told. Run it again with another map for those.
Exit code 1: there are cases that cannot be moved.

Examples:
  thalium kyc define cases.yaml individual.yaml decision.yaml document.yaml
  thalium kyc migrate individual map.yaml --dry-run
  thalium kyc migrate individual map.yaml --actor operator-1")]
pub(crate) struct Migrate {
    /// The kind of case
    kind: String,
    /// The map: a file of YAML or JSON
    map: PathBuf,
    /// Try it, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// The instant, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
}

/// What became of cases that were to be moved.
#[derive(Debug, Default, Serialize)]
struct Migrated {
    /// How many open cases were not in the newest version.
    cases: u64,
    /// How many of them are now.
    moved: u64,
    /// Why the others are not.
    refused: Vec<MigrationRefused>,
    /// What the host is to do, in order.
    effects: Vec<CaseEffect>,
}

impl Migrate {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let map = chart_text(&self.map)?;
        let output = global.output();
        if self.dry_run {
            let tried = self.rehearsed(global, map)?;
            let told = if output.json {
                output.json(&tried)
            } else {
                let (cases, movable) = (count(tried.cases), count(tried.movable));
                tell(output, &tried.refused).and_then(|()| {
                    output.line(format!("{cases} cases are to be moved: {movable} would be"))
                })
            };
            return answered(told, tried.refused.is_empty());
        }
        let thalium = global.open()?;
        let done = self.moved(&thalium, &map)?;
        let told = if output.json {
            output.json(&done)
        } else {
            effects(output, "", &done.effects).and_then(|()| tell(output, &done.refused)).and_then(
                |()| {
                    let (cases, moved) = (count(done.cases), count(done.moved));
                    output.line(format!("{cases} cases were to be moved: {moved} were"))
                },
            )
        };
        close(thalium);
        answered(told, done.refused.is_empty())
    }

    fn rehearsed(&self, global: &Global, map: String) -> Result<MigrationRehearsed, Failure> {
        let (kind, now) = (self.kind.clone(), nanos(self.now));
        let call = RehearseMigration { kind, map, actor: None, now };
        look(global, |thalium| Ok(thalium.rehearse_migration(&call)?))
    }

    fn moved(&self, thalium: &Thalium, map: &str) -> Result<Migrated, CaseFault> {
        let newest = thalium.list_kinds()?.into_iter().find(|kind| kind.kind == self.kind);
        let Some(newest) = newest else {
            // What is wrong is told as in a rehearsal.
            let (kind, map) = (self.kind.clone(), map.to_owned());
            let call = RehearseMigration { kind, map, ..RehearseMigration::default() };
            thalium.rehearse_migration(&call)?;
            return Ok(Migrated::default());
        };
        let (kind, status) = (Some(self.kind.clone()), Some("open".to_owned()));
        let query = CaseQuery { kind, status, ..CaseQuery::default() };
        let mut done = Migrated::default();
        let mut refused: BTreeMap<(String, String), MigrationRefused> = BTreeMap::new();
        for case in show::all(thalium, &query, u64::MAX)? {
            if case.definition == newest.digest {
                continue;
            }
            let call = ChangeCase {
                case: case.case,
                change: CaseChange::Migrate(MigrateCase { map: map.to_owned() }),
                data: None,
                actor: None,
                request_id: None,
                now: nanos(self.now),
            };
            let outcome = thalium.change_case(&call, None)?;
            done.cases += 1;
            if outcome.ok {
                done.moved += 1;
                done.effects.extend(outcome.effects);
                continue;
            }
            let code = outcome.code.unwrap_or_default();
            // Refusals begin with the case's own name; those that say the same of several cases are told once.
            let why = outcome.reason.unwrap_or_default();
            let own = format!("the case `{}` cannot be moved: ", outcome.case);
            let why = why.strip_prefix(&own).unwrap_or(&why).to_owned();
            let found = refused.entry((code.clone(), why.clone())).or_insert(MigrationRefused {
                code,
                why,
                cases: 0,
                example: outcome.case,
            });
            found.cases += 1;
        }
        done.refused = refused.into_values().collect();
        Ok(done)
    }
}

/// Why cases cannot be moved.
fn tell(output: Output, refused: &[MigrationRefused]) -> Result<(), Failure> {
    if refused.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new(&[">cases", "code", "why", "such as"]);
    for it in refused {
        rows.push([count(it.cases), it.code.clone(), it.why.clone(), it.example.clone()]);
    }
    output.table(&rows)
}
