use std::io::Read as _;

use thalium::policy::Outcome;
use thalium::policy::bundle::{File, SignatureKey, SigningKey, sign};

use super::{Asked, Policy, PolicyError, bundle_files, pack_bundle};

const MODULE: &str = r#"package aml

default verdict := {"outcome": "deny", "reasons": [], "obligations": []}

verdict := {"outcome": "allow", "reasons": [], "obligations": []} if input.amount < data.aml.large

at := time.now_ns()

exact := input.amount * 100
"#;

fn files() -> Vec<File<'static>> {
    vec![
        File::new(".manifest", r#"{"revision": "1", "roots": ["aml"]}"#),
        File::new("aml/aml.rego", MODULE),
        File::new("aml/data.json", r#"{"large": 10000}"#),
    ]
}

fn written(files: &[File<'_>], to: &std::path::Path) {
    for file in files {
        let path = to.join(file.name.as_ref());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.bytes).unwrap();
    }
}

#[test]
fn a_directory_and_its_archive_are_one_bundle() {
    let directory = tempfile::tempdir().unwrap();
    let (tree, packed) = (directory.path().join("tree"), directory.path().join("bundle.tar.gz"));
    written(&files(), &tree);
    std::fs::create_dir(tree.join(".git")).unwrap();
    std::fs::write(tree.join(".git/data.json"), "[]").unwrap();
    pack_bundle(&files(), std::fs::File::create(&packed).unwrap()).unwrap();
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(&packed).unwrap())
        .read_to_end(&mut plain)
        .unwrap();
    let unpacked = directory.path().join("bundle.tar");
    std::fs::write(&unpacked, plain).unwrap();
    let wanted = Policy::of(&files(), None).unwrap().snapshot().digest();
    for path in [&tree, &packed, &unpacked] {
        let policy = Policy::open(path, None).unwrap();
        assert_eq!(policy.snapshot().digest(), wanted, "{}", path.display());
        let asked = Asked { input: Some(r#"{"amount": 9999.99}"#), ..Asked::default() };
        assert_eq!(policy.decide("aml/verdict", &asked).unwrap().outcome, Outcome::Allow);
    }
    // The same files give the same bytes.
    let pack = |files: &[File<'_>]| {
        let mut bytes = Vec::new();
        pack_bundle(files, &mut bytes).unwrap();
        bytes
    };
    let mut turned = files();
    turned.reverse();
    assert_eq!(pack(&files()), pack(&turned));
}

#[test]
fn what_is_asked_is_answered_exactly() {
    let policy = Policy::of(&files(), None).unwrap();
    let of = |path: &str, input: &'static str| {
        let asked = Asked { input: Some(input), now: Some(1_700_000_000), ..Asked::default() };
        policy.evaluate(path, &asked).unwrap().map(|value| value.to_json())
    };
    assert_eq!(of("aml/exact", r#"{"amount": 19.99}"#).unwrap(), "1999");
    assert_eq!(
        of("aml/exact", r#"{"amount": 123456789012345678.123456789}"#).unwrap(),
        "1.23456789012345678123456789e+19"
    );
    // Exponents as Open Policy Agent writes them; no digit is lost.
    assert_eq!(of("aml/exact", "{}"), None);
    assert_eq!(of("aml/at", "{}").unwrap(), "1700000000");
    let ways = policy.query("some x in [1, 2, 3]; x > 1", &Asked::default()).unwrap();
    assert_eq!(ways.len(), 2);
    // Without an instant it is now.
    let now = policy.evaluate("aml/at", &Asked::default()).unwrap().unwrap().to_json();
    assert!(now.parse::<i64>().unwrap() > 1_700_000_000_000_000_000);
}

#[test]
fn what_is_refused_says_where() {
    let policy = Policy::of(&files(), None).unwrap();
    let asked = |input| Asked { input: Some(input), ..Asked::default() };
    let cases = [
        (
            policy.evaluate("aml/verdikt", &asked("{}")).unwrap_err(),
            "neither a rule nor a document",
        ),
        (policy.evaluate("aml/exact", &asked("{")).unwrap_err(), "input: "),
        (policy.decide("aml/at", &asked("{}")).map(drop).unwrap_err(), ""),
        (policy.query("x :=", &Asked::default()).unwrap_err(), "rego_parse_error"),
        (
            policy.evaluate("aml/exact", &Asked { steps: 1, ..asked("{}") }).unwrap_err(),
            "eval_exhausted_error",
        ),
        (Policy::open("/nowhere/at/all", None).unwrap_err(), "cannot read `/nowhere/at/all`"),
    ];
    for (error, wanted) in cases {
        assert!(error.to_string().contains(wanted), "{error} / {wanted}");
    }
}

#[test]
fn a_bundle_that_must_be_signed_is() {
    let directory = tempfile::tempdir().unwrap();
    let key = SigningKey {
        id: "ops".into(),
        algorithm: "HS512".into(),
        key: "a long secret".into(),
        scope: String::new(),
    };
    let mut signed = files();
    signed.push(File {
        name: ".signatures.json".into(),
        bytes: sign(&files(), &key, 0).unwrap().into_bytes().into(),
    });
    let packed = directory.path().join("bundle.tar.gz");
    pack_bundle(&signed, std::fs::File::create(&packed).unwrap()).unwrap();
    let keys =
        [SignatureKey { id: key.id, algorithm: key.algorithm, key: key.key, scope: key.scope }];
    Policy::open(&packed, Some(&keys)).unwrap();
    assert_eq!(bundle_files(&packed).unwrap().len(), 4);
    let told = Policy::of(&files(), Some(&keys)).map(drop).unwrap_err();
    assert!(matches!(told, PolicyError::Bundle(_)) && told.to_string().contains("is not signed"));
}

#[test]
fn an_archive_that_is_none_or_too_large_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bundle.tar.gz");
    // A gigabyte of zeros packs into a megabyte.
    let mut encoder = flate2::write::GzEncoder::new(
        std::fs::File::create(&path).unwrap(),
        flate2::Compression::fast(),
    );
    let mut archive = tar::Builder::new(&mut encoder);
    let mut header = tar::Header::new_gnu();
    header.set_size(1 << 30);
    archive.append_data(&mut header, "data.json", std::io::repeat(0).take(1 << 30)).unwrap();
    drop(archive);
    encoder.finish().unwrap();
    assert!(bundle_files(&path).unwrap_err().to_string().contains("`data.json` is too large"));
    std::fs::write(&path, b"not an archive at all").unwrap();
    assert!(bundle_files(&path).unwrap_err().to_string().contains("is no bundle"));
    let empty = directory.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    assert!(Policy::open(&empty, None).unwrap_err().to_string().contains("holds no module"));
}

/// What is not whole is not a smaller bundle: a rule that denies might be what is missing.
#[test]
fn an_archive_that_is_not_whole_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bundle.tar.gz");
    let mut packed = Vec::new();
    pack_bundle(&files(), &mut packed).unwrap();
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut plain).unwrap();
    let told = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        bundle_files(&path).map(|files| files.len()).map_err(|error| error.to_string())
    };
    assert_eq!(told(&packed), Ok(3));
    assert_eq!(told(&plain), Ok(3));
    // The checksum at the end, which a reader of the entries alone would never reach.
    let mut changed = packed.clone();
    let at = changed.len() - 6;
    changed[at] ^= 1;
    assert!(told(&changed).unwrap_err().contains("checksum"));
    // Cut between two entries, of which each fills two blocks here.
    for cut in [1024, 2048] {
        assert!(told(&plain[..cut]).unwrap_err().contains("ends too early"), "{cut}");
    }
    // Two members are one archive.
    let pack = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    };
    assert_eq!(told(&[pack(&plain[..1024]), pack(&plain[1024..])].concat()), Ok(3));
    // A link is not what it leads to.
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Link);
    header.set_size(0);
    archive.append_link(&mut header, "aml/deny.rego", "aml/aml.rego").unwrap();
    assert!(
        told(&archive.into_inner().unwrap()).unwrap_err().contains("`aml/deny.rego` is a link")
    );
}

#[cfg(unix)]
#[test]
fn a_link_stays_within_the_bundle() {
    use std::os::unix::fs::symlink;
    let directory = tempfile::tempdir().unwrap();
    let tree = directory.path().join("tree");
    written(&files(), &tree);
    let module = tree.join("aml/aml.rego");
    std::fs::rename(&module, tree.join("aml/kept")).unwrap();
    symlink("kept", &module).unwrap();
    Policy::open(&tree, None).unwrap();
    std::fs::write(directory.path().join("outside.json"), "{}").unwrap();
    for to in ["../../outside.json", "../aml", "/dev/zero"] {
        let link = tree.join("aml/more.json");
        symlink(to, &link).unwrap();
        let told = bundle_files(&tree).map(drop).unwrap_err().to_string();
        assert!(told.contains("more.json") && told.contains("is no file of the bundle"), "{told}");
        std::fs::remove_file(link).unwrap();
    }
}
