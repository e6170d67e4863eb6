//! Why a guard is refused, or has no answer: one shape for both languages.

use crate::value::{Exhausted, NumberError};

/// What is wrong with a guard, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct GuardError {
    /// Where: the path within a rule of JSON Logic, as `and/1/<`, or the column of a JMESPath text, as `column 7`.
    pub place: String,
    /// What is wrong, and what to do.
    pub message: String,
    /// What ran out, if that is why: the answer is not known then, and the step should end.
    pub exhausted: Option<Exhausted>,
}

/// Why an evaluation stops; where is added on the way out. Boxed, since it is rare and answers are small.
#[derive(Debug)]
pub(in crate::kyc) struct Stop(Box<Reason>);

#[derive(Debug)]
struct Reason {
    place: Option<u32>,
    message: String,
    exhausted: Option<Exhausted>,
}

impl Stop {
    /// With a message.
    pub(in crate::kyc) fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Reason { place: None, message: message.into(), exhausted: None }))
    }

    /// Where it is, unless that is known better.
    pub(in crate::kyc) fn at(mut self, place: u32) -> Self {
        self.0.place.get_or_insert(place);
        self
    }

    /// As an error, of the place that the number stands for.
    pub(in crate::kyc) fn placed(self, place: impl FnOnce(Option<u32>) -> String) -> GuardError {
        let Reason { place: at, message, exhausted } = *self.0;
        GuardError { place: place(at), message, exhausted }
    }
}

impl From<Exhausted> for Stop {
    fn from(exhausted: Exhausted) -> Self {
        let message = match exhausted {
            Exhausted::Steps => "takes more steps than it may; make the rule or its data smaller",
            Exhausted::Memory => "makes more data than it may; make the rule or its data smaller",
            Exhausted::Depth => "makes a value that nests too deep",
            Exhausted::Size => "makes a value that is too large",
            Exhausted::Text | Exhausted::Unsupported => "cannot be evaluated here",
        };
        Self(Box::new(Reason { place: None, message: message.into(), exhausted: Some(exhausted) }))
    }
}

impl From<NumberError> for Stop {
    fn from(error: NumberError) -> Self {
        match error {
            NumberError::DivideByZero | NumberError::ModuloByZero => {
                Self::new("divides by zero; ask whether the divisor is zero before, with `if`")
            }
            NumberError::Large => Exhausted::Size.into(),
            NumberError::Malformed | NumberError::ModuloOfFraction => {
                Self::new("has no number for an answer")
            }
        }
    }
}
