use proptest::prelude::*;

use super::*;

fn leg(side: Side, account: u128, amount: u128, ledger: u32) -> Leg {
    Leg { account_id: Id(account), side, amount, ledger }
}

/// Debit account, credit account, amount, ledger.
type Booked = (u128, u128, u128, u32);
type Row<'a> = (&'a str, &'a [Leg], Result<&'a [Booked], TransferStatus>);

#[test]
fn legs_pair_up_in_the_order_given() {
    use Side::{Credit, Debit};
    #[rustfmt::skip]
    let table: &[Row] = &[
        ("one to one", &[leg(Debit, 1, 5, 1), leg(Credit, 2, 5, 1)], Ok(&[(1, 2, 5, 1)])),
        ("one to two", &[leg(Debit, 1, 5, 1), leg(Credit, 2, 3, 1), leg(Credit, 3, 2, 1)], Ok(&[(1, 2, 3, 1), (1, 3, 2, 1)])),
        ("two to two", &[leg(Debit, 1, 5, 1), leg(Debit, 2, 2, 1), leg(Credit, 3, 3, 1), leg(Credit, 4, 4, 1)],
            Ok(&[(1, 3, 3, 1), (1, 4, 2, 1), (2, 4, 2, 1)])),
        ("two assets", &[leg(Debit, 1, 5, 2), leg(Credit, 2, 5, 2), leg(Debit, 3, 7, 1), leg(Credit, 4, 7, 1)],
            Ok(&[(3, 4, 7, 1), (1, 2, 5, 2)])),
        ("an account that receives, then pays", &[leg(Debit, 1, 9, 1), leg(Credit, 2, 9, 1), leg(Debit, 2, 1, 1), leg(Credit, 3, 1, 1)],
            Ok(&[(1, 2, 9, 1), (2, 3, 1, 1)])),
        ("none", &[], Err(TransferStatus::LegsMustNotBeEmpty)),
        ("a leg of nothing", &[leg(Debit, 1, 0, 1), leg(Credit, 2, 0, 1)], Err(TransferStatus::LegsMustNotBeEmpty)),
        ("one side", &[leg(Debit, 1, 5, 1)], Err(TransferStatus::LegsMustBalance)),
        ("a unit too many", &[leg(Debit, 1, 5, 1), leg(Credit, 2, 6, 1)], Err(TransferStatus::LegsMustBalance)),
        ("balanced over two assets, in neither", &[leg(Debit, 1, 5, 1), leg(Credit, 2, 5, 2)], Err(TransferStatus::LegsMustBalance)),
        ("an account with itself", &[leg(Debit, 1, 5, 1), leg(Credit, 1, 5, 1)], Err(TransferStatus::AccountsMustBeDifferent)),
    ];
    for (name, legs, want) in table {
        let transaction =
            Transaction { id: Id(9), legs: legs.to_vec(), code: 1, ..Transaction::default() };
        let got = transfers(&transaction).map(|transfers| {
            transfers
                .iter()
                .map(|t| (t.debit_account_id.0, t.credit_account_id.0, t.amount, t.ledger))
                .collect::<Vec<_>>()
        });
        assert_eq!(got.as_deref().map_err(|status| *status), *want, "{name}");
    }
}

proptest! {
    #[test]
    fn every_leg_is_booked_to_the_unit(debits in prop::collection::vec(1_u128..1_000_000, 1..20), cut in 1_u128..1_000) {
        let total: u128 = debits.iter().sum();
        let mut credits = vec![];
        let mut left = total;
        while left > 0 {
            let amount = left.min(1 + (left * 7919) % (cut * 1000));
            credits.push(amount);
            left -= amount;
        }
        let legs: Vec<Leg> = (1_u128..).zip(&debits).map(|(n, amount)| leg(Side::Debit, n, *amount, 1))
            .chain((100_000_u128..).zip(&credits).map(|(n, amount)| leg(Side::Credit, n, *amount, 1)))
            .take(LEGS_MAX).collect();
        prop_assume!(legs.len() == debits.len() + credits.len());
        let booked = transfers(&Transaction { id: Id(9), legs: legs.clone(), code: 1, ..Transaction::default() }).unwrap();
        prop_assert!(booked.len() < legs.len());
        for leg in legs {
            let sum: u128 = booked.iter()
                .filter(|t| leg.account_id == if leg.side == Side::Debit { t.debit_account_id } else { t.credit_account_id })
                .map(|t| t.amount).sum();
            prop_assert_eq!(sum, leg.amount);
        }
    }
}
