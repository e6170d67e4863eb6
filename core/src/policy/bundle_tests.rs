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
    let cases: [(Vec<File<'_>>, &str); 18] = [
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
        (
            vec![File::new("data.yaml", "a: 1\nlimit: 9007199254740993.01\n")],
            "data.yaml: yaml: line 2: `9007199254740993.01` is no number that YAML holds exactly",
        ),
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
        let is_meant = super::is_meant(&other[at].name);
        other[at].bytes.to_mut().push(b'\n');
        assert_eq!(digest(&other) != first, is_meant);
        other.remove(at);
        assert_eq!(digest(&other) != first, is_meant);
    }
    // Worked out by another program: a stored digest keeps its meaning.
    assert_eq!(hex(&first), "070e5e043a80871de919b0851384dfa05972744f7665adc583968a2d76123572");
}

/// Typed rules are content as modules are: named by the digest, and signed.
#[test]
fn typed_rules_are_content() {
    const LIMITS: &str = r#"{"version": 1, "name": "limits"}"#;
    let typed = [
        File::new("limits/typed.json", LIMITS),
        File::new("limits/typed_test.json", "[]"),
        File::new("risk/typed.yaml", "version: 1\nname: risk\n"),
        File::new("risk/typed_test.yml", "[]\n"),
    ];
    let bundle = Bundle::read(&typed, None).unwrap();
    let programs: Vec<_> =
        bundle.typed().iter().map(|typed| (typed.path(), typed.program().name())).collect();
    let wanted = [("limits/verdict", "limits"), ("risk/verdict", "risk")];
    assert_eq!(programs, wanted.map(|(path, name)| (path.to_owned(), name)));
    assert_eq!(bundle.data().to_json(), "{}");
    let key = SigningKey {
        id: String::new(),
        algorithm: "HS256".into(),
        key: "a secret of the operators".into(),
        scope: String::new(),
    };
    let signature = sign(&typed, &key, 1).unwrap();
    let signature = File::new(".signatures.json", &signature);
    let good = [secret("", "a secret of the operators", "")];
    let signed = [typed.to_vec(), vec![signature.clone()]].concat();
    assert_eq!(Bundle::read(&signed, Some(&good)).unwrap().digest(), bundle.digest());
    for (at, file) in typed.iter().enumerate() {
        assert!(super::is_meant(&file.name));
        let mut changed = typed.to_vec();
        changed[at].bytes.to_mut().push(b'\n');
        assert_ne!(Bundle::read(&changed, None).unwrap().digest(), bundle.digest());
        changed.push(signature.clone());
        let told = Bundle::read(&changed, Some(&good)).map(drop).unwrap_err().to_string();
        assert_eq!(told, format!("{}: is not what was signed: its digest is another", file.name));
    }
    let many: Vec<String> = (0..65).map(|at| format!("d{at:02}/typed.json")).collect();
    let many: Vec<_> = many.iter().map(|name| File::new(name, LIMITS)).collect();
    assert!(refused(&many).contains("d64/typed.json: a bundle has at most 64 of them"));
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
    // Of several keys any may be the one, and a secret that everyone knows is none.
    let wrong = SignatureKey { id: String::new(), ..secret("ops", "another secret", "write") };
    Bundle::read(&signed(), Some(&[wrong.clone(), good[0].clone()])).unwrap();
    assert!(told(&signed(), &[secret("ops", " ", "write")]).contains("the secret is empty"));
    // The algorithm is the key's, not the token's: an RSA key is never taken for the secret of an HMAC.
    let key = SignatureKey { algorithm: "RS256".into(), ..good[0].clone() };
    assert!(told(&signed(), &[key]).contains("is not signed by RS256"));
}

/// What is verified is the outer token: a token within it, signed by whomever, is not looked at.
#[test]
fn a_token_within_a_token_is_refused() {
    use super::engine::ask;
    use crate::policy::rego::Value;
    let jwk = |secret: &str| {
        let k = ask("base64url.encode_no_pad(input)", secret.into(), 0).unwrap();
        Value::object([("kty".into(), "oct".into()), ("k".into(), k)])
    };
    let files = files();
    let key = SigningKey {
        id: String::new(),
        algorithm: "HS256".into(),
        key: "of a stranger".into(),
        scope: String::new(),
    };
    let inner = Value::from_json(&sign(&files, &key, 1).unwrap()).unwrap();
    let inner = inner.get_str("signatures").unwrap().as_array().unwrap()[0].clone();
    let wrap = r#"io.jwt.encode_sign_raw("{\"alg\":\"HS256\",\"cty\":\"JWT\",\"typ\":\"JOSE\"}", input.token, json.marshal(input.key))"#;
    let input =
        Value::object([("token".into(), inner), ("key".into(), jwk("a secret of the operators"))]);
    let outer = ask(wrap, input, 1).unwrap();
    let text = format!(r#"{{"signatures": [{}]}}"#, outer.to_json());
    let mut signed = files.clone();
    signed.push(File::new(".signatures.json", &text));
    let keys = [secret("", "a secret of the operators", "")];
    let told = Bundle::read(&signed, Some(&keys)).map(drop).unwrap_err().to_string();
    assert!(told.contains(".signatures.json: "), "{told}");
}
