//! What needs no schema within the schema: bounds, counts, choices, patterns and formats.

use std::collections::BTreeMap;

use super::super::Exhausted;
use super::super::Number;
use super::super::Value;
use super::node::{Node, OfNumber, OfText};
use super::report::{Path, Report, shown};
use super::{Charge, format};

type Done = Result<(), Exhausted>;

/// Constant, choices and format.
pub(super) fn common(
    report: &mut Report,
    node: &Node,
    value: &Value,
    path: &Path<'_>,
    charge: &mut Charge<'_>,
) -> Done {
    if let Some(constant) = &node.constant {
        charge(size(value))?;
        if constant != value {
            let what = format!("does not match: {}", constant.to_html_safe_json());
            report.add_of_field("const", path, &what);
        }
    }
    if let Some(choices) = &node.choices {
        charge(choices.len().saturating_add(size(value)))?;
        if !choices.contains(value) {
            let all: Vec<String> = choices.iter().map(Value::to_html_safe_json).collect();
            let all = if all.is_empty() { "(none)".to_owned() } else { all.join(", ") };
            report.add_of_field("enum", path, &format!("must be one of the following: {all}"));
        }
    }
    if let (Some(name), Value::String(text)) = (&node.format, value) {
        charge((text.len() / 16).saturating_add(1))?;
        if !format::admits(name, text)? {
            report.add("format", path, format!("Does not match format '{name}'"));
        }
    }
    report.fits();
    Ok(())
}

/// Multiple and bounds.
pub(super) fn number(report: &mut Report, of: &OfNumber, number: &Number, path: &Path<'_>) -> Done {
    if let Some(step) = &of.multiple_of
        && !is_multiple(number, step)?
    {
        report.add("multiple_of", path, format!("Must be a multiple of {}", shown(step)));
    }
    if let Some(max) = of.maximum.as_ref().filter(|max| number > max) {
        let what = format!("Must be less than or equal to {}", shown(max));
        report.add("number_lte", path, what);
    }
    if let Some(below) = of.below.as_ref().filter(|below| number >= below) {
        report.add("number_lt", path, format!("Must be less than {}", shown(below)));
    }
    if let Some(min) = of.minimum.as_ref().filter(|min| number < min) {
        let what = format!("Must be greater than or equal to {}", shown(min));
        report.add("number_gte", path, what);
    }
    if let Some(above) = of.above.as_ref().filter(|above| number <= above) {
        report.add("number_gt", path, format!("Must be greater than {}", shown(above)));
    }
    report.fits();
    Ok(())
}

/// Length, in characters, and pattern.
pub(super) fn text(
    report: &mut Report,
    of: &OfText,
    text: &str,
    path: &Path<'_>,
    charge: &mut Charge<'_>,
) -> Done {
    charge(text.len() / 16)?;
    let len = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    if let Some(min) = of.min.filter(|min| len < *min) {
        let what = format!("String length must be greater than or equal to {min}");
        report.add("string_gte", path, what);
    }
    if let Some(max) = of.max.filter(|max| len > *max) {
        let what = format!("String length must be less than or equal to {max}");
        report.add("string_lte", path, what);
    }
    if let Some((pattern, regex)) = &of.pattern {
        charge(text.len())?;
        if !regex.is_match(text) {
            report.add("pattern", path, format!("Does not match pattern '{pattern}'"));
        }
    }
    report.fits();
    Ok(())
}

/// How many items, and whether they differ.
pub(super) fn count(
    report: &mut Report,
    node: &Node,
    items: &[Value],
    path: &Path<'_>,
    charge: &mut Charge<'_>,
) -> Done {
    let of = &node.array;
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if let Some(min) = of.min.filter(|min| len < *min) {
        report.add("array_min_items", path, format!("Array must have at least {min} items"));
    }
    if let Some(max) = of.max.filter(|max| len > *max) {
        report.add("array_max_items", path, format!("Array must have at most {max} items"));
    }
    if of.unique {
        let mut seen: BTreeMap<&Value, usize> = BTreeMap::new();
        for (at, item) in items.iter().enumerate() {
            charge(size(item).saturating_add(4))?;
            if let Some(first) = seen.insert(item, at) {
                let what = format!("array items[{first},{at}] must be unique");
                report.add("unique", path, what);
            }
        }
    }
    Ok(())
}

/// Whether the number is a multiple, exact.
fn is_multiple(number: &Number, step: &Number) -> Result<bool, Exhausted> {
    // A step is never zero: what goes wrong is too large.
    let times = number.div(step).map_err(|_| Exhausted::Size)?;
    if !times.is_integer() {
        return Ok(false);
    }
    // A quotient that is not whole is rounded, and may look whole then.
    Ok(times.mul(step).map_err(|_| Exhausted::Size)? == *number)
}

fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => (text.len() / 16).saturating_add(1),
        value => value.len().saturating_add(1),
    }
}
