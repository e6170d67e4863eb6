//! A schema's document, compiled into nodes. References may go in circles; every part becomes one node.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::super::Number;
use super::super::{Object, Value};
use super::keywords::{self, invalid, invalid_type};
use super::node::{
    At, Dependency, Items, Logic, More, Node, OfArray, OfNumber, OfObject, OfText, Type,
};
use super::reference::{self, References};
use super::{Charge, SchemaError, pattern};

/// The nodes of a schema, the root's first.
pub(super) fn compile(root: &Value, charge: &mut Charge<'_>) -> Result<Vec<Node>, SchemaError> {
    let draft = Draft::of(root)?;
    let references = References::of(root, charge)?;
    let (seen, queue) = (BTreeMap::new(), VecDeque::new());
    let mut compiler = Compiler { draft, references, count: 0, seen, queue };
    compiler.node(root, &Rc::from(""));
    let mut nodes = Vec::new();
    // Nodes are numbered in the order in which they are asked for, which is the order in which they are made.
    while let Some((value, base)) = compiler.queue.pop_front() {
        charge(1)?;
        if let Value::Object(members) = value {
            charge(members.len())?;
        }
        nodes.push(compiler.compile(value, &base)?);
    }
    Ok(nodes)
}

/// Whose keywords count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Draft {
    Draft4,
    Draft6,
    Draft7,
    /// All of them.
    Unsaid,
}

impl Draft {
    fn of(root: &Value) -> Result<Self, SchemaError> {
        let members = match root {
            Value::Bool(_) => return Ok(Self::Unsaid),
            Value::Object(members) => members,
            _ => return Err(invalid("schema is invalid")),
        };
        let Some(schema) = members.get_str("$schema") else { return Ok(Self::Unsaid) };
        let schema = schema.as_str();
        let schema = schema.ok_or_else(|| invalid("$schema must be of type string"))?;
        Ok(match schema.strip_suffix('#').unwrap_or(schema) {
            "http://json-schema.org/draft-04/schema" => Self::Draft4,
            "http://json-schema.org/draft-06/schema" => Self::Draft6,
            "http://json-schema.org/draft-07/schema" => Self::Draft7,
            _ => Self::Unsaid,
        })
    }
}

struct Compiler<'a> {
    draft: Draft,
    references: References<'a>,
    count: At,
    /// Nodes by where their value lies in memory, which does not move, and by what references in it mean.
    seen: BTreeMap<(usize, Rc<str>), At>,
    queue: VecDeque<(&'a Value, Rc<str>)>,
}

impl<'a> Compiler<'a> {
    /// The node of a value, which is made later.
    fn node(&mut self, value: &'a Value, base: &Rc<str>) -> At {
        let key = (std::ptr::from_ref(value).addr(), Rc::clone(base));
        if let Some(at) = self.seen.get(&key) {
            return *at;
        }
        let at = self.count;
        self.count = at.saturating_add(1);
        self.seen.insert(key, at);
        self.queue.push_back((value, Rc::clone(base)));
        at
    }

    fn compile(&mut self, value: &'a Value, base: &Rc<str>) -> Result<Node, SchemaError> {
        let from = match value {
            Value::Bool(verdict) if self.draft >= Draft::Draft6 => {
                return Ok(Node { verdict: Some(*verdict), ..Node::default() });
            }
            Value::Object(from) => from,
            _ => return Err(invalid("Expected: schema, given: Invalid JSON")),
        };
        for keyword in [self.id(from), "title", "description"] {
            keywords::string(from, keyword)?;
        }
        let base = &reference::base_of(from, base);
        self.definitions(from, base)?;
        if let Some(reference) = keywords::string(from, "$ref")? {
            let (target, base) = self.references.find(base, reference)?;
            if !is_schema(target) {
                return Err(invalid("schema must be of type object"));
            }
            return Ok(Node { reference: Some(self.node(target, &base)), ..Node::default() });
        }
        Ok(Node {
            types: types(from)?,
            object: self.object(from, base)?,
            array: self.array(from, base)?,
            number: self.number(from)?,
            text: text(from)?,
            format: keywords::string(from, "format")?.map(str::to_owned),
            constant: from.get_str("const").filter(|_| self.draft >= Draft::Draft6).cloned(),
            choices: choices(from)?,
            logic: self.logic(from, base)?,
            ..Node::default()
        })
    }

