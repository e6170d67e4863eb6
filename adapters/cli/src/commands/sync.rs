//! `thalium sync`: what a customer's device asks for.

use clap::Args;
use std::io::Read;
use thalium_host::SyncCall;
use thalium_host::wire;

use super::close;
use crate::failure::Failure;
use crate::session::Global;

/// Bytes of a request; a device's hundred intents are far below.
const REQUEST_MAX: u64 = 4 << 20;

/// Book what a customer's device asks for, and print what to send back
///
/// The request is read from the standard input, as the device sent it. The customer may post and hold what is on their
/// accounts for a payee, and release the holds that they placed; a request that is sent again books nothing twice.
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
            request: wire::read_json(&text).map_err(Failure::usage)?,
            ..SyncCall::default()
        };
        let thalium = global.open()?;
        let reply = thalium.sync(&call)?;
        // What is durable is told before anything else can fail.
        let told = global.output().json(&reply);
        close(thalium);
        told?;
        match reply.outcomes.iter().all(|one| one.outcome.ok) {
            true => Ok(()),
            false => Err(Failure::Rejected),
        }
    }
}
