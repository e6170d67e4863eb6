//! Zones: the standard's own specimens, what check digits see and what they do not, and hostile texts.

use chrono::NaiveDate;

use super::*;

/// The standard's specimens: appendices of parts 4 to 7.
const TD1: &str = "I<UTOD231458907<<<<<<<<<<<<<<<
7408122F1204159UTO<<<<<<<<<<<6
ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
const TD2: &str = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<
D231458907UTO7408122F1204159<<<<<<<6";
const TD3: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
L898902C36UTO7408122F1204159ZE184226B<<<<<10";
const MRV_A: &str = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
L8988901C4XXX4009078F96121096ZE184226B<<<<<<";
const MRV_B: &str = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<
L8988901C4XXX4009078F9612109<<<<<<<<";
const SPECIMENS: [&str; 5] = [TD1, TD2, TD3, MRV_A, MRV_B];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn read(zone: &str) -> Mrz {
    Mrz::read(zone).unwrap()
}

/// A specimen with one character of one line in another's place; lines and columns count from one.
fn changed(zone: &str, line: usize, column: usize, character: char) -> String {
    let mut lines: Vec<Vec<char>> = zone.lines().map(|line| line.chars().collect()).collect();
    lines[line - 1][column - 1] = character;
    lines.iter().map(String::from_iter).collect::<Vec<_>>().join("\n")
}

/// The check digits that do not hold.
fn bad(mrz: &Mrz) -> Vec<&'static str> {
    mrz.checks.iter().filter(|check| !check.is_good).map(|check| check.field.name()).collect()
}

#[test]
fn the_specimens_of_the_standard() {
    let cases = [
        (TD1, "TD1", "I", "D23145890", "UTO", "740812", "120415", "", 4),
        (TD2, "TD2", "I", "D23145890", "UTO", "740812", "120415", "", 4),
        (TD3, "TD3", "P", "L898902C3", "UTO", "740812", "120415", "ZE184226B", 5),
        (MRV_A, "MRV-A", "V", "L8988901C", "XXX", "400907", "961210", "6ZE184226B", 3),
        (MRV_B, "MRV-B", "V", "L8988901C", "XXX", "400907", "961210", "", 3),
    ];
    for (zone, format, code, number, nationality, born, expires, optional, checks) in cases {
        let mrz = read(zone);
        assert_eq!(mrz.format.name(), format);
        assert_eq!((mrz.document_code.as_str(), mrz.issuer.as_str()), (code, "UTO"), "{format}");
        assert_eq!((mrz.number.as_str(), mrz.nationality.as_str()), (number, nationality));
        assert_eq!((mrz.born.to_string(), mrz.expires.to_string()), (born.into(), expires.into()));
        assert_eq!(
            (mrz.names.primary.as_str(), mrz.names.secondary.as_str()),
            ("ERIKSSON", "ANNA MARIA")
        );
        assert_eq!((mrz.sex, mrz.names.is_truncated), (Sex::Female, false));
        assert_eq!((mrz.optional.as_str(), mrz.optional_second.as_str()), (optional, ""));
        assert_eq!((mrz.checks.len(), bad(&mrz)), (checks, vec![]), "{format}");
        assert!(mrz.is_valid());
        assert_eq!(mrz.write().unwrap(), zone, "{format}");
    }
}

#[test]
fn one_run_and_spaces_are_the_same_zone() {
    for zone in SPECIMENS {
        let wanted = read(zone);
        let run = zone.replace('\n', "");
        let spaced = format!("\r\n  {}\t\r\n\n", zone.replace('\n', " \r\n \n "));
        assert_eq!(read(&run), wanted);
        assert_eq!(read(&spaced), wanted);
    }
}

