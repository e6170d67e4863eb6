//! Times: what is imported is dated in the order of the log, no two alike, and every transfer after its accounts.

use std::collections::{BTreeSet, HashMap};

use thalium::api::Command;

use super::chart::Opening;
use super::moves::Move;

/// Accounts and transfers with their times.
#[derive(Debug, Default)]
pub(super) struct Ordered {
    pub(super) accounts: Vec<Command>,
    pub(super) transfers: Vec<Command>,
    pub(super) shifted: i64,
}

pub(super) fn dated(mut openings: Vec<Opening>, mut moves: Vec<Move>) -> Ordered {
    moves.sort_by(|one, other| (one.at, one.rank, &one.id).cmp(&(other.at, other.rank, &other.id)));
    let mut first: HashMap<&str, i64> = HashMap::new();
    for own in &moves {
        for transfer in &own.transfers {
            for name in [&transfer.from, &transfer.to].into_iter().flatten() {
                first.entry(name).or_insert(own.at);
            }
        }
    }
    for opening in &mut openings {
        // A balance that is younger than what moved it is opened before that.
        let before = first.get(opening.account.key.as_str()).map(|at| at.saturating_sub(1));
        opening.at = opening.at.into_iter().chain(before).min();
    }
    openings.sort_by(|one, other| (one.at, &one.account.key).cmp(&(other.at, &other.account.key)));
    let mut ordered = Ordered::default();
    let mut taken = BTreeSet::new();
    let mut opened: HashMap<String, i64> = HashMap::new();
    let mut last = 0;
    for opening in openings {
        let at = opening.at.unwrap_or(1).max(last + 1);
        (last, _) = (at, taken.insert(at));
        let mut account = opening.account;
        opened.insert(account.key.clone(), at);
        account.timestamp = Some(at.to_string());
        ordered.accounts.push(account.into());
    }
    last = 0;
    for own in moves {
        for mut transfer in own.transfers {
            let names = [&transfer.from, &transfer.to].into_iter().flatten();
            let after = names.filter_map(|name| opened.get(name)).max().copied().unwrap_or(0);
            let mut at = own.at.max(last.max(after) + 1);
            while taken.contains(&at) {
                at += 1;
            }
            last = at;
            ordered.shifted = ordered.shifted.max(at - own.at);
            transfer.timestamp = Some(at.to_string());
            ordered.transfers.push(transfer.into());
        }
    }
    ordered
}
