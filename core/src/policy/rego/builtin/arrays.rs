//! Arrays put together and taken apart.

use super::elements::int;
use super::{Builtin, Context, Fault, array};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("array.concat", 2, |context, args| {
        let (a, b) = (array(args, 1)?, array(args, 2)?);
        collect(context, a.len() + b.len(), a.iter().chain(b))
    }),
    Builtin::new("array.slice", 3, slice),
    Builtin::new("array.reverse", 1, |context, args| {
        let items = array(args, 1)?;
        collect(context, items.len(), items.iter().rev())
    }),
    // By one level only.
    Builtin::new("array.flatten", 1, |context, args| {
        let items = array(args, 1)?;
        let length = items.iter().map(|item| flat(item).len()).sum::<usize>();
        collect(context, length.saturating_add(items.len()), items.iter().flat_map(flat))
    }),
];

fn flat(item: &Value) -> &[Value] {
    item.as_array().unwrap_or(std::slice::from_ref(item))
}

fn collect<'a>(
    context: &mut Context<'_>,
    length: usize,
    items: impl Iterator<Item = &'a Value>,
) -> Result<Option<Value>, Fault> {
    context.charge(length)?;
    context.allocate(length.saturating_mul(24))?;
    Ok(Some(Value::array(items.cloned())))
}

fn slice(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (items, start, stop) = (array(args, 1)?, int(args, 2)?, int(args, 3)?);
    // What is below zero is the first, and what is beyond the end is the end.
    let stop = usize::try_from(stop.max(0)).unwrap_or(usize::MAX).min(items.len());
    let start = usize::try_from(start.max(0)).unwrap_or(usize::MAX).min(stop);
    let taken = items.get(start..stop).unwrap_or_default();
    collect(context, taken.len(), taken.iter())
}

#[cfg(test)]
#[path = "arrays_tests.rs"]
mod tests;
