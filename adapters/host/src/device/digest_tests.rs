//! What a document's bytes come to.

use super::*;

/// FIPS 180-4: the SHA-256 of `abc`.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

#[test]
fn a_file_and_its_bytes_come_to_the_same() {
    assert_eq!(digest(b"abc").unwrap(), ABC);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.jpg");
    for size in [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17] {
        let bytes: Vec<u8> = (0..size).map(|at| u8::try_from(at % 251).unwrap()).collect();
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(digest_file(&path).unwrap(), digest(&bytes).unwrap(), "{size}");
        assert_eq!(digest(&bytes).unwrap(), hex(&<[u8; 32]>::from(Sha256::digest(&bytes))));
    }
}

#[test]
fn what_is_no_document_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, large) = (folder.path().join("empty"), folder.path().join("large"));
    std::fs::write(&empty, b"").unwrap();
    File::create(&large).unwrap().set_len(DOCUMENT_BYTES + 1).unwrap();
    let refused = [
        digest(b""),
        digest_file(&empty),
        digest_file(&large),
        digest_file(folder.path()),
        digest_file(&folder.path().join("none")),
    ];
    for (number, told) in refused.into_iter().enumerate() {
        let Err(Error::Invalid(invalid)) = told else { panic!("{number} is taken") };
        assert_eq!(invalid.field, if number == 0 { "bytes" } else { "path" }, "{number}");
    }
}
