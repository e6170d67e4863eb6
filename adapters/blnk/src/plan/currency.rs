//! Which asset stands for a currency, and how many of its smallest units for one of Blnk's.

use std::collections::BTreeMap;

use thalium::api::{Command, NewAsset};
use thalium::money::{Amount, AssetCode, AssetKind, iso4217};

use super::Options;
use crate::difference::{Difference, Kind};
use crate::export::Export;
use crate::record::Whole;

/// The precision of a currency of which no transaction tells any: cents.
const EXPONENT_DEFAULT: u8 = 2;

/// The asset of a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Currency {
    pub(super) code: AssetCode,
    pub(super) scale: u8,
    /// How many decimal places Blnk counts in.
    exponent: u8,
    /// Whether it is built in, so that it needs no registration.
    is_known: bool,
}

impl Currency {
    /// Smallest units of the asset for Blnk's; nothing where they go beyond 128 bits.
    pub(super) fn units(&self, blnk: u128) -> Option<u128> {
        blnk.checked_mul(self.factor())
    }

    /// Blnk's units for those of the asset, as text.
    pub(super) fn shown(&self, units: u128) -> String {
        match units % self.factor() {
            0 => (units / self.factor()).to_string(),
            _ => format!("{units}/{}", self.factor()),
        }
    }

    /// Decimal text with the asset.
    pub(super) fn money(&self, units: u128) -> String {
        format!("{} {}", Amount::from_units(units).to_text(self.scale), self.code)
    }

    fn factor(&self) -> u128 {
        10_u128.pow(u32::from(self.scale - self.exponent))
    }
}

/// The currencies of an export.
#[derive(Debug, Default)]
pub(super) struct Currencies {
    by_name: BTreeMap<String, Currency>,
}

impl Currencies {
    pub(super) fn of(
        export: &Export,
        options: &Options,
        differences: &mut Vec<Difference>,
    ) -> Self {
        // How often each precision is told, by currency.
        let mut told: BTreeMap<&str, BTreeMap<u8, u64>> = BTreeMap::new();
        for balance in &export.balances {
            told.entry(&balance.currency).or_default();
        }
        for transaction in &export.transactions {
            let own = told.entry(&transaction.currency).or_default();
            if let Some(exponent) = transaction.precision.as_ref().and_then(exponent) {
                *own.entry(exponent).or_default() += 1;
            }
        }
        let mut by_name = BTreeMap::new();
        for (name, precisions) in &told {
            // The most frequent, and of those the finest.
            let most = precisions.iter().max_by_key(|(exponent, times)| (**times, **exponent));
            let most = most.map(|(exponent, _)| *exponent);
            match currency(name, most, options) {
                Ok(currency) => {
                    by_name.insert((*name).to_owned(), currency);
                }
                Err(detail) => {
                    differences.push(Difference::new(Kind::Unreadable, *name, detail));
                }
            }
        }
        for transaction in &export.transactions {
            let own = transaction.precision.as_ref().and_then(exponent);
            let common = by_name.get(&transaction.currency).map(|currency| currency.exponent);
            if let (Some(own), Some(common)) = (own, common)
                && own != common
            {
                let detail = format!(
                    "counts in 10^-{own} {0}, others in 10^-{common}; Blnk adds both up as they are, and so is it booked",
                    transaction.currency
                );
                differences.push(Difference::new(
                    Kind::Precision,
                    &transaction.transaction_id,
                    detail,
                ));
            }
        }
        Self { by_name }
    }

    pub(super) fn get(&self, name: &str) -> Option<Currency> {
        self.by_name.get(name).cloned()
    }

    /// The assets that are not built in.
    pub(super) fn assets(&self) -> Vec<Command> {
        let new: BTreeMap<AssetCode, &Currency> = self
            .by_name
            .values()
            .filter(|currency| !currency.is_known)
            .map(|currency| (currency.code, currency))
            .collect();
        let asset = |(code, currency): (AssetCode, &Currency)| {
            Command::from(NewAsset {
                code: code.to_string(),
                scale: currency.scale,
                kind: AssetKind::Crypto,
                ledger: None,
            })
        };
        new.into_iter().map(asset).collect()
    }
}

fn currency(name: &str, exponent: Option<u8>, options: &Options) -> Result<Currency, String> {
    let code = options.assets.get(name).map_or_else(|| name.to_ascii_uppercase(), Clone::clone);
    let code = AssetCode::parse(&code)
        .map_err(|error| format!("{error}; name an asset for it: --asset {name}=CODE"))?;
    let Some(known) = iso4217::by_code(code) else {
        let exponent = exponent.unwrap_or(EXPONENT_DEFAULT);
        return Ok(Currency { code, scale: exponent, exponent, is_known: false });
    };
    let scale = known.scale();
    let exponent = exponent.unwrap_or(scale);
    if exponent > scale {
        return Err(format!(
            "Blnk counts in 10^-{exponent}, the currency {code} has {scale} places: nothing in it is booked; name another \
             asset for it: --asset {name}=CODE"
        ));
    }
    Ok(Currency { code, scale, exponent, is_known: true })
}

/// The decimal places of a precision, which is a power of ten; zero stands for one.
fn exponent(precision: &Whole) -> Option<u8> {
    let places = |units: u128| (0..=38_u8).find(|places| 10_u128.pow((*places).into()) == units);
    let text = precision.text().trim_end_matches(".0");
    match text.parse::<u128>().ok()? {
        0 => None,
        units => places(units),
    }
}
