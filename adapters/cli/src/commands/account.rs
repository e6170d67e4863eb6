//! `thalium account`: opens accounts and shows the chart.

use std::collections::{BTreeMap, BTreeSet};

use clap::{Args, Subcommand};
use thalium_host::ledger::account::AccountKind;
use thalium_host::{self as api, AccountView, Flag};

use super::movement::SealArgs;
use super::viewer::Viewer;
use super::{metadata, missing, named, pair, submit_one};
use crate::failure::Failure;
use crate::output::Rows;
use crate::session::Global;

/// Open accounts, and list them
#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    Add(Box<Add>),
    List(List),
}

/// Open an account
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium account add c1:ZAR --asset ZAR --kind liability --parent b1:ZAR \\\n    \
                        --name \"Client c1\""
)]
pub(crate) struct Add {
    /// The name under which every other command knows it
    key: String,
    /// The code of its asset
    #[arg(long, value_name = "CODE")]
    asset: String,
    /// asset, liability, equity, income or expense
    #[arg(long, value_parser = named::<AccountKind>)]
    kind: AccountKind,
    /// The key or id of the account above it
    #[arg(long, value_name = "KEY")]
    parent: Option<String>,
    /// A name; public, unless there is a subject
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,
    /// Why it exists, by your own list, 1 to 65,535
    #[arg(long, value_name = "N")]
    code: Option<u16>,
    /// It may be overdrawn: what the book owes may not unless this says so
    #[arg(long)]
    overdraft: bool,
    /// A flag, such as credits_must_not_exceed_debits or history; may be given again
    #[arg(long = "flag", value_name = "FLAG", value_parser = named::<Flag>)]
    flags: Vec<Flag>,
    /// Metadata; public, unless there is a subject; may be given again
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    metadata: Vec<(String, String)>,
    #[command(flatten)]
    seal: SealArgs,
}

/// List the accounts as a tree
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  thalium account list --under platform:ZAR\n  thalium account list --viewer broker-7"
)]
pub(crate) struct List {
    /// Only this account and those below it
    #[arg(long, value_name = "KEY")]
    under: Option<String>,
    #[command(flatten)]
    viewer: Viewer,
}

impl Account {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        match self {
            Self::Add(add) => submit_one(global, add.command()),
            Self::List(list) => list.run(global),
        }
    }
}

impl Add {
    fn command(&self) -> api::Account {
        api::Account {
            key: self.key.clone(),
            asset: self.asset.clone(),
            kind: Some(self.kind),
            parent: self.parent.clone(),
            name: self.name.clone(),
            code: self.code,
            overdraft: self.overdraft,
            flags: self.flags.clone(),
            metadata: metadata(&self.metadata),
            subject: self.seal.subject.clone(),
            basis: self.seal.basis,
            years: self.seal.years,
            retention: self.seal.retention.clone(),
            public: self.seal.public.clone(),
            ..api::Account::default()
        }
    }
}

impl List {
    fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open_to_read()?;
        let under = self.under.as_deref();
        let (views, root) = self.viewer.read(&thalium, |sight| {
            let seen = sight.book().accounts().filter(|one| sight.sees_account(one.opened.id));
            let views: Vec<AccountView> = seen.map(|one| sight.account_view(&one)).collect();
            let root = under.map(|name| api::account_id("under", name)).transpose()?;
            Ok((views, root.map(|id| sight.account(id).map(|account| account.opened.id))))
        })?;
        let output = global.output();
        let tree = match (root, under) {
            (Some(None), Some(name)) => return Err(missing("account", name, output)),
            (root, _) => tree(&views, root.flatten()),
        };
        if output.json {
            return tree.iter().try_for_each(|(account, _)| output.json(account));
        }
        if tree.is_empty() {
            return output.line("there are no accounts; open one with `thalium account add`");
        }
        let mut rows = Rows::new(&["account", "kind", ">balance", ">available", "asset", "name"]);
        for (account, depth) in tree {
            let key =
                if account.key.is_empty() { account.id.to_string() } else { account.key.clone() };
            rows.push([
                format!("{}{key}", "  ".repeat(depth)),
                account.kind.map_or("-", AccountKind::name).to_owned(),
                account.balances.balance.clone(),
                account.balances.available.clone(),
                account.asset.clone(),
                account.name.clone(),
            ]);
        }
        output.table(&rows)
    }
}

/// The accounts with their depths, each under its parent; the whole chart, or what is below an account.
fn tree(views: &[AccountView], under: Option<api::Id>) -> Vec<(&AccountView, usize)> {
    let names: BTreeSet<String> = views.iter().map(name_of).collect();
    let mut below: BTreeMap<Option<String>, Vec<&AccountView>> = BTreeMap::new();
    let mut stack: Vec<(&AccountView, usize)> = Vec::new();
    for view in views {
        let parent = view.parent.clone().filter(|parent| names.contains(parent));
        if under.map_or(parent.is_none(), |id| view.id == id) {
            stack.push((view, 0));
        }
        below.entry(parent).or_default().push(view);
    }
    stack.reverse();
    let mut found = Vec::new();
    while let Some((view, depth)) = stack.pop() {
        found.push((view, depth));
        // INVARIANT: a parent exists before its child, so the chart has no cycle.
        let children = below.remove(&Some(name_of(view))).unwrap_or_default();
        stack.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
    }
    found
}

fn name_of(view: &AccountView) -> String {
    if view.key.is_empty() { view.id.to_string() } else { view.key.clone() }
}
