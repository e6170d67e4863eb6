//! Open Policy Agent's cases: no answer may be wrong, and of what is supported few may be refused.

use std::collections::BTreeMap;
use std::path::PathBuf;

use thalium::policy::rego::{Dialect, Policy, Request, Value};

/// Folders of which little or nothing is supported.
const PARTIAL: [&str; 5] =
    ["graphql", "providers-aws", "cryptox509", "rendertemplate", "netlookupipaddr"];

enum Verdict {
    Passed,
    Refused(String),
    Wrong(String),
    Failed(String),
}

#[test]
fn conformance() {
    let folder = super::folder().map(|folder| folder.join("rego"));
    let Some(files) = folder.and_then(|folder| std::fs::read_dir(folder).ok()) else {
        println!("rego: no folder of cases: skipped");
        return;
    };
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let (mut passed, mut total, mut wrong) = (0, 0, 0);
    let (mut core_passed, mut core_total) = (0, 0);
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let cases = Value::from_json(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let cases = cases.get_str("cases").unwrap().as_array().unwrap().to_vec();
        let mut file_passed = 0;
        for case in &cases {
            let note = case.get_str("note").and_then(Value::as_str).unwrap_or_default();
            match judge(case) {
                Verdict::Passed => file_passed += 1,
                Verdict::Refused(why) => println!("  {note}: refused at load: {why}"),
                Verdict::Failed(why) => println!("  {note}: error: {why}"),
                Verdict::Wrong(why) => {
                    wrong += 1;
                    println!("  {note}: WRONG ANSWER: {why}");
                }
            }
        }
        println!("rego/{name}: {file_passed}/{}", cases.len());
        passed += file_passed;
        total += cases.len();
        if !PARTIAL.iter().any(|partial| name.starts_with(partial)) {
            core_passed += file_passed;
            core_total += cases.len();
        }
    }
    println!(
        "rego: {passed}/{total}, {core_passed}/{core_total} of what is supported, {wrong} wrong"
    );
    assert_eq!(wrong, 0, "wrong answers");
    assert!(core_passed * 100 >= core_total * 98, "fewer than 98 of 100 pass");
}

/// Bindings whose values are sorted if they are arrays.
fn sorted(bindings: &Value) -> Value {
    let sort = |value: &Value| match value {
        Value::Array(items) => {
            let mut items = items.to_vec();
            items.sort();
            Value::array(items)
        }
        other => other.clone(),
    };
    let pairs = bindings.as_object().unwrap().iter();
    Value::object(pairs.map(|(key, value)| (key.clone(), sort(value))))
}

/// As JSON has it: sets are arrays, in the order of what JSON has for their elements.
fn as_json(value: &Value) -> Value {
    match value {
        Value::Set(items) => {
            let mut items: Vec<Value> = items.iter().map(as_json).collect();
            items.sort();
            Value::array(items)
        }
        Value::Array(items) => Value::array(items.iter().map(as_json)),
        Value::Object(pairs) => Value::object(pairs.iter().map(|(key, value)| {
            let key =
                if let Value::String(_) = key { key.clone() } else { Value::from(key.to_json()) };
            (key, as_json(value))
        })),
        scalar => scalar.clone(),
    }
}

fn judge(case: &Value) -> Verdict {
    let modules: Vec<(String, &str)> = case
        .get_str("modules")
        .and_then(Value::as_array)
        .unwrap_or_default()
        .iter()
        .enumerate()
        .map(|(at, module)| (format!("test-{at}.rego"), module.as_str().unwrap()))
        .collect();
    let modules: Vec<(&str, &str)> =
        modules.iter().map(|(name, source)| (name.as_str(), *source)).collect();
    let policy = match Policy::load(&modules, Dialect::V1) {
        Ok(policy) => policy,
        Err(error) => return Verdict::Refused(error.to_string()),
    };
    let query = match policy.query(case.get_str("query").and_then(Value::as_str).unwrap()) {
        Ok(query) => query,
        Err(error) => return Verdict::Refused(error.to_string()),
    };
    let mut input = case.get_str("input").cloned();
    if let Some(term) = case.get_str("input_term").and_then(Value::as_str) {
        let query = policy.query(&format!("term := {term}")).unwrap();
        let results = policy.run(&query, &Request::default()).unwrap();
        input = Some(results[0][0].1.clone());
    }
    let data = case.get_str("data").filter(|data| **data != Value::Null);
    let request = Request {
        input,
        data: data.cloned().unwrap_or_else(|| Value::object([])),
        now_ns: 1_700_000_000_000_000_000,
        strict: case.get_str("strict_error") == Some(&Value::Bool(true)),
        ..Request::default()
    };
    let answer = policy.run(&query, &request);
    let code = case.get_str("want_error_code").and_then(Value::as_str);
    let message = case.get_str("want_error").and_then(Value::as_str);
    if code.is_some() || message.is_some() {
        return match answer {
            Ok(results) => Verdict::Wrong(format!("{results:?} and not {code:?} {message:?}")),
            Err(error) => {
                let text = error.to_string();
                let right = code.is_none_or(|code| code == error.code())
                    && message.is_none_or(|message| text.contains(message));
                if right {
                    Verdict::Passed
                } else {
                    Verdict::Failed(format!("{text} and not {code:?} {message:?}"))
                }
            }
        };
    }
    let results = match answer {
        Ok(results) => results,
        Err(error) => return Verdict::Failed(error.to_string()),
    };
    let generated = case.get_str("ignore_generated_vars") == Some(&Value::Bool(true));
    let mut got: Vec<Value> = results
        .iter()
        .map(|bindings| {
            let bindings: BTreeMap<String, Value> = bindings
                .iter()
                .filter(|(name, _)| !generated || !name.starts_with("__local"))
                .map(|(name, value)| (name.to_string(), as_json(value)))
                .collect();
            Value::object(bindings.into_iter().map(|(name, value)| (Value::from(name), value)))
        })
        .collect();
    let mut want: Vec<Value> =
        case.get_str("want_result").and_then(Value::as_array).unwrap_or_default().to_vec();
    if case.get_str("sort_bindings") == Some(&Value::Bool(true)) {
        got = got.iter().map(sorted).collect();
        want = want.iter().map(sorted).collect();
        got.sort();
        want.sort();
    }
    let want: Vec<Value> = want.iter().map(as_json).collect();
    if got == want {
        return Verdict::Passed;
    }
    let show = |values: &[Value]| Value::array(values.to_vec()).to_json();
    Verdict::Wrong(format!("{} and not {}", show(&got), show(&want)))
}
