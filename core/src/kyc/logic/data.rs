//! What an expression is asked of: a value, or parts that are lent by their names, of which no object has to be made.

use crate::value::{Object, Value};

/// What an expression is asked of.
#[derive(Clone, Copy, Debug)]
pub(in crate::kyc) enum Data<'a> {
    Value(&'a Value),
    Text(&'a String),
    Parts(&'a Parts<'a>),
}

/// What stands for an object of all its parts.
#[derive(Debug)]
pub(in crate::kyc) struct Parts<'a> {
    /// Those that are there, by their names: none of them is another's, and the last counts where an object has one of the same name.
    pub(in crate::kyc) named: &'a [(&'static str, Option<Data<'a>>)],
    /// The others.
    pub(in crate::kyc) others: Option<&'a Object>,
}

impl Data<'_> {
    /// Whether it is the very same, in memory.
    pub(super) fn is_same(self, other: Data<'_>) -> bool {
        match (self, other) {
            (Data::Value(own), Data::Value(other)) => std::ptr::eq(own, other),
            (Data::Text(own), Data::Text(other)) => std::ptr::eq(own, other),
            (Data::Parts(own), Data::Parts(other)) => std::ptr::addr_eq(own, other),
            _ => false,
        }
    }
}

impl<'a> Data<'a> {
    /// A part by its name: a member of an object.
    pub(in crate::kyc) fn part(self, name: &str) -> Option<Self> {
        match self {
            Self::Value(value) => value.get_str(name).map(Data::Value),
            Self::Text(_) => None,
            Self::Parts(parts) => {
                let named = parts.named.iter().find(|(own, _)| *own == name);
                let named = named.and_then(|(_, part)| *part);
                named.or_else(|| parts.others?.get_str(name).map(Data::Value))
            }
        }
    }

    /// The value that it stands for. INVARIANT: parts lie within parts as they are written here, two deep.
    pub(in crate::kyc) fn to_value(self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Text(text) => Value::from(text.as_str()),
            Self::Parts(parts) => {
                let others = parts.others.map(Object::iter).into_iter().flatten();
                let others = others.map(|(name, value)| (name.clone(), value.clone()));
                let named = parts.named.iter().filter_map(|(name, part)| Some((*name, (*part)?)));
                let named = named.map(|(name, part)| (Value::from(name), part.to_value()));
                Value::object(others.chain(named))
            }
        }
    }
}
