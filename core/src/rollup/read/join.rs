//! Several series beside one another.

/// Instants that are not in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row} of {side} is before the row above it: sort by time first")]
pub struct Unsorted {
    /// Of which side: `left` or `right`.
    pub side: &'static str,
    /// Which row, from zero.
    pub row: usize,
}

/// Of each instant on the left, which row on the right was the last by then (an as-of join), where that is at most `tolerance`
/// nanoseconds ago. Both are in order of time; of several at one instant on the right, the last counts.
///
/// ```
/// // The price at each trade's time, from quotes at 10, 20 and 30.
/// let rows = thalium::rollup::as_of(&[5, 20, 29, 50], &[10, 20, 30], 15)?;
/// assert_eq!(rows, [None, Some(1), Some(1), None]);
/// # Ok::<(), thalium::rollup::Unsorted>(())
/// ```
///
/// # Errors
/// Rows that are not in order: which.
pub fn as_of(left: &[i64], right: &[i64], tolerance: u64) -> Result<Vec<Option<usize>>, Unsorted> {
    in_order("left", left)?;
    in_order("right", right)?;
    let mut rows = Vec::with_capacity(left.len());
    let mut next = 0;
    for at in left {
        while right.get(next).is_some_and(|other| other <= at) {
            next += 1;
        }
        let last = next.checked_sub(1);
        let is_near =
            |row: &usize| right.get(*row).is_some_and(|other| other.abs_diff(*at) <= tolerance);
        rows.push(last.filter(is_near));
    }
    Ok(rows)
}

/// The instants of several series, each once, in order: with [`as_of`] of each they stand beside one another.
#[must_use]
pub fn instants(series: &[&[i64]]) -> Vec<i64> {
    let mut all: Vec<i64> = series.iter().flat_map(|series| series.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn in_order(side: &'static str, rows: &[i64]) -> Result<(), Unsorted> {
    let falls = rows.windows(2).position(|pair| pair.first() > pair.get(1));
    falls.map_or(Ok(()), |row| Err(Unsorted { side, row: row + 1 }))
}

#[cfg(test)]
#[path = "join_tests.rs"]
mod tests;
