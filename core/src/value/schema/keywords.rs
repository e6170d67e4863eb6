//! Members of a schema, each of the type that its keyword has.

use super::super::Number;
use super::super::{Object, Value};
use super::SchemaError;

/// gojsonschema's error of a keyword whose value is of another type than these.
pub(super) fn invalid_type(expected: &str, keyword: &str) -> SchemaError {
    invalid(format!("Invalid type. Expected: {expected}, given: {keyword}"))
}

/// A schema that is none.
pub(super) fn invalid(what: impl Into<String>) -> SchemaError {
    SchemaError::Invalid(what.into())
}

/// A text.
pub(super) fn string<'a>(from: &'a Object, key: &str) -> Result<Option<&'a str>, SchemaError> {
    let Some(value) = from.get_str(key) else { return Ok(None) };
    value.as_str().map(Some).ok_or_else(|| invalid_type("string", key))
}

/// An array; nothing, if there is none.
pub(super) fn array<'a>(from: &'a Object, key: &str) -> Result<&'a [Value], SchemaError> {
    let Some(value) = from.get_str(key) else { return Ok(&[]) };
    value.as_elements().ok_or_else(|| invalid(format!("{key} must be of an array")))
}

/// An object.
pub(super) fn object<'a>(from: &'a Object, key: &str) -> Result<Option<&'a Object>, SchemaError> {
    let Some(value) = from.get_str(key) else { return Ok(None) };
    let must = || invalid(format!("{key} must be of type object"));
    value.as_object().map(Some).ok_or_else(must)
}

/// A number.
pub(super) fn number<'a>(from: &'a Object, key: &str) -> Result<Option<&'a Number>, SchemaError> {
    let Some(value) = from.get_str(key) else { return Ok(None) };
    let must = || invalid(format!("{key} must be of a number"));
    value.as_number().map(Some).ok_or_else(must)
}

/// The least and the most of something, which are counts.
pub(super) fn bounds(
    from: &Object,
    least: &str,
    most: &str,
) -> Result<(Option<i64>, Option<i64>), SchemaError> {
    let (min, max) = (count(from, least)?, count(from, most)?);
    Ok((min, max))
}

/// As [`bounds`], of which the least is not above the most.
pub(super) fn ordered(
    from: &Object,
    least: &str,
    most: &str,
) -> Result<(Option<i64>, Option<i64>), SchemaError> {
    let (min, max) = bounds(from, least, most)?;
    match (min, max) {
        (Some(min), Some(max)) if min > max => {
            Err(invalid(format!("{least} cannot be greater than {most}")))
        }
        _ => Ok((min, max)),
    }
}

/// Texts, each once.
pub(super) fn names(from: &Object, key: &str) -> Result<Vec<String>, SchemaError> {
    let mut out: Vec<String> = Vec::new();
    for value in array(from, key)? {
        let name = value.as_str().ok_or_else(|| invalid_type("string", key))?;
        if out.iter().any(|other| other == name) {
            return Err(invalid(format!("{key} items must be unique")));
        }
        out.push(name.to_owned());
    }
    Ok(out)
}

fn count(from: &Object, key: &str) -> Result<Option<i64>, SchemaError> {
    let Some(value) = from.get_str(key) else { return Ok(None) };
    let number = value.as_number().filter(|number| number.is_integer_text());
    let count = number.and_then(Number::to_i64);
    let count = count.ok_or_else(|| invalid(format!("{key} must be of an integer")))?;
    if count < 0 {
        return Err(invalid(format!("{key} must be greater than or equal to 0")));
    }
    Ok(Some(count))
}
