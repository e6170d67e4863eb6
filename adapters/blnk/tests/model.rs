//! A model of Blnk that keeps its balances as its documentation says; whatever it does, the books come to the same.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use thalium::{Engine, Genesis, Request, api};
use thalium_blnk::{Export, Options, Plan};

/// One thing that a user of Blnk does.
#[derive(Clone, Debug)]
enum Act {
    Post { from: usize, to: usize, amount: u64, queued: bool },
    Hold { from: usize, to: usize, amount: u64, queued: bool },
    Commit { hold: prop::sample::Index, share: u8 },
    Void { hold: prop::sample::Index },
    Reject { from: usize, to: usize, amount: u64 },
}

fn act() -> impl Strategy<Value = Act> {
    let between = || (0..4_usize, 1..4_usize).prop_map(|(from, by)| (from, (from + by) % 4));
    let amount = || prop_oneof![1..1_000_u64, Just(u64::MAX)];
    prop_oneof![
        4 => (between(), amount(), any::<bool>()).prop_map(|((from, to), amount, queued)| Act::Post { from, to, amount, queued }),
        3 => (between(), amount(), any::<bool>()).prop_map(|((from, to), amount, queued)| Act::Hold { from, to, amount, queued }),
        4 => (any::<prop::sample::Index>(), 1..=4_u8).prop_map(|(hold, share)| Act::Commit { hold, share }),
        2 => any::<prop::sample::Index>().prop_map(|hold| Act::Void { hold }),
        1 => (between(), amount()).prop_map(|((from, to), amount)| Act::Reject { from, to, amount }),
    ]
}

#[derive(Clone, Debug)]
struct Held {
    id: String,
    from: usize,
    to: usize,
    left: u64,
}

#[derive(Default)]
struct Blnk {
    /// Credited, debited, held for, held of.
    balances: [[u128; 4]; 4],
    records: Vec<Value>,
    holds: Vec<Held>,
    /// Several records may bear one instant.
    millis: u64,
}

impl Blnk {
    fn record(
        &mut self,
        status: &str,
        from: usize,
        to: usize,
        amount: u64,
        parent: &str,
    ) -> String {
        let id = format!("txn_{:04}", self.records.len());
        let created_at = thalium::time::format_instant(
            1_780_000_000_000_000_000 + i64::try_from(self.millis * 1_000_000).unwrap(),
        );
        self.records.push(json!({
            "transaction_id": id, "parent_transaction": parent, "status": status, "source": format!("bln_{from}"),
            "destination": format!("bln_{to}"), "currency": "USD", "precise_amount": amount, "precision": 100,
            "created_at": created_at, "reference": id,
        }));
        id
    }

    fn queued(&mut self, queued: bool, from: usize, to: usize, amount: u64) -> String {
        if queued { self.record("QUEUED", from, to, amount, "") } else { String::new() }
    }

    fn apply(&mut self, from: usize, to: usize, amount: u64) {
        self.balances[to][0] += u128::from(amount);
        self.balances[from][1] += u128::from(amount);
    }

    fn unhold(&mut self, from: usize, to: usize, amount: u64) {
        self.balances[to][2] -= u128::from(amount);
        self.balances[from][3] -= u128::from(amount);
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Post { from, to, amount, queued } => {
                let parent = self.queued(*queued, *from, *to, *amount);
                self.record("APPLIED", *from, *to, *amount, &parent);
                self.apply(*from, *to, *amount);
            }
            Act::Hold { from, to, amount, queued } => {
                let parent = self.queued(*queued, *from, *to, *amount);
                let id = self.record("INFLIGHT", *from, *to, *amount, &parent);
                self.balances[*to][2] += u128::from(*amount);
                self.balances[*from][3] += u128::from(*amount);
                self.holds.push(Held { id, from: *from, to: *to, left: *amount });
            }
            Act::Commit { hold, share } if !self.holds.is_empty() => {
                let at = hold.index(self.holds.len());
                let Held { id, from, to, left } = self.holds[at].clone();
                let amount = left.div_ceil(u64::from(*share));
                if amount > 0 {
                    self.record("APPLIED", from, to, amount, &id);
                    self.apply(from, to, amount);
                    self.unhold(from, to, amount);
                    self.holds[at].left -= amount;
                }
            }
            Act::Void { hold } if !self.holds.is_empty() => {
                let at = hold.index(self.holds.len());
                let Held { id, from, to, left } = self.holds[at].clone();
                if left > 0 {
                    self.record("VOID", from, to, left, &id);
                    self.unhold(from, to, left);
                    self.holds[at].left = 0;
                }
            }
            Act::Reject { from, to, amount } => {
                let parent = self.queued(true, *from, *to, *amount);
                self.record("REJECTED", *from, *to, *amount, &parent);
            }
            Act::Commit { .. } | Act::Void { .. } => {}
        }
    }

    fn export(&self) -> Export {
        let balances: Vec<Value> = (0..4)
            .map(|index| {
                let [credit, debit, held_for, held_of] = self.balances[index];
                let text = |units: u128| units.to_string();
                json!({
                    "balance_id": format!("bln_{index}"), "currency": "USD", "created_at": "2026-01-01T00:00:00Z",
                    "credit_balance": text(credit), "debit_balance": text(debit),
                    "inflight_credit_balance": text(held_for), "inflight_debit_balance": text(held_of),
                })
            })
            .collect();
        // The newest first, as the list of transactions comes.
        let records: Vec<&Value> = self.records.iter().rev().collect();
        let text = |value: Value| value.to_string().into_bytes();
        Export::from_json(b"", &text(json!(balances)), &text(json!(records)), b"").unwrap()
    }
}

proptest! {
    #[test]
    fn whatever_blnk_did_the_books_come_to_its_balances(acts in prop::collection::vec((act(), 0..3_u64), 0..60)) {
        let mut blnk = Blnk::default();
        for (act, later) in &acts {
            // A hold and what captures it may bear one instant.
            blnk.millis += later;
            blnk.act(act);
        }
        let plan = Plan::of(&blnk.export(), &Options::default());
        let mut engine = Engine::new(Genesis::default());
        for commands in [&plan.accounts, &plan.transfers] {
            let commands = api::resolve(&engine, commands).commands;
            let now = 1_790_000_000_000_000_000;
            let executed = engine.execute(&Request { now, commands, ..Request::default() }).unwrap();
            prop_assert!(executed.outcomes.iter().all(|outcome| outcome.status.is_created()), "{:?}", executed.outcomes);
        }
        prop_assert_eq!(plan.compare(engine.book()).collect::<Vec<_>>(), []);
        let told: BTreeMap<&str, usize> = plan.differences.iter().fold(BTreeMap::new(), |mut told, own| {
            *told.entry(own.kind.name()).or_default() += 1;
            told
        });
        let rejected = acts.iter().filter(|(act, _)| matches!(act, Act::Reject { .. })).count();
        prop_assert_eq!(told.values().sum::<usize>(), rejected);
    }
}
