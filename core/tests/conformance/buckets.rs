//! Rows of `time_bucket`: a width, an instant, and the bucket that it is in.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use thalium::rollup::{BucketOptions, Offset, Width, Zone, time_bucket};

/// Runs a file of rows; gives how many passed, of how many, and what disagrees.
pub(crate) fn check(file: &Path) -> (usize, usize, Vec<String>) {
    let text = std::fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let (mut zones, mut failures, mut total) = (BTreeMap::new(), Vec::new(), 0);
    for line in lines {
        total += 1;
        // No cell has a comma.
        let row: BTreeMap<&str, &str> = names.iter().copied().zip(line.split(',')).collect();
        if let Err(why) = run(&row, &mut zones) {
            failures.push(format!("{line}: {why}"));
        }
    }
    (total - failures.len(), total, failures)
}

fn run<'a>(
    row: &BTreeMap<&str, &'a str>,
    zones: &mut BTreeMap<&'a str, Zone>,
) -> Result<(), String> {
    let width: Width = row["width"].parse().map_err(|error| format!("{error}"))?;
    let zone = match row["tz"] {
        "" => None,
        name => {
            let read = || name.parse::<Zone>().unwrap();
            Some(&*zones.entry(name).or_insert_with(read))
        }
    };
    let origin = Some(row["origin"]).filter(|text| !text.is_empty()).map(instant);
    let options = BucketOptions { zone, origin, offset: offset(row["offset"]) };
    let found =
        time_bucket(width, instant(row["ts"]), options).map_err(|error| error.to_string())?;
    let wanted = instant(row["bucket"]);
    if found == wanted { Ok(()) } else { Err(format!("{found} instead of {wanted}")) }
}

/// An instant in UTC, or the first of a date.
fn instant(text: &str) -> i64 {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f");
    let time = time.or_else(|_| {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|date| date.and_hms_opt(0, 0, 0).unwrap())
    });
    time.unwrap().and_utc().timestamp_nanos_opt().unwrap()
}

/// An interval of one unit, which may be negative.
fn offset(text: &str) -> Offset {
    if text.is_empty() {
        return Offset::None;
    }
    let (sign, size) = text.strip_prefix('-').map_or((1, text), |size| (-1, size));
    let (number, unit) = size.split_once(' ').unwrap();
    let number = sign * number.parse::<i64>().unwrap();
    let seconds = match unit.trim_end_matches('s') {
        "month" => return Offset::Months(number.try_into().unwrap()),
        "year" => return Offset::Months((12 * number).try_into().unwrap()),
        "second" => 1,
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        "week" => 604_800,
        other => panic!("unit {other}"),
    };
    Offset::Nanos(number * seconds * 1_000_000_000)
}
