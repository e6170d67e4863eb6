//! Trading sessions: when a market is open, of which business day that is, and buckets from the open on.
//!
//! A session begins, and ends, when the clock on the wall first shows its time, or has been put forward past it, as days of a
//! [`Calendar`](crate::rollup::Calendar) do. What a clock shows twice is taken for the first; hours of which it shows nothing are no
//! session on that day. So sessions never overlap, and have as many hours as pass.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{
    BusinessDays, BusinessError, HOLIDAYS, Hours, LocalTime, SEARCHED, TradingSession, Weekday,
    shown,
};
use crate::rollup::{BUCKETS, OutOfRange, Width, Zone};
use crate::time::{DAY, format_instant};

/// On a day a market opens and closes at most so many times.
pub const HOURS: usize = 8;
/// Sessions of at most so many days are told at once: of a hundred years.
const DAYS: i32 = 36_525;

/// A business day on which a market closes earlier than on others.
///
/// ```
/// use thalium::rollup::EarlyClose;
///
/// let date = thalium::time::parse_date("2026-11-27").unwrap();
/// let behind_thanksgiving = EarlyClose { date, close: "13:00".parse()? };
/// assert_eq!(behind_thanksgiving.close.to_string(), "13:00");
/// # Ok::<(), thalium::rollup::LocalTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlyClose {
    /// The civil date, as days since 1970.
    pub date: i32,
    /// When it closes. Hours that would begin later are left out.
    pub close: LocalTime,
}

/// Trading hours that are none, or what they cannot answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TradingError {
    /// Too many hours on a day.
    #[error("{hours} pairs of opening and closing times on {weekday}: give up to {HOURS}")]
    TooManyHours {
        /// The day.
        weekday: Weekday,
        /// How many.
        hours: usize,
    },
    /// Hours on a day on which no business is done.
    #[error(
        "hours on {weekday}, which is of the weekend: leave them out, or take the day out of the weekend"
    )]
    Weekend {
        /// The day.
        weekday: Weekday,
    },
    /// Hours that run into others.
    #[error(
        "`{later}` of {weekday} opens before `{earlier}` has closed: let it open then or later"
    )]
    Overlap {
        /// The day of the later ones.
        weekday: Weekday,
        /// Those that open first.
        earlier: Hours,
        /// Those that open before the others have closed.
        later: Hours,
    },
    /// Too many early closes.
    #[error("{early} early closes: give up to {HOLIDAYS}")]
    TooManyEarly {
        /// How many.
        early: usize,
    },
    /// An early close on a day without hours, or at a time that is not within them.
    #[error(
        "the early close at {close} on {} is not within the hours of a business day: give a time between its open and its close, or a holiday",
        shown(*.date)
    )]
    Early {
        /// The date.
        date: i32,
        /// When it would close.
        close: LocalTime,
    },
    /// Two early closes on a date.
    #[error("two early closes on {}: leave out the later", shown(*.date))]
    EarlyTwice {
        /// The date.
        date: i32,
    },
    /// No session near to an instant.
    #[error("no session within {SEARCHED} days of {}: look at the hours and the holidays", format_instant(*.at))]
    NotFound {
        /// The instant.
        at: i64,
    },
    /// Sessions of too many days.
    #[error("the range has more than {DAYS} days: ask for less")]
    TooLong,
    /// Buckets that have no one length.
    #[error(
        "buckets of {width} in a session: give a length of time, as in `1h`, since months have none"
    )]
    Width {
        /// How wide.
        width: Width,
    },
    /// Too many buckets.
    #[error("more than {BUCKETS} buckets of {width} in a session: give a wider one")]
    TooManyBuckets {
        /// How wide.
        width: Width,
    },
    /// Dates that the calendar cannot tell of.
    #[error(transparent)]
    Business(#[from] BusinessError),
    /// An instant out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
}

