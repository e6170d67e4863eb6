use super::lines::LINE_MAX;
use super::*;
use thalium_host::{Capture, Extra, Hold, Post};

fn read(format: Format, text: &str) -> Vec<Line> {
    let mut reader = Reader::new(text.as_bytes(), format);
    let mut lines = Vec::new();
    while let Some(line) = reader.next_line().unwrap() {
        lines.push(line);
    }
    lines
}

fn fault(format: Format, text: &str) -> (u64, String, String) {
    let line = read(format, text).pop().unwrap();
    let why = line.command.unwrap_err();
    (line.number, why.field, why.message)
}

#[test]
fn json_lines_are_commands() {
    let text = concat!(
        "\u{feff}{\"op\":\"post\",\"key\":\"a\",\"from\":\"x\",\"to\":\"y\",\"amount\":\"1.00 ZAR\",\"code\":7}\r\n",
        "\n",
        "{\"op\":\"hold\",\"key\":\"h\",\"from\":\"x\",\"amount\":\"2\",\"timeout\":60,\"to\":null,\"user_data_64\":18446744073709551615}",
    );
    let lines = read(Format::Jsonl, text);
    assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(
        lines.iter().map(|line| line.bytes).sum::<u64>(),
        u64::try_from(text.len()).unwrap() - 1
    );
    let extra = Extra { code: Some(7), ..Extra::default() };
    assert_eq!(lines[0].command, Ok(Post { extra, ..Post::new("a", "x", "y", "1.00 ZAR") }.into()));
    let extra = Extra { user_data_64: u64::MAX, ..Extra::default() };
    let hold = Hold { to: None, timeout: 60, extra, ..Hold::new("h", "x", "", "2") };
    assert_eq!(lines[1].command, Ok(hold.into()));
}

#[test]
fn json_faults_name_the_field_and_what_to_do() {
    let table = [
        ("{", "", "is no JSON (column 1)"),
        ("[]", "", "is no JSON object"),
        ("{}", "op", "is missing"),
        (r#"{"op":1}"#, "op", "is no text"),
        (r#"{"op":"pots"}"#, "op", "there is no operation `pots`: use post"),
        (
            r#"{"op":"post","ammount":"1"}"#,
            "ammount",
            "`post` has no such field; it has key, id, from, to, amount",
        ),
        (
            r#"{"op":"post","amount":1.5}"#,
            "amount",
            "is a bare number, which others may round: write it between quotes",
        ),
        (r#"{"op":"post","from":7}"#, "from", "is no text"),
        (r#"{"op":"hold","timeout":"60"}"#, "timeout", "is no number"),
        (r#"{"op":"hold","timeout":4294967296}"#, "timeout", "`4294967296` is out of range"),
        (r#"{"op":"post","code":-1}"#, "code", "`-1` is out of range"),
        (r#"{"op":"post","code":1.5}"#, "code", "`1.5` is out of range"),
        (r#"{"op":"post","linked":1}"#, "linked", "is neither true nor false"),
        (r#"{"op":"post","metadata":{"a":1}}"#, "metadata", "is no object of texts"),
        (r#"{"op":"transaction","legs":{}}"#, "legs", "is no list"),
        (
            r#"{"op":"transaction","legs":[{"account":"a","side":"debit"}]}"#,
            "legs[0].amount",
            "is missing or no text",
        ),
        (
            r#"{"op":"transaction","legs":[{"account":"a","side":"left","amount":"1"}]}"#,
            "legs[0].side",
            "is `left`: write debit or credit",
        ),
        (
            r#"{"op":"account","kind":"liabilty"}"#,
            "kind",
            "is `liabilty`: write asset, liability, equity, income or expense",
        ),
    ];
    for (line, field, message) in table {
        let (number, found, why) = fault(Format::Jsonl, line);
        assert_eq!((number, found.as_str()), (1, field), "{line}");
        assert!(why.starts_with(message), "{line}: {why}");
    }
}

#[test]
fn csv_rows_are_commands() {
    let text = "op,key,from,to,amount,hold,timeout,description,metadata.order\n\
                ,a,x,y,1.00 ZAR,,,\"rent, paid\",ord-7\n\
                hold,h,x,,2,,60,,\n\
                capture,f,,z,,h,,,\n";
    let commands: Vec<Command> =
        read(Format::Csv, text).into_iter().map(|line| line.command.unwrap()).collect();
    let extra = Extra {
        description: "rent, paid".into(),
        metadata: [("order".to_owned(), "ord-7".to_owned())].into(),
        ..Extra::default()
    };
    let expected: Vec<Command> = vec![
        Post { extra, ..Post::new("a", "x", "y", "1.00 ZAR") }.into(),
        Hold { to: None, timeout: 60, ..Hold::new("h", "x", "", "2") }.into(),
        Capture { to: Some("z".into()), ..Capture::new("f", "h") }.into(),
    ];
    assert_eq!(commands, expected);
}

#[test]
fn csv_faults_stop_no_other_row() {
    let text = "key,from,to,amount,timeout\na,x,y,1,\nb,x,y\nc,x,y,1,soon\nd,\"x,y,1,\ne,x,y,1,60\nf,x,y,1,\n";
    let told: Vec<_> = read(Format::Csv, text)
        .into_iter()
        .map(|line| {
            (
                line.number,
                line.command
                    .map_or_else(|why| format!("{}: {}", why.field, why.message), |_| "ok".into()),
            )
        })
        .collect();
    let table = [
        (2, "ok"),
        (3, ": has 3 fields, the header has 5"),
        (4, "timeout: `soon` is no whole number"),
        (5, ": has a quote that is not closed"),
        (6, "timeout: `post` has no such field"),
        (7, "ok"),
    ];
    assert_eq!(told.len(), table.len());
    for ((line, text), (at, expected)) in told.iter().zip(table) {
        assert_eq!(*line, at);
        assert!(text.starts_with(expected), "{text}");
    }
}

#[test]
fn a_header_that_makes_no_sense_is_refused() {
    for (text, field) in [("key,sum\n", "sum"), ("key,key\n", "key"), ("metadata.\n", "metadata.")]
    {
        let why = Reader::new(text.as_bytes(), Format::Csv).next_line().unwrap_err();
        assert_eq!(why.field, field, "{}", why.message);
    }
}

#[test]
fn a_line_is_bounded() {
    let short = r#"{"op":"release","key":"r","hold":"h"}"#;
    let ok = format!("{short}{}", " ".repeat(LINE_MAX - short.len()));
    let long = "x".repeat(10 * LINE_MAX);
    let text = format!("{ok}\r\n{long}\n{ok} \n{ok}\n\u{0}\n");
    let told: Vec<bool> =
        read(Format::Jsonl, &text).iter().map(|line| line.command.is_ok()).collect();
    assert_eq!(told, [true, false, false, true, false]);
    let mut bytes = Lines::new(&b"ab\xffc\n"[..]);
    assert_eq!(
        bytes.next_raw().unwrap().unwrap().text.unwrap_err(),
        "byte 3 is not UTF-8: save the file as UTF-8"
    );
}
