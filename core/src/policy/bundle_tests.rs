use super::{Bundle, File, SignatureKey, SigningKey, sign};
use crate::policy::rego::{Dialect, hex};

const MANIFEST: &str = r#"{"revision": "7", "roots": ["aml", "kyc/limits"]}"#;
const MODULE: &str = "package aml\n\nlarge if input.amount >= data.aml.large\n";

fn files<'a>() -> Vec<File<'a>> {
    vec![
        File::new("./.manifest", MANIFEST),
        File::new("/aml/aml.rego", MODULE),
        File::new("aml/data.json", r#"{"large": 10000.00, "lists": {"high": ["XX"]}}"#),
        File::new("aml/lists/data.yaml", "sanctioned: [YY]\n"),
        File::new("kyc/limits/data.json", r#"{"L1": 92500}"#),
        File::new("aml/README.md", "What the thresholds rest on."),
    ]
}

fn refused(files: &[File<'_>]) -> String {
    Bundle::read(files, None).unwrap_err().to_string()
}

#[test]
fn documents_stand_at_their_directories() {
    let bundle = Bundle::read(&files(), None).unwrap();
    let data = r#"{"aml":{"large":10000.00,"lists":{"high":["XX"],"sanctioned":["YY"]}},"kyc":{"limits":{"L1":92500}}}"#;
    assert_eq!(bundle.data().to_json(), data);
    let modules: Vec<_> = bundle.modules().map(|m| (m.file, m.text, m.dialect)).collect();
    assert_eq!(modules, [("aml/aml.rego", MODULE, Dialect::V1)]);
    assert_eq!(bundle.manifest().roots, ["aml", "kyc/limits"]);
}

#[test]
fn a_manifest_names_the_dialects() {
    let manifest = r#"{"rego_version": 0, "file_rego_versions": {"/new/*.rego": 1}}"#;
    let files = [
        File::new(".manifest", manifest),
        File::new("old/a.rego", "package a"),
        File::new("new/b.rego", "package b"),
    ];
    let bundle = Bundle::read(&files, None).unwrap();
    let dialects: Vec<_> = bundle.modules().map(|m| (m.file, m.dialect)).collect();
    assert_eq!(dialects, [("new/b.rego", Dialect::V1), ("old/a.rego", Dialect::V0)]);
}

#[test]
fn what_is_refused() {
    let manifest = |text| vec![File::new(".manifest", text)];
    let cases: [(Vec<File<'_>>, &str); 17] = [
        (manifest("{"), ".manifest: is no JSON"),
        (manifest("[]"), ".manifest: is no object"),
        (manifest(r#"{"revision": 7}"#), "`revision` is no text"),
        (manifest(r#"{"roots": "aml"}"#), "`roots` is no list"),
        (manifest(r#"{"roots": ["a/b", "a-c", "a"]}"#), "`roots` overlap: `a` and what is below"),
        (manifest(r#"{"roots": ["", "a"]}"#), "`roots` overlap"),
        (manifest(r#"{"rego_version": 2}"#), "`rego_version` is neither 0 nor 1"),
        (manifest(r#"{"wasm": [{"entrypoint": "a"}]}"#), "`wasm` names WebAssembly"),
        (manifest(r#"{"rots": []}"#), "`rots` is unknown"),
        (vec![File::new("a/../b.rego", "")], "is no path within the bundle"),
        (vec![File::new("a\\b.rego", "")], "is no path within the bundle"),
        (vec![File::new("a.rego", ""), File::new("./a.rego", "")], "is in the bundle twice"),
        (vec![File::new("data.json", "[1]")], "is array where an object belongs"),
        (vec![File::new("x/policy.wasm", "")], "is WebAssembly"),
        (
            vec![File::new("data.json", r#"{"a": 1}"#), File::new("a/data.json", "{}")],
            "data.json: contradicts another document",
        ),
        (
            vec![
                File::new(".manifest", r#"{"roots": ["a/b"]}"#),
                File::new("a/data.json", r#"{"c": 1}"#),
            ],
            ".manifest: does not permit data at `a/c`: it owns `a/b`",
        ),
        (vec![File::new("data.yaml", "a: [1")], "data.yaml: "),
    ];
    for (files, wanted) in cases {
        let told = refused(&files);
        assert!(told.contains(wanted), "{told} / {wanted}");
    }
}

#[test]
fn a_digest_names_the_content_however_it_is_packed() {
    let digest = |files: &[File<'_>]| Bundle::read(files, None).unwrap().digest();
    let mut other = files();
    let first = digest(&other);
    other.reverse();
    assert_eq!(digest(&other), first);
    other.push(File::new(".signatures.json", "{}"));
    assert_eq!(digest(&other), first, "the signature is no part of what is signed");
    for at in 0..files().len() {
        let mut other = files();
        other[at].bytes.to_mut().push(b'\n');
        assert_ne!(digest(&other), first);
        other.remove(at);
        assert_ne!(digest(&other), first);
    }
    // Worked out by another program: a stored digest keeps its meaning.
    assert_eq!(hex(&first), "fcaef53f85604057d316aa308a00d70b4920b6b75dd4392fcfc345ae3397d0bf");
}

fn secret(id: &str, key: &str, scope: &str) -> SignatureKey {
    SignatureKey { id: id.into(), algorithm: "HS256".into(), key: key.into(), scope: scope.into() }
}

#[test]
fn a_bundle_is_what_was_signed_or_refused() {
    let key = SigningKey {
        id: "ops".into(),
        algorithm: "HS256".into(),
        key: "a secret of the operators".into(),
        scope: "write".into(),
    };
    let signature = sign(&files(), &key, 1).unwrap();
    let signed = || {
        let mut files = files();
        files.push(File::new(".signatures.json", &signature));
        files
    };
    let good = [secret("ops", "a secret of the operators", "write")];
    Bundle::read(&signed(), Some(&good)).unwrap();
    // The digest of a document is that of what it means.
    let mut spaced = signed();
    spaced[2] = File::new("aml/data.json", "{\"lists\":\n{\"high\":[\"XX\"]}, \"large\":10000.00}");
    Bundle::read(&spaced, Some(&good)).unwrap();

    let told = |files: &[File<'_>], keys: &[SignatureKey]| {
        Bundle::read(files, Some(keys)).map(drop).unwrap_err().to_string()
    };
    let mut changed = signed();
    changed[1].bytes.to_mut().push(b' ');
    let mut more = signed();
    more.push(File::new("aml/more.rego", "package aml\n\nlarge if true\n"));
    let mut fewer = signed();
    fewer.remove(4);
    let cases = [
        (files(), secret("ops", "x", ""), ".signatures.json: is missing"),
        (
            signed(),
            secret("other", "a secret of the operators", "write"),
            "is signed by the key `ops`",
        ),
        (
            signed(),
            secret("ops", "another secret", "write"),
            "the signature is not that of the key",
        ),
        (
            signed(),
            secret("ops", "a secret of the operators", "read"),
            "is not for the scope `read`",
        ),
        (changed, good[0].clone(), "aml/aml.rego: is not what was signed"),
        (more, good[0].clone(), "aml/more.rego: is not in the bundle's signature"),
        (fewer, good[0].clone(), "kyc/limits/data.json: was signed and is not in the bundle"),
    ];
    for (files, key, wanted) in cases {
        let told = told(&files, &[key]);
        assert!(told.contains(wanted), "{told} / {wanted}");
    }
    // The algorithm is the key's, not the token's: an RSA key is never taken for the secret of an HMAC.
    let key = SignatureKey { algorithm: "RS256".into(), ..good[0].clone() };
    assert!(told(&signed(), &[key]).contains("is not signed by RS256"));
}