/// When a market is open: hours of the days of a week, by the clocks of a zone, on the business days of a calendar.
///
/// ```
/// use std::collections::BTreeMap;
/// use thalium::rollup::{BusinessDays, EarlyClose, Holiday, Hours, TradingHours, Weekday};
/// use thalium::time::{format_instant, parse_date, parse_instant};
///
/// let date = |text| parse_date(text).unwrap();
/// let thanksgiving = Holiday { date: date("2026-11-26"), name: "Thanksgiving".to_owned() };
/// let weekend = [Weekday::Saturday, Weekday::Sunday];
/// let days = BusinessDays::new(&weekend, vec![thanksgiving], date("2026-01-01")..=date("2026-12-31"))?;
/// let week = Weekday::ALL.into_iter().filter(|day| !weekend.contains(day));
/// let stocks: Hours = "09:30-16:00".parse()?;
/// let hours: BTreeMap<_, _> = week.map(|day| (day, vec![stocks])).collect();
/// let early = EarlyClose { date: date("2026-11-27"), close: "13:00".parse()? };
/// let market = TradingHours::new(days, "America/New_York".parse()?, hours, vec![early])?;
///
/// let wednesday = parse_instant("2026-11-25T20:00:00Z").unwrap();
/// assert!(market.is_open(wednesday)?);
/// let next = market.next_session(wednesday)?;
/// assert_eq!(next.date, date("2026-11-27"));
/// assert_eq!(format_instant(next.end), "2026-11-27T18:00:00.000000000Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradingHours {
    days: BusinessDays,
    zone: Zone,
    /// Of each day by when they open. None runs into the next, also of the next day.
    hours: BTreeMap<Weekday, Vec<Hours>>,
    /// By date.
    early: Vec<EarlyClose>,
}

impl TradingHours {
    /// Hours of business days, by the clocks of a zone, and when it is closed earlier; all in any order.
    ///
    /// # Errors
    /// More than [`HOURS`] on a day, some on a day of the weekend, some that run into others, more than [`HOLIDAYS`] early closes, one
    /// that is not within the hours of its day, or on the date of another.
    pub fn new(
        days: BusinessDays,
        zone: Zone,
        mut hours: BTreeMap<Weekday, Vec<Hours>>,
        mut early: Vec<EarlyClose>,
    ) -> Result<Self, TradingError> {
        for (weekday, hours) in &mut hours {
            let weekday = *weekday;
            if hours.len() > HOURS {
                return Err(TradingError::TooManyHours { weekday, hours: hours.len() });
            }
            if !hours.is_empty() && days.weekend().contains(&weekday) {
                return Err(TradingError::Weekend { weekday });
            }
            hours.sort_by_key(|hours| hours.opens());
        }
        check_week(&hours)?;
        early.sort_by_key(|early| early.date);
        let own = Self { days, zone, hours, early };
        own.check_early()?;
        Ok(own)
    }

    /// On which days business is done.
    #[must_use]
    pub const fn days(&self) -> &BusinessDays {
        &self.days
    }

    /// By whose clocks.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The hours of each day of a week.
    #[must_use]
    pub const fn hours(&self) -> &BTreeMap<Weekday, Vec<Hours>> {
        &self.hours
    }

    /// The days on which it is closed earlier, by date.
    #[must_use]
    pub fn early_closes(&self) -> &[EarlyClose] {
        &self.early
    }

    /// Whether the market is open at an instant.
    ///
    /// # Errors
    /// As [`TradingHours::session_of`].
    pub fn is_open(&self, at: i64) -> Result<bool, TradingError> {
        Ok(self.session_of(at)?.is_some())
    }

    /// The session that an instant is in; `None` where the market is closed.
    ///
    /// # Errors
    /// An instant of a day for which the calendar is not valid, but in a session of one for which it is; one that is out of range.
    pub fn session_of(&self, at: i64) -> Result<Option<TradingSession>, TradingError> {
        let date = self.date_of(at)?;
        let of_date = |date| -> Result<Option<TradingSession>, TradingError> {
            Ok(self.sessions_on(date)?.into_iter().find(|session| session.contains(at)))
        };
        // What has opened in the evening is of the next day.
        if self.is_begun(date + 1, at)
            && let Some(own) = of_date(date + 1)?
        {
            return Ok(Some(own));
        }
        of_date(date)
    }

    /// The first session that begins after an instant.
    ///
    /// # Errors
    /// As [`TradingHours::session_of`]; none within 366 days.
    pub fn next_session(&self, at: i64) -> Result<TradingSession, TradingError> {
        let date = match self.session_of(at)? {
            Some(session) => session.date,
            None => self.date_of(at)?,
        };
        for date in date..=date + SEARCHED {
            let mut sessions = self.sessions_on(date)?.into_iter();
            if let Some(next) = sessions.find(|session| session.start > at) {
                return Ok(next);
            }
        }
        Err(TradingError::NotFound { at })
    }

    /// The last session that has ended by an instant.
    ///
    /// # Errors
    /// As [`TradingHours::next_session`].
    pub fn previous_session(&self, at: i64) -> Result<TradingSession, TradingError> {
        let date = self.date_of(at)?;
        for date in (date - SEARCHED..=date).rev() {
            let mut sessions = self.sessions_on(date)?.into_iter();
            if let Some(previous) = sessions.rfind(|session| session.end <= at) {
                return Ok(previous);
            }
        }
        Err(TradingError::NotFound { at })
    }

