//! Tables of thresholds: dated, by jurisdiction, all with the same names.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone as _};
use chrono_tz::Tz;

use super::super::definition::{Jurisdiction, Kind, Table};
use super::super::error::{TypedError, excerpt};
use super::super::schema::ROLES;
use super::super::tables::{Dated, Entry, Thresholds};
use super::super::test::Amount;
use super::super::written::{Quantity, Threshold, Units};
use super::{LIST, Loaded, Loader, NAMES, TABLES, at_most, is_label, is_name};

/// The name of the thresholds that hold where a jurisdiction has none.
const DEFAULT: &str = "default";
/// The key of all others.
const OTHERS: &str = "*";

impl Loader {
    pub(super) fn thresholds(
        &mut self,
        jurisdictions: &BTreeMap<String, Jurisdiction>,
    ) -> Loaded<()> {
        at_most("thresholds", jurisdictions.len(), NAMES)?;
        let mut tables = jurisdictions.values().flat_map(|jurisdiction| &jurisdiction.tables);
        let Some(first) = tables.next() else {
            let what = "has no table: leave it out, or write one";
            return match jurisdictions.keys().next() {
                Some(name) => Err(TypedError::new(format!("thresholds.{}", excerpt(name)), what)),
                None => Ok(()),
            };
        };
        at_most("thresholds", first.values.len(), NAMES)?;
        let mut names = Vec::new();
        for ((name, threshold), number) in first.values.iter().zip(0..) {
            is_name("thresholds", name)?;
            names.push(name.as_str().into());
            let keyed = matches!(threshold, Threshold::By(_));
            self.keyed.insert(name.clone(), (number, keyed));
        }
        let mut own = Vec::new();
        for (name, jurisdiction) in jurisdictions {
            let path = format!("thresholds.{}", excerpt(name));
            is_label(&path, name)?;
            let dated = self.jurisdiction(&path, jurisdiction)?;
            if name == DEFAULT {
                self.thresholds.default = dated;
            } else {
                own.push((self.schema.texts.intern(name), dated));
            }
        }
        own.sort_unstable_by_key(|(text, _)| *text);
        let default = std::mem::take(&mut self.thresholds.default);
        self.thresholds = Thresholds { names, own: own.into(), default };
        Ok(())
    }

    fn jurisdiction(&mut self, path: &str, jurisdiction: &Jurisdiction) -> Loaded<Box<[Dated]>> {
        let zone = jurisdiction.zone.as_deref().unwrap_or("UTC").parse::<Tz>();
        let zone = zone.map_err(|_| {
            TypedError::new(
                format_args!("{path}.zone"),
                "is no time zone: write `Africa/Johannesburg`",
            )
        })?;
        at_most(format_args!("{path}.tables"), jurisdiction.tables.len(), TABLES)?;
        if jurisdiction.tables.is_empty() {
            return Err(TypedError::new(path, "has no table: leave it out, or write one"));
        }
        let mut dated: Vec<Dated> = Vec::new();
        for (at, table) in jurisdiction.tables.iter().enumerate() {
            let path = format!("{path}.tables[{at}]");
            let from = beginning(&table.from, zone).ok_or_else(|| {
                let what = "is no day between 1678 and 2261: write `2026-01-31`";
                TypedError::new(format_args!("{path}.from"), what)
            })?;
            if dated.last().is_some_and(|last| last.from >= from) {
                let what = "is not after the day of the table before";
                return Err(TypedError::new(format_args!("{path}.from"), what));
            }
            dated.push(Dated { from, entries: self.table(&path, table)? });
        }
        Ok(dated.into())
    }

