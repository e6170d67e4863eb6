//! A value of the tree with the way to it, so that an error says where.

use std::borrow::Cow;

use super::node::{Field, Mark, Node, join};
use crate::kyc::chart::Place;

/// A value, and how it was come to.
#[derive(Clone, Copy)]
pub(in crate::kyc) struct Cursor<'a> {
    pub(in crate::kyc) node: &'a Node,
    pub(in crate::kyc) step: Step<'a>,
    mark: Mark,
    up: Option<&'a Cursor<'a>>,
}

/// The last step of the way.
#[derive(Clone, Copy)]
pub(in crate::kyc) enum Step<'a> {
    /// The whole of it.
    Whole,
    /// A key.
    Key(&'a str),
    /// A place in a list, from zero.
    Item(usize),
}

impl<'a> Cursor<'a> {
    pub(in crate::kyc) const fn new(node: &'a Node) -> Self {
        Self { node, step: Step::Whole, mark: node.mark, up: None }
    }

    /// Its fields, if it is an object.
    pub(in crate::kyc) fn fields(&'a self) -> Option<Fields<'a>> {
        self.node.as_map().map(|fields| Fields { of: self, fields })
    }

    /// Its items, if it is a list; none else.
    pub(in crate::kyc) fn items(&'a self) -> impl Iterator<Item = Cursor<'a>> {
        let items = self.node.as_list().unwrap_or_default().iter().enumerate();
        items.map(|(at, node)| Cursor {
            node,
            step: Step::Item(at),
            mark: node.mark,
            up: Some(self),
        })
    }

    /// Its items, or itself if it is no list.
    pub(in crate::kyc) fn each(&'a self) -> impl Iterator<Item = Cursor<'a>> {
        let alone = self.node.as_list().is_none().then_some(*self);
        alone.into_iter().chain(self.items())
    }

    /// The key that it stands behind; none within a list.
    pub(in crate::kyc) const fn key(&self) -> &'a str {
        if let Step::Key(key) = self.step { key } else { "" }
    }

    /// Where it stands: what has a key, where its key stands.
    pub(in crate::kyc) fn place(&self) -> Place {
        let mut steps = Vec::new();
        let mut next = Some(self);
        while let Some(cursor) = next {
            match cursor.step {
                Step::Whole => {}
                Step::Key(key) => steps.push(Cow::Borrowed(key)),
                Step::Item(at) => steps.push(Cow::Owned(at.to_string())),
            }
            next = cursor.up;
        }
        self.mark.place(join(steps.into_iter().rev()))
    }
}

/// The fields of an object.
#[derive(Clone, Copy)]
pub(in crate::kyc) struct Fields<'a> {
    of: &'a Cursor<'a>,
    fields: &'a [Field],
}

impl<'a> Fields<'a> {
    /// The object.
    pub(in crate::kyc) const fn of(&self) -> &'a Cursor<'a> {
        self.of
    }

    pub(in crate::kyc) fn get(&self, key: &str) -> Option<Cursor<'a>> {
        self.iter().find(|field| field.key() == key)
    }

    /// In the order of the text.
    pub(in crate::kyc) fn iter(self) -> impl Iterator<Item = Cursor<'a>> {
        let of = self.of;
        self.fields.iter().map(move |field| Cursor {
            node: &field.value,
            step: Step::Key(&field.key),
            mark: field.mark,
            up: Some(of),
        })
    }
}