#[test]
fn one_wrong_character_is_told_by_the_check_digits_over_it() {
    let cases = [
        (TD3, 2, 3, '7', "number composite"),
        (TD3, 2, 10, '7', "number composite"),
        (TD3, 2, 14, '8', "born composite"),
        (TD3, 2, 20, '3', "born composite"),
        (TD3, 2, 23, '3', "expires composite"),
        (TD3, 2, 28, '8', "expires composite"),
        (TD3, 2, 30, 'F', "optional composite"),
        (TD3, 2, 43, '2', "optional composite"),
        (TD3, 2, 44, '1', "composite"),
        (TD2, 2, 1, 'O', "number composite"),
        (TD2, 2, 19, '3', "born composite"),
        (TD2, 2, 22, '2', "expires composite"),
        (TD2, 2, 30, 'X', "composite"),
        (TD2, 2, 36, '5', "composite"),
        (TD1, 1, 6, 'O', "number composite"),
        (TD1, 1, 20, 'X', "composite"),
        (TD1, 2, 6, '3', "born composite"),
        (TD1, 2, 9, '0', "expires composite"),
        (TD1, 2, 19, 'X', "composite"),
        (TD1, 2, 30, '0', "composite"),
        (MRV_A, 2, 9, '0', "number"),
        (MRV_A, 2, 16, '1', "born"),
        (MRV_A, 2, 28, '0', "expires"),
        (MRV_B, 2, 9, '0', "number"),
        (MRV_B, 2, 20, '9', "born"),
        (MRV_B, 2, 24, '0', "expires"),
        // No check digit is over these.
        (MRV_A, 2, 29, '7', ""),
        (TD3, 1, 7, 'L', ""),
        (TD3, 1, 3, 'X', ""),
        (TD3, 2, 11, 'X', ""),
        (TD3, 2, 21, 'M', ""),
        // A letter in the place of a digit, and values ten apart.
        (TD3, 2, 10, 'G', "number"),
        (TD3, 2, 44, 'A', "composite"),
        (TD3, 2, 1, 'B', ""),
        (TD1, 1, 6, '3', ""),
        // The filler is no digit of a date, though it is worth as much as `0`.
        (MRV_A, 2, 20, '<', "born"),
    ];
    for (zone, line, column, character, wanted) in cases {
        let mrz = read(&changed(zone, line, column, character));
        let told = bad(&mrz).join(" ");
        assert_eq!(told, wanted, "{} {line}:{column} {character}", mrz.format.name());
        assert_eq!(mrz.is_valid(), wanted.is_empty());
    }
}

#[test]
fn a_number_of_more_than_nine_characters_goes_on_in_the_optional_data() {
    let long = |number: &str, optional: &str| Mrz {
        number: number.into(),
        optional: optional.into(),
        ..read(TD1)
    };
    let zone = long("D23145890734", "").write().unwrap();
    // Part 5, note j: a filler for the check digit, then the rest, the check digit over all, and a filler.
    assert!(zone.starts_with("I<UTOD23145890<7349<<<<<<<<<<<\n"), "{zone}");
    let again = read(&zone);
    assert_eq!((again.number.as_str(), again.is_valid()), ("D23145890734", true));
    let more = read(&long("D23145890734", "AB<12").write().unwrap());
    assert_eq!((more.number.as_str(), more.optional.as_str()), ("D23145890734", "AB<12"));
    assert!(more.is_valid());
    let card = Mrz { format: Format::Td2, ..long("D2314589073456", "") };
    let zone = card.write().unwrap();
    assert!(zone.contains("\nD23145890<UTO7408122F120415973456"), "{zone}");
    assert_eq!(read(&zone).number, card.number);
    // A misread rest is told by both digits that are over it.
    assert_eq!(
        bad(&read(&changed(&long("D23145890734", "").write().unwrap(), 1, 17, '8'))),
        ["number", "composite"]
    );
    // Nothing goes on: then a filler is no check digit. Passports and visas know no longer numbers.
    assert_eq!(bad(&read(&changed(TD1, 1, 15, '<'))), ["number", "composite"]);
    assert_eq!(read(&changed(TD1, 1, 15, '<')).number, "D23145890");
    for zone in [TD3, MRV_A, MRV_B] {
        let mrz = read(&changed(zone, 2, 10, '<'));
        assert_eq!((mrz.number.len(), bad(&mrz)[0]), (9, "number"));
        assert!(Mrz { number: "D231458907".into(), ..read(zone) }.write().is_err());
    }
    // One character that goes on is only its check digit, and none behind it is no end of it.
    for optional in ["5<<<<<<<<<<<<<<", "ABCDEFGHIJKLMN5"] {
        let zone = TD1.replace("7<<<<<<<<<<<<<<<", &format!("<{optional}"));
        assert_eq!((read(&zone).number.as_str(), bad(&read(&zone))[0]), ("D23145890", "number"));
    }
    let fits =
        ["ABCDEFGHIJKLM", "ABCDEFGHIJKLMN"].map(|rest| long(&format!("D23145890{rest}"), ""));
    assert!(read(&fits[0].write().unwrap()) == fits[0] && fits[1].write().is_err());
}

