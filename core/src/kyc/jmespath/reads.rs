//! Which places of the data an expression can read, from its tree: for a caller to whom what is not there must not count as null.
//!
//! An expression is followed with where each value comes from instead of the value: behind `)`, `|`, `.{` and in functions that hand on what they are
//! given a name still stands for a member of the data. What is within items of a list that the data holds, or among the members that `*` and `values`
//! find, is not told.

use std::collections::BTreeSet;

use super::function::Function;
use super::node::{Node, Over};
use super::{JmesPath, fault};
use crate::kyc::logic::GuardError;
use crate::kyc::logic::data::Data;
use crate::value::Value;

/// How much is written down of where values come from. A text that names places one by one takes less than it has bytes; what is piped from list to
/// list may double each time.
const WORK: usize = 1 << 18;

/// A place in the data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::kyc) struct Read(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// A member.
    Name(Box<str>),
    /// A member with something else in its stead where it is not there.
    Optional(Box<str>),
    /// Only of what is no list.
    Single,
}

impl Read {
    /// The names on the way, with points between them.
    pub(in crate::kyc) fn path(&self) -> String {
        let names = self.0.iter().filter_map(|step| match step {
            Step::Name(name) | Step::Optional(name) => Some(&**name),
            Step::Single => None,
        });
        names.collect::<Vec<_>>().join(".")
    }

    /// What is there, null if there is nothing; none if this data has nothing to be there.
    pub(in crate::kyc) fn find<'v>(&self, data: &'v Value) -> Option<&'v Value> {
        let mut at = data;
        for step in &self.0 {
            match step {
                Step::Name(name) => match at.get_str(name) {
                    Some(next) => at = next,
                    None => return Some(&Value::Null),
                },
                Step::Optional(name) => at = at.get_str(name)?,
                Step::Single if at.as_elements().is_some() => return None,
                Step::Single => {}
            }
        }
        Some(at)
    }
}

impl Read {
    /// What it reads of what is lent, null if there is nothing; none if it asks for nothing there, as of a list for a single value.
    pub(in crate::kyc) fn of(&self, data: Data<'_>) -> Option<Value> {
        let mut at = data;
        for step in &self.0 {
            match step {
                Step::Name(name) | Step::Optional(name) => match at.part(name) {
                    Some(next) => at = next,
                    None => return Some(Value::Null),
                },
                Step::Single if matches!(at, Data::Value(Value::Array(_))) => return None,
                Step::Single => {}
            }
        }
        Some(at.to_value())
    }
}

impl JmesPath {
    /// The places of the data that it can read.
    ///
    /// # Errors
    ///
    /// It reads the data as a whole, so that nothing can be told to be missing from it, or from more places than are told.
    pub(in crate::kyc) fn reads(&self) -> Result<BTreeSet<Read>, GuardError> {
        let mut walk = Walk { found: BTreeSet::new(), left: WORK };
        let whole = Origin::Place(Read(Vec::new()));
        let answer = walk.eval(&self.0, &whole).and_then(|origin| walk.read(&origin));
        answer.map(|()| walk.found).map_err(|refused| GuardError {
            place: fault::place(1),
            message: match refused {
                Refused::Whole => "it reads all data as one value, and cannot tell what is missing from it: name what it is about, as `a.b`",
                Refused::Much => "what it reads is too much to tell: write it as several expressions",
            }
            .to_owned(),
            exhausted: None,
        })
    }
}

enum Refused {
    Whole,
    Much,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    /// Made, written in the text, or within what is not told: names on it stand for nothing that could be missing.
    Made,
    Place(Read),
    /// A list, with where its items come from.
    List(Box<Origin>),
    /// An object that is made of these.
    Object(Vec<(Box<str>, Origin)>),
    /// Objects in one; the last that has a member has it.
    Merged(Vec<Origin>),
    /// One of them.
    Several(BTreeSet<Origin>),
}

