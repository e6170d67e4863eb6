//! Rules, compiled, and what each of them finds. Nothing here allocates: a decision and its reasons follow from the same findings.

use super::code::Code;
use super::facts::Facts;
use super::tables::Tables;
use super::test::{
    Amount, Gap, Missing, Strict, Test, holds, instant, listed, set, truth, units, value,
};
use crate::policy::{Audience, Obligation, Outcome, Severity};

const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;

#[derive(Clone, Debug)]
pub(super) enum Check {
    Access,
    Permit,
    Match,
    Amount { fact: u16, max: Box<[Amount]>, min: Option<Amount> },
    Count { fact: u16, max: Box<[Amount]> },
    Velocity { amount: u16, sum: u16, max: Box<[Amount]> },
    Large { amount: u16, at_least: Amount },
    Structuring { amount: u16, count: u16, more_than: Amount, from: Amount, below: Amount },
    RapidMovement { incoming: u16, outgoing: u16, amount: Option<u16>, at_least: Amount },
    Listed { fact: u16, list: Box<[u32]> },
    Pep { pep: u16, amount: u16, above: Amount },
    NewAccount { opened: u16, days: Amount, amount: u16, above: Amount },
    UnusualVolume { amount: u16, sum: u16, usual: u16, factor: Amount },
    TravelRule { amount: u16, at_least: Amount, complete: u16 },
    StepUp { amount: u16, at_least: Amount, done: u16 },
    FourEyes { amount: u16, at_least: Amount, maker: u16, checkers: u16, count: u32 },
    LoginFailures { failures: u16, at_least: Amount },
    Session { started: u16, seconds: Amount },
}

/// A rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: Box<str>,
    pub(super) when: Option<Test>,
    pub(super) check: Check,
    /// The number of its reasons: that of a code, or one that the document gives.
    pub(super) number: u32,
    pub(super) outcome: Outcome,
    pub(super) audience: Audience,
    pub(super) severity: Severity,
    pub(super) message: Box<str>,
    pub(super) obligations: Box<[Obligation]>,
}

/// What a reason rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Detail {
    pub(super) value: Option<i128>,
    pub(super) limit: Option<i128>,
    /// How much there is left below the limit.
    pub(super) remaining: Option<i128>,
    pub(super) text: Option<u32>,
}

/// What a rule finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// It has nothing to say.
    Quiet,
    Permits,
    /// It has something to say: with the code of the rule, or with another one.
    Fires(Option<Code>),
}

impl Rule {
    /// INVARIANT: a fact that is missing is a gap wherever it is asked for, so that taking facts away can only turn what is found into a gap.
    ///
    /// What it rests on is told through `detail`, where it fires: so what is returned stays small, and most rules are quiet.
    #[inline]
    pub(super) fn find(
        &self,
        facts: &Facts,
        tables: &Tables<'_>,
        detail: &mut Detail,
    ) -> Result<Finding, Gap> {
        if let Some(when) = &self.when {
            let missing = if self.is_permit() { Missing::Waits } else { Missing::Wins };
            if !holds(when, missing, facts, tables)? {
                return Ok(Finding::Quiet);
            }
        }
        self.check.find(facts, tables, detail)
    }

    /// What it decides with a code. Who approves what they made themselves is never let through.
    pub(super) const fn outcome(&self, own: Option<Code>) -> Outcome {
        if let Some(Code::MakerIsChecker) = own { Outcome::Deny } else { self.outcome }
    }

    /// Whether all that it can do is to permit.
    pub(super) const fn is_permit(&self) -> bool {
        matches!(self.check, Check::Permit)
    }
}

