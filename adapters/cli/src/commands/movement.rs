//! `thalium hold`, `capture`, `release`: one each by arguments. Many are read by `thalium post --file`.

use clap::Args;
use thalium_host::party::Basis;
use thalium_host::{self as api, Extra, new_id};

use super::{metadata, named, pair, submit_one};
use crate::failure::Failure;
use crate::session::Global;

/// What any movement takes.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ExtraArgs {
    /// A description; public, unless there is a subject
    #[arg(long, default_value = "", hide_default_value = true)]
    description: String,
    /// The civil date that the books give it, as in 2026-01-31
    #[arg(long, value_name = "DATE")]
    effective_date: Option<String>,
    /// Why the money moves, by your own list, 1 to 65,535
    #[arg(long, value_name = "N")]
    code: Option<u16>,
    /// Metadata; public, unless there is a subject; may be given again
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    metadata: Vec<(String, String)>,
    #[command(flatten)]
    seal: SealArgs,
}

/// To whom words are sealed.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SealArgs {
    /// Seal the description (or the name) and the metadata to this party: its key or id
    #[arg(long, value_name = "PARTY")]
    pub(crate) subject: Option<String>,
    /// On what ground they are kept: consent or law [default: law]
    #[arg(long, requires = "subject", value_parser = named::<Basis>)]
    pub(crate) basis: Option<Basis>,
    /// The years for which a law has them kept after the relationship ended [default: 5]
    #[arg(long, requires = "subject", value_name = "N")]
    pub(crate) years: Option<u8>,
    /// The retention class that says so, in place of years
    #[arg(long, requires = "subject", conflicts_with = "years", value_name = "CLASS")]
    pub(crate) retention: Option<String>,
    /// An entry of the metadata that stays public; may be given again
    #[arg(long, requires = "subject", value_name = "NAME")]
    pub(crate) public: Vec<String>,
}

impl ExtraArgs {
    pub(crate) fn extra(&self) -> Extra {
        Extra {
            description: self.description.clone(),
            effective_date: self.effective_date.clone(),
            code: self.code,
            metadata: metadata(&self.metadata),
            subject: self.seal.subject.clone(),
            basis: self.seal.basis,
            years: self.seal.years,
            retention: self.seal.retention.clone(),
            public: self.seal.public.clone(),
            ..Extra::default()
        }
    }
}

/// The id of a command that came without a key.
pub(crate) fn id_without(key: &str) -> Option<String> {
    key.is_empty().then(|| new_id().to_string())
}

/// Hold money for a later capture or release
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium hold --key ord-7 --from c1:ZAR --to c2:ZAR --amount \"100.00 ZAR\" --timeout 3600"
)]
pub(crate) struct Hold {
    /// Its name; only with a key can it be retried safely
    #[arg(long, default_value = "", hide_default_value = true)]
    key: String,
    /// The account whose money is held
    #[arg(long)]
    from: String,
    /// The account that it is meant for [default: `holds:ASSET`, which must exist]
    #[arg(long)]
    to: Option<String>,
    /// How much, as in "100.00 ZAR"
    #[arg(long, allow_hyphen_values = true)]
    amount: String,
    /// Seconds after which it is released by itself; 0: never
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    timeout: u32,
    #[command(flatten)]
    extra: ExtraArgs,
}

/// Move held money, wholly or in part; what is left is released
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  thalium capture --key fill-1 --hold ord-7 --amount \"60.00 ZAR\""
)]
pub(crate) struct Capture {
    /// Its name; only with a key can it be retried safely
    #[arg(long, default_value = "", hide_default_value = true)]
    key: String,
    /// The key or id of the hold
    #[arg(long)]
    hold: String,
    /// Another account than the hold was meant for
    #[arg(long)]
    to: Option<String>,
    /// How much [default: all of it]
    #[arg(long, allow_hyphen_values = true)]
    amount: Option<String>,
    #[command(flatten)]
    extra: ExtraArgs,
}

/// Give held money back
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium release --key rel-1 --hold ord-7")]
pub(crate) struct Release {
    /// Its name; only with a key can it be retried safely
    #[arg(long, default_value = "", hide_default_value = true)]
    key: String,
    /// The key or id of the hold
    #[arg(long)]
    hold: String,
    #[command(flatten)]
    extra: ExtraArgs,
}

impl Hold {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let command = api::Hold {
            key: self.key.clone(),
            id: id_without(&self.key),
            from: self.from.clone(),
            to: self.to.clone(),
            amount: self.amount.clone(),
            timeout: self.timeout,
            extra: self.extra.extra(),
        };
        submit_one(global, command)
    }
}

impl Capture {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let command = api::Capture {
            key: self.key.clone(),
            id: id_without(&self.key),
            hold: self.hold.clone(),
            to: self.to.clone(),
            amount: self.amount.clone(),
            extra: self.extra.extra(),
        };
        submit_one(global, command)
    }
}

impl Release {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let command = api::Release {
            key: self.key.clone(),
            id: id_without(&self.key),
            hold: self.hold.clone(),
            extra: self.extra.extra(),
        };
        submit_one(global, command)
    }
}
