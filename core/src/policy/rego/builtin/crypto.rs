//! `crypto.*`: digests and keyed digests, in hexadecimal.

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

use super::super::value::Value;
use super::{Builtin, Context, Fault, string};
pub(in crate::policy) use crate::audit::merkle::hex;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("crypto.md5", 1, md5),
    Builtin::new("crypto.sha1", 1, sha1),
    Builtin::new("crypto.sha256", 1, sha256),
    Builtin::new("crypto.hmac.md5", 2, hmac_md5),
    Builtin::new("crypto.hmac.sha1", 2, hmac_sha1),
    Builtin::new("crypto.hmac.sha256", 2, hmac_sha256),
    Builtin::new("crypto.hmac.sha512", 2, hmac_sha512),
    Builtin::new("crypto.hmac.equal", 2, hmac_equal),
];

type Answer = Result<Option<Value>, Fault>;

/// A digest of the one operand.
macro_rules! digest {
    ($($name:ident: $hash:ty),*) => {$(
        fn $name(context: &mut Context<'_>, args: &[Value]) -> Answer {
            let text = string(args, 1)?;
            charge(context, text)?;
            Ok(Some(Value::from(hex(&<$hash>::digest(text)))))
        }
    )*};
}

/// A digest of the first operand, keyed by the second.
macro_rules! keyed {
    ($($name:ident: $hash:ty),*) => {$(
        fn $name(context: &mut Context<'_>, args: &[Value]) -> Answer {
            let (text, key) = (string(args, 1)?, string(args, 2)?);
            charge(context, text)?;
            charge(context, key)?;
            let mac = Hmac::<$hash>::new_from_slice(key.as_bytes()).map_err(Fault::builtin)?;
            Ok(Some(Value::from(hex(&mac.chain_update(text).finalize().into_bytes()))))
        }
    )*};
}

digest!(md5: Md5, sha1: Sha1, sha256: Sha256);
keyed!(hmac_md5: Md5, hmac_sha1: Sha1, hmac_sha256: Sha256, hmac_sha512: Sha512);

/// In a time that does not tell where two texts of one length differ.
fn hmac_equal(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let (first, second) = (string(args, 1)?, string(args, 2)?);
    charge(context, first)?;
    Ok(Some(Value::from(equal(first.as_bytes(), second.as_bytes()))))
}

/// Whether the bytes are the same, in a time that follows from their number alone.
pub(super) fn equal(first: &[u8], second: &[u8]) -> bool {
    let differ = first.iter().zip(second).fold(0_u8, |differ, (a, b)| differ | (a ^ b));
    first.len() == second.len() && std::hint::black_box(differ) == 0
}

fn charge(context: &mut Context<'_>, text: &str) -> Result<(), Fault> {
    context.charge((text.len() / 16).saturating_add(8))
}

#[cfg(test)]
#[path = "crypto_tests.rs"]
mod tests;
