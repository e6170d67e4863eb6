//! Which rows of a bundle's modules its tests run, as `opa test --coverage` tells.

use std::collections::{BTreeMap, BTreeSet};

use super::rego::{Entered, Observer, Place, Request, Site, Told, Value};
use super::snapshot::{AskError, Snapshot};
use super::testing::Test;

/// What tests ran of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The modules by their names, those of the tests too, as Open Policy Agent counts them.
    pub files: BTreeMap<String, FileCoverage>,
}

/// What tests ran of a module. A row counts where a rule or an expression starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileCoverage {
    /// The rows that were run: of an expression, that it was evaluated; of a rule's head, that it had a value.
    pub covered: Vec<Rows>,
    /// The rows that never were.
    pub not_covered: Vec<Rows>,
}

/// Rows next to each other, from one to another and both of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rows {
    /// The first.
    pub first: u32,
    /// The last.
    pub last: u32,
}

impl Coverage {
    /// How many rows were run, and how many never were.
    #[must_use]
    pub fn rows(&self) -> (u32, u32) {
        let counts = self.files.values().map(FileCoverage::rows);
        counts.fold((0, 0), |(a, b), (covered, not)| {
            (a.saturating_add(covered), b.saturating_add(not))
        })
    }

    /// Of all rows, those that were run, in hundredths of a percent and rounded down: 10,000 is all. None where there are no rows.
    #[must_use]
    pub fn basis_points(&self) -> Option<u32> {
        basis_points(self.rows())
    }
}

impl FileCoverage {
    /// How many rows were run, and how many never were.
    #[must_use]
    pub fn rows(&self) -> (u32, u32) {
        (count(&self.covered), count(&self.not_covered))
    }

    /// Of the module's rows, those that were run, in hundredths of a percent and rounded down. None where there are no rows.
    #[must_use]
    pub fn basis_points(&self) -> Option<u32> {
        basis_points(self.rows())
    }
}

impl Snapshot {
    /// As [`Snapshot::test`], with what the tests ran of the bundle.
    ///
    /// ```
    /// use thalium::policy::bundle::{Bundle, File};
    /// use thalium::policy::coverage::Rows;
    /// use thalium::policy::rego::Request;
    /// use thalium::policy::snapshot::Snapshot;
    ///
    /// let files = [
    ///     File::new("fees.rego", "package fees\n\nfee := 1 if input.large\n\nfee := 2 if not input.large\n"),
    ///     File::new("fees_test.rego", "package fees_test\n\ntest_large if data.fees.fee == 1 with input as {\"large\": true}\n"),
    /// ];
    /// let snapshot = Snapshot::new(&Bundle::read(&files, None)?)?;
    /// let (tests, coverage) = snapshot.test_covered(&|_| true, &Request::default())?;
    /// assert_eq!((tests.len(), coverage.basis_points()), (1, Some(10_000)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Snapshot::test`].
    pub fn test_covered(
        &self,
        wanted: &dyn Fn(&str) -> bool,
        asked: &Request,
    ) -> Result<(Vec<Test>, Coverage), AskError> {
        let mut hits = Hits::default();
        let tests = self.test_watched(wanted, asked, Some(&mut hits))?;
        Ok((tests, hits.report(self)))
    }
}

/// The rows that were run, by the modules' numbers.
#[derive(Default)]
struct Hits(BTreeMap<u32, BTreeSet<u32>>);

impl Hits {
    fn hit(&mut self, at: Site) {
        self.0.entry(at.file).or_default().insert(at.row);
    }

    fn report(&self, snapshot: &Snapshot) -> Coverage {
        let none = BTreeSet::new();
        let files = snapshot.policy().rows().enumerate().map(|(at, (file, rows))| {
            let hits = u32::try_from(at).ok().and_then(|at| self.0.get(&at)).unwrap_or(&none);
            let (covered, not_covered): (Vec<u32>, Vec<u32>) =
                rows.iter().partition(|row| hits.contains(row));
            let (covered, not_covered) = (ranges(&covered), ranges(&not_covered));
            (file.to_owned(), FileCoverage { covered, not_covered })
        });
        Coverage { files: files.collect() }
    }
}

impl Observer for Hits {
    fn enter(&mut self, rule: &Entered<'_>) -> usize {
        // What stands for an empty body is evaluated at the head.
        if rule.bare {
            self.hit(rule.at);
        }
        0
    }

    fn held(&mut self, rule: Site, _: &Value) {
        self.hit(rule);
    }

    fn begin(&mut self, file: u32, at: Place) -> usize {
        if at.column > 0 {
            self.hit(Site { file, row: at.row });
        }
        0
    }

    fn note(&mut self, at: Site, _: String) {
        self.hit(at);
    }

    fn leave(&mut self, _: usize) {}
    fn skip(&mut self, _: usize, _: Site) {}
    fn way(&mut self, _: usize, _: &[Value]) {}
    fn end(&mut self, _: usize, _: Told, _: &[Value]) {}
}

/// Sorted rows as ranges.
fn ranges(rows: &[u32]) -> Vec<Rows> {
    let mut ranges: Vec<Rows> = Vec::new();
    for row in rows {
        match ranges.last_mut() {
            Some(range) if range.last.checked_add(1) == Some(*row) => range.last = *row,
            _ => ranges.push(Rows { first: *row, last: *row }),
        }
    }
    ranges
}

fn count(ranges: &[Rows]) -> u32 {
    let counts = ranges.iter().map(|rows| (rows.last - rows.first).saturating_add(1));
    counts.fold(0, u32::saturating_add)
}

fn basis_points((covered, not): (u32, u32)) -> Option<u32> {
    let (covered, all) = (u64::from(covered), u64::from(covered) + u64::from(not));
    (covered * 10_000).checked_div(all).and_then(|points| u32::try_from(points).ok())
}

#[cfg(test)]
#[path = "coverage_tests.rs"]
mod tests;
