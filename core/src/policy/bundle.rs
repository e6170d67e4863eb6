//! Bundles: modules and documents that belong together, as Open Policy Agent packs them, read whole or refused whole.

mod digest;
mod engine;
mod error;
mod files;
mod keys;
mod manifest;
mod signature;
mod typed;

pub use self::error::BundleError;
pub use self::files::{FILE_BYTES, FILES, File, TOTAL_BYTES, is_meant};
pub use self::manifest::Manifest;
pub use self::signature::{SignatureKey, SigningKey, sign};
pub use self::typed::PROGRAMS;

use std::sync::Arc;

use self::error::refuse;
pub(super) use self::files::{Contents, SCHEMAS};
use self::files::{Documents, Kind, Names};
use super::rego::{Dialect, Module, Value};
use super::typed::Bundled;

/// Modules and documents that belong together.
///
/// ```
/// use thalium::policy::bundle::{Bundle, File};
///
/// let files = [
///     File::new(".manifest", r#"{"revision": "7", "roots": ["aml"]}"#),
///     File::new("aml/data.json", r#"{"large": 10000}"#),
///     File::new("aml/aml.rego", "package aml\n\nlarge_one if input.amount >= data.aml.large\n"),
/// ];
/// let bundle = Bundle::read(&files, None)?;
/// assert_eq!(bundle.manifest().revision, "7");
/// assert_eq!(bundle.data().to_json(), r#"{"aml":{"large":10000}}"#);
/// # Ok::<(), thalium::policy::bundle::BundleError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Bundle {
    manifest: Manifest,
    modules: Vec<Source>,
    data: Value,
    typed: Vec<Arc<Bundled>>,
    contents: Arc<Contents>,
    digest: [u8; 32],
}

/// A module's text.
#[derive(Clone, Debug)]
struct Source {
    name: String,
    text: String,
    dialect: Dialect,
}

impl Bundle {
    /// Of a bundle's files, in any order. With keys it must be signed by one of them; without, a signature is not looked at.
    ///
    /// The layout is OPA's: `.manifest` says what there is, `*.rego` are modules, `data.json` and `data.yaml` are documents at their
    /// directory's path, `.signatures.json` has the signature. What OPA has not: `typed.json` and `typed.yaml` are typed rules, which answer
    /// at their directory's path and `verdict`, and `typed_test.json` and `typed_test.yaml` beside them their tests; `schemas/NAME.json` is the
    /// schema that annotations call `schema.NAME`. Other files mean nothing; where there is a signature it covers them as well.
    ///
    /// # Errors
    ///
    /// The file that is wrong and why: a name that leads out of the bundle, a document that cannot be read or contradicts another, typed rules
    /// that are none, stand where a document does or are in a file of almost their name, what the manifest does not permit, a signature that is missing or wrong, or what this engine does not support (WebAssembly, patches).
    pub fn read(files: &[File<'_>], keys: Option<&[SignatureKey]>) -> Result<Self, BundleError> {
        let names = Names::check(files)?;
        if let Some(keys) = keys {
            signature::verify(&names, keys)?;
        }
        let mut contents = files::contents(&names);
        let manifest = match names.get(manifest::FILE) {
            Some(bytes) => {
                let value = files::parse(manifest::FILE, bytes)?;
                files::keep(&mut contents, manifest::FILE, &value);
                Manifest::read(&value)?
            }
            None => Manifest::default(),
        };
        let is_module = |(name, _): &(&str, &[u8])| Kind::of(name) == Kind::Module;
        let (named, texts): (Vec<&str>, Vec<&[u8]>) = names.iter().filter(is_module).unzip();
        let mut modules = Vec::with_capacity(named.len());
        for ((name, bytes), dialect) in named.iter().zip(texts).zip(manifest.dialects_of(&named)?) {
            let text = files::text(name, bytes)?.to_owned();
            modules.push(Source { name: (*name).to_owned(), text, dialect });
        }
        let mut data = Documents::Whole(Value::object([]));
        for (name, bytes) in names.iter() {
            match Kind::of(name) {
                Kind::Document => {
                    let document = files::document(name, bytes)?;
                    files::keep(&mut contents, name, &document);
                    data.add(name, document)?;
                }
                Kind::Schema => files::keep(&mut contents, name, &files::parse(name, bytes)?),
                Kind::Unsupported => {
                    let why = "is WebAssembly, a plan or a patch, which this engine does not run: \
                        build the bundle with its Rego";
                    return Err(refuse(name, why));
                }
                Kind::Manifest | Kind::Module | Kind::Other | Kind::Typed | Kind::TypedTests => {}
            }
        }
        let data = data.value();
        manifest.check_data(&data)?;
        let typed = typed::read(&names, &manifest, &data, &mut contents)?;
        let digest = digest::of_all(&contents);
        Ok(Self { manifest, modules, data, typed, contents: Arc::new(contents), digest })
    }

    /// What the bundle says of itself.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The documents.
    #[must_use]
    pub const fn data(&self) -> &Value {
        &self.data
    }

    /// The typed programs, by their files' names.
    #[must_use]
    pub fn typed(&self) -> &[Arc<Bundled>] {
        &self.typed
    }

    /// The files that mean something.
    pub(super) const fn contents(&self) -> &Arc<Contents> {
        &self.contents
    }

    /// The modules, by name.
    pub fn modules(&self) -> impl Iterator<Item = Module<'_>> {
        self.modules.iter().map(|source| Module {
            file: &source.name,
            text: &source.text,
            dialect: source.dialect,
        })
    }

    /// What names this content and no other: SHA-256 over the names and SHA-256 digests of the files that [mean something](is_meant),
    /// sorted by name.
    /// How the files were packed is no part of it.
    #[must_use]
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }
}

#[cfg(test)]
#[path = "bundle_tests.rs"]
mod tests;
