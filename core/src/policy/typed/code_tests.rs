//! The numbers of reasons are a promise.

use super::Code;

/// A line may be added at the end of its group; none is ever changed.
const GOLDEN: &str = "\
1001 no_rule_permits
1002 no_rule_decided
1003 missing_fact
1004 tenant_unknown
1005 tenants_differ
1006 permission_not_granted
1007 forbidden
1008 review_asked
1009 noted
1010 foreign_facts
1011 no_thresholds_in_force
1012 no_threshold_for_key
1013 facts_refused
2001 amount_above_limit
2002 amount_below_minimum
2003 count_above_limit
2004 velocity_above_limit
2005 out_of_range
3001 large_transaction
3002 structuring
3003 rapid_movement
3004 sanctioned_country
3005 high_risk_country
3006 sanctions_match
3007 pep
3008 new_account
3009 unusual_volume
3010 travel_rule
4001 step_up_required
4002 approvals_missing
4003 maker_is_checker
4004 login_failures
4005 session_expired
";

#[test]
fn numbers_never_change() {
    let lines: String =
        Code::ALL.iter().map(|code| format!("{} {}\n", code.number(), code.name())).collect();
    assert_eq!(lines, GOLDEN);
}

#[test]
fn the_table_of_the_documentation_says_the_same() {
    let table = include_str!("code.rs").lines().filter_map(|line| line.strip_prefix("//! | "));
    let lines: String = table
        .skip(1)
        .map(|row| {
            let mut cells = row.split(" | ");
            let number = cells.next().unwrap();
            format!("{number} {}\n", cells.next().unwrap().trim_matches('`'))
        })
        .collect();
    assert_eq!(lines, GOLDEN);
}

#[test]
fn what_is_suspected_is_confidential_and_what_the_customer_can_mend_is_not() {
    assert!(Code::Structuring.is_confidential());
    assert!(!Code::TravelRule.is_confidential());
    assert!(!Code::AmountAboveLimit.is_confidential());
}
