//! Hours of a day by a clock on the wall.

use std::fmt;
use std::str::FromStr;

use crate::time::SECOND;

/// A day has so many seconds on a clock on the wall.
const END: u32 = 86_400;

/// A time of day, to the second, as a clock on the wall shows it. The end of a day is `24:00`.
///
/// ```
/// use thalium::rollup::LocalTime;
///
/// let open: LocalTime = "09:30".parse()?;
/// assert_eq!(Some(open), LocalTime::new(9, 30, 0));
/// assert_eq!(open.seconds(), 34_200);
/// assert!("9:30 am".parse::<LocalTime>().is_err());
/// # Ok::<(), thalium::rollup::LocalTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime {
    seconds: u32,
}

/// A text that is no time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no time of day: write one from `00:00` to `24:00`, as in `09:30` or `16:59:59`"
)]
pub struct LocalTimeError {
    text: String,
}

impl LocalTime {
    /// An hour, a minute and a second; `None` where a clock does not show them. Behind 24:00 there is none.
    #[must_use]
    pub const fn new(hour: u32, minute: u32, second: u32) -> Option<Self> {
        if hour > 24 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = (hour * 60 + minute) * 60 + second;
        if seconds > END { None } else { Some(Self { seconds }) }
    }

    /// How many seconds a clock has gone on since midnight.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.seconds
    }

    pub(super) fn nanos(self) -> i64 {
        i64::from(self.seconds) * SECOND
    }
}

impl FromStr for LocalTime {
    type Err = LocalTimeError;

    fn from_str(text: &str) -> Result<Self, LocalTimeError> {
        let parts = text.split(':').map(two_digits).collect::<Option<Vec<u32>>>();
        let time = match parts.as_deref() {
            Some([hour, minute]) => Self::new(*hour, *minute, 0),
            Some([hour, minute, second]) => Self::new(*hour, *minute, *second),
            _ => None,
        };
        time.ok_or_else(|| LocalTimeError { text: excerpt(text) })
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (minutes, second) = (self.seconds / 60, self.seconds % 60);
        write!(f, "{:02}:{:02}", minutes / 60, minutes % 60)?;
        if second > 0 { write!(f, ":{second:02}") } else { Ok(()) }
    }
}

/// From when to when there is trading on a day. Hours that do not open before they close open on the day before: those of Monday that are
/// `18:00-17:00` open on Sunday evening.
///
/// ```
/// use thalium::rollup::Hours;
///
/// let stocks: Hours = "09:30-16:00".parse()?;
/// let futures: Hours = "18:00-17:00".parse()?;
/// assert!(futures.is_overnight() && !stocks.is_overnight());
/// assert_eq!(futures.close().to_string(), "17:00");
/// # Ok::<(), thalium::rollup::HoursError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hours {
    open: LocalTime,
    close: LocalTime,
}

/// Hours that are none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` are no hours: write when they open and close, as in `09:30-16:00`, or `18:00-17:00` where they open on the day before; midnight at which they close is `24:00`"
)]
pub struct HoursError {
    text: String,
}

impl Hours {
    /// From a time to another, which is not in them.
    ///
    /// # Errors
    /// Hours that open at the end of a day, or close at its beginning: those would be of the day before, or of the next.
    pub fn new(open: LocalTime, close: LocalTime) -> Result<Self, HoursError> {
        match open.seconds == END || close.seconds == 0 {
            true => Err(HoursError { text: format!("{open}-{close}") }),
            false => Ok(Self { open, close }),
        }
    }

    /// When they open.
    #[must_use]
    pub const fn open(self) -> LocalTime {
        self.open
    }

    /// When they close.
    #[must_use]
    pub const fn close(self) -> LocalTime {
        self.close
    }

    /// Whether they open on the day before.
    #[must_use]
    pub const fn is_overnight(self) -> bool {
        self.open.seconds >= self.close.seconds
    }

    /// When they open, in nanoseconds on the wall since the midnight that their day begins with.
    pub(super) fn opens(self) -> i64 {
        let day = if self.is_overnight() { END } else { 0 };
        self.open.nanos() - i64::from(day) * SECOND
    }

    /// When they close, in the same way.
    pub(super) fn closes(self) -> i64 {
        self.close.nanos()
    }
}

impl FromStr for Hours {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let error = || HoursError { text: excerpt(text) };
        let (open, close) = text.split_once('-').ok_or_else(error)?;
        let time = |text: &str| text.parse::<LocalTime>().map_err(|_| error());
        Self::new(time(open)?, time(close)?)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.open, self.close)
    }
}

fn two_digits(text: &str) -> Option<u32> {
    let is_two = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_two)
}

/// The beginning of a text, which may be long.
fn excerpt(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
#[path = "hours_tests.rs"]
mod tests;
