//! A passphrase: the key is what Argon2id (RFC 9106) makes of it.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Params, Version};
use thalium::port::keys::{DATA_KEY_LEN, DataKey, KeyError, Keys};
use zeroize::Zeroizing;

use crate::wrap::{self, Kind, Secret};

/// The shortest passphrase that is taken, in bytes.
const SHORTEST: usize = 12;
const SALT: usize = 16;
/// Memory in KiB, passes and lanes: the second recommendation of RFC 9106, §4.
const COST: Cost = Cost { memory: 64 << 10, passes: 3, lanes: 4 };
/// What a wrapped key may ask for: its file may be forged, and must not take the machine.
const COST_MAX: Cost = Cost { memory: 1 << 20, passes: 16, lanes: 16 };

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cost {
    memory: u32,
    passes: u32,
    lanes: u32,
}

/// A salt and what the key cost: what stands beside a wrapped key.
type Parameters = [u8; SALT + 12];

/// A passphrase.
pub struct Passphrase {
    phrase: Zeroizing<String>,
    /// What wraps.
    parameters: Parameters,
    /// The keys that were made: each takes a good part of a second.
    made: Mutex<Vec<(Parameters, Secret)>>,
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl Passphrase {
    /// The key of a passphrase.
    ///
    /// # Errors
    /// A passphrase of fewer than 12 bytes; a system that gives no random numbers.
    pub fn new(phrase: &str) -> Result<Self, KeyError> {
        if phrase.len() < SHORTEST {
            let what = format!("the passphrase has fewer than {SHORTEST} bytes: take a longer one");
            return Err(KeyError(what));
        }
        let mut parameters = [0; SALT + 12];
        parameters[..SALT].copy_from_slice(&wrap::random::<SALT>()?);
        let cost = [COST.memory, COST.passes, COST.lanes];
        for (to, number) in parameters[SALT..].chunks_exact_mut(4).zip(cost) {
            to.copy_from_slice(&number.to_le_bytes());
        }
        let phrase = Zeroizing::new(phrase.to_owned());
        Ok(Self { phrase, parameters, made: Mutex::default() })
    }

    /// The key that these parameters make of the passphrase.
    fn secret(&self, parameters: &[u8]) -> Result<Secret, KeyError> {
        let damaged =
            || KeyError("its keys are wrapped by a passphrase, but say not how".to_owned());
        let own = Parameters::try_from(parameters).map_err(|_| damaged())?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, secret)) = made.iter().find(|(known, _)| *known == own) {
            return Ok(secret.clone());
        }
        let (salt, rest) = own.split_first_chunk::<SALT>().ok_or_else(damaged)?;
        let (numbers, _) = rest.as_chunks::<4>();
        let &[memory, passes, lanes] = numbers else { return Err(damaged()) };
        let [memory, passes, lanes] = [memory, passes, lanes].map(u32::from_le_bytes);
        if memory > COST_MAX.memory || passes > COST_MAX.passes || lanes > COST_MAX.lanes {
            return Err(KeyError("its keys ask for more memory or time than is given".to_owned()));
        }
        let params =
            Params::new(memory, passes, lanes, Some(DATA_KEY_LEN)).map_err(|_| damaged())?;
        let mut secret = Zeroizing::new([0; DATA_KEY_LEN]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(self.phrase.as_bytes(), salt, secret.as_mut_slice())
            .map_err(|error| KeyError(format!("no key can be made of the passphrase: {error}")))?;
        made.push((own, secret.clone()));
        Ok(secret)
    }
}

impl Keys for Passphrase {
    fn name(&self) -> String {
        "a passphrase".to_owned()
    }

    fn generate(&self) -> Result<DataKey, KeyError> {
        wrap::data_key()
    }

    fn wrap(&self, key: &DataKey, context: &[u8]) -> Result<Vec<u8>, KeyError> {
        let secret = self.secret(&self.parameters)?;
        wrap::wrap(Kind::Passphrase, &self.parameters, &secret, key, context)
    }

    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<DataKey, KeyError> {
        let secret = self.secret(wrap::parameters(Kind::Passphrase, wrapped)?)?;
        wrap::unwrap(Kind::Passphrase, &secret, wrapped, context)
    }
}

#[cfg(test)]
#[path = "passphrase_tests.rs"]
mod tests;