impl Origin {
    /// One of these.
    fn of(origins: impl IntoIterator<Item = Self>) -> Self {
        let mut several = BTreeSet::new();
        for origin in origins {
            match origin {
                Self::Made => {}
                Self::Several(more) => several.extend(more),
                one => _ = several.insert(one),
            }
        }
        if several.len() > 1 {
            return Self::Several(several);
        }
        several.pop_first().unwrap_or(Self::Made)
    }

    fn size(&self) -> usize {
        1 + match self {
            Self::Made => 0,
            Self::Place(read) => read.0.len(),
            Self::List(item) => item.size(),
            Self::Object(members) => members.iter().map(|(_, member)| 1 + member.size()).sum(),
            Self::Merged(parts) => parts.iter().map(Self::size).sum(),
            Self::Several(several) => several.iter().map(Self::size).sum(),
        }
    }
}

struct Walk {
    found: BTreeSet<Read>,
    left: usize,
}

type Found = Result<Origin, Refused>;

impl Walk {
    fn copy(&mut self, origin: &Origin) -> Found {
        self.left = self.left.checked_sub(origin.size()).ok_or(Refused::Much)?;
        Ok(origin.clone())
    }

    /// Where the answer comes from. It nests no deeper than a text may.
    fn eval(&mut self, node: &Node, at: &Origin) -> Found {
        match node {
            Node::Literal(value) => Ok(literal(value)),
            Node::Current => self.copy(at),
            Node::Fields(names) => {
                let Some((first, more)) = names.split_first() else { return self.copy(at) };
                let mut found = self.member(at, first, true)?;
                for name in more {
                    if let Origin::Place(read) = &mut found {
                        read.0.push(Step::Name(name.clone()));
                    } else {
                        found = self.member(&found, name, true)?;
                    }
                }
                Ok(found)
            }
            Node::Index(_) => {
                self.touch(at)?;
                self.item(at)
            }
            Node::Slice(_) => {
                self.touch(at)?;
                self.item(at).map(|item| Origin::List(item.into()))
            }
            Node::Then(pair) => {
                let first = self.eval(&pair.0, at)?;
                self.eval(&pair.1, &first)
            }
            Node::Flatten(inner) => {
                let whole = self.eval(inner, at)?;
                self.touch(&whole)?;
                let item = self.item(&whole)?;
                self.spread(&item).map(|item| Origin::List(item.into()))
            }
            Node::Each(over, parts) => {
                let whole = self.eval(&parts.0, at)?;
                self.touch(&whole)?;
                let item = match over {
                    Over::Values => self.any_member(&whole)?,
                    Over::Items | Over::Filter(_) => self.item(&whole)?,
                };
                if let Over::Filter(condition) = over {
                    let condition = self.eval(condition, &item)?;
                    self.touch(&condition)?;
                }
                let answer = self.eval(&parts.1, &item)?;
                // A part that is null is left out: how many there are says what is missing.
                self.read(&answer)?;
                Ok(Origin::List(answer.into()))
            }
            Node::Not(inner) => {
                let inner = self.eval(inner, at)?;
                self.touch(&inner)?;
                Ok(Origin::Made)
            }
            Node::Any(nodes) => {
                let nodes = self.each(nodes, at)?;
                Ok(Origin::of(nodes))
            }
            // What is not true has no members, so that only the last is a whole to be asked of.
            Node::All(nodes) => Ok(self.each(nodes, at)?.pop().unwrap_or(Origin::Made)),
            Node::Compare(_, pair) => {
                for node in [&pair.0, &pair.1] {
                    let side = self.eval(node, at)?;
                    self.read(&side)?;
                }
                Ok(Origin::Made)
            }
            Node::List(nodes) => {
                self.part(at)?;
                let mut items = Vec::with_capacity(nodes.len());
                for node in nodes {
                    let item = self.eval(node, at)?;
                    self.part(&item)?;
                    items.push(item);
                }
                Ok(Origin::List(Origin::of(items).into()))
            }
            Node::Object(nodes) => {
                self.part(at)?;
                let mut members = Vec::with_capacity(nodes.len());
                for (name, node) in nodes {
                    let member = self.eval(node, at)?;
                    self.part(&member)?;
                    members.push((name.as_str().unwrap_or_default().into(), member));
                }
                Ok(Origin::Object(members))
            }
            Node::Call(function, arguments, _) => self.call(*function, arguments, at),
            // Only its function asks it, of the items that it is given.
            Node::Expression(_) => Ok(Origin::Made),
        }
    }

