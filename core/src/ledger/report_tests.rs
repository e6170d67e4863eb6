use super::*;
use crate::ledger::account::NewAccount;
use crate::ledger::query::{ChangeFilter, ChangeKind};
use crate::ledger::transfer::{Transfer, TransferFlags};
use crate::time::SECOND;
use crate::{Command, Engine, Genesis, Request};

const NOW: i64 = 1_000 * SECOND;

/// Platform 1 over brokers 2 and 3; clients 4 and 5 under 2, client 6 under 3; a bank, 9.
fn engine() -> Engine {
    let account = |id, parent, kind| -> Command {
        NewAccount {
            id: Id(id),
            parent: Id(parent),
            ledger: 710,
            code: 1,
            kind: Some(kind),
            ..NewAccount::default()
        }
        .into()
    };
    use AccountKind::{Asset, Liability};
    let mut engine = Engine::new(Genesis::default());
    let commands = vec![
        account(1, 0, Liability),
        account(2, 1, Liability),
        account(3, 1, Liability),
        account(4, 2, Liability),
        account(5, 2, Liability),
        account(6, 3, Liability),
        account(9, 0, Asset),
        move_money(100, 9, 4, 500, TransferFlags::default(), 0),
        move_money(101, 9, 6, 50, TransferFlags::default(), 0),
        move_money(102, 4, 5, 30, TransferFlags::PENDING, 2),
    ];
    let executed = engine.execute(&Request { now: NOW, commands, ..Request::default() }).unwrap();
    assert!(executed.outcomes.iter().all(|outcome| outcome.status.is_created()));
    let commands = vec![move_money(103, 4, 5, 20, TransferFlags::default(), 0)];
    engine.execute(&Request { now: NOW + 60 * SECOND, commands, ..Request::default() }).unwrap();
    engine
}

fn move_money(
    id: u128,
    debit: u128,
    credit: u128,
    amount: u128,
    flags: TransferFlags,
    timeout: u32,
) -> Command {
    Transfer {
        id: Id(id),
        debit_account_id: Id(debit),
        credit_account_id: Id(credit),
        amount,
        flags,
        timeout,
        ledger: 710,
        code: 1,
        ..Transfer::default()
    }
    .into()
}

#[test]
fn the_columns_of_a_trial_balance_are_equal() {
    let engine = engine();
    let trials = engine.book().trial_balance(None);
    assert_eq!(trials.len(), 1);
    let lines: Vec<_> = trials[0]
        .lines
        .iter()
        .map(|line| (line.account.opened.id.0, line.debit, line.credit))
        .collect();
    assert_eq!(
        lines,
        [(1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 480), (5, 0, 20), (6, 0, 50), (9, 550, 0)]
    );
    assert_eq!((trials[0].debit, trials[0].credit), (Some(550), Some(550)));
    let before = &engine.book().trial_balance(Some(NOW + SECOND))[0];
    assert_eq!((before.lines[3].credit, before.lines[4].credit), (500, 0));
}

#[test]
fn a_statement_runs_from_its_opening_to_its_closing() {
    let engine = engine();
    let statement = engine.book().statement(Id(4), 0, 0).unwrap();
    let lines: Vec<_> = statement
        .entries
        .iter()
        .map(|entry| {
            (
                entry.record.transfer.id.0,
                entry.expired,
                entry.balances.debits_pending,
                entry.balances.debits_posted,
            )
        })
        .collect();
    assert_eq!(
        lines,
        [(100, false, 0, 0), (102, false, 30, 0), (102, true, 0, 0), (103, false, 0, 20)]
    );
    assert_eq!(
        (statement.opening, statement.closing),
        (Balances::default(), statement.account.balances)
    );
    let later = engine.book().statement(Id(4), NOW + 30 * SECOND, 0).unwrap();
    assert_eq!(
        (later.entries.len(), later.opening.credits_posted, later.opening.debits_pending),
        (2, 500, 30)
    );
    let earlier = engine.book().statement(Id(4), 0, NOW + 30 * SECOND).unwrap();
    assert_eq!((earlier.entries.len(), earlier.closing.debits_pending), (2, 30));
    assert_eq!(engine.book().statement(Id(77), 0, 0), None);
}

