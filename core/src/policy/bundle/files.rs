//! A bundle's files: what they may be called, how many and how large they may be, and what each is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::str;

use sha2::{Digest as _, Sha256};

use super::error::{BundleError, refuse};
use crate::policy::rego::Value;

/// The most files of a bundle.
pub const FILES: usize = 16_384;

/// The most bytes of one file.
pub const FILE_BYTES: usize = 64 << 20;

/// The most bytes of a bundle.
pub const TOTAL_BYTES: usize = 256 << 20;

/// How many directories may be in one another.
const DIRECTORIES: usize = 64;

/// The longest name.
const NAME: usize = 1024;

/// A file of a bundle: its path from the bundle's root, with `/` between the directories, and what it holds.
#[derive(Clone, Debug)]
pub struct File<'a> {
    /// The path; `./` or `/` before it mean nothing.
    pub name: Cow<'a, str>,
    /// The content.
    pub bytes: Cow<'a, [u8]>,
}

impl<'a> File<'a> {
    /// A file of a text.
    #[must_use]
    pub const fn new(name: &'a str, text: &'a str) -> Self {
        Self { name: Cow::Borrowed(name), bytes: Cow::Borrowed(text.as_bytes()) }
    }
}

/// Files whose names and sizes are within bounds, by name.
pub(super) struct Names<'a> {
    files: BTreeMap<&'a str, &'a [u8]>,
}

impl<'a> Names<'a> {
    pub(super) fn check(files: &'a [File<'_>]) -> Result<Self, BundleError> {
        if files.len() > FILES {
            return Err(refuse("", format_args!("a bundle has at most {FILES} files")));
        }
        let mut total = 0_usize;
        let mut names = BTreeMap::new();
        for file in files {
            let name = plain(&file.name);
            if name.len() > NAME {
                let shown: String = name.chars().take(64).collect();
                let why = format_args!("the name is longer than {NAME} bytes");
                return Err(refuse(&format!("{shown}…"), why));
            }
            let parts: Vec<&str> = name.split('/').collect();
            let leads_out =
                parts.iter().any(|part| matches!(*part, "" | "." | "..") || part.contains('\\'));
            if leads_out || parts.len() > DIRECTORIES || name.chars().any(char::is_control) {
                let why = format_args!(
                    "is no path within the bundle: write dir/file, at most {DIRECTORIES} deep"
                );
                return Err(refuse(name, why));
            }
            if file.bytes.len() > FILE_BYTES {
                return Err(refuse(name, format_args!("is larger than {} MiB", FILE_BYTES >> 20)));
            }
            total = total.saturating_add(file.bytes.len());
            if total > TOTAL_BYTES {
                let why = format_args!("the bundle is larger than {} MiB", TOTAL_BYTES >> 20);
                return Err(refuse(name, why));
            }
            if names.insert(name, file.bytes.as_ref()).is_some() {
                return Err(refuse(name, "is in the bundle twice"));
            }
        }
        Ok(Self { files: names })
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.files.get(name).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files.iter().map(|(name, bytes)| (*name, *bytes))
    }
}

/// A file that means something, for comparing it with another version's.
#[derive(Debug)]
pub(in crate::policy) struct Content {
    /// SHA-256 of its bytes.
    pub(in crate::policy) digest: [u8; 32],
    /// What it says; none of a module. It is the bundle's own, and not a copy.
    pub(in crate::policy) value: Option<Value>,
}

/// The files that mean something, by name.
pub(in crate::policy) type Contents = BTreeMap<String, Content>;

/// Those of a bundle, before any of them was read.
pub(super) fn contents(names: &Names<'_>) -> Contents {
    let meant = names.iter().filter(|(name, _)| is_meant(name));
    let content = |(name, bytes): (&str, &[u8])| {
        (name.to_owned(), Content { digest: Sha256::digest(bytes).into(), value: None })
    };
    meant.map(content).collect()
}

/// Keeps what a file says.
pub(super) fn keep(contents: &mut Contents, name: &str, value: &Value) {
    if let Some(content) = contents.get_mut(name) {
        content.value = Some(value.clone());
    }
}

fn plain(name: &str) -> &str {
    let name = name.strip_prefix("./").unwrap_or(name);
    name.strip_prefix('/').unwrap_or(name)
}

