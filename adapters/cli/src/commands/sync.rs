//! `thalium sync`: what a customer's device asks for.

use clap::Args;
use std::io::Read;
use thalium_host::wire;
use thalium_host::{CustomerCases, SyncCall};

use super::close;
use crate::failure::Failure;
use crate::session::Global;

/// Bytes of a request; a device's hundred intents are far below.
const REQUEST_MAX: u64 = 4 << 20;

/// Book what a customer's device asks for, and print what to send back
///
/// The request is read from the standard input, as the device sent it. The customer may post and hold what is on their
/// accounts for a payee, release the holds that they placed, and hand in what their cases ask for; a request that is sent
/// again does nothing twice.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  echo '{\"accounts\":[{\"account\":\"c1:ZAR\"}]}' | thalium sync --customer c1 --account c1:ZAR --payee customers:ZAR")]
pub(crate) struct Sync {
    /// Who was authenticated
    #[arg(long, value_name = "NAME")]
    customer: String,
    /// An account of the customer's: its key or id; may be given again
    #[arg(long = "account", value_name = "NAME")]
    accounts: Vec<String>,
    /// An account to which the customer may send money, or under which such accounts stand; may be given again
    #[arg(long = "payee", value_name = "NAME")]
    payees: Vec<String>,
    /// A party that the customer is, by its key or id: cases about it are theirs; may be given again
    #[arg(long = "party", value_name = "NAME")]
    parties: Vec<String>,
    /// A document that may be handed in though nobody has asked for it in the case; may be given again
    #[arg(long = "document", value_name = "NAME")]
    documents: Vec<String>,
    /// A form that may be filled in, by the event that the chart hears, with its variables; may be given again
    #[arg(long = "form", value_name = "EVENT=VARIABLE,…", value_parser = form)]
    forms: Vec<(String, Vec<String>)>,
    /// A state of a chart that the customer may be told of; may be given again
    #[arg(long = "state", value_name = "NAME")]
    states: Vec<String>,
    /// A reason code of a document that the customer may be told; may be given again
    #[arg(long = "reason", value_name = "CODE")]
    reasons: Vec<String>,
}

/// A form with its variables.
fn form(text: &str) -> Result<(String, Vec<String>), String> {
    let (event, variables) =
        text.split_once('=').ok_or("names no variables: write address.given=street,city")?;
    let variables = variables.split(',').filter(|name| !name.is_empty()).map(str::to_owned);
    Ok((event.to_owned(), variables.collect()))
}

impl Sync {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let mut text = String::new();
        let read = std::io::stdin().lock().take(REQUEST_MAX + 1).read_to_string(&mut text);
        let read =
            read.map_err(|error| Failure::usage(format!("the request cannot be read: {error}")))?;
        if read as u64 > REQUEST_MAX {
            return Err(Failure::usage(format!("the request has more than {REQUEST_MAX} bytes")));
        }
        let call = SyncCall {
            customer: self.customer.clone(),
            accounts: self.accounts.clone(),
            payees: self.payees.clone(),
            cases: CustomerCases {
                parties: self.parties.clone(),
                documents: self.documents.clone(),
                forms: self.forms.iter().cloned().collect(),
                states: self.states.clone(),
                reasons: self.reasons.clone(),
            },
            request: wire::read_json(&text).map_err(Failure::usage)?,
            ..SyncCall::default()
        };
        let thalium = global.open()?;
        let reply = thalium.sync(&call)?;
        // What is durable is told before anything else can fail.
        let told = global.output().json(&reply);
        close(thalium);
        told?;
        let is_booked = reply.outcomes.iter().all(|one| one.outcome.ok);
        match is_booked && reply.handed_in.iter().all(|one| one.ok) {
            true => Ok(()),
            false => Err(Failure::Rejected),
        }
    }
}
