use super::*;

#[test]
fn numbers_ascend_with_precedence_and_name_one_status() {
    fn check(rows: &[(u16, &str)]) {
        for pair in rows.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} must precede {}", pair[0].1, pair[1].1);
        }
        let names: std::collections::BTreeSet<_> = rows.iter().map(|row| row.1).collect();
        assert_eq!(names.len(), rows.len());
    }
    check(&AccountStatus::ALL.iter().map(|s| (s.number(), s.name())).collect::<Vec<_>>());
    check(&TransferStatus::ALL.iter().map(|s| (s.number(), s.name())).collect::<Vec<_>>());
    check(&AssetStatus::ALL.iter().map(|s| (s.number(), s.name())).collect::<Vec<_>>());
}

#[test]
fn a_number_is_read_back() {
    for status in TransferStatus::ALL {
        assert_eq!(TransferStatus::from_number(status.number()), Some(*status));
    }
    assert_eq!(TransferStatus::from_number(11), None);
}

#[test]
fn seven_failures_burn_the_id() {
    let burning: Vec<_> =
        TransferStatus::ALL.iter().filter(|s| s.is_transient()).map(|s| s.name()).collect();
    assert_eq!(
        burning,
        [
            "debit_account_not_found",
            "credit_account_not_found",
            "pending_transfer_not_found",
            "debit_account_already_closed",
            "credit_account_already_closed",
            "exceeds_credits",
            "exceeds_debits",
        ]
    );
}