#[test]
fn names_are_divided_where_two_fillers_are() {
    let cases = [
        ("ERIKSSON<<ANNA<MARIA", "ERIKSSON", "ANNA MARIA", false),
        ("ERIKSSON<LARSEN<<ANNA", "ERIKSSON LARSEN", "ANNA", false),
        // Part 5, section 4.2.3.5: without two fillers there is no secondary identifier.
        ("ERIKSSON", "ERIKSSON", "", false),
        ("ERIKSSON<ANNA", "ERIKSSON ANNA", "", false),
        ("<<ANNA", "", "ANNA", false),
        ("ERIKSSON<<<ANNA<<MARIA", "ERIKSSON", "ANNA MARIA", false),
        ("ERIKSSON<LARSEN<<ANNA<MARIA<LO", "ERIKSSON LARSEN", "ANNA MARIA LO", true),
        ("ERIKSSON<LARSEN<<ANNA<MARIA<L<", "ERIKSSON LARSEN", "ANNA MARIA L", false),
        ("ERIKSSONLARSENERIKSSONLARSENER", "ERIKSSONLARSENERIKSSONLARSENER", "", true),
        ("", "", "", false),
    ];
    let above = TD1.rsplit_once('\n').unwrap().0;
    for (field, primary, secondary, is_truncated) in cases {
        let names = read(&format!("{above}\n{field:<<30}")).names;
        assert_eq!((names.primary.as_str(), names.secondary.as_str()), (primary, secondary));
        assert_eq!(names.is_truncated, is_truncated, "{field}");
    }
}

#[test]
fn fillers_where_the_standard_has_them() {
    // Germany's code is one letter; sex may be left open; a personal number may be missing, its digit is then `0` or a filler.
    let german = Mrz {
        issuer: "D<<".into(),
        nationality: "D<<".into(),
        sex: Sex::Unspecified,
        optional: String::new(),
        ..read(TD3)
    };
    let zone = german.write().unwrap();
    assert!(zone.starts_with("P<D<<ERIKSSON<<") && zone.contains("6D<<7408122<1204159"), "{zone}");
    assert_eq!(read(&zone), german);
    assert!(read(&changed(&zone, 2, 43, '0')).is_valid());
    assert_eq!(bad(&read(&changed(&zone, 2, 43, '5'))), ["optional", "composite"]);
    // A personal number that is there has a digit, though a filler may be worth as much.
    let there = Mrz { optional: "A".into(), ..german }.write().unwrap();
    assert!(read(&there).is_valid());
    assert_eq!(bad(&read(&changed(&there, 2, 43, '<'))), ["optional"]);
}

#[test]
fn dates_with_unknown_parts() {
    let (today, known) = (day("2026-11-30"), day("1974-08-12"));
    let cases = [
        ("740812", Some(74), Some(8), Some(12), Some(known)),
        ("7408<<", Some(74), Some(8), None, None),
        ("74<<<<", Some(74), None, None, None),
        ("<<0812", None, Some(8), Some(12), None),
        ("7<0812", None, Some(8), Some(12), None),
        ("<<<<<<", None, None, None, None),
        // No days: the check digit says whether they were misread.
        ("000000", Some(0), Some(0), Some(0), None),
        ("741312", Some(74), Some(13), Some(12), None),
        ("740230", Some(74), Some(2), Some(30), None),
    ];
    for (written, year2, month, day, born_on) in cases {
        let check = check_digit(written).unwrap();
        let mrz = read(&TD3.replace("7408122F", &format!("{written}{check}F")));
        assert_eq!((mrz.born.year2(), mrz.born.month(), mrz.born.day()), (year2, month, day));
        assert_eq!((mrz.born.to_string().as_str(), mrz.born_on(today)), (written, born_on));
        assert!(!bad(&mrz).contains(&"born"), "{written}");
        assert_eq!(
            Mrz { expires: mrz.born, ..mrz }.status(today) == Status::Unknown,
            born_on.is_none()
        );
    }
    assert_eq!(MrzDate::new(Some(74), None, None).unwrap().to_string(), "74<<<<");
    for (year2, month, day) in [(100, 1, 1), (0, 0, 1), (0, 13, 1), (0, 1, 0), (0, 1, 32)] {
        assert_eq!(MrzDate::new(Some(year2), Some(month), Some(day)), None);
    }
}

