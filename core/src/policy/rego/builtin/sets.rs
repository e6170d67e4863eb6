//! Sets joined.

use super::{Builtin, Context, Fault, set};
use crate::policy::rego::value::{Set, Value};

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("and", 2, |context, args| {
        let (a, b) = (set(args, 1)?, set(args, 2)?);
        context.charge(a.len())?;
        Ok(Some(Value::set(a.iter().filter(|item| b.contains(item)).cloned())))
    }),
    Builtin::new("or", 2, |context, args| {
        let (a, b) = (set(args, 1)?, set(args, 2)?);
        room(context, a.len() + b.len())?;
        Ok(Some(Value::set(a.iter().chain(b).cloned())))
    }),
    Builtin::new("set_diff", 2, |context, args| {
        let (a, b) = (set(args, 1)?, set(args, 2)?);
        context.charge(a.len())?;
        Ok(Some(Value::set(a.iter().filter(|item| !b.contains(item)).cloned())))
    }),
    Builtin::new("intersection", 1, intersection),
    Builtin::new("union", 1, |context, args| {
        let sets = sets(args)?;
        room(context, sets.iter().map(|set| set.len()).sum())?;
        Ok(Some(Value::set(sets.into_iter().flatten().cloned())))
    }),
];

fn room(context: &mut Context<'_>, items: usize) -> Result<(), Fault> {
    context.charge(items.saturating_mul(4))?;
    context.allocate(items.saturating_mul(24))
}

/// A set of sets.
fn sets(args: &[Value]) -> Result<Vec<&Set>, Fault> {
    let inner = |item: &'_ Value| Fault::operand(1, "set", item);
    set(args, 1)?.iter().map(|item| item.as_set().ok_or_else(|| inner(item))).collect()
}

/// What all sets have; of no sets, nothing.
fn intersection(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let sets = sets(args)?;
    let Some((first, others)) = sets.split_first() else {
        return Ok(Some(Value::set([])));
    };
    context.charge(first.len().saturating_mul(sets.len()))?;
    let in_all = |item: &&Value| others.iter().all(|other| other.contains(item));
    Ok(Some(Value::set(first.iter().filter(in_all).cloned())))
}

#[cfg(test)]
#[path = "sets_tests.rs"]
mod tests;
