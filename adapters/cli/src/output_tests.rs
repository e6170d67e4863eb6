use super::*;

#[test]
fn numbers_are_grouped() {
    for (number, text) in [(0_u32, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
        assert_eq!(count(number), text);
    }
    for (plain, grouped) in
        [("1234.50", "1,234.50"), ("-1234567", "-1,234,567"), ("0.5", "0.5"), ("", ""), ("x", "x")]
    {
        assert_eq!(money(plain), grouped);
    }
}

#[test]
fn money_stands_at_the_right_and_control_characters_do_not_pass() {
    let mut rows = Rows::new(&["account", ">balance"]);
    rows.push(["c1:ZAR", "250.00"]);
    rows.push(["c\u{1b}[2J", "1.00"]);
    assert_eq!(rows.text(0), "account  balance\nc1:ZAR    250.00\nc [2J       1.00");
}