#[test]
fn the_century_is_the_nearest_that_can_be() {
    let born = [
        ("2026-11-30", "261130", Some("2026-11-30")),
        ("2026-11-30", "261201", Some("1926-12-01")),
        ("2026-11-30", "740812", Some("1974-08-12")),
        ("2026-11-30", "000229", Some("2000-02-29")),
        ("1999-12-31", "000228", Some("1900-02-28")),
        // 1900 had no such day.
        ("1999-12-31", "000229", None),
        ("2000-01-01", "991231", Some("1999-12-31")),
    ];
    for (today, written, wanted) in born {
        let mrz = Mrz { born: MrzDate::of(written).unwrap(), ..read(TD3) };
        assert_eq!(mrz.born_on(day(today)), wanted.map(day), "{written} on {today}");
    }
    let expires = [
        ("2026-11-30", "261130", Some("2026-11-30"), Status::Valid),
        ("2026-11-30", "261129", Some("2026-11-29"), Status::Expired),
        ("2026-11-30", "120415", Some("2012-04-15"), Status::Expired),
        ("2026-11-30", "761130", Some("2076-11-30"), Status::Valid),
        ("2026-11-30", "761201", Some("1976-12-01"), Status::Expired),
        ("1996-12-10", "961210", Some("1996-12-10"), Status::Valid),
        ("1996-12-11", "961210", Some("1996-12-10"), Status::Expired),
        ("1996-12-10", "060415", Some("2006-04-15"), Status::Valid),
        ("2026-11-30", "26<<<<", None, Status::Unknown),
        ("2026-11-30", "000000", None, Status::Unknown),
    ];
    for (today, written, wanted, status) in expires {
        let mrz = Mrz { expires: MrzDate::of(written).unwrap(), ..read(TD3) };
        assert_eq!(mrz.expires_on(day(today)), wanted.map(day), "{written} on {today}");
        assert_eq!(mrz.status(day(today)), status, "{written} on {today}");
    }
    for today in [NaiveDate::MIN, NaiveDate::MAX] {
        assert_eq!(read(TD3).expires_on(today), None);
        let _ = read(TD3).to_value(today);
    }
}

/// The second character of a card's code is the issuer's (part 5 and part 6, section 4.2.2): cards of permanent residents of the United States have
/// `C1`, and `C2` where they commute.
#[test]
fn a_card_has_any_second_character_in_its_code() {
    for zone in [TD1, TD2] {
        for code in ["C1", "C2", "A9", "I0", "IP", "AC", "CX"] {
            let zone = zone.replacen("I<", code, 1);
            let card = read(&zone);
            assert_eq!(card.document_code, code);
            assert!(card.is_valid(), "{code}");
            assert_eq!(card.write().unwrap().lines().next(), zone.lines().next());
        }
    }
}

#[test]
fn what_is_no_zone_is_told_with_its_place() {
    let cases = [
        (String::new(), "the text has no characters; a zone has 3 lines of 30"),
        (TD3.replace("10", "1"), "the text has 2 lines of 44, 43 characters"),
        (TD3.replace('\n', "<"), "the text has 1 line of 89 characters"),
        ("A\n".repeat(9), "the text has 9 lines of 1, 1, 1, 1 and more characters"),
        (changed(TD3, 1, 7, 'r'), "`r` in line 1, column 7: a zone has `A` to `Z`"),
        (changed(TD3, 1, 7, 'É').replace('\n', ""), "`É` in line 1, column 7:"),
        (changed(TD1, 3, 30, '\u{0}').replace('\n', ""), "`\\0` in line 3, column 30:"),
        (changed(TD3, 2, 12, ' '), "` ` in line 2, column 12:"),
        (changed(TD3, 1, 7, '0'), "`0` in line 1, column 7, in the names: only a letter or `<`"),
        (changed(TD3, 1, 2, '1'), "`1` in line 1, column 2, in the document code:"),
        (changed(MRV_A, 1, 2, '1'), "`1` in line 1, column 2, in the document code:"),
        (changed(TD2, 1, 5, '0'), "`0` in line 1, column 5, in the issuer:"),
        (changed(TD1, 2, 16, '0'), "`0` in line 2, column 16, in the nationality:"),
        (changed(TD3, 2, 16, 'O'), "`O` in line 2, column 16, in the date of birth: only a digit"),
        (changed(MRV_A, 2, 27, 'O'), "`O` in line 2, column 27, in the date of expiry:"),
        (changed(TD2, 2, 21, 'X'), "`X` in line 2, column 21, in the sex: only `M`, `F`"),
        (changed(TD3, 1, 1, 'I'), "`I` in line 1, column 1: zones of this size begin with `P`"),
        (changed(TD1, 1, 1, 'V'), "zones of this size begin with `A`, `C` or `I`"),
        (changed(TD2, 1, 1, 'P'), "zones of this size begin with `A`, `C`, `I`, or `V`"),
        ("A".repeat(10_000_000), "the text has 10000000 bytes; a zone with its spaces has no more"),
    ];
    for (text, wanted) in cases {
        let told = Mrz::read(&text).unwrap_err().to_string();
        assert!(told.contains(wanted), "{told}\nwanted {wanted}");
    }
}

