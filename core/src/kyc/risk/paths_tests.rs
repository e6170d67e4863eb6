//! Which facts a line of JMESPath names.

use super::*;

#[test]
fn paths_from_the_root() {
    for (text, wanted) in [
        ("pep", "pep"),
        ("customer.pep == `true`", "customer.pep"),
        ("!(customer.pep) && volume > `10`", "customer.pep volume"),
        ("contains(['NO', 'SE'], country)", "country"),
        ("contains([home.country, work], 'NO')", "home.country work"),
        ("length(owners[?share >= `0.25` && !screened]) == `0`", "owners"),
        ("owners[0].name == 'x'", "owners"),
        ("a.\"b c\".d || e", "a.b c.d e"),
        ("{one: a.b, two: c}.one == 'x'", "a.b c"),
        ("a.{one: b}.one", "a"),
        ("@.a.b", "a.b"),
        ("map(&b.c, a.list)", "a.list"),
        ("(a.list | [0]) == b", "a.list b"),
        ("a | b", "a"),
        ("a.* && 'it\\'s.not'", "a"),
        ("sum(owners[].share) == `1`", "owners"),
        ("`{\"x\": 1}`.x == a", "a"),
    ] {
        assert!(crate::kyc::jmespath::JmesPath::compile(text).is_ok(), "{text}");
        let told: Vec<String> = paths(text).iter().map(|path| path.join(".")).collect();
        let mut wanted: Vec<String> = wanted.split(' ').map(str::to_owned).collect();
        if text.starts_with("a.\"b c\"") {
            wanted = vec!["a.b c.d".to_owned(), "e".to_owned()];
        }
        assert_eq!(told, wanted, "{text}");
    }
}
