//! What the register of parties is told of whom a case is about.

use std::collections::BTreeMap;

use crate::kyc::Code;
use crate::kyc::case::kind::{Kind, Registering};
use crate::kyc::case::state::PartyStanding;
use crate::kyc::chart::{Expr, Fault, Role};
use crate::value::Value;

/// The levels of risk that the register knows, by their names.
pub const RISKS: [&str; 4] = ["low", "medium", "high", "prohibited"];

/// As many names as a message has room for.
const SHOWN: usize = 16;

/// What is asked for it, compiled.
#[derive(Debug, Default)]
pub(super) struct Asked {
    kyc_level: Option<Code>,
    risk: Option<Code>,
    flags: BTreeMap<String, Code>,
}

impl Asked {
    pub(super) fn of(kind: &Kind, compile: &mut impl FnMut(Role, &Expr) -> Option<Code>) -> Self {
        let Some(registering) = &kind.party else { return Self::default() };
        let level = registering.kyc_level.as_ref();
        let flags = registering.flags.iter();
        Self {
            kyc_level: level.and_then(|level| compile(Role::Value, &level.of)),
            risk: registering.risk.as_ref().and_then(|risk| compile(Role::Value, risk)),
            flags: flags
                .filter_map(|(name, when)| Some((name.clone(), compile(Role::Condition, when)?)))
                .collect(),
        }
    }

    /// What the register is to say, as the expressions come to it.
    ///
    /// # Errors
    /// An expression that ends with an error, or comes to something else than what is told.
    pub(super) fn standing(
        &self,
        registering: &Registering,
        ask: impl Fn(&Code, Role) -> Result<Value, Fault>,
    ) -> Result<PartyStanding, Fault> {
        let mut standing = PartyStanding::default();
        if let (Some(code), Some(levels)) = (&self.kyc_level, &registering.kyc_level) {
            let levels = &levels.levels;
            let found = named("party/kyc_level/of", &ask(code, Role::Value)?)?;
            standing.kyc_level = match found {
                None => None,
                Some(name) => Some(*levels.get(&name).ok_or_else(|| {
                    unknown("party/kyc_level/of", levels.keys().map(String::as_str))
                })?),
            };
        }
        if let Some(code) = &self.risk {
            standing.risk = named("party/risk", &ask(code, Role::Value)?)?;
            if standing.risk.as_ref().is_some_and(|risk| !RISKS.contains(&&**risk)) {
                return Err(unknown("party/risk", RISKS));
            }
        }
        for (name, code) in &self.flags {
            let is_set = ask(code, Role::Condition)? == Value::from(true);
            standing.flags.insert(name.clone(), is_set);
        }
        Ok(standing)
    }
}

/// The name that an expression came to; none, if it tells nothing.
fn named(at: &str, value: &Value) -> Result<Option<String>, Fault> {
    match value {
        Value::Null => Ok(None),
        Value::String(name) => Ok(Some(name.to_string())),
        // What it came to is not told: it may be somebody's secret.
        _ => Err(Fault::new(format!(
            "{at}: came to no text; the name of a level is told, or null, which tells nothing"
        ))),
    }
}

fn unknown<'n>(at: &str, known: impl IntoIterator<Item = &'n str>) -> Fault {
    let known = known.into_iter().take(SHOWN).map(|name| format!("`{name}`"));
    let known = known.collect::<Vec<_>>().join(", ");
    Fault::new(format!("{at}: came to a name that is none of {known}"))
}
