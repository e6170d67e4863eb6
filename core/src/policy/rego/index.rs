//! Rules picked by one lookup: an index over what they compare with constants.

use super::code::{Comparison, Expr, Instr, RuleCode};
use super::goal::Slot;
use super::value::Value;

/// How many rules make an index worth it.
const RULES: usize = 3;

/// The rules of one node by the constant that they want a subject to be.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) subject: Subject,
    /// Sorted by constant; the rules of each in their order.
    by_constant: Vec<(Value, Vec<usize>)>,
    /// The rules that compare it with nothing.
    others: Vec<usize>,
}

/// What rules compare.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Subject {
    Input(Box<[Value]>),
    /// A function's argument.
    Argument(Slot),
}

impl Index {
    /// Over the subject that is compared with the most constants; none if there are few.
    pub(super) fn new(rules: &[RuleCode], arity: usize) -> Option<Self> {
        if rules.len() < RULES {
            return None;
        }
        let found: Vec<Vec<(Subject, &Value)>> =
            rules.iter().map(|rule| equalities(rule, arity)).collect();
        let mut constants: Vec<(Subject, Vec<&Value>)> = Vec::new();
        for (subject, constant) in found.iter().flatten() {
            // A subject of few rules late in a long list is not worth the search for it.
            let room = constants.len() < 16;
            match constants.iter_mut().find(|(other, _)| other == subject) {
                Some((_, values)) => values.push(constant),
                None if room => constants.push((subject.clone(), vec![constant])),
                None => {}
            }
        }
        for (_, values) in &mut constants {
            values.sort();
            values.dedup();
        }
        // The more constants, the fewer rules each picks.
        let (subject, _) = constants
            .into_iter()
            .filter(|(_, values)| values.len() >= 2)
            .max_by_key(|(_, values)| values.len())?;
        let (mut keyed, mut others) = (Vec::new(), Vec::new());
        for (at, equalities) in found.iter().enumerate() {
            match equalities.iter().find(|(other, _)| *other == subject) {
                Some((_, constant)) => keyed.push(((*constant).clone(), at)),
                None => others.push(at),
            }
        }
        keyed.sort();
        let mut by_constant: Vec<(Value, Vec<usize>)> = Vec::new();
        for (constant, at) in keyed {
            match by_constant.last_mut() {
                Some((last, rules)) if *last == constant => rules.push(at),
                _ => by_constant.push((constant, vec![at])),
            }
        }
        Some(Self { subject, by_constant, others })
    }

    /// The rules that can hold if the subject is that, in their order.
    pub(super) fn candidates(&self, subject: Option<&Value>) -> Candidates<'_> {
        let hit = subject.and_then(|subject| {
            let at =
                self.by_constant.binary_search_by(|(constant, _)| constant.cmp(subject)).ok()?;
            self.by_constant.get(at)
        });
        let hits = hit.map_or(&[][..], |(_, rules)| rules);
        Candidates { hits, others: &self.others, all: 0..0 }
    }
}

/// Two sorted lists of rules as one.
pub(super) struct Candidates<'a> {
    hits: &'a [usize],
    others: &'a [usize],
    all: std::ops::Range<usize>,
}

impl Candidates<'_> {
    /// All of so many rules.
    pub(super) const fn all(rules: usize) -> Self {
        Self { hits: &[], others: &[], all: 0..rules }
    }
}

impl Iterator for Candidates<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let list = match (self.hits.first(), self.others.first()) {
            (Some(hit), Some(other)) if hit < other => &mut self.hits,
            (Some(_), None) => &mut self.hits,
            _ => &mut self.others,
        };
        match list.split_first() {
            Some((first, rest)) => {
                *list = rest;
                Some(*first)
            }
            None => self.all.next(),
        }
    }
}

/// What a rule compares with constants before anything else can decide. A rule with an `else` must always be tried.
fn equalities(rule: &RuleCode, arity: usize) -> Vec<(Subject, &Value)> {
    if rule.otherwise.is_some() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for instr in &rule.body.instrs {
        let Instr::Test(Expr::Compare(Comparison::Equal, pair)) = instr else { continue };
        let (subject, constant) = match pair.as_ref() {
            (subject, Expr::Const(constant)) | (Expr::Const(constant), subject) => {
                (subject, constant)
            }
            _ => continue,
        };
        match subject {
            Expr::Input(path) => found.push((Subject::Input(path.clone()), constant)),
            Expr::Slot(slot) if usize::try_from(*slot).is_ok_and(|slot| slot < arity) => {
                found.push((Subject::Argument(*slot), constant));
            }
            _ => {}
        }
    }
    found
}
