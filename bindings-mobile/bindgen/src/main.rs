//! Writes the Kotlin and the Swift that call the library. `cargo xtask generate` runs it.

fn main() {
    uniffi::uniffi_bindgen_main();
}
