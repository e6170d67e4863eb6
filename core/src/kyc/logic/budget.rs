//! What an evaluation may take, counted down as it runs, so that a guard from a stranger cannot hold up a case.

use crate::value::{DEPTH, Exhausted, Value, length};

/// The largest text that a value made by a guard may have, in bytes as JSON.
pub const SIZE: u64 = 4 << 20;

/// What is left of the steps and bytes that a guard, or all the guards of a step of a case, may take.
///
/// A step is the visit of one part of a rule, or about 64 bytes that are compared or written. Bytes are those of what is made on the way.
/// The same rule on the same data takes the same, on any machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    steps: u64,
    bytes: u64,
}

impl Budget {
    /// Of so many steps and bytes.
    #[must_use]
    pub const fn new(steps: u64, bytes: u64) -> Self {
        Self { steps, bytes }
    }

    /// The steps that are left.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// The bytes that are left.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes steps.
    pub(in crate::kyc) fn step(&mut self, steps: u64) -> Result<(), Exhausted> {
        let left = self.steps.checked_sub(steps);
        self.steps = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Exhausted::Steps)
    }

    /// Takes bytes that will be written, and the steps of writing them.
    pub(in crate::kyc) fn write(&mut self, bytes: u64) -> Result<(), Exhausted> {
        self.step(bytes / 64)?;
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Exhausted::Memory)
    }

    /// Takes the room of a list that will have so many items.
    pub(in crate::kyc) fn list(&mut self, items: usize) -> Result<(), Exhausted> {
        self.write(length(items).saturating_mul(16).saturating_add(32))
    }

    /// Takes the steps of comparing two values.
    pub(in crate::kyc) fn compare(&mut self, a: &Value, b: &Value) -> Result<(), Exhausted> {
        if a.is_short() || b.is_short() { Ok(()) } else { self.step(a.size().min(b.size()) / 64) }
    }

    /// Takes the steps of calculating with two numbers: many digits take their time.
    pub(in crate::kyc) fn calculate(&mut self, a: &Value, b: &Value) -> Result<(), Exhausted> {
        let digits = a.size().max(b.size());
        if digits <= 64 { Ok(()) } else { self.step(digits / 8) }
    }
}

/// 100,000 steps and 4 MiB: some milliseconds at most.
impl Default for Budget {
    fn default() -> Self {
        Self::new(100_000, 4 << 20)
    }
}

/// The value, if what was made is neither too deep nor too large. Parts that stand in it twice count twice: a list of itself doubles.
pub(in crate::kyc) fn made(value: Value) -> Result<Value, Exhausted> {
    if value.depth() > DEPTH {
        return Err(Exhausted::Depth);
    }
    if value.size() > SIZE { Err(Exhausted::Size) } else { Ok(value) }
}
