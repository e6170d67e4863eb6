use proptest::prelude::*;

use super::*;

fn balance() -> impl Strategy<Value = u128> {
    prop_oneof![
        Just(0),
        Just(u128::from(u64::MAX)),
        Just(u128::from(u64::MAX) + 1),
        Just(u128::MAX),
        any::<u64>().prop_map(u128::from),
        any::<u128>(),
    ]
}

fn balances() -> impl Strategy<Value = Balances> {
    prop::array::uniform4(balance()).prop_map(|[dp, d, cp, c]| Balances {
        debits_pending: dp,
        debits_posted: d,
        credits_pending: cp,
        credits_posted: c,
    })
}

fn account(n: u128) -> NewAccount {
    NewAccount { id: Id(n), ledger: 710, ..NewAccount::default() }
}

proptest! {
    /// Whatever the balances were before, wide or not, and whatever the neighbours hold.
    #[test]
    fn balances_are_read_as_they_were_set(sets in prop::collection::vec((0..3_u32, balances()), 1..20)) {
        let mut accounts = Accounts::default();
        let mut model = [Balances::default(); 3];
        (1..=3_u8).for_each(|n| accounts.push(&account(n.into()), n.into()));
        for (index, balances) in sets {
            accounts.set_balances(index, balances);
            model[index as usize] = balances;
            for (index, balances) in (0..).zip(model) {
                prop_assert_eq!(accounts.balances(index), Some(balances));
            }
        }
    }
}

#[test]
fn an_account_fills_one_cache_line() {
    assert_eq!((size_of::<Row>(), align_of::<Row>()), (64, 64));
}

#[test]
fn accounts_are_found_by_their_ids_and_aliases_and_nothing_else_is() {
    let mut accounts = Accounts::default();
    for n in 1..=1_000_u64 {
        accounts.push(&account(u128::from(n) << 96), n);
    }
    accounts.alias(Id(7), 41);
    for n in 1..=1_000_u128 {
        let index = accounts.find(Id(n << 96)).unwrap();
        assert!(accounts.is(index, Id(n << 96)) && u128::from(index) == n - 1);
    }
    assert_eq!(accounts.find(Id(7)), Some(41));
    assert_eq!((accounts.find(Id(8)), accounts.find(Id::ZERO)), (None, None));
    assert_eq!((accounts.head(1_000).is_none(), accounts.balances(1_000)), (true, None));
}