    fn table(&mut self, path: &str, table: &Table) -> Loaded<Box<[Entry]>> {
        let missing = self.keyed.keys().find(|name| !table.values.contains_key(*name));
        if let Some(name) = missing {
            let what = format!("lacks the threshold `{name}`: every table has the same");
            return Err(TypedError::new(format_args!("{path}.values"), what));
        }
        let entry = |(name, threshold): (&String, &Threshold)| {
            let path = format!("{path}.values.{}", excerpt(name));
            let known = self.keyed.get(name).copied();
            let (_, keyed) = known.ok_or_else(|| {
                TypedError::new(&path, "is in no other table: every table has the same thresholds")
            })?;
            let map = match threshold {
                Threshold::One(units) if !keyed => return Ok(Entry::One(positive(&path, *units)?)),
                Threshold::By(map) if keyed => map,
                _ => {
                    let what = "has entries by key in one table and none in another";
                    return Err(TypedError::new(&path, what));
                }
            };
            at_most(&path, map.len(), LIST)?;
            let (mut entries, mut others) = (Vec::new(), None);
            for (key, units) in map {
                let path = format!("{path}.{}", excerpt(key));
                is_label(&path, key)?;
                let units = positive(&path, *units)?;
                if key == OTHERS {
                    others = Some(units);
                } else {
                    entries.push((self.schema.texts.intern(key), units));
                }
            }
            entries.sort_unstable();
            let (keys, amounts): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
            Ok(Entry::By(keys.into(), amounts.into(), others))
        };
        table.values.iter().map(entry).collect()
    }

    /// An amount that is not below zero.
    pub(super) fn amount(&self, path: &str, quantity: &Quantity) -> Loaded<Amount> {
        match quantity {
            Quantity::Exactly(units) => positive(path, *units).map(Amount::Exactly),
            Quantity::Threshold { name, by } => {
                self.threshold(path, name, by.as_deref(), &[Kind::Text, Kind::Texts])
            }
        }
    }

    /// A threshold, by a fact that has one of these types.
    pub(super) fn threshold(
        &self,
        path: &str,
        name: &str,
        by: Option<&str>,
        kinds: &[Kind],
    ) -> Loaded<Amount> {
        let Some((number, keyed)) = self.keyed.get(name).copied() else {
            let what = format!("there is no threshold `{}`", excerpt(name));
            return Err(TypedError::new(path, what));
        };
        match (by, keyed) {
            (None, false) => Ok(Amount::One(number)),
            (Some(fact), true) => {
                let slot = self.slot(&format!("{path}.by"), fact, kinds)?;
                if slot == ROLES {
                    self.roles_only(path, number)?;
                }
                Ok(Amount::By(number, slot))
            }
            (None, true) => {
                let what = format!("`{name}` has entries by key: say with `by` which fact it is");
                Err(TypedError::new(path, what))
            }
            (Some(_), false) => {
                Err(TypedError::new(path, format_args!("`{name}` has no entries by key")))
            }
        }
    }

    /// An alias as a key would never be found: facts have the roles themselves.
    fn roles_only(&self, path: &str, number: u16) -> Loaded<()> {
        let own = self.thresholds.own.iter().flat_map(|(_, tables)| tables);
        for table in own.chain(&self.thresholds.default) {
            let Some(Entry::By(keys, ..)) = table.entries.get(usize::from(number)) else {
                continue;
            };
            self.no_alias(path, keys.iter())?;
        }
        Ok(())
    }

    /// Refuses aliases of roles where facts have the roles themselves.
    pub(super) fn no_alias<'a>(
        &self,
        path: &str,
        mut texts: impl Iterator<Item = &'a u32>,
    ) -> Loaded<()> {
        let Some((alias, role)) =
            texts.find_map(|text| Some((text, self.schema.aliases.get(text)?)))
        else {
            return Ok(());
        };
        let text = |number: u32| self.schema.texts.text(number).unwrap_or_default();
        let (alias, role) = (text(*alias), text(*role));
        Err(TypedError::new(path, format_args!("`{alias}` is an alias: write the role `{role}`")))
    }
}

pub(super) fn positive(path: &str, units: Units) -> Loaded<i128> {
    if units.0 < 0 { Err(TypedError::new(path, "is below zero")) } else { Ok(units.0) }
}

/// The first moment of a day in a zone, in nanoseconds since 1970.
fn beginning(day: &str, zone: Tz) -> Option<i64> {
    // Exactly this form: chrono would take signs and days without zeros as well.
    let digits = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let day: NaiveDate = day.parse().ok().filter(|_| day.len() == 10 && digits)?;
    let midnight = day.and_time(NaiveTime::MIN);
    // Where clocks are put forward at midnight, the day begins later; of two midnights the first counts.
    let first = (0..24 * 4).find_map(|quarter| {
        let local = midnight.checked_add_signed(TimeDelta::try_minutes(15 * quarter)?)?;
        zone.from_local_datetime(&local).earliest()
    });
    first?.timestamp_nanos_opt()
}
