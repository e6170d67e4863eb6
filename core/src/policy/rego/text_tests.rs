use proptest::prelude::*;

use super::{Dialect, Policy, Request};

proptest! {
    #[test]
    fn rego_reads_what_it_prints(value in crate::value::tests::values()) {
        let policy = Policy::load(&[], Dialect::V1).unwrap();
        let query = policy.query(&format!("x := {value}")).unwrap();
        let results = policy.run(&query, &Request::default()).unwrap();
        prop_assert_eq!(&results[0][0].1, &value);
    }
}
