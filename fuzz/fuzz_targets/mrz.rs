//! Attacks `core/src/kyc/mrz`: whatever a text is, it is a zone or refused; and what is read is written with all check digits right, and read again
//! the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::kyc::mrz::{Mrz, check_digit};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let _ = check_digit(&text);
    let Ok(mrz) = Mrz::read(&text) else { return };
    let today = "2026-11-30".parse().expect("a day");
    assert!(mrz.born_on(today).is_none_or(|born| born <= today));
    let value = mrz.to_value(today);
    assert_eq!(value.get_str("is_valid").and_then(|valid| valid.as_bool()), Some(mrz.is_valid()));
    let written = mrz.write().expect("what was read");
    let again = Mrz::read(&written).expect("what was written");
    assert!(again.is_valid());
    assert_eq!((&again.number, again.born, again.expires), (&mrz.number, mrz.born, mrz.expires));
    assert_eq!(again.write().expect("what was read"), written);
});
