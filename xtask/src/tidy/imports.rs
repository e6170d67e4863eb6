//! Who may mention whom: the core no I/O, a domain no other domain.

use std::collections::BTreeMap;

use super::Finding;
use super::paths::{Path, imported_names, paths};
use super::source::{Source, line_of, tokens};
use super::tree::Tree;

const CORE: &str = "core/src/";
/// Rooms of the core that see neither each other nor what lies outside them.
const DOMAINS: [&str; 5] = ["ledger", "kyc", "policy", "rollup", "party"];
/// Floor that the domains stand on.
const FLOOR: [&str; 3] = ["money", "near", "value"];
const ABOVE_DOMAINS: [&str; 2] = ["port", "engine"];

const AS_DATA: &str = "take it as an argument; time and ids come in as data";
const TO_ADAPTER: &str = "move it to an adapter, behind a port if the core has to ask for it";
const TO_CALLER: &str = "return a value and let the caller run it";
const SORTED: &str =
    "use a BTreeMap or name a fixed hasher, so that every run gives the same bytes";

/// Paths that the core does not reach, and what to do instead.
const FORBIDDEN: &[(&[&str], &str)] = &[
    (&["std", "fs"], TO_ADAPTER),
    (&["std", "net"], TO_ADAPTER),
    (&["std", "os"], TO_ADAPTER),
    (&["std", "process"], TO_ADAPTER),
    (&["std", "thread"], TO_CALLER),
    (&["std", "env"], AS_DATA),
    (&["std", "time", "Instant"], AS_DATA),
    (&["std", "time", "SystemTime"], AS_DATA),
    (&["std", "time", "UNIX_EPOCH"], AS_DATA),
    (&["std", "io", "stdin"], TO_ADAPTER),
    (&["std", "io", "stdout"], TO_ADAPTER),
    (&["std", "io", "stderr"], TO_ADAPTER),
    (&["std", "collections", "hash_map", "RandomState"], SORTED),
    (&["std", "collections", "hash_map", "DefaultHasher"], SORTED),
    (&["std", "hash", "RandomState"], SORTED),
    (&["std", "hash", "DefaultHasher"], SORTED),
    (&["chrono", "Local"], AS_DATA),
    (&["chrono", "offset", "Local"], AS_DATA),
    (&["tokio"], TO_CALLER),
    (&["async_std"], TO_CALLER),
    (&["futures"], TO_CALLER),
    (&["rand"], AS_DATA),
    (&["getrandom"], AS_DATA),
    (&["fastrand"], AS_DATA),
];

/// Calls that read a clock or draw a random number under any name of their module.
const FORBIDDEN_CALLS: &[&[&str]] = &[
    &["Utc", "now"],
    &["Local", "now"],
    &["Instant", "now"],
    &["SystemTime", "now"],
    &["Uuid", "now_v1"],
    &["Uuid", "now_v6"],
    &["Uuid", "now_v7"],
    &["Uuid", "new_v4"],
];

const FORBIDDEN_MACROS: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];

/// Constructors that exist for the randomly seeded hasher alone.
const SEEDED_CONSTRUCTORS: [&str; 3] = ["new", "with_capacity", "from"];

/// `core-imports`: the core uses no files, sockets, threads, async, clock, randomness or printing.
pub(crate) fn core_imports(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text, source) in tree.product_sources().filter(|(path, ..)| path.starts_with(CORE)) {
        for mention in paths(&source.code) {
            if let Some((what, remedy)) = io_of(&mention) {
                findings.push(Finding::error(path, line_of(text, mention.at), what, remedy));
            }
        }
        findings.extend(asynchronous(path, text, source));
    }
    findings
}

/// `domain-imports`: domains see neither each other nor ports nor the engine; money sees no domain.
pub(crate) fn domain_imports(tree: &Tree) -> Vec<Finding> {
    // What the root of the crate exports again is still its domain's.
    let exported = match tree.sources().find(|(path, ..)| *path == "core/src/lib.rs") {
        Some((_, _, source)) => imported_names(&source.code),
        None => BTreeMap::new(),
    };
    let mut findings = Vec::new();
    for (path, text, source) in tree.product_sources() {
        let Some(module) = module_of(path) else { continue };
        let Some(room) = module.first() else { continue };
        let is_domain = DOMAINS.contains(&room.as_str());
        if !is_domain && !FLOOR.contains(&room.as_str()) {
            continue;
        }
        let banned = DOMAINS
            .iter()
            .chain(ABOVE_DOMAINS.iter().filter(|_| is_domain))
            .filter(|other| **other != room.as_str());
        let banned: Vec<&str> = banned.copied().collect();
        for mention in paths(&source.code) {
            let absolute = absolute(&mention, &module, &exported);
            if let Some(other) = banned.iter().find(|other| absolute.reaches(&["crate", other])) {
                findings.push(Finding::error(
                    path,
                    line_of(text, mention.at),
                    format!("`{room}` mentions `{other}` (`{}`)", absolute.shown()),
                    "only `engine` sees both; pass what is needed as plain data",
                ));
            }
        }
    }
    findings
}