#[test]
fn balances_at_an_instant() {
    let engine = engine();
    let at = |id, instant| {
        engine.book().balances_at(Id(id), instant).map(|b| (b.credits_posted, b.debits_posted))
    };
    assert_eq!(at(4, NOW - SECOND), None);
    assert_eq!(at(4, NOW + SECOND), Some((500, 0)));
    assert_eq!(at(4, NOW + 100 * SECOND), Some((500, 20)));
    assert_eq!(at(3, NOW + SECOND), Some((0, 0)));
}

#[test]
fn the_chart_is_a_tree() {
    let engine = engine();
    let tree = |id| -> Vec<(u128, u32)> {
        engine
            .book()
            .subtree(Id(id))
            .into_iter()
            .map(|(account, depth)| (account.opened.id.0, depth))
            .collect()
    };
    assert_eq!(tree(1), [(1, 0), (2, 1), (4, 2), (5, 2), (3, 1), (6, 2)]);
    assert_eq!(tree(3), [(3, 0), (6, 1)]);
    assert_eq!(tree(77), []);
}

#[test]
fn what_is_owed_and_what_is_owned_come_to_zero() {
    let position = engine().book().position(710);
    let kinds: Vec<_> =
        position.kinds.iter().map(|(kind, net)| (kind.unwrap(), net.to_text(2))).collect();
    assert_eq!(
        kinds,
        [(AccountKind::Asset, "5.50".to_owned()), (AccountKind::Liability, "-5.50".to_owned())]
    );
    assert!(position.difference.is_zero());
}

#[test]
fn sums_go_past_128_bits() {
    let mut sum = Wide::default();
    for _ in 0..3 {
        sum.add(u128::MAX);
    }
    let mut other = sum;
    assert!(sum.less(other).is_zero());
    other.add(1);
    assert_eq!(sum.less(other), Net::between(0, 1));
    assert_eq!(other.less(Wide::default()), Net::between(u128::MAX, 0));
}

/// The hold ran out at `NOW + 2 s`; the import stands behind that in the log and is dated before it.
#[test]
fn an_import_is_placed_by_its_date_among_what_was_recorded_before_it() {
    let mut engine = Engine::new(Genesis::default());
    let account =
        |id| NewAccount { id: Id(id), ledger: 710, code: 1, ..NewAccount::default() }.into();
    let hold = move_money(1, 8, 9, 30, TransferFlags::PENDING, 2);
    let request = |now, commands| Request { now, commands, ..Request::default() };
    engine.execute(&request(NOW, vec![account(8), account(9), hold])).unwrap();
    let Command::Transfer(mut import) = move_money(2, 8, 9, 7, TransferFlags::IMPORTED, 0) else {
        panic!("a transfer")
    };
    import.timestamp = NOW + SECOND;
    let late = engine.execute(&request(NOW + 5 * SECOND, vec![import.into()])).unwrap();
    assert!(late.outcomes[0].status.is_created());

    let book = engine.book();
    let kinds = |min, max, limit| -> Vec<_> {
        let filter = ChangeFilter { timestamp_min: min, timestamp_max: max, limit };
        book.changes(&filter).iter().map(|change| change.kind).collect()
    };
    use ChangeKind::{Expired, Pending, SinglePhase};
    assert_eq!(kinds(0, 0, 10), [Pending, SinglePhase, Expired]);
    assert_eq!(kinds(0, 0, 2), [Pending, SinglePhase]);
    assert_eq!(kinds(NOW + 2 * SECOND, 0, 10), [Expired]);
    assert_eq!(kinds(0, i64::MAX, 1), [Pending]);

    let at = |instant| {
        let balances = book.balances_at(Id(8), instant).unwrap();
        (balances.debits_pending, balances.debits_posted)
    };
    let table = [
        ("held", NOW + SECOND / 2, (30, 0)),
        ("imported while held", NOW + SECOND, (30, 7)),
        ("run out", NOW + 6 * SECOND, (0, 7)),
    ];
    for (name, instant, want) in table {
        assert_eq!(at(instant), want, "{name}");
    }
}
