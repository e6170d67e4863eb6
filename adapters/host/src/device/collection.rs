//! What cases ask a customer for, and what is handed in to them.

use thalium::api::FilledForm;
use thalium::device::{DeviceCase, DocumentCheck, HandInView, NewDocument};

use super::Device;
use crate::Error;

impl Device {
    /// Keeps a copy of a case from the next sync on.
    ///
    /// # Errors
    /// A key that is none, too many cases; the disk's.
    pub fn follow_case(&self, case: &str) -> Result<(), Error> {
        self.change(|state| Ok(state.follow_case(case)?))
    }

    /// Forgets the copy of a case. What was handed in to it is sent all the same.
    ///
    /// # Errors
    /// The disk's.
    pub fn unfollow_case(&self, case: &str) -> Result<(), Error> {
        self.change(|state| {
            state.unfollow_case(case);
            Ok(())
        })
    }

    /// The cases that are followed, as the device knows them.
    ///
    /// # Errors
    /// A handle that a panic left in doubt.
    pub fn cases(&self) -> Result<Vec<DeviceCase>, Error> {
        self.read(|state| state.cases())
    }

    /// A case as the device knows it; nothing if it is not followed.
    ///
    /// # Errors
    /// As [`Device::cases`].
    pub fn case(&self, case: &str) -> Result<Option<DeviceCase>, Error> {
        self.read(|state| state.case(case))
    }

    /// Keeps a document until the back end has answered; see [`thalium::device::Device::hand_in_document`].
    ///
    /// # Errors
    /// What cannot be handed in, with the field at fault; the disk's.
    pub fn hand_in_document(&self, new: NewDocument) -> Result<HandInView, Error> {
        self.hand_in_document_at(new, self.now())
    }

    /// As [`Device::hand_in_document`], at an instant of the device's clock.
    ///
    /// # Errors
    /// As [`Device::hand_in_document`].
    pub fn hand_in_document_at(&self, new: NewDocument, now: i64) -> Result<HandInView, Error> {
        self.change(|state| Ok(state.hand_in_document(new, now)?.clone()))
    }

    /// What would be noticed of a document. Nothing is kept.
    ///
    /// # Errors
    /// As [`Device::hand_in_document`].
    pub fn check_document(&self, new: NewDocument) -> Result<DocumentCheck, Error> {
        self.check_document_at(new, self.now())
    }

    /// As [`Device::check_document`], at an instant of the device's clock.
    ///
    /// # Errors
    /// As [`Device::hand_in_document`].
    pub fn check_document_at(&self, new: NewDocument, now: i64) -> Result<DocumentCheck, Error> {
        Ok(self.read(|state| state.check_document(new, now))??)
    }

    /// Keeps the answers to a form until the back end has answered; see [`thalium::device::Device::answer_form`].
    ///
    /// # Errors
    /// As [`Device::hand_in_document`].
    pub fn answer_form(
        &self,
        key: &str,
        case: &str,
        filled: FilledForm,
    ) -> Result<HandInView, Error> {
        self.answer_form_at(key, case, filled, self.now())
    }

    /// As [`Device::answer_form`], at an instant of the device's clock.
    ///
    /// # Errors
    /// As [`Device::hand_in_document`].
    pub fn answer_form_at(
        &self,
        key: &str,
        case: &str,
        filled: FilledForm,
        now: i64,
    ) -> Result<HandInView, Error> {
        self.change(|state| Ok(state.answer_form(key, case, filled, now)?.clone()))
    }

    /// Takes something back that was handed in and never sent.
    ///
    /// # Errors
    /// What is not there or was sent; the disk's.
    pub fn cancel_hand_in(&self, key: &str) -> Result<HandInView, Error> {
        self.cancel_hand_in_at(key, self.now())
    }

    /// As [`Device::cancel_hand_in`], at an instant.
    ///
    /// # Errors
    /// As [`Device::cancel_hand_in`].
    pub fn cancel_hand_in_at(&self, key: &str, now: i64) -> Result<HandInView, Error> {
        self.change(|state| Ok(state.cancel_hand_in(key, now)?.clone()))
    }

    /// Something that was handed in, by its key.
    ///
    /// # Errors
    /// As [`Device::cases`].
    pub fn hand_in(&self, key: &str) -> Result<Option<HandInView>, Error> {
        self.read(|state| state.hand_in(key).cloned())
    }

    /// What was handed in, in the order in which it was given: to a case or to all; only what is not resolved, if `open`.
    ///
    /// # Errors
    /// As [`Device::cases`].
    pub fn hand_ins(&self, case: Option<&str>, open: bool) -> Result<Vec<HandInView>, Error> {
        self.read(|state| state.hand_ins(case, open).into_iter().cloned().collect())
    }
}

#[cfg(test)]
#[path = "collection_tests.rs"]
mod tests;