/// The folder in which schemas stand.
pub(in crate::policy) const SCHEMAS: &str = "schemas/";

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Manifest,
    Module,
    Document,
    /// A definition of typed rules.
    Typed,
    /// Tests of typed rules.
    TypedTests,
    /// A schema that annotations name.
    Schema,
    /// What is evaluated by other engines only.
    Unsupported,
    Other,
}

impl Kind {
    pub(super) fn of(name: &str) -> Self {
        let base = name.rsplit('/').next().unwrap_or(name);
        match base {
            _ if name == ".manifest" => Self::Manifest,
            "data.json" | "data.yaml" | "data.yml" => Self::Document,
            "typed.json" | "typed.yaml" | "typed.yml" => Self::Typed,
            "typed_test.json" | "typed_test.yaml" | "typed_test.yml" => Self::TypedTests,
            "policy.wasm" | "plan.json" | "patch.json" => Self::Unsupported,
            _ if base.ends_with(".rego") => Self::Module,
            _ if name.starts_with(SCHEMAS) && base.ends_with(".json") => Self::Schema,
            _ => Self::Other,
        }
    }
}

/// Whether a file of this name means something to a bundle: its manifest, modules, documents, typed rules with their tests, and schemas. Others
/// are carried and not looked at.
#[must_use]
pub fn is_meant(name: &str) -> bool {
    match Kind::of(plain(name)) {
        Kind::Manifest
        | Kind::Module
        | Kind::Document
        | Kind::Typed
        | Kind::TypedTests
        | Kind::Schema => true,
        Kind::Unsupported | Kind::Other => false,
    }
}

/// Whether a file's digest is that of what it means, however it is written: as Open Policy Agent has it, not for `data.yml`.
pub(super) fn is_structured(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    matches!(base, ".manifest" | "data.json" | "data.yaml")
}

pub(super) fn text<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, BundleError> {
    str::from_utf8(bytes)
        .map_err(|error| refuse(name, format_args!("is not UTF-8 at byte {}", error.valid_up_to())))
}

/// What a document's file means.
pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Value, BundleError> {
    let text = text(name, bytes)?;
    if name.ends_with(".yaml") || name.ends_with(".yml") {
        return Value::from_yaml(text).map_err(|error| refuse(name, error));
    }
    Value::from_json(text).map_err(|error| refuse(name, format_args!("is no JSON: {error}")))
}

/// A document at its directory's path. At the root it is an object.
pub(super) fn document(name: &str, bytes: &[u8]) -> Result<Value, BundleError> {
    let value = parse(name, bytes)?;
    if value.as_object().is_none() && !name.contains('/') {
        let why = format_args!("is {} where an object belongs", value.kind());
        return Err(refuse(name, why));
    }
    let directories = name.rsplit('/').skip(1);
    Ok(directories.fold(value, |value, directory| Value::object([(directory.into(), value)])))
}

/// Documents that become one.
pub(super) enum Documents {
    /// One that is there as it was read.
    Whole(Value),
    /// Several, by their keys.
    Several(BTreeMap<Value, Documents>),
}

impl Documents {
    /// Adds one. They may not contradict each other.
    pub(super) fn add(&mut self, name: &str, document: Value) -> Result<(), BundleError> {
        let (Self::Several(parts), Value::Object(new)) = (self.opened(), &document) else {
            return Err(refuse(
                name,
                "contradicts another document of the bundle: one key, two values",
            ));
        };
        for (key, value) in new.iter() {
            match parts.get_mut(key) {
                Some(part) => part.add(name, value.clone())?,
                None => _ = parts.insert(key.clone(), Self::Whole(value.clone())),
            }
        }
        Ok(())
    }

    /// An object is taken apart once, when a second document comes to its place.
    fn opened(&mut self) -> &mut Self {
        if let Self::Whole(Value::Object(pairs)) = self {
            let parts = pairs.iter().map(|(key, value)| (key.clone(), Self::Whole(value.clone())));
            *self = Self::Several(parts.collect());
        }
        self
    }

    /// All of them as one.
    pub(super) fn value(self) -> Value {
        match self {
            Self::Whole(value) => value,
            Self::Several(parts) => {
                Value::object(parts.into_iter().map(|(key, part)| (key, part.value())))
            }
        }
    }
}
