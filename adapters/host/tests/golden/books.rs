//! What the golden directories hold: the same requests at the same instants, whoever writes them.

use thalium_host::money::AssetKind;
use thalium_host::{Account, Capture, Command, Context, Hold, NewAsset, Post, Release, Thalium};

/// 2026-01-01T00:00:00Z.
const BEGIN: i64 = 1_767_225_600_000_000_000;

/// Everything that a store can hold, over several parts and an image.
pub fn write(t: &Thalium) {
    let mut now = BEGIN;
    let context = Context { actor: "golden".into(), ..Context::default() };
    let mut submit = |commands: &[Command]| {
        now += 1_000_000_000;
        let outcomes = t.submit_at(&context, now, commands).unwrap();
        assert!(outcomes.iter().all(|outcome| outcome.ok), "{outcomes:?}");
    };
    submit(&[
        NewAsset { code: "BTC".into(), scale: 8, kind: AssetKind::Crypto, ledger: None }.into(),
        Account::asset("bank:ZAR", "ZAR").into(),
        Account::asset("vault:BTC", "BTC").into(),
        Account::liability("c1:ZAR", "ZAR").into(),
        Account::liability("c1:BTC", "BTC").into(),
        Account::liability("c2:ZAR", "ZAR").into(),
    ]);
    for round in 0..6 {
        let posts = (round * 10..round * 10 + 10).map(|n| {
            let mut post = Post::new(format!("p{n}"), "bank:ZAR", "c1:ZAR", "10.01");
            if n % 10 == 0 {
                post.extra.effective_date = Some("2025-12-31".into());
                post.extra.metadata = [("round".to_owned(), round.to_string())].into();
            }
            post.into()
        });
        submit(&posts.collect::<Vec<_>>());
    }
    submit(&[Post::new("b1", "vault:BTC", "c1:BTC", "0.00000001").into()]);
    for round in 0..5 {
        let holds = (0..4).map(|n| {
            let hold = Hold::new(format!("h{round}-{n}"), "c1:ZAR", "c2:ZAR", "1.00");
            // The last of them runs out.
            Hold { timeout: if n == 3 { 3 } else { 0 }, ..hold }.into()
        });
        submit(&holds.collect::<Vec<_>>());
        submit(&[
            Capture::new(format!("c{round}"), format!("h{round}-0")).amount("0.40").into(),
            Release::new(format!("r{round}"), format!("h{round}-1")).into(),
        ]);
    }
}