    /// What a schema's address is called.
    fn id(&self, from: &Object) -> &'static str {
        match self.draft {
            Draft::Draft4 => "id",
            Draft::Unsaid if from.get_str("id").is_some() => "id",
            _ => "$id",
        }
    }

    /// Definitions are schemas whether anything refers to them or not.
    fn definitions(&mut self, from: &'a Object, base: &Rc<str>) -> Result<(), SchemaError> {
        let Some(definitions) = from.get_str("definitions") else { return Ok(()) };
        let wrong = || invalid_type("array of schemas", "definitions");
        let definitions = definitions.as_object().ok_or_else(wrong)?;
        for definition in definitions.values() {
            if !is_schema(definition) {
                return Err(wrong());
            }
            self.node(definition, base);
        }
        Ok(())
    }

    fn object(&mut self, from: &'a Object, base: &Rc<str>) -> Result<OfObject, SchemaError> {
        let (min, max) = keywords::ordered(from, "minProperties", "maxProperties")?;
        let mut out = OfObject {
            min,
            max,
            required: keywords::names(from, "required")?,
            more: self.more(from, "additionalProperties", base)?,
            ..OfObject::default()
        };
        if let Some(members) = keywords::object(from, "properties")? {
            for (name, member) in members.iter() {
                let at = self.node(member, base);
                out.members.insert(name.as_str().unwrap_or_default().to_owned(), at);
            }
        }
        if let Some(patterns) = from.get_str("patternProperties") {
            let patterns = patterns.as_object();
            let patterns = patterns.ok_or_else(|| invalid_type("schema", "patternProperties"))?;
            for (name, member) in patterns.iter() {
                let name = name.as_str().unwrap_or_default();
                let found = pattern::compile(name)?;
                let found =
                    found.ok_or_else(|| invalid(format!("Invalid regex pattern '{name}'")))?;
                out.patterns.push((found, self.node(member, base)));
            }
        }
        if let Some(names) = from.get_str("propertyNames").filter(|_| self.draft >= Draft::Draft6) {
            if !is_schema(names) {
                return Err(invalid_type("schema", "propertyNames"));
            }
            out.names = Some(self.node(names, base));
        }
        if let Some(dependencies) = keywords::object(from, "dependencies")? {
            for (name, dependency) in dependencies.iter() {
                let dependency = self.dependency(dependency, base)?;
                out.dependencies.insert(name.as_str().unwrap_or_default().to_owned(), dependency);
            }
        }
        Ok(out)
    }

    fn dependency(&mut self, from: &'a Value, base: &Rc<str>) -> Result<Dependency, SchemaError> {
        if is_schema(from) {
            return Ok(Dependency::Like(self.node(from, base)));
        }
        let wrong = || invalid("dependency must be of type schema or array of strings");
        let names = from.as_elements().ok_or_else(wrong)?;
        let names = names.iter().map(|name| name.as_str().map(str::to_owned).ok_or_else(wrong));
        Ok(Dependency::Members(names.collect::<Result<_, _>>()?))
    }

    fn array(&mut self, from: &'a Object, base: &Rc<str>) -> Result<OfArray, SchemaError> {
        let (min, max) = keywords::bounds(from, "minItems", "maxItems")?;
        let wrong = || invalid_type("schema/array of schemas", "items");
        let items = match from.get_str("items") {
            None => Items::Any,
            Some(each) if is_schema(each) => Items::Each(self.node(each, base)),
            Some(placed) => {
                let placed = placed.as_elements().ok_or_else(wrong)?;
                if !placed.iter().all(is_schema) {
                    return Err(wrong());
                }
                Items::Placed(placed.iter().map(|item| self.node(item, base)).collect())
            }
        };
        let unique = match from.get_str("uniqueItems") {
            None => false,
            Some(unique) => {
                let unique = unique.as_bool();
                unique.ok_or_else(|| invalid("uniqueItems must be of a boolean"))?
            }
        };
        let contains = from.get_str("contains").filter(|_| self.draft >= Draft::Draft6);
        let contains = contains.map(|contains| self.node(contains, base));
        let more = self.more(from, "additionalItems", base)?;
        Ok(OfArray { min, max, unique, items, more, contains })
    }

    fn more(&mut self, from: &'a Object, key: &str, base: &Rc<str>) -> Result<More, SchemaError> {
        match from.get_str(key) {
            None | Some(Value::Bool(true)) => Ok(More::Any),
            Some(Value::Bool(false)) => Ok(More::None),
            Some(like @ Value::Object(_)) => Ok(More::Like(self.node(like, base))),
            Some(_) => Err(invalid_type("boolean/schema", key)),
        }
    }

    fn number(&self, from: &Object) -> Result<OfNumber, SchemaError> {
        let multiple_of = match from.get_str("multipleOf") {
            None => None,
            Some(Value::Number(number)) if number.signum() > 0 => Some(number.clone()),
            Some(Value::Number(_)) => {
                return Err(invalid("multipleOf must be strictly greater than 0"));
            }
            Some(_) => return Err(invalid_type("number", "multipleOf")),
        };
        let minimum = keywords::number(from, "minimum")?.cloned();
        let maximum = keywords::number(from, "maximum")?.cloned();
        let (minimum, above) = self.exclusive(from, "exclusiveMinimum", "minimum", minimum)?;
        let (maximum, below) = self.exclusive(from, "exclusiveMaximum", "maximum", maximum)?;
        Ok(OfNumber { multiple_of, minimum, above, maximum, below })
    }

    /// Draft 4 has a boolean that makes the bound exclusive, later drafts have a bound of its own.
    fn exclusive(
        &self,
        from: &Object,
        key: &str,
        bound_key: &str,
        bound: Option<Number>,
    ) -> Result<(Option<Number>, Option<Number>), SchemaError> {
        let is_old = matches!(self.draft, Draft::Draft4 | Draft::Unsaid);
        let is_new = self.draft >= Draft::Draft6;
        match from.get_str(key) {
            None => Ok((bound, None)),
            Some(Value::Bool(exclusive)) if is_old => match (bound, exclusive) {
                (None, _) => Err(invalid(format!("{key} cannot be used without {bound_key}"))),
                (bound, true) => Ok((None, bound)),
                (bound, false) => Ok((bound, None)),
            },
            Some(Value::Number(number)) if is_new => Ok((bound, Some(number.clone()))),
            Some(_) => Err(match (is_old, is_new) {
                (true, true) => invalid_type("boolean/number", key),
                (true, false) => invalid_type("boolean", key),
                _ => invalid_type("number", key),
            }),
        }
    }

    fn logic(&mut self, from: &'a Object, base: &Rc<str>) -> Result<Logic, SchemaError> {
        let mut all = |key| {
            let found = keywords::array(from, key)?;
            Ok::<_, SchemaError>(found.iter().map(|part| self.node(part, base)).collect())
        };
        let (one_of, any_of, all_of) = (all("oneOf")?, all("anyOf")?, all("allOf")?);
        let has_if = self.draft >= Draft::Draft7;
        let mut part = |key: &str, counts: bool| match from.get_str(key).filter(|_| counts) {
            None => Ok(None),
            Some(part) if is_schema(part) => Ok(Some(self.node(part, base))),
            Some(_) => Err(invalid(format!("{key} must be of an object"))),
        };
        let not = part("not", true)?;
        let (condition, then) = (part("if", has_if)?, part("then", has_if)?);
        let otherwise = part("else", has_if)?;
        Ok(Logic { all_of, any_of, one_of, not, condition, then, otherwise })
    }
}

