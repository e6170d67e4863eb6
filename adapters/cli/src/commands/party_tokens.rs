//! `thalium party token` and `mask`: what stands in the place of an identifier outside the ledger.

use std::io::{BufRead, Read};

use clap::Args;
use thalium_host::api::party::PersonalText;
use thalium_host::party::IdentifierKind;
use thalium_host::{MakeTokens, MaskDigits, VALUES_MAX};

use super::{close, named};
use crate::failure::Failure;
use crate::session::Global;

/// The longest line that is read: no identifier is longer.
const LINE_MAX: u64 = 4_096;

/// Tokens of identifiers for a purpose, line by line: the same for the same, to join tables by
#[derive(Args, Debug)]
#[command(after_help = "\
The identifiers are read from the standard input, one a line, where none is given. What is none of its kind has an empty line.

Example:
  thalium party token --purpose marketing --by email < addresses.txt > tokens.txt")]
pub(crate) struct Token {
    /// What they are for: tokens of one purpose tell nothing of those of another
    #[arg(long)]
    purpose: String,
    /// What the identifiers are: name, email, phone, iban, tax_number, passport, national_id, company_number, lei, wallet or other
    #[arg(long, value_parser = named::<IdentifierKind>)]
    by: IdentifierKind,
    /// The identifiers
    values: Vec<String>,
}

/// Other digits in the place of those of a card or a phone number, line by line: always the same ones
#[derive(Args, Debug)]
#[command(after_help = "\
The texts are read from the standard input, one a line, where none is given, so that they stand in no history of a shell. What has fewer than 6 digits, or more than 64, has an \
empty line.

Example:
  thalium party mask --purpose statement < cards.txt")]
pub(crate) struct Mask {
    /// What they are for: another purpose has other digits
    #[arg(long)]
    purpose: String,
    /// The texts
    values: Vec<String>,
}

impl Token {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open()?;
        each(&self.values, |values| {
            let purpose = self.purpose.clone();
            let call = MakeTokens { purpose, identifier: self.by, values };
            let tokens = thalium.make_tokens(&call)?;
            tell(global, tokens.into_iter().map(|token| token.map(|token| token.to_string())))
        })?;
        close(thalium);
        Ok(())
    }
}

impl Mask {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium = global.open()?;
        each(&self.values, |values| {
            let call = MaskDigits { purpose: self.purpose.clone(), values };
            tell(global, thalium.mask_digits(&call)?.into_iter())
        })?;
        close(thalium);
        Ok(())
    }
}

/// Hands on the values that are given, or those of the standard input, as many at a time as one call takes.
fn each(
    given: &[String],
    mut take: impl FnMut(Vec<PersonalText>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if !given.is_empty() {
        let mut chunks = given.chunks(VALUES_MAX);
        return chunks
            .try_for_each(|some| take(some.iter().map(|one| one.as_str().into()).collect()));
    }
    let mut values: Vec<PersonalText> = Vec::new();
    let mut lines = std::io::stdin().lock();
    loop {
        let mut line = String::new();
        if lines.by_ref().take(LINE_MAX).read_line(&mut line)? == 0 {
            break;
        }
        if !line.ends_with('\n') && line.len() as u64 == LINE_MAX {
            return Err(Failure::usage(format!("a line has more than {LINE_MAX} bytes")));
        }
        values.push(line.trim_end_matches(['\r', '\n']).into());
        if values.len() == VALUES_MAX {
            take(std::mem::take(&mut values))?;
        }
    }
    if values.is_empty() { Ok(()) } else { take(values) }
}

fn tell(global: &Global, made: impl Iterator<Item = Option<String>>) -> Result<(), Failure> {
    let output = global.output();
    if output.json {
        return output.json(&made.collect::<Vec<_>>());
    }
    made.map(Option::unwrap_or_default).try_for_each(|line| output.line(line))
}