#[test]
fn what_cannot_be_written_is_told() {
    let fields = || read(TD3);
    let cases = [
        (
            Mrz { document_code: "I".into(), ..fields() },
            "the document code cannot be written in a TD3",
        ),
        (Mrz { document_code: String::new(), ..fields() }, "it is of no such document"),
        (
            Mrz { issuer: "UTOP".into(), ..fields() },
            "the issuer cannot be written in a TD3: 4 characters for 3",
        ),
        (
            Mrz { nationality: "U7O".into(), ..fields() },
            "the nationality cannot be written in a TD3: it has a digit",
        ),
        (
            Mrz { number: "L-8".into(), ..fields() },
            "the number cannot be written in a TD3: `-` is in no zone",
        ),
        (Mrz { optional: "é".into(), ..fields() }, "`é` is in no zone"),
        (Mrz { optional_second: "A".into(), ..fields() }, "1 characters for 0 places"),
        (
            Mrz { names: Names { primary: "E".repeat(40), ..Names::default() }, ..fields() },
            "the names cannot be written in a TD3: 40 characters for 39 places",
        ),
        (
            Mrz { number: "D23145890<7".into(), ..read(TD1) },
            "behind its ninth character is a filler",
        ),
        (Mrz { number: "D23145890é7".into(), ..read(TD2) }, "in no zone"),
    ];
    for (mrz, wanted) in cases {
        let told = mrz.write().unwrap_err().to_string();
        assert!(told.contains(wanted), "{told}\nwanted {wanted}");
    }
}

#[test]
fn a_value_for_evidence() {
    let value = read(TD3).to_value(day("2026-11-30"));
    assert_eq!(
        value.to_json(),
        concat!(
            r#"{"born":"1974-08-12","born_written":"740812","#,
            r#""checks":{"born":true,"composite":true,"expires":true,"number":true,"optional":true},"#,
            r#""document_code":"P","expires":"2012-04-15","expires_written":"120415","format":"TD3","is_valid":true,"#,
            r#""issuer":"UTO","names":{"is_truncated":false,"primary":"ERIKSSON","secondary":"ANNA MARIA"},"#,
            r#""nationality":"UTO","number":"L898902C3","optional":["ZE184226B"],"sex":"female","status":"expired"}"#,
        )
    );
    let unknown = read(&TD3.replace("7408122F", "74<<<<0F")).to_value(day("2026-11-30"));
    assert_eq!(unknown.get_str("born"), Some(&Value::Null));
    assert_eq!(unknown.get_str("is_valid"), Some(&Value::Bool(false)));
}

#[test]
fn a_check_digit_is_seven_three_one() {
    // Part 3, section 4.9, has the first two.
    let cases = [
        ("520727", 3),
        ("AB2134<<<", 5),
        ("", 0),
        ("<<<<<<", 0),
        ("L898902C3", 6),
        ("ZE184226B<<<<<", 1),
    ];
    for (text, wanted) in cases {
        assert_eq!(check_digit(text), Some(wanted), "{text}");
    }
    for text in ["a", "É", " ", "A-1"] {
        assert_eq!(check_digit(text), None, "{text}");
    }
    assert!(check_digit(&"Z".repeat(1_000_000)).is_some());
}

#[test]
fn the_page_has_every_field_and_what_is_not_seen() {
    let page = include_str!("../../../../docs/mrz.md");
    let value = read(TD3).to_value(day("2026-11-30"));
    let names = value.as_object().unwrap().iter().filter_map(|(name, _)| name.as_str());
    for name in names.filter(|name| *name != "names") {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    for digit in 0..10 {
        let alike = |character: &char| check::value(*character).unwrap() % 10 == digit;
        let group: Vec<String> = "<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            .chars()
            .filter(alike)
            .map(String::from)
            .collect();
        assert!(page.contains(&format!("`{}`", group.join(" "))), "{group:?}");
    }
}
