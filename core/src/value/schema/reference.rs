//! What a schema's references mean: parts of the schema itself, by the address that `$id` gives them or by a pointer (RFC 6901).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::{Object, Value};
use super::address::{self, Address};
use super::keywords::invalid;
use super::{Charge, SchemaError};

/// Parts of a schema by their addresses.
pub(super) struct References<'a> {
    documents: BTreeMap<String, &'a Value>,
}

impl<'a> References<'a> {
    /// The parts that have an address.
    pub(super) fn of(root: &'a Value, charge: &mut Charge<'_>) -> Result<Self, SchemaError> {
        let mut documents = BTreeMap::from([(String::new(), root)]);
        let mut queue: Vec<(&'a Value, Rc<str>, bool)> = vec![(root, Rc::from(""), true)];
        while let Some((value, base, is_schema)) = queue.pop() {
            charge(1)?;
            if let Some(items) = value.as_elements() {
                queue.extend(items.iter().map(|item| (item, Rc::clone(&base), true)));
            }
            let Value::Object(members) = value else { continue };
            let base = if is_schema { base_of(members, &base) } else { base };
            if is_schema && id(members).is_some() {
                documents.entry(base.to_string()).or_insert(value);
            }
            for (name, member) in members.iter() {
                // What is under these is data, or a table of schemas by names that anyone may give.
                match name.as_str() {
                    Some("const" | "enum") if is_schema => {}
                    Some("properties" | "dependencies" | "patternProperties") if is_schema => {
                        queue.push((member, Rc::clone(&base), false));
                    }
                    _ => queue.push((member, Rc::clone(&base), true)),
                }
            }
        }
        Ok(Self { documents })
    }

    /// What a reference means where `base` holds, and what base holds there.
    pub(super) fn find(
        &self,
        base: &str,
        reference: &str,
    ) -> Result<(&'a Value, Rc<str>), SchemaError> {
        let absolute = address::resolve(base, reference);
        if let Some(found) = self.documents.get(&absolute) {
            let base = absolute.split('#').next().unwrap_or_default();
            return Ok((found, Rc::from(base)));
        }
        let (document, fragment) = absolute.split_once('#').unwrap_or((&absolute, ""));
        let Some(found) = self.documents.get(document) else {
            return Err(invalid(match Address::split(&absolute).scheme {
                Some(_) => "remote reference loading disabled".to_owned(),
                None => format!("Reference {absolute} must be canonical"),
            }));
        };
        let pointer = address::unescape(fragment)
            .ok_or_else(|| invalid(format!("Reference {absolute} is malformed")))?;
        pointed(found, &pointer, Rc::from(document))
    }
}

/// The base within an object: its own address, if it has one.
pub(super) fn base_of(members: &Object, base: &Rc<str>) -> Rc<str> {
    id(members).map_or_else(|| Rc::clone(base), |id| Rc::from(address::resolve(base, id)))
}

fn id(members: &Object) -> Option<&str> {
    let id = members.get_str("id").or_else(|| members.get_str("$id"));
    id?.as_str()
}

fn pointed<'a>(
    from: &'a Value,
    pointer: &str,
    base: Rc<str>,
) -> Result<(&'a Value, Rc<str>), SchemaError> {
    let (mut at, mut base) = (from, base);
    let mut tokens = pointer.split('/');
    if tokens.next().is_some_and(|before| !before.is_empty()) {
        return Err(invalid(format!("Reference #{pointer} is unknown")));
    }
    for token in tokens {
        let token = token.replace("~1", "/").replace("~0", "~");
        at = match at {
            Value::Object(members) => {
                base = base_of(members, &base);
                let found = members.get_str(&token);
                found.ok_or_else(|| invalid(format!("Object has no key '{token}'")))?
            }
            Value::Array(items) => {
                let found = token.parse::<usize>().ok().and_then(|index| items.get(index));
                found.ok_or_else(|| invalid(format!("Invalid array index '{token}'")))?
            }
            _ => return Err(invalid(format!("Invalid token reference '{token}'"))),
        };
    }
    Ok((at, base))
}
