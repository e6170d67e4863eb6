//! Digests of files and of bundles.

use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};

use super::error::{BundleError, refuse};
use super::files::{Contents, is_structured, parse};

/// The digest of a file, by the function's name in OPA.
pub(super) fn of_file(name: &str, bytes: &[u8], algorithm: &str) -> Result<Vec<u8>, BundleError> {
    // A document's digest is that of its canonical JSON: keys sorted, no white space, nothing escaped for HTML.
    let canonical = if is_structured(name) {
        let json = parse(name, bytes)?.to_json();
        // Go's encoder escapes these two, whatever it is told.
        Some(json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
    } else {
        None
    };
    let bytes = canonical.as_ref().map_or(bytes, |json| json.as_bytes());
    Ok(match algorithm {
        "SHA-224" => Sha224::digest(bytes).to_vec(),
        "SHA-256" => Sha256::digest(bytes).to_vec(),
        "SHA-384" => Sha384::digest(bytes).to_vec(),
        "SHA-512" => Sha512::digest(bytes).to_vec(),
        "SHA-512-224" => Sha512_224::digest(bytes).to_vec(),
        "SHA-512-256" => Sha512_256::digest(bytes).to_vec(),
        "MD5" | "SHA-1" => {
            let why = format_args!("{algorithm} is broken: sign the bundle with SHA-256");
            return Err(refuse(name, why));
        }
        other => {
            let shown: String = other.chars().take(32).collect();
            return Err(refuse(name, format_args!("there is no digest `{shown}`")));
        }
    })
}

/// The digest of all files that mean something.
pub(super) fn of_all(contents: &Contents) -> [u8; 32] {
    let mut all = Sha256::new();
    for (name, content) in contents {
        // A name has no zero byte, and a digest has one length: no two lists of files are alike.
        all.update(name.as_bytes());
        all.update([0]);
        all.update(content.digest);
    }
    all.finalize().into()
}
