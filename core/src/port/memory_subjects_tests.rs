use std::sync::atomic::{AtomicU64, Ordering};

use super::super::subjects_conformance;
use super::*;

/// Generates keys that are all different and keep no secret.
#[derive(Debug, Default)]
struct Counted(AtomicU64);

impl Keys for Counted {
    fn name(&self) -> String {
        "counted".to_owned()
    }

    fn generate(&self) -> Result<DataKey, KeyError> {
        let mut bytes = [0x5a; 32];
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        bytes[..8].copy_from_slice(&count.to_le_bytes());
        Ok(DataKey::new(bytes))
    }

    fn wrap(&self, _: &DataKey, _: &[u8]) -> Result<Vec<u8>, KeyError> {
        Err(KeyError("it wraps nothing".to_owned()))
    }

    fn unwrap(&self, _: &[u8], _: &[u8]) -> Result<DataKey, KeyError> {
        Err(KeyError("it wraps nothing".to_owned()))
    }
}

fn reference() -> MemorySubjects {
    MemorySubjects::new(Arc::new(Counted::default()))
}

#[test]
fn the_reference_passes_the_suite() {
    subjects_conformance::subjects(Box::new(reference()), |keyring| keyring).unwrap();
}

/// The canary: a keeper that forgets what it was told when it is opened again does not pass.
#[test]
fn the_suite_notices_a_keeper_that_forgets() {
    let forgets = |_| -> Box<dyn SubjectKeys> { Box::new(reference()) };
    let why = subjects_conformance::subjects(Box::new(reference()), forgets).unwrap_err();
    assert!(why.contains("opened again"), "{why}");
}

/// The canary: one that makes anew what was destroyed does not pass either.
#[test]
fn the_suite_notices_a_key_that_comes_back() {
    #[derive(Debug)]
    struct Resurrects(MemorySubjects);

    impl SubjectKeys for Resurrects {
        fn ensure(&self, wanted: &[(Id, Basis)]) -> Result<(), KeyError> {
            self.0.held().subjects.retain(|_, state| matches!(state, State::Live(_)));
            self.0.ensure(wanted)
        }

        fn key(&self, subject: Id, basis: Basis) -> Result<DataKey, NoKey> {
            self.0.key(subject, basis)
        }

        fn destroy(&self, subject: Id, which: &[Basis]) -> Result<(), KeyError> {
            self.0.destroy(subject, which)
        }

        fn root(&self, number: u32) -> Result<DataKey, KeyError> {
            self.0.root(number)
        }
    }

    let keeper = Box::new(Resurrects(reference()));
    let why = subjects_conformance::subjects(keeper, |keyring| keyring).unwrap_err();
    assert!(why.contains("destroyed"), "{why}");
}

#[test]
fn it_prints_no_key() {
    let keyring = reference();
    keyring.ensure(&[(Id(1), Basis::Law)]).unwrap();
    assert_eq!(format!("{keyring:?}"), "MemorySubjects(1 keys)");
}
