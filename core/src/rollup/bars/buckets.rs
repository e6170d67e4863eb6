//! The buckets of a calendar, as they are asked for a trade after another.

use crate::rollup::{Calendar, OutOfRange};

/// Buckets of which the bounds are known.
const KNOWN: usize = 64;

/// The buckets of a calendar, of which those that were asked for last are known.
#[derive(Clone, Debug)]
pub(super) struct Buckets {
    pub(super) calendar: Calendar,
    /// About how long a bucket is.
    pub(super) length: i64,
    /// 2⁶⁴ over that, rounded up: what is about a bucket apart has another place.
    places: u64,
    /// From where places are counted, so that one is of one bucket: when that of the first trade began. It stays, since open bars
    /// have their places by it.
    origin: Option<i64>,
    known: Box<[Known; KNOWN]>,
}

/// A bucket: when it begins and ends, and its number among those beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) number: usize,
}

impl Known {
    pub(super) const NONE: Self = Self { start: 1, end: 0, number: 0 };
}

impl Buckets {
    pub(super) fn new(calendar: Calendar) -> Self {
        let length = calendar.least_length();
        let places = (u64::MAX / length.unsigned_abs().max(1)).saturating_add(1);
        Self { calendar, length, places, origin: None, known: Box::new([Known::NONE; KNOWN]) }
    }

    pub(super) fn begin(&mut self, at: Option<i64>) {
        let start = || self.calendar.start(at?).ok();
        self.origin = self.origin.or_else(start);
    }

    pub(super) fn bounds(&self, at: i64) -> Result<(i64, i64), OutOfRange> {
        Ok((self.calendar.start(at)?, self.calendar.end(at).unwrap_or(i64::MAX)))
    }

    /// The bucket that an instant is in.
    #[inline]
    pub(super) fn find(&mut self, at: i64) -> Known {
        let place = self.place(at);
        match self.known.get(place) {
            Some(known) if known.start <= at && at < known.end => *known,
            _ => self.look_up(at, place),
        }
    }

    /// Where an instant's bucket is kept. It need not be exact: what stands there says whether it is the one.
    #[inline]
    fn place(&self, at: i64) -> usize {
        let since = at.wrapping_sub(self.origin.unwrap_or(0)).cast_unsigned();
        let number = (u128::from(since) * u128::from(self.places)) >> 64;
        usize::try_from(number).unwrap_or(0) % KNOWN
    }

    #[cold]
    fn look_up(&mut self, at: i64, place: usize) -> Known {
        // INVARIANT: the first and the last instant were looked at, and what is between them is in range too.
        let (start, end) = self.bounds(at).unwrap_or((at, at));
        let found = Known { start, end, number: self.place(start) };
        if let Some(known) = self.known.get_mut(place) {
            *known = found;
        }
        found
    }
}
