//! Attacks `core/src/policy/bundle` and `snapshot`: whatever a bundle holds, it is read whole or refused whole; what was signed is read, and
//! one byte changed is refused; what it answers as a verdict is one.
//!
//! A seed is a manifest, a document, a module and a signature, with a zero byte between.

#![no_main]

use libfuzzer_sys::fuzz_target;
use thalium::policy::bundle::{Bundle, File, SignatureKey, SigningKey, sign};
use thalium::policy::rego::Request;
use thalium::policy::snapshot::Snapshot;

const SECRET: &str = "a secret of the operators";

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(4, |byte| *byte == 0);
    let mut file = |name: &'static str| File {
        name: name.into(),
        bytes: parts.next().unwrap_or_default().into(),
    };
    let mut files = vec![file(".manifest"), file("p/data.json"), file("p/p.rego")];
    let signature = file(".signatures.json");
    let keys = [SignatureKey {
        id: String::new(),
        algorithm: "HS256".into(),
        key: SECRET.into(),
        scope: String::new(),
    }];
    let with = |signature: File<'static>| [files.clone(), vec![signature]].concat();
    let given: Vec<File<'_>> = [files.clone(), vec![signature.clone()]].concat();
    let _ = Bundle::read(&given, Some(&keys));
    let Ok(bundle) = Bundle::read(&files, None) else { return };
    let key = SigningKey {
        id: "ops".into(),
        algorithm: "HS256".into(),
        key: SECRET.into(),
        scope: String::new(),
    };
    let token = sign(&files, &key, 1).expect("what is read can be signed");
    let signed = File { name: ".signatures.json".into(), bytes: token.into_bytes().into() };
    let again = Bundle::read(&with(signed.clone()), Some(&keys)).expect("what was signed is read");
    assert_eq!(again.digest(), bundle.digest());
    files[2].bytes.to_mut().push(b' ');
    let changed = [files.clone(), vec![signed]].concat();
    assert!(Bundle::read(&changed, Some(&keys)).is_err());
    let Ok(snapshot) = Snapshot::new(&bundle) else { return };
    let Ok(entry) = snapshot.entry("p/verdict") else { return };
    let request = Request { steps: 20_000, bytes: 1 << 22, ..Request::default() };
    let _ = snapshot.decide(&entry, request.clone());
    let _ = snapshot.test(&|_| true, &request);
});
