//! What stands in the place of an identifier outside the ledger: tokens to join tables by, digits to show.

use serde::{Deserialize, Serialize};
use thalium::api::Invalid;
use thalium::api::party::PersonalText;
use thalium::party::{IdentifierKind, Token, Tokenizer, normalise};

use crate::{Error, Thalium};

/// The most values of one call.
pub const VALUES_MAX: usize = 10_000;

/// Identifiers whose tokens are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MakeTokens {
    /// What they are for, in 1 to 64 bytes: tokens of one purpose tell nothing of those of another.
    pub purpose: String,
    /// What kind of identifiers they are.
    pub identifier: IdentifierKind,
    /// The identifiers, however they are written: from 1 to 10,000.
    pub values: Vec<PersonalText>,
}

/// Texts whose digits are masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MaskDigits {
    /// What they are for, in 1 to 64 bytes: the same digits are masked otherwise for another purpose.
    pub purpose: String,
    /// The texts: from 1 to 10,000, each with 6 to 64 digits.
    pub values: Vec<PersonalText>,
}

impl Thalium {
    /// The token of each identifier, the same for the same, so that tables can be joined by it where nobody may know the
    /// identifiers; nothing where a value is none of its kind.
    ///
    /// # Errors
    /// A purpose or a number of values out of bounds; a ledger without keys.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use thalium_host::party::IdentifierKind;
    /// use thalium_host::{KeyText, MakeTokens, Options, Thalium};
    ///
    /// let keys = Arc::new(KeyText::generate()?);
    /// let t = Thalium::open_with("memory:", Options { keys: Some(keys), ..Options::default() })?;
    /// let call = MakeTokens {
    ///     purpose: "marketing".to_owned(),
    ///     identifier: IdentifierKind::Email,
    ///     values: ["Ann@example.com".into(), "ann@example.com ".into(), "nobody".into()].into(),
    /// };
    /// let [upper, lower, none] = t.make_tokens(&call)?.try_into().unwrap();
    /// assert!(upper.is_some() && upper == lower && none.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn make_tokens(&self, call: &MakeTokens) -> Result<Vec<Option<Token>>, Error> {
        let MakeTokens { purpose, identifier, values } = call;
        let token = |tokenizer: &Tokenizer, value: &PersonalText| {
            let normal = normalise(*identifier, value.as_str()).ok()?;
            Some(tokenizer.token(*identifier, &normal))
        };
        self.of_each(purpose, values, token)
    }

    /// Each text with other digits in the place of its own, always the same ones: a card or a phone number that still looks like
    /// one, for who may not see it. Nothing where there are fewer than 6 digits, more than 64, or others than `0` to `9`.
    ///
    /// # Errors
    /// As [`Thalium::make_tokens`].
    pub fn mask_digits(&self, call: &MaskDigits) -> Result<Vec<Option<String>>, Error> {
        self.of_each(&call.purpose, &call.values, |tokenizer, value| {
            tokenizer.display(value.as_str()).ok()
        })
    }

    fn of_each<R>(
        &self,
        purpose: &str,
        values: &[PersonalText],
        make: impl Fn(&Tokenizer, &PersonalText) -> R,
    ) -> Result<Vec<R>, Error> {
        let tokenizer = self.privacy()?.vault.tokenizer_for(purpose)?;
        if values.is_empty() || values.len() > VALUES_MAX {
            let message = format!("must be from 1 to {VALUES_MAX}, not {}", values.len());
            return Err(Invalid { field: "values".into(), message }.into());
        }
        Ok(values.iter().map(|value| make(&tokenizer, value)).collect())
    }
}
