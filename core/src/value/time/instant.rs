//! Instants in zones, and the calendar's arithmetic.

use chrono::{DateTime, Offset as _, TimeZone as _};
use chrono_tz::{OffsetName as _, Tz};

/// Nanoseconds of a second.
pub(crate) const SECOND: i128 = 1_000_000_000;

/// A zone: UTC, or one of the time zone database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// UTC.
    Utc,
    /// One of the database.
    Named(Tz),
}

impl Zone {
    /// The zone of a name; the empty name is UTC. The machine's own zone has none: a policy reads nothing of the machine.
    pub(crate) fn find(name: &str) -> Option<Self> {
        match name {
            "" | "UTC" => Some(Self::Utc),
            _ => name.parse().ok().map(Self::Named),
        }
    }

    /// Seconds east of UTC at an instant.
    pub(crate) fn offset(self, seconds: i64) -> i64 {
        let Self::Named(zone) = self else { return 0 };
        let Some(at) = DateTime::from_timestamp(seconds, 0) else { return 0 };
        i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
    }

    /// What the zone is called at an instant: `CET`, `+0330`.
    pub(crate) fn abbreviation(self, seconds: i64) -> String {
        let Self::Named(zone) = self else { return "UTC".to_owned() };
        let Some(at) = DateTime::from_timestamp(seconds, 0) else { return String::new() };
        let offset = zone.offset_from_utc_datetime(&at.naive_utc());
        offset.abbreviation().unwrap_or_default().to_owned()
    }
}

/// Date and time of day as a zone's clocks show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// 1 to 12.
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
    pub(crate) nanos: i64,
    /// Days since 1970-01-01.
    pub(crate) days: i64,
}

impl Civil {
    /// What the zone's clocks show at an instant.
    pub(crate) fn at(ns: i64, zone: Zone) -> Self {
        let (seconds, nanos) = (ns.div_euclid(1_000_000_000), ns.rem_euclid(1_000_000_000));
        let local = seconds.saturating_add(zone.offset(seconds));
        let (days, of_day) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = date(days);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        Self { year, month, day, hour, minute, second, nanos, days }
    }

    /// The day of the week: Sunday is 0.
    pub(crate) const fn weekday(&self) -> i64 {
        // 1970-01-01 was a Thursday.
        (self.days + 4).rem_euclid(7)
    }

    /// The day of the year, from 1.
    pub(crate) fn year_day(&self) -> i64 {
        self.days - days(self.year, 1, 1) + 1
    }

    /// Seconds of the day.
    pub(crate) const fn of_day(&self) -> i64 {
        self.hour * 3600 + self.minute * 60 + self.second
    }
}

/// The instant, in nanoseconds, at which the zone's clocks show so many seconds since 1970: where they show it twice or never, as Go's `time.Date` decides.
pub(crate) fn instant(local: i64, nanos: i64, zone: Zone) -> i128 {
    let first = zone.offset(local);
    let seconds = if first == 0 {
        local
    } else {
        local.saturating_sub(zone.offset(local.saturating_sub(first)))
    };
    i128::from(seconds) * SECOND + i128::from(nanos)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, in which months and days count on beyond their ends. Years are within ±10⁹.
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = (year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
    // Years that begin in March put the leap day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5;
    let of_400 = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    era * 146_097 + of_400 - 719_468 + day - 1
}

/// Days of a month.
pub(crate) fn days_in(year: i64, month: i64) -> i64 {
    days(year, month + 1, 1) - days(year, month, 1)
}

/// Year, month and day, so many days after 1970-01-01.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + years;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}