impl Check {
    // Not inlined, so that a rule whose `when` does not hold costs next to nothing.
    #[inline(never)]
    fn find(
        &self,
        facts: &Facts,
        tables: &Tables<'_>,
        detail: &mut Detail,
    ) -> Result<Finding, Gap> {
        let amount_of = |slot: u16| match units(facts, slot) {
            Ok(units) if units < 0 => Err(Gap::Range),
            read => read,
        };
        let low = |amount: &Amount| value(*amount, Strict::Lowest, facts, tables);
        let high = |amount: &Amount| value(*amount, Strict::Highest, facts, tables);
        let lowest = |amounts: &[Amount]| {
            let mut least = i128::MAX;
            for amount in amounts {
                least = least.min(low(amount)?);
            }
            Ok::<_, Gap>(least)
        };
        match self {
            Self::Access => {
                for slot in [super::schema::ROLES, super::schema::PERMISSION] {
                    if !facts.is_known(slot) {
                        return Err(Gap::Fact(slot));
                    }
                }
                Ok(if facts.is_granted() { Finding::Permits } else { Finding::Fires(None) })
            }
            Self::Permit => Ok(Finding::Permits),
            Self::Match => Ok(Finding::Fires(None)),
            Self::Amount { fact, max, min } => {
                let amount = amount_of(*fact)?;
                let max = lowest(max)?;
                let min = min.as_ref().map(high).transpose()?;
                if let Some(min) = min
                    && amount < min
                    && amount <= max
                {
                    *detail = compared(amount, min);
                    return Ok(Finding::Fires(Some(Code::AmountBelowMinimum)));
                }
                Ok(fires_if(detail, amount > max, || limit(amount, max, 0)))
            }
            Self::Count { fact, max } => {
                let (count, max) = (amount_of(*fact)?, lowest(max)?);
                Ok(fires_if(detail, count >= max, || limit(count, max, count)))
            }
            Self::Velocity { amount, sum, max } => {
                let (amount, sum, max) = (amount_of(*amount)?, amount_of(*sum)?, lowest(max)?);
                let after = sum.checked_add(amount).ok_or(Gap::Range)?;
                Ok(fires_if(detail, after > max, || limit(after, max, sum)))
            }
            Self::Large { amount, at_least } => {
                let (amount, least) = (amount_of(*amount)?, low(at_least)?);
                Ok(fires_if(detail, amount >= least, || compared(amount, least)))
            }
            Self::Structuring { amount, count, more_than, from, below } => {
                let (amount, count) = (amount_of(*amount)?, amount_of(*count)?);
                let (from, below, most) = (low(from)?, high(below)?, low(more_than)?);
                // With this one there is one more than `count`.
                let fits = (from..below).contains(&amount);
                Ok(fires_if(detail, fits && count >= most, || {
                    compared(count.saturating_add(1), most)
                }))
            }
            Self::RapidMovement { incoming, outgoing, amount, at_least } => {
                let (incoming, outgoing) = (amount_of(*incoming)?, amount_of(*outgoing)?);
                let amount = amount.map_or(Ok(0), amount_of)?;
                let outgoing = outgoing.checked_add(amount).ok_or(Gap::Range)?;
                let both = incoming.min(outgoing);
                let least = low(at_least)?;
                Ok(fires_if(detail, both >= least, || compared(both, least)))
            }
            Self::Listed { fact, list } => {
                let text = listed(facts, *fact, list)?;
                Ok(fires_if(detail, text.is_some(), || Detail { text, ..Detail::default() }))
            }
            Self::Pep { pep, amount, above } => {
                let (is_pep, amount, above) =
                    (truth(facts, *pep)?, amount_of(*amount)?, low(above)?);
                Ok(fires_if(detail, is_pep && amount > above, || compared(amount, above)))
            }
            Self::NewAccount { opened, days, amount, above } => {
                let (opened, now) = (instant(facts, *opened)?, now(facts)?);
                let (amount, above) = (amount_of(*amount)?, low(above)?);
                let time = high(days)?.saturating_mul(DAY);
                let is_new = now - i128::from(opened) < time;
                Ok(fires_if(detail, is_new && amount > above, || compared(amount, above)))
            }
            Self::UnusualVolume { amount, sum, usual, factor } => {
                let (amount, sum) = (amount_of(*amount)?, amount_of(*sum)?);
                let volume = sum.checked_add(amount).ok_or(Gap::Range)?;
                // No volume is above what is too large to be told.
                let usual = amount_of(*usual)?.saturating_mul(low(factor)?);
                Ok(fires_if(detail, volume > usual, || compared(volume, usual)))
            }
            Self::TravelRule { amount, at_least, complete: done }
            | Self::StepUp { amount, at_least, done } => {
                let (amount, least) = (amount_of(*amount)?, low(at_least)?);
                let done = truth(facts, *done)?;
                Ok(fires_if(detail, amount >= least && !done, || compared(amount, least)))
            }
            Self::FourEyes { amount, at_least, maker, checkers, count } => {
                let (amount, least) = (amount_of(*amount)?, low(at_least)?);
                let checkers = set(facts, *checkers)?;
                let maker = listed(facts, *maker, checkers)?;
                if amount < least {
                    return Ok(Finding::Quiet);
                }
                if maker.is_some() {
                    return Ok(Finding::Fires(Some(Code::MakerIsChecker)));
                }
                let there = i128::try_from(checkers.len()).map_err(|_| Gap::Range)?;
                let needed = i128::from(*count);
                Ok(fires_if(detail, there < needed, || compared(there, needed)))
            }
            Self::LoginFailures { failures, at_least } => {
                let (failures, least) = (amount_of(*failures)?, low(at_least)?);
                Ok(fires_if(detail, failures >= least, || compared(failures, least)))
            }
            Self::Session { started, seconds } => {
                let age = now(facts)? - i128::from(instant(facts, *started)?);
                let most = low(seconds)?;
                let time = most.saturating_mul(SECOND);
                Ok(fires_if(detail, !(0..=time).contains(&age), || compared(age / SECOND, most)))
            }
        }
    }
}

fn now(facts: &Facts) -> Result<i128, Gap> {
    instant(facts, super::schema::NOW).map(i128::from)
}

fn fires_if(detail: &mut Detail, condition: bool, of: impl FnOnce() -> Detail) -> Finding {
    if !condition {
        return Finding::Quiet;
    }
    *detail = of();
    Finding::Fires(None)
}

const fn compared(value: i128, limit: i128) -> Detail {
    Detail { value: Some(value), limit: Some(limit), remaining: None, text: None }
}

/// A limit of which so much is used.
const fn limit(value: i128, limit: i128, used: i128) -> Detail {
    let left = limit.saturating_sub(used);
    let left = if left < 0 { 0 } else { left };
    Detail { remaining: Some(left), ..compared(value, limit) }
}
