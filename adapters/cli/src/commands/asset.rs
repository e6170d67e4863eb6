//! `thalium asset`: registers assets and lists them.

use clap::{Args, Subcommand};
use thalium_host::money::AssetKind;
use thalium_host::{Answer, ListAssets, NewAsset, Question};

use super::submit_one;
use crate::failure::Failure;
use crate::output::Rows;
use crate::session::Global;

/// Register assets, and list them
#[derive(Debug, Subcommand)]
pub(crate) enum Asset {
    Add(Add),
    List(List),
}

/// Register an asset; the currencies of ISO 4217 are there without it
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium asset add BTC --scale 8")]
pub(crate) struct Add {
    /// Its code: 1 to 16 of A-Z, 0-9, `.`, `_`, `-`
    code: String,
    /// Digits after the point, 0 to 38
    #[arg(long, value_name = "N")]
    scale: u8,
    /// crypto, security, points or fiat:NUMBER
    #[arg(long, default_value = "crypto", value_parser = kind)]
    kind: AssetKind,
    /// Its ledger number [default: the next free one from 1,000 on]
    #[arg(long, value_name = "N")]
    ledger: Option<u32>,
}

/// List the assets
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium asset list --all")]
pub(crate) struct List {
    /// With the currencies of ISO 4217, which need no registration
    #[arg(long)]
    all: bool,
}

impl Asset {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        match self {
            Self::Add(add) => {
                let Add { code, scale, kind, ledger } = add;
                submit_one(
                    global,
                    NewAsset { code: code.clone(), scale: *scale, kind: *kind, ledger: *ledger },
                )
            }
            Self::List(list) => list.run(global),
        }
    }
}

impl List {
    fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open_to_read()?;
        let question = Question::ListAssets(ListAssets { all: self.all, ..ListAssets::default() });
        let assets = match thalium.ask(&question)? {
            Answer::Assets(assets) => assets,
            _ => Vec::new(),
        };
        let output = global.output();
        let mut rows = Rows::new(&["code", ">scale", "kind", ">ledger"]);
        for asset in assets {
            if output.json {
                output.json(&asset)?;
            }
            rows.push([asset.code, asset.scale.to_string(), asset.kind, asset.ledger.to_string()]);
        }
        if output.json {
            return Ok(());
        }
        if rows.is_empty() {
            return output.line(
                "no assets are registered; the currencies of ISO 4217 are listed with --all",
            );
        }
        output.table(&rows)
    }
}

fn kind(text: &str) -> Result<AssetKind, String> {
    match text {
        "crypto" => Ok(AssetKind::Crypto),
        "security" => Ok(AssetKind::Security),
        "points" => Ok(AssetKind::Points),
        _ => match text.strip_prefix("fiat:").map(str::parse) {
            Some(Ok(number)) => Ok(AssetKind::Fiat { number }),
            _ => Err("write crypto, security, points or fiat:NUMBER, as in fiat:710".to_owned()),
        },
    }
}
