//! `thalium kyc staff`: who works on cases, and as what.

use clap::{Args, Subcommand};
use thalium_host::{SetStaff, StaffView};

use super::cases::{look, nanos};
use crate::commands::close;
use crate::failure::Failure;
use crate::output::{Rows, count, one_line};
use crate::session::Global;

/// Keep the register of staff: who works on cases, and in which roles
#[derive(Subcommand, Debug)]
#[command(after_help = "\
Kinds of cases name the roles that something takes; the register gives them to people. Whoever does something says so with --actor. The host
has to know that they are who they say they are.

Example:
  thalium kyc staff set reviewer-1 compliance
  thalium kyc staff set senior-1 compliance senior_compliance
  thalium kyc staff list")]
pub(crate) enum Staff {
    Set(Set),
    List(List),
}

impl Staff {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        match self {
            Self::Set(args) => args.run(global),
            Self::List(args) => args.run(global),
        }
    }
}

/// Put somebody on the register, with these roles and no others, or take them off it
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  thalium kyc staff set reviewer-1 compliance onboarding
  thalium kyc staff set reviewer-1 compliance onboarding --away
  thalium kyc staff set reviewer-1 --off")]
pub(crate) struct Set {
    /// Who: the name that they give as --actor
    person: String,
    /// What they may do
    #[arg(value_name = "ROLE", required_unless_present = "off")]
    roles: Vec<String>,
    /// They are away, and are given no work
    #[arg(long)]
    away: bool,
    /// Take them off the register
    #[arg(long, conflicts_with_all = ["roles", "away"])]
    off: bool,
    /// The instant, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
}

impl Set {
    fn run(&self, global: &Global) -> Result<(), Failure> {
        let call = SetStaff {
            person: self.person.clone(),
            roles: self.roles.clone(),
            away: self.away,
            actor: None,
            now: nanos(self.now),
        };
        let thalium = global.open()?;
        let set = thalium.set_staff(&call);
        close(thalium);
        let set = set?;
        let output = global.output();
        if output.json {
            return output.json(&set);
        }
        let StaffView { person, roles, away, cases } = set;
        let as_what = match (roles.is_empty(), away) {
            (true, _) => "not on the register".to_owned(),
            (false, true) => format!("{} (away)", roles.join(", ")),
            (false, false) => roles.join(", "),
        };
        output.line(one_line(&format!("{person}  {as_what}  {} cases", count(cases))))
    }
}

/// Tell who is on the register
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium kyc staff list")]
pub(crate) struct List {}

impl List {
    fn run(&self, global: &Global) -> Result<(), Failure> {
        let staff = look(global, |thalium| Ok(thalium.list_staff()?))?;
        let output = global.output();
        if output.json {
            return staff.iter().try_for_each(|person| output.json(person));
        }
        let mut rows = Rows::new(&["person", "roles", "", ">cases"]);
        for it in &staff {
            let away = if it.away { "away" } else { "" };
            rows.push([it.person.clone(), it.roles.join(", "), away.to_owned(), count(it.cases)]);
        }
        output.listed(&rows, false, "nobody is on the register of staff")
    }
}