const fn is_schema(value: &Value) -> bool {
    matches!(value, Value::Bool(_) | Value::Object(_))
}

fn types(from: &Object) -> Result<Vec<Type>, SchemaError> {
    let wrong = || invalid_type("type", "string/array of strings");
    let names = match from.get_str("type") {
        None => return Ok(Vec::new()),
        Some(name @ Value::String(_)) => std::slice::from_ref(name),
        Some(names) => names.as_elements().ok_or_else(wrong)?,
    };
    let mut out = Vec::new();
    for name in names {
        let name = name.as_str().ok_or_else(wrong)?;
        let found = Type::ALL.into_iter().find(|kind| kind.name() == name);
        let Some(found) = found else {
            let all: Vec<&str> = Type::ALL.iter().map(|kind| kind.name()).collect();
            return Err(invalid(format!(
                "has a primitive type that is NOT VALID -- given: /{name}/ Expected valid values are:[{}]",
                all.join(" ")
            )));
        };
        if out.contains(&found) {
            return Err(invalid(format!("{name} type is duplicated")));
        }
        out.push(found);
    }
    Ok(out)
}

fn text(from: &Object) -> Result<OfText, SchemaError> {
    let (min, max) = keywords::ordered(from, "minLength", "maxLength")?;
    let pattern = match keywords::string(from, "pattern")? {
        None => None,
        Some(text) => {
            let found = pattern::compile(text)?;
            let found = found.ok_or_else(|| invalid("pattern must be a valid regex"))?;
            Some((text.to_owned(), found))
        }
    };
    Ok(OfText { min, max, pattern })
}

fn choices(from: &Object) -> Result<Option<Vec<Value>>, SchemaError> {
    let choices = keywords::array(from, "enum")?;
    let mut sorted: Vec<&Value> = choices.iter().collect();
    sorted.sort();
    if sorted.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(invalid("enum items must be unique"));
    }
    // An empty list admits nothing, none admits everything.
    Ok(from.get_str("enum").map(|_| choices.to_vec()))
}
