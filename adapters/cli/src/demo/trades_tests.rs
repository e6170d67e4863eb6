use super::*;

#[test]
fn the_scenario_is_the_same_on_every_machine() {
    let trades = load(None, None).unwrap();
    assert_eq!(trades.len(), 200);
    assert_eq!(trades, load(None, None).unwrap());
    assert!(
        trades
            .iter()
            .all(|trade| !trade.quantity.is_zero() && trade.price.to_text(8).ends_with("000000"))
    );
    assert!(
        trades.windows(2).all(|pair| pair[0].id < pair[1].id && pair[0].time_ms <= pair[1].time_ms)
    );
    assert_eq!(trades[0].date(), "2026-01-05");
}

#[test]
fn a_longer_run_continues_with_new_ids() {
    let trades = load(None, Some(450)).unwrap();
    let ids: Vec<u64> = trades.iter().map(|trade| trade.id).collect();
    assert_eq!(ids, (1..=450).collect::<Vec<u64>>());
    assert_eq!(trades[200].price, trades[0].price);
    assert!(trades[200].time_ms > trades[199].time_ms);
    assert_eq!(load(None, Some(3)).unwrap().len(), 3);
}

#[test]
fn a_row_that_is_no_trade_names_its_field() {
    let table = [
        (["7", "1610064000278", "39432.48", "0.000263", "true"], ""),
        (["x", "1", "1", "1", "true"], "trade_id: is no whole number"),
        (["7", "-1", "1", "1", "true"], "time_ms: is no whole number"),
        (["7", "1", "1", "26.3e-5", "true"], ""),
        (["7", "1", "0.00", "1", "true"], "price: is zero"),
        (["7", "1", "1", "1.000000001", "true"], "quantity: "),
        (["7", "1", "1", "1", "yes"], "buyer_maker: is neither true nor false"),
    ];
    for (row, expected) in table {
        match trade(&csv::StringRecord::from(row.to_vec())) {
            Ok(trade) => assert_eq!(
                (trade.id, trade.quantity.to_text(8).as_str(), expected),
                (7, "0.00026300", "")
            ),
            Err(why) => assert!(!expected.is_empty() && why.starts_with(expected), "{why}"),
        }
    }
}

#[test]
fn scientific_notation_is_the_same_number() {
    let table = [
        ("2e-6", "0.000002"),
        ("2.5e-6", "0.0000025"),
        ("12.5E-1", "01.25"),
        ("2e0", "2"),
        ("2.5e0", "2.5"),
        ("1.25e1", "12.5"),
        ("1.25e+3", "1250"),
        ("0.5", "0.5"),
        ("2e-99", "2e-99"),
        ("e5", "e5"),
        ("2e", "2e"),
    ];
    for (text, expected) in table {
        let found = plain(text);
        assert!(
            found == expected || Amount::parse(&found, 8) == Amount::parse(expected, 8),
            "{text}: {found}"
        );
    }
    for text in ["2e-99", "e5", "2e", "-1e-1", "1e1e1", "é1e-1", "1.é1e1", "1e-9"] {
        assert!(Amount::parse(&plain(text), 8).is_err(), "{text}");
    }
}
