//! Fewer points that look the same: largest triangle, three buckets.
//!
//! Steinarsson, "Downsampling Time Series for Visual Representation" (2013): the first and the last point stay; of each bucket between
//! them that point stays which makes the largest triangle with the one that stayed before it and the middle of the next bucket.

#![allow(
    clippy::float_arithmetic,
    reason = "which points are drawn is no money, and no point is changed"
)]
#![allow(clippy::cast_precision_loss, reason = "as far as a chart can show")]

/// Which points stay, by their rows: `count` of them, or all where there are no more.
///
/// ```
/// let at: Vec<i64> = (0..1_000).collect();
/// let price: Vec<i64> = at.iter().map(|at| if *at == 500 { 90 } else { 10 }).collect();
/// let rows = thalium::rollup::downsample(&at, &price, 20);
/// assert_eq!((rows.len(), rows[0], rows[19]), (20, 0, 999));
/// assert!(rows.contains(&500), "the peak stays");
/// ```
#[must_use]
pub fn downsample(at: &[i64], value: &[i64], count: usize) -> Vec<usize> {
    let rows = at.len().min(value.len());
    if count >= rows {
        return (0..rows).collect();
    }
    if count < 3 {
        // There is nothing between the first and the last.
        return [0, rows - 1].into_iter().take(count).collect();
    }
    // From the first on: an instant of today alone has more digits than a float.
    let since = |column: &[i64], row: usize| {
        let [first, own] = [0, row].map(|row| i128::from(column.get(row).copied().unwrap_or(0)));
        (own - first) as f64
    };
    let point = |row: usize| (since(at, row), since(value, row));
    // The first and the last are buckets of their own.
    let begin = |bucket: usize| {
        let place = bucket as u128 * (rows as u128 - 2) / (count as u128 - 2);
        1 + usize::try_from(place).unwrap_or(rows)
    };
    let mut kept = Vec::with_capacity(count);
    kept.push(0);
    let mut last = 0;
    for bucket in 0..count - 2 {
        let (from, to) = (begin(bucket), begin(bucket + 1));
        let next = if bucket + 3 == count { rows - 1..rows } else { to..begin(bucket + 2) };
        let middle = middle(next.clone().map(point), next.len());
        let before = point(last);
        let mut best = (from, -1.0);
        for row in from..to {
            let own = point(row);
            let area = (before.0 - middle.0) * (own.1 - before.1)
                - (before.0 - own.0) * (middle.1 - before.1);
            if area.abs() > best.1 {
                best = (row, area.abs());
            }
        }
        last = best.0;
        kept.push(last);
    }
    kept.push(rows - 1);
    kept
}

fn middle(points: impl Iterator<Item = (f64, f64)>, count: usize) -> (f64, f64) {
    let (x, y) = points.fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    (x / count as f64, y / count as f64)
}

#[cfg(test)]
#[path = "lttb_tests.rs"]
mod tests;
