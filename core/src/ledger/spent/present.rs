//! Which ids are dated *now*.

use crate::Id;
use crate::time::SECOND;

/// An id dated within this of `now` counts as dated now.
const FUTURE_MILLIS: u64 = 1_000;
const PAST_MILLIS: u64 = 10_000;
const MILLI: i64 = SECOND / 1000;

/// The upper halves of the UUIDv7s that count as made now. It follows the instant that it is asked about, and the
/// answer depends on nothing else: what is told when an event is booked is told again when its part is indexed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Present {
    low: u64,
    span: u64,
    /// The millisecond that it is made for.
    from: i64,
    until: i64,
}

impl Present {
    #[inline]
    pub(crate) fn holds(&mut self, id: Id, now: i64) -> bool {
        if now < self.from || now >= self.until {
            self.move_to(now);
        }
        id.is_v7() && id.made_at().wrapping_sub(self.low) <= self.span
    }

    #[cold]
    fn move_to(&mut self, now: i64) {
        let millis = u64::try_from(now / MILLI).unwrap_or(0);
        self.low = millis.saturating_sub(PAST_MILLIS) << 16;
        self.span = ((millis + FUTURE_MILLIS) << 16 | 0xffff) - self.low;
        self.from = (now / MILLI).saturating_mul(MILLI);
        self.until = self.from.saturating_add(MILLI);
    }
}
