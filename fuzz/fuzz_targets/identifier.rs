//! Attacks `core/src/party/normalise.rs` and `token.rs`: what has one form has that form again, and digits that are shown lead back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::party::{IdentifierKind, Tokenizer, normalise};

fuzz_target!(|data: (u8, &str)| {
    let (kind, text) = data;
    let tokenizer = Tokenizer::new(&[7; 32], "fuzz").expect("the purpose is one");
    if let Some(kind) = IdentifierKind::from_number(kind % 11 + 1)
        && let Ok(normal) = normalise(kind, text)
    {
        assert_eq!(normalise(kind, &normal).as_ref(), Ok(&normal));
        assert_eq!(tokenizer.token(kind, &normal), tokenizer.token(kind, &normal));
    }
    if let Ok(shown) = tokenizer.display(text) {
        assert_eq!(tokenizer.reveal(&shown).as_deref(), Ok(text));
    }
});
