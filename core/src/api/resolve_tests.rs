use super::*;
use crate::{Engine, Genesis, TransferFlags};

fn resolved(commands: &[Command]) -> Resolved {
    resolve(&Engine::new(Genesis::default()), commands)
}

fn accounts() -> Vec<Command> {
    vec![Account::asset("bank:ZAR", "ZAR").into(), Account::liability("c42:ZAR", "ZAR").into()]
}

#[test]
fn what_cannot_be_read_says_which_field() {
    let table = [
        (Post::new("a", "bank:ZAR", "c42:ZAR", "1.001"), "amount"),
        (Post::new("a", "bank:ZAR", "c42:ZAR", "1.00 USD"), "amount"),
        (Post::new("a", "bank:ZAR", "c42:ZAR", "NaN"), "amount"),
        (Post::new("a", "", "c42:ZAR", "1.00"), "from"),
        (Post::new("a", "bank:ZAR", "", "1.00"), "to"),
        (Post::new("", "bank:ZAR", "c42:ZAR", "1.00"), "key"),
        (Post::new("42", "bank:ZAR", "c42:ZAR", "1.00"), "key"),
    ];
    for (post, field) in table {
        let commands = [accounts(), vec![post.clone().into()]].concat();
        let told = resolved(&commands).parts.pop().unwrap();
        assert_eq!(told.map_err(|invalid| invalid.field), Err(field.into()), "{post:?}");
    }
}

#[test]
fn an_account_of_the_same_batch_lends_its_asset() {
    let commands =
        [accounts(), vec![Post::new("a", "bank:ZAR", "c42:ZAR", "1.50").into()]].concat();
    let resolved = resolved(&commands);
    let Some(crate::Command::Transfer(transfer)) = resolved.commands.last() else {
        panic!("{resolved:?}")
    };
    assert_eq!((transfer.ledger, transfer.amount), (710, 150));
}

#[test]
fn a_chain_with_a_member_that_cannot_be_read_goes_nowhere() {
    let linked = |post: Post| -> Command {
        Post { extra: Extra { linked: true, ..Extra::default() }, ..post }.into()
    };
    let mut commands = accounts();
    commands.push(linked(Post::new("a", "bank:ZAR", "c42:ZAR", "1.00")));
    commands.push(linked(Post::new("b", "bank:ZAR", "c42:ZAR", "one")));
    commands.push(Post::new("c", "bank:ZAR", "c42:ZAR", "1.00").into());
    commands.push(Post::new("d", "bank:ZAR", "c42:ZAR", "1.00").into());
    let resolved = resolved(&commands);
    let fields: Vec<_> = resolved
        .parts
        .iter()
        .map(|part| part.as_ref().err().map(|invalid| &*invalid.field))
        .collect();
    assert_eq!(fields, [None, None, Some("linked"), Some("amount"), Some("linked"), None]);
    assert_eq!(resolved.commands.len(), 3);
}

#[test]
fn a_capture_for_someone_else_moves_what_the_hold_of_the_same_batch_held() {
    let mut commands = accounts();
    commands.push(Account::liability("holds:ZAR", "ZAR").into());
    commands.push(Account::liability("c77:ZAR", "ZAR").into());
    let hold = Hold {
        key: "ord-7".into(),
        from: "c42:ZAR".into(),
        amount: "9.00".into(),
        ..Hold::default()
    };
    commands.push(hold.into());
    commands.push(Capture { to: Some("c77:ZAR".into()), ..Capture::new("fill-1", "ord-7") }.into());
    let resolved = resolved(&commands);
    let Some([crate::Command::Transfer(post), crate::Command::Transfer(onward)]) =
        resolved.commands.last_chunk()
    else {
        panic!("{resolved:?}")
    };
    assert!(post.flags.has(TransferFlags::POST_PENDING.with(TransferFlags::LINKED)));
    assert_eq!((post.amount, onward.amount, onward.ledger), (AMOUNT_MAX, 900, 710));
}