    /// What is asked whether it is true, and may be the answer.
    fn each(&mut self, nodes: &[Node], at: &Origin) -> Result<Vec<Origin>, Refused> {
        let mut found = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let origin = self.eval(node, at)?;
            // The last is the answer, whatever it is.
            if index + 1 < nodes.len() {
                self.touch(&origin)?;
            }
            found.push(origin);
        }
        Ok(found)
    }

    fn call(&mut self, function: Function, arguments: &[Node], at: &Origin) -> Found {
        let (mut given, mut reference) = (Vec::new(), None);
        for argument in arguments {
            if let Node::Expression(inner) = argument {
                reference = Some(&**inner);
                continue;
            }
            let origin = self.eval(argument, at)?;
            match function {
                Function::Merge => self.part(&origin)?,
                Function::Map
                | Function::MaxBy
                | Function::MinBy
                | Function::NotNull
                | Function::Reverse
                | Function::SortBy
                | Function::ToArray
                | Function::Values => self.touch(&origin)?,
                _ => self.read(&origin)?,
            }
            given.push(origin);
        }
        let first = given.first().unwrap_or(&Origin::Made);
        match function {
            Function::Merge => Ok(Origin::Merged(given)),
            Function::NotNull => Ok(Origin::of(given)),
            Function::Values => self.any_member(first).map(|item| Origin::List(item.into())),
            Function::ToArray => self.spread(first).map(|item| Origin::List(item.into())),
            Function::Reverse => self.item(first).map(|item| Origin::List(item.into())),
            Function::Map | Function::MaxBy | Function::MinBy | Function::SortBy => {
                let item = self.item(first)?;
                let asked = match reference {
                    Some(node) => self.eval(node, &item)?,
                    None => Origin::Made,
                };
                self.read(&asked)?;
                Ok(match function {
                    Function::Map => Origin::List(asked.into()),
                    Function::SortBy => Origin::List(item.into()),
                    _ => item,
                })
            }
            _ => Ok(Origin::Made),
        }
    }

    /// A member of it; without `needed` something else stands in for one that is not there.
    fn member(&mut self, at: &Origin, name: &str, needed: bool) -> Found {
        match at {
            Origin::Made | Origin::List(_) => Ok(Origin::Made),
            Origin::Place(read) => {
                self.left = self.left.checked_sub(read.0.len() + 1).ok_or(Refused::Much)?;
                let mut read = read.clone();
                read.0.push(if needed { Step::Name } else { Step::Optional }(name.into()));
                Ok(Origin::Place(read))
            }
            Origin::Object(members) => match members.iter().rev().find(|(key, _)| **key == *name) {
                Some((_, member)) => self.copy(member),
                None => Ok(Origin::Made),
            },
            Origin::Several(several) => {
                let mut found = Vec::with_capacity(several.len());
                for one in several {
                    found.push(self.member(one, name, needed)?);
                }
                Ok(Origin::of(found))
            }
            Origin::Merged(parts) => {
                let has = |part: &Origin| matches!(part, Origin::Object(members) if members.iter().any(|(key, _)| **key == *name));
                let may = |part: &&Origin| !matches!(part, Origin::Object(_)) || has(part);
                let mut found = Vec::new();
                let mut parts = parts.iter().rev().filter(may).peekable();
                while let Some(part) = parts.next() {
                    // What stands in for all others is needed, unless it is there in any case.
                    let last = parts.peek().is_none();
                    found.push(self.member(part, name, needed && last)?);
                    if has(part) {
                        break;
                    }
                }
                Ok(Origin::of(found))
            }
        }
    }

    /// An item of a list that it is.
    fn item(&mut self, at: &Origin) -> Found {
        match at {
            Origin::List(item) => self.copy(item),
            Origin::Several(several) => {
                let mut found = Vec::with_capacity(several.len());
                for one in several {
                    found.push(self.item(one)?);
                }
                Ok(Origin::of(found))
            }
            _ => Ok(Origin::Made),
        }
    }

    /// An item of it if it is a list, else itself.
    fn spread(&mut self, at: &Origin) -> Found {
        match at {
            Origin::List(item) => self.copy(item),
            Origin::Place(_) => match self.copy(at)? {
                Origin::Place(mut read) if !read.0.is_empty() => {
                    read.0.push(Step::Single);
                    Ok(Origin::Place(read))
                }
                other => Ok(other),
            },
            Origin::Several(several) => {
                let mut found = Vec::with_capacity(several.len());
                for one in several {
                    found.push(self.spread(one)?);
                }
                Ok(Origin::of(found))
            }
            other => self.copy(other),
        }
    }

    /// Any member of an object that it is.
    fn any_member(&mut self, at: &Origin) -> Found {
        let mut found = Vec::new();
        match at {
            Origin::Object(members) => {
                for (_, member) in members {
                    found.push(self.copy(member)?);
                }
            }
            Origin::Merged(parts) => {
                for part in parts {
                    // A part may be all of the data.
                    self.touch(part)?;
                    found.push(self.any_member(part)?);
                }
            }
            Origin::Several(several) => {
                for one in several {
                    found.push(self.any_member(one)?);
                }
            }
            Origin::Made | Origin::Place(_) | Origin::List(_) => {}
        }
        Ok(Origin::of(found))
    }

    /// It counts whether it is there.
    fn touch(&mut self, origin: &Origin) -> Result<(), Refused> {
        match origin {
            Origin::Place(read) if read.0.is_empty() => Err(Refused::Whole),
            Origin::Merged(parts) => parts.iter().try_for_each(|part| self.touch(part)),
            Origin::Several(several) => several.iter().try_for_each(|one| self.touch(one)),
            _ => self.part(origin),
        }
    }

    /// It becomes a part of something, and is handed on with it.
    fn part(&mut self, origin: &Origin) -> Result<(), Refused> {
        match origin {
            Origin::Place(read) if !read.0.is_empty() => {
                self.left = self.left.checked_sub(read.0.len() + 1).ok_or(Refused::Much)?;
                self.found.insert(read.clone());
                Ok(())
            }
            Origin::Several(several) => several.iter().try_for_each(|one| self.part(one)),
            _ => Ok(()),
        }
    }

    /// All of it counts.
    fn read(&mut self, origin: &Origin) -> Result<(), Refused> {
        self.left = self.left.checked_sub(1).ok_or(Refused::Much)?;
        match origin {
            Origin::Made => Ok(()),
            Origin::Place(_) => self.touch(origin),
            Origin::List(item) => self.read(item),
            Origin::Object(members) => members.iter().try_for_each(|(_, member)| self.read(member)),
            Origin::Merged(parts) => parts.iter().try_for_each(|part| self.read(part)),
            Origin::Several(several) => several.iter().try_for_each(|one| self.read(one)),
        }
    }
}

/// The members that an object in the text has are there.
fn literal(value: &Value) -> Origin {
    let Some(object) = value.as_object() else { return Origin::Made };
    let names = object.keys().filter_map(|name| name.as_str());
    Origin::Object(names.map(|name| (name.into(), Origin::Made)).collect())
}

#[cfg(test)]
#[path = "reads_tests.rs"]
mod tests;
