//! `thalium policy build` and `thalium policy sign`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use thalium_host::policy::bundle::{File, SigningKey, is_meant, sign};
use thalium_host::{Policy, bundle_files, hex, new_seed, pack_bundle, write_whole};

use super::text_of;
use crate::failure::Failure;
use crate::session::Global;

const SIGNATURE: &str = ".signatures.json";

/// By which key a bundle is signed.
#[derive(Args, Debug)]
struct KeyArgs {
    /// The id of the key, which the signature names
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    signing_key_id: String,
    /// The algorithm: HS256, RS256, PS256, ES256, EdDSA and their like
    #[arg(long, value_name = "ALGORITHM", default_value = "RS256")]
    signing_alg: String,
    /// What the signature is for
    #[arg(long, default_value = "", hide_default_value = true)]
    scope: String,
}

impl KeyArgs {
    fn sign(&self, files: &[File<'_>], key: &Path) -> Result<String, Failure> {
        let key = SigningKey {
            id: self.signing_key_id.clone(),
            algorithm: self.signing_alg.clone(),
            key: text_of(key)?,
            scope: self.scope.clone(),
        };
        // Chance hides a private key's numbers while it is used, and salts.
        sign(files, &key, new_seed()).map_err(Failure::usage)
    }
}

/// Pack a bundle into a .tar.gz, signed if a key is given; the same files give the same bytes
#[derive(Args, Debug)]
#[command(after_help = "\
The bundle is loaded first: what does not load is not packed. Only modules, documents and the manifest are. Open Policy Agent reads it.

Examples:
  thalium policy build policies/ --output policies.tar.gz
  thalium policy build policies/ --signing-key private.pem --signing-key-id ops")]
pub(crate) struct Build {
    /// The directory
    directory: PathBuf,
    /// The archive to write
    #[arg(long, short, value_name = "FILE", default_value = "bundle.tar.gz")]
    output: PathBuf,
    /// Sign it by this private key: a file with PEM (RSA), a JWK, or a secret
    #[arg(long, value_name = "FILE")]
    signing_key: Option<PathBuf>,
    #[command(flatten)]
    key: KeyArgs,
}

/// The files of a bundle that is packed or signed: those that make it, without an older signature.
fn files_of(directory: &Path) -> Result<Vec<File<'static>>, Failure> {
    let mut files = bundle_files(directory)?;
    files.retain(|file| file.name != SIGNATURE);
    Ok(files)
}

impl Build {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let mut files = files_of(&self.directory)?;
        // What means nothing to a bundle, such as a key that lies beside it, is not handed on.
        files.retain(|file| is_meant(&file.name));
        if files.is_empty() {
            let path = self.directory.display();
            return Err(Failure::usage(format!(
                "`{path}` has no module, no document and no manifest"
            )));
        }
        let policy = Policy::of(&files, None)?;
        if let Some(key) = &self.signing_key {
            let signature = self.key.sign(&files, key)?.into_bytes();
            files.push(File { name: SIGNATURE.into(), bytes: signature.into() });
        }
        let mut packed = Vec::new();
        pack_bundle(&files, &mut packed)?;
        write(&self.output, &packed)?;
        let digest = hex(&policy.snapshot().digest());
        let output = global.output();
        let place = self.output.display().to_string();
        if output.json {
            let told = serde_json::json!({ "ok": true, "bundle": place, "digest": digest, "bytes": packed.len() });
            return output.json(&told);
        }
        output.line(format!("packed `{place}`  {} files  digest {digest}", files.len()))
    }
}

/// Sign a directory: writes its .signatures.json
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  thalium policy sign policies/ --signing-key private.pem --signing-key-id ops
  thalium policy sign policies/ --signing-key secret.txt --signing-alg HS256")]
pub(crate) struct Sign {
    /// The directory
    directory: PathBuf,
    /// The private key: a file with PEM (RSA), a JWK, or a secret
    #[arg(long, value_name = "FILE")]
    signing_key: PathBuf,
    #[command(flatten)]
    key: KeyArgs,
}

impl Sign {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        if !self.directory.is_dir() {
            let path = self.directory.display();
            return Err(Failure::usage(format!(
                "`{path}` is no directory: sign an archive while it is built"
            )));
        }
        let files = files_of(&self.directory)?;
        Policy::of(&files, None)?;
        let signature = self.key.sign(&files, &self.signing_key)?;
        let path = self.directory.join(SIGNATURE);
        write(&path, signature.as_bytes())?;
        let output = global.output();
        let place = path.display().to_string();
        if output.json {
            return output.json(
                &serde_json::json!({ "ok": true, "signature": place, "files": files.len() }),
            );
        }
        output.line(format!("signed {} files in `{place}`", files.len()))
    }
}

/// Writes a file whole, or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fault = |error| Failure::Output(format!("cannot write `{}`: {error}", path.display()));
    write_whole(path, fault, |mut file| file.write_all(bytes).map_err(fault))
}