fn io_of(mention: &Path) -> Option<(String, &'static str)> {
    let shown = mention.shown();
    if mention.imported && (mention.ends_with(&["std"]) || shown == "std::*") {
        return Some((format!("imports all of `{shown}`"), "import what is used by its own path"));
    }
    if mention.called_as_macro && FORBIDDEN_MACROS.contains(&mention.last()) {
        return Some((
            format!("prints with `{}!`", mention.last()),
            "return a value; a library is silent",
        ));
    }
    // Outside an import a single word is more likely to be a variable than a module.
    if (mention.imported || mention.segments.len() > 1)
        && let Some((_, remedy)) = FORBIDDEN.iter().find(|(start, _)| mention.reaches(start))
    {
        return Some((format!("uses `{shown}`"), remedy));
    }
    if FORBIDDEN_CALLS.iter().any(|call| mention.ends_with(call)) {
        return Some((format!("calls `{shown}`"), AS_DATA));
    }
    seeded_hash(mention).map(|what| (what, SORTED))
}

/// A map or a set of the standard library whose hasher is the randomly seeded default.
fn seeded_hash(mention: &Path) -> Option<String> {
    let arguments = |name: &str| match name {
        "HashMap" => Some(2),
        "HashSet" => Some(1),
        _ => None,
    };
    let shown = mention.shown();
    if mention.segments.iter().any(|segment| segment == "hashbrown") {
        return None;
    }
    let (last, above) = mention.segments.split_last()?;
    let seeded = match arguments(last) {
        Some(default) => mention.arguments == default,
        None => {
            above.last().is_some_and(|owner| arguments(owner).is_some())
                && SEEDED_CONSTRUCTORS.contains(&last.as_str())
                || above.last().and_then(|owner| arguments(owner)) == Some(mention.arguments)
        }
    };
    seeded.then(|| format!("`{shown}` has a randomly seeded hasher"))
}

fn asynchronous(path: &str, text: &str, source: &Source) -> Vec<Finding> {
    tokens(&source.code)
        .into_iter()
        .filter(|token| matches!(token.text, "async" | "await"))
        .map(|token| {
            let what = format!("is asynchronous (`{}`)", token.text);
            Finding::error(path, line_of(text, token.at), what, TO_CALLER)
        })
        .collect()
}

/// The module of a source of the core: `core/src/ledger/validate.rs` is `ledger::validate`.
fn module_of(path: &str) -> Option<Vec<String>> {
    let inside = path.strip_prefix(CORE)?.strip_suffix(".rs")?;
    let inside = inside.strip_suffix("/mod").unwrap_or(inside);
    let module = inside.split('/').map(str::to_owned).collect();
    Some(if inside == "lib" { Vec::new() } else { module })
}

/// The path from the root of the crate: `self`, `super` and the root's own exports are followed.
fn absolute(mention: &Path, module: &[String], exported: &BTreeMap<String, Vec<String>>) -> Path {
    let mut absolute = mention.clone();
    let words: Vec<&str> = mention.segments.iter().map(String::as_str).collect();
    let supers =
        words.iter().skip_while(|word| **word == "self").take_while(|word| **word == "super");
    let (supers, selves) =
        (supers.count(), words.iter().take_while(|word| **word == "self").count());
    if supers + selves > 0 {
        let above = module.iter().take(module.len().saturating_sub(supers)).cloned();
        let below = mention.segments.iter().skip(supers + selves).cloned();
        absolute.segments = std::iter::once("crate".to_owned()).chain(above).chain(below).collect();
    }
    if let [root, name, rest @ ..] = absolute.segments.as_slice()
        && root == "crate"
        && let Some(full) = exported.get(name)
    {
        let inside = full.iter().skip_while(|segment| matches!(segment.as_str(), "crate" | "self"));
        let root = std::iter::once(root);
        absolute.segments = root.chain(inside).chain(rest).cloned().collect();
    }
    absolute
}

#[cfg(test)]
#[path = "imports_tests.rs"]
mod tests;