    /// The sessions that begin in a range of instants, by time.
    ///
    /// # Errors
    /// A range for which the calendar is not valid, or of more than a hundred years; instants that are out of range.
    pub fn sessions(&self, range: Range<i64>) -> Result<Vec<TradingSession>, TradingError> {
        let mut sessions = Vec::new();
        if range.is_empty() {
            return Ok(sessions);
        }
        let (first, last) = (self.date_of(range.start)?, self.date_of(range.end - 1)?);
        if last - first > DAYS {
            return Err(TradingError::TooLong);
        }
        let last = last + i32::from(self.is_begun(last + 1, range.end - 1));
        for date in first..=last {
            let on_date = self.sessions_on(date)?.into_iter();
            sessions.extend(on_date.filter(|session| range.contains(&session.start)));
        }
        Ok(sessions)
    }

    /// The sessions of a date, by time: none where no business is done on it.
    ///
    /// # Errors
    /// A date for which the calendar is not valid.
    pub fn sessions_on(&self, date: i32) -> Result<Vec<TradingSession>, TradingError> {
        let mut sessions = Vec::new();
        if !self.days.is_business_day(date)? {
            return Ok(sessions);
        }
        let early = self.early.binary_search_by_key(&date, |early| early.date).ok();
        let early = early.and_then(|place| self.early.get(place));
        let early = early.map_or(i64::MAX, |early| early.close.nanos());
        for hours in self.hours_of(date) {
            let start = self.instant_of(date, hours.opens())?;
            let end = self.instant_of(date, hours.closes().min(early))?;
            if start < end {
                sessions.push(TradingSession { start, end, date });
            }
        }
        Ok(sessions)
    }

    fn hours_of(&self, date: i32) -> &[Hours] {
        self.hours.get(&Weekday::of(date)).map_or(&[][..], Vec::as_slice)
    }

    /// Whether hours of a date have opened on the day before, by an instant.
    fn is_begun(&self, date: i32, by: i64) -> bool {
        let first = self.hours_of(date).first().filter(|hours| hours.is_overnight());
        first.is_some_and(|hours| {
            self.instant_of(date, hours.opens()).is_ok_and(|start| start <= by)
        })
    }

    /// When a clock first shows so much time since the midnight of a date, or has been put forward past it.
    fn instant_of(&self, date: i32, nanos: i64) -> Result<i64, OutOfRange> {
        let midnight = i64::from(date).checked_mul(DAY).ok_or(OutOfRange)?;
        self.zone.first_at(midnight.checked_add(nanos).ok_or(OutOfRange)?)
    }

    /// The newest date that has begun: where clocks are put back past midnight, that is the date behind it.
    fn date_of(&self, at: i64) -> Result<i32, OutOfRange> {
        let shown = self.zone.local(at)?.div_euclid(DAY);
        let mut date = i32::try_from(shown).map_err(|_| OutOfRange)?;
        while self.instant_of(date + 1, 0).is_ok_and(|next| next <= at) {
            date += 1;
        }
        Ok(date)
    }

    fn check_early(&self) -> Result<(), TradingError> {
        if self.early.len() > HOLIDAYS {
            return Err(TradingError::TooManyEarly { early: self.early.len() });
        }
        let mut last = None;
        for EarlyClose { date, close } in self.early.iter().copied() {
            let hours = self.hours_of(date);
            let is_within = hours.first().is_some_and(|first| first.opens() < close.nanos())
                && hours.last().is_some_and(|last| close.nanos() < last.closes());
            if !self.days.is_business_day(date)? || !is_within {
                return Err(TradingError::Early { date, close });
            }
            if last == Some(date) {
                return Err(TradingError::EarlyTwice { date });
            }
            last = Some(date);
        }
        Ok(())
    }
}

/// Whether none of the hours of a week opens before those before it have closed; behind Sunday, Monday follows.
fn check_week(hours: &BTreeMap<Weekday, Vec<Hours>>) -> Result<(), TradingError> {
    let of_day = |(day, weekday): (i64, Weekday)| {
        let own = hours.get(&weekday).map_or(&[][..], Vec::as_slice);
        own.iter().map(move |hours| (day * DAY, weekday, *hours))
    };
    let week: Vec<_> = (0..).zip(Weekday::ALL).flat_map(of_day).collect();
    let again = week.first().map(|(day, weekday, hours)| (day + 7 * DAY, *weekday, *hours));
    let next = week.iter().copied().skip(1).chain(again);
    for ((day, _, earlier), (next_day, weekday, later)) in week.iter().copied().zip(next) {
        if next_day + later.opens() < day + earlier.closes() {
            return Err(TradingError::Overlap { weekday, earlier, later });
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "trading_tests.rs"]
mod tests;
