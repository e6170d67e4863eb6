//! Attacks `core/src/party/image.rs`: any bytes as a registry are refused, or are written as they were read; whatever is asked of
//! what was read is answered.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::Id;
use thalium::party::{ForgetScope, Registry};

fuzz_target!(|data: &[u8]| {
    let Ok(registry) = Registry::from_bytes(data) else { return };
    assert_eq!(registry.to_bytes(), data);
    let _ = registry.digest();
    let _ = (registry.reads(), registry.identifiers(), registry.forgotten(0).count());
    for party in registry.parties_from(Id::ZERO) {
        let _ = (
            registry.fields_of(party),
            registry.reads_of(party),
            registry.accounts_of(party).count(),
        );
        let _ = (registry.relations_of(party).count(), registry.relations_to(party).count());
        let _ = registry.kept(party, ForgetScope::All, 20_000);
        let _ = registry.may_audit("ann", Some(party), 0);
    }
});
