//! The bounds of a change, and the order of its lists: one meaning, one spelling.

use super::basis::Basis;
use super::change::{
    Change, DataRead, LIST_MAX, NAME_MAX, OutOfBounds, REASON_MAX, SEALED_MAX, SealedField,
    YEARS_MAX,
};
use crate::id::KEY_MAX;

impl Change {
    /// Checks the bounds, and that lists are in their order.
    ///
    /// # Errors
    /// The first field that is out of its bounds.
    pub fn check(&self) -> Result<(), OutOfBounds> {
        match self {
            Self::Register(new) => text("key", new.key.as_deref(), KEY_MAX),
            Self::Amend(amendment) => {
                for (field, flags) in [("set", &amendment.set), ("clear", &amendment.clear)] {
                    names(field, flags.as_deref(), |flag| flag)?;
                }
                match amendment.resumed {
                    Some(false) => Err(out("resumed", "is true or left out")),
                    _ => Ok(()),
                }
            }
            Self::Relate(relation) => match relation.share {
                Some(share) if share > 10_000 => Err(out("share", "is more than all: 10,000")),
                _ => Ok(()),
            },
            Self::Seal(sealed) => {
                names("fields", Some(&sealed.fields), |field| &field.name)?;
                for field in &sealed.fields {
                    text("purpose", Some(&field.purpose), NAME_MAX)?;
                    text("retention", field.retention.as_deref(), NAME_MAX)?;
                    years(field.years)?;
                    let terms =
                        usize::from(field.years.is_some()) + usize::from(field.retention.is_some());
                    if terms != usize::from(field.basis == Basis::Law) {
                        let what = "or `retention` is given for what the law has kept, one of the two, and for nothing else";
                        return Err(out("years", what));
                    }
                }
                // All that can be long counts, so that an event with all of it is within its limit.
                let bytes = |field: &SealedField| {
                    let sealed =
                        field.value.len() + field.token.as_ref().map_or(0, |token| token.len());
                    let class = field.retention.as_ref().map_or(0, String::len);
                    sealed + field.name.len() + field.purpose.len() + class
                };
                match sealed.fields.iter().map(bytes).sum::<usize>() {
                    bytes if bytes > SEALED_MAX => {
                        let what = format!("have {bytes} bytes, at most {SEALED_MAX} are allowed");
                        Err(OutOfBounds { field: "fields", what })
                    }
                    _ => Ok(()),
                }
            }
            Self::Hold(hold) => {
                text("name", Some(&hold.name), NAME_MAX)?;
                text("reason", hold.reason.as_deref(), REASON_MAX)
            }
            Self::Lift(lift) => text("name", Some(&lift.name), NAME_MAX),
            Self::Read(read) => read.check(),
            Self::Grant(grant) => text("actor", Some(&grant.actor), KEY_MAX),
            Self::Revoke(revoke) => text("actor", Some(&revoke.actor), KEY_MAX),
            Self::Retain(class) => {
                text("name", Some(&class.name), NAME_MAX)?;
                text("law", class.law.as_deref(), REASON_MAX)?;
                years(Some(class.years))
            }
            Self::Assign(_) | Self::Merge(_) | Self::Split(_) | Self::Forget(_) => Ok(()),
        }
    }
}

impl DataRead {
    fn check(&self) -> Result<(), OutOfBounds> {
        let of_records = [("transfers", &self.transfers), ("accounts", &self.accounts)];
        for (field, ids) in of_records {
            list(field, ids.as_deref(), |_| Ok(()), |id, next| id < next)?;
        }
        if self.details == Some(false) {
            return Err(out("details", "is true or left out"));
        }
        if !self.fields.is_empty()
            || (self.details, &self.transfers, &self.accounts) == (None, &None, &None)
        {
            names("fields", Some(&self.fields), |name| name)?;
        }
        text("why", Some(&self.why), REASON_MAX)
    }
}

fn out(field: &'static str, what: &str) -> OutOfBounds {
    OutOfBounds { field, what: what.to_owned() }
}

/// Years that are there have a bound.
fn years(years: Option<u8>) -> Result<(), OutOfBounds> {
    match years {
        Some(years) if years > YEARS_MAX => {
            let what = format!("are {years}, at most {YEARS_MAX} are allowed");
            Err(OutOfBounds { field: "years", what })
        }
        _ => Ok(()),
    }
}

/// A text that is there is not empty, and has a bound.
fn text(field: &'static str, text: Option<&str>, most: usize) -> Result<(), OutOfBounds> {
    match text.map(str::len) {
        Some(0) => Err(out(field, "is empty")),
        Some(bytes) if bytes > most => {
            let what = format!("has {bytes} bytes, at most {most} are allowed");
            Err(OutOfBounds { field, what })
        }
        _ => Ok(()),
    }
}

/// A list that is there is not empty, and its names ascend, each once: one meaning, one spelling.
fn names<T>(
    field: &'static str,
    list: Option<&[T]>,
    name: impl Fn(&T) -> &str,
) -> Result<(), OutOfBounds> {
    let each = |one: &T| text(field, Some(name(one)), NAME_MAX);
    self::list(field, list, each, |one, next| name(one) < name(next))
}

/// A list that is there is not empty, has a bound that is looked at before anything in it, and ascends.
fn list<T>(
    field: &'static str,
    list: Option<&[T]>,
    each: impl Fn(&T) -> Result<(), OutOfBounds>,
    ascends: impl Fn(&T, &T) -> bool,
) -> Result<(), OutOfBounds> {
    let Some(list) = list else { return Ok(()) };
    if list.is_empty() {
        return Err(out(field, "is empty: leave it out"));
    }
    if list.len() > LIST_MAX {
        let what = format!("has {} entries, at most {LIST_MAX} are allowed", list.len());
        return Err(OutOfBounds { field, what });
    }
    list.iter().try_for_each(each)?;
    if !list.is_sorted_by(ascends) {
        return Err(out(field, "is out of order, or names something twice"));
    }
    Ok(())
}
