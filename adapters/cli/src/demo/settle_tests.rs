use super::*;

fn settle(id: u64, price: &str, quantity: &str, is_buyer_maker: bool) -> Settlement {
    let amount = |text| Amount::parse(text, SCALE).unwrap();
    let trade = Trade {
        id,
        time_ms: 1_610_064_000_278,
        price: amount(price),
        quantity: amount(quantity),
        is_buyer_maker,
    };
    Settlement::new(trade, 300).unwrap()
}

#[test]
fn amounts_are_exact() {
    // By hand: price × quantity; 10 or 20 basis points of each side's receipt, rounded up.
    let table = [
        // 39,432.48 × 0.000263 = 10.37074224; base fee (maker, 10 bp) 0.000000263; quote fee (taker, 20 bp) 0.02074
        ("39432.48", "0.000263", true, "10.37", "0.00000027", "0.03"),
        // 39,439.44 × 0.004376 = 172.58698944; base fee (taker) 0.000008752; quote fee (maker) 0.17259
        ("39439.44", "0.004376", false, "172.59", "0.00000876", "0.18"),
        // halves go to the even cent: 0.125 and 0.135
        ("0.125", "1", false, "0.12", "0.00200000", "0.01"),
        ("0.135", "1", false, "0.14", "0.00200000", "0.01"),
        // whole: 50,000 × 2; 20 bp of 2 and 10 bp of 100,000
        ("50000", "2", false, "100000.00", "0.00400000", "100.00"),
        // less than half a cent is nothing, and neither is its fee
        ("1", "0.00000001", true, "0.00", "0.00000001", "0.00"),
    ];
    for (price, quantity, is_buyer_maker, quote, base_fee, quote_fee) in table {
        let found = settle(7, price, quantity, is_buyer_maker);
        assert_eq!(
            (found.quote.to_text(2), found.base_fee.to_text(8), found.quote_fee.to_text(2)),
            (quote.to_owned(), base_fee.to_owned(), quote_fee.to_owned()),
            "{price} × {quantity}"
        );
        assert_eq!(found.base.to_text(8), Amount::parse(quantity, 8).unwrap().to_text(8));
    }
}

#[test]
fn a_trade_is_one_transaction_and_every_tenth_is_held_first() {
    let kinds = |settlement: &Settlement| {
        let name = |command: &Command| match command {
            Command::Hold(hold) => format!(
                "{} {} {}",
                hold.key,
                hold.from == client(settlement.buyer, QUOTE),
                hold.amount
            ),
            Command::Capture(capture) => format!("{} of {}", capture.key, capture.hold),
            Command::Transaction(transaction) => {
                format!("{} of {}", transaction.key, transaction.legs.len())
            }
            _ => String::new(),
        };
        settlement.commands().iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&settle(7, "100", "1", false)), ["trade-7 of 6"]);
    // The buyer took: its quote is held.
    assert_eq!(
        kinds(&settle(10, "100", "1", false)),
        ["ord-10 true 100.00", "fill-10 of ord-10", "trade-10 of 5"]
    );
    // The seller took: its base is held.
    assert_eq!(
        kinds(&settle(20, "100", "1", true)),
        ["ord-20 false 1.00000000", "fill-20 of ord-20", "trade-20 of 5"]
    );
    // Nothing to pay, nothing to hold.
    assert_eq!(kinds(&settle(30, "1", "0.00000001", true)), ["trade-30 of 2"]);
}

#[test]
fn a_settlement_balances_and_its_parties_differ() {
    for id in 1..2_000 {
        let found = settle(id, "39432.48", "0.000263", id % 2 == 0);
        assert_ne!(found.buyer, found.seller);
        assert!((1..=300).contains(&found.buyer) && (1..=300).contains(&found.seller));
        let entries = found.entries();
        let debits: u128 = entries.iter().map(|(_, debit, _)| debit).sum();
        assert_eq!(debits, entries.iter().map(|(_, _, credit)| credit).sum::<u128>());
    }
}
