use super::*;
use crate::{Account, Post};

fn post(n: usize, linked: bool) -> Command {
    let mut post = Post::new(format!("p{n}"), "bank:ZAR", "c1:ZAR", "1.00");
    post.extra.linked = linked;
    post.into()
}

#[test]
fn a_chain_at_the_end_of_a_batch_stays_in_it() {
    for (name, linked, expected) in [
        ("no chain", 0..0, BATCH),
        ("a chain that ends with the batch", BATCH - 3..BATCH - 1, BATCH),
        ("a chain across the end", BATCH - 3..BATCH + 2, BATCH + 3),
        ("a chain behind it", BATCH..BATCH + 3, BATCH),
    ] {
        let commands: Vec<_> = (0..BATCH + 10).map(|n| post(n, linked.contains(&n))).collect();
        assert_eq!(batch_len(&commands), expected, "{name}");
    }
    assert_eq!(batch_len(&[post(1, true)]), 1);
}

#[test]
fn every_command_is_told_in_order_until_it_is_enough() {
    let thalium = Thalium::open("memory:").unwrap();
    thalium.do_one(Account::asset("bank:ZAR", "ZAR")).unwrap();
    thalium.do_one(Account::liability("c1:ZAR", "ZAR")).unwrap();
    let commands: Vec<_> = (0..10_000).map(|n| post(n, false)).collect();
    let mut keys = Vec::new();
    thalium
        .submit_all(&commands, |batch, outcomes| {
            assert_eq!(batch.len(), outcomes.len());
            keys.extend(outcomes.into_iter().map(|outcome| outcome.key));
            keys.len() < 8_000
        })
        .unwrap();
    assert_eq!(keys, (0..2 * BATCH).map(|n| format!("p{n}")).collect::<Vec<_>>());
}
