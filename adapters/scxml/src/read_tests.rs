use thalium::kyc::chart::{Action, ActionKind};

use super::*;

fn document(body: &str) -> String {
    format!("<scxml xmlns=\"{SCXML}\" version=\"1.0\">{body}</scxml>")
}

fn state(body: &str) -> Chart {
    import(&document(&format!("<state id=\"s\">{body}</state>")))
        .unwrap_or_else(|errors| panic!("{body}: {errors:?}"))
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let entry = |body: &str| format!("<state><onentry>{body}</onentry></state>");
    let cases = [
        ("text that is no XML", "<state>".to_owned(), "this is no XML"),
        (
            "an unknown element",
            "<stat/>".to_owned(),
            "1:62: /scxml/stat[1]: `<stat>` is nothing that SCXML lets stand in `<scxml>`",
        ),
        (
            "the second of two",
            "<state/>\n <state ide=\"x\"/>".to_owned(),
            "2:2: /scxml/state[2]/@ide: `ide` is no attribute of `<state>`",
        ),
        ("stray text", "<state>hello</state>".to_owned(), "text in `<state>`"),
        (
            "an end with a transition",
            "<final><transition/></final>".to_owned(),
            "`<transition>` is nothing",
        ),
        (
            "a state in a history",
            "<state><history><state/></history></state>".to_owned(),
            "`<state>` is nothing",
        ),
        (
            "an unknown kind of history",
            "<history type=\"wide\"/>".to_owned(),
            "write `shallow` or `deep`",
        ),
        (
            "two beginnings",
            "<state initial=\"a\"><initial><transition target=\"a\"/></initial></state>".to_owned(),
            "begins in one way",
        ),
        (
            "a beginning with a condition",
            "<state><initial><transition target=\"a\" cond=\"x\"/></initial></state>".to_owned(),
            "no condition",
        ),
        (
            "an action of another namespace",
            entry("<x:log xmlns:x=\"urn:x\"/>"),
            "`<log>` of the namespace `urn:x` is executable content that is not SCXML's",
        ),
        ("an unknown action", entry("<email/>"), "`<email>` is nothing"),
        (
            "an event and an expression",
            entry("<send event=\"a\" eventexpr=\"b\"/>"),
            "exclude each other",
        ),
        (
            "content and names",
            entry("<send namelist=\"a\"><content>b</content></send>"),
            "excludes",
        ),
        ("nothing to raise", entry("<raise/>"), "needs the attribute `event`"),
        (
            "a value given twice",
            entry("<assign location=\"a\" expr=\"1\">2</assign>"),
            "given once",
        ),
        ("no value", entry("<assign location=\"a\"/>"), "given once"),
        (
            "a branch after the last",
            entry("<if cond=\"a\"><else/><elseif cond=\"b\"/></if>"),
            "is the last",
        ),
        (
            "a param without a value",
            entry("<send><param name=\"a\"/></send>"),
            "either `expr` or `location`",
        ),
        ("two scripts", "<script/><script/>".to_owned(), "at most one `<script>`"),
        (
            "a variable without a name",
            "<datamodel><data/></datamodel>".to_owned(),
            "needs the attribute `id`",
        ),
    ];
    for (name, body, expected) in cases {
        let errors = import(&document(&body)).expect_err(name);
        assert!(
            errors.iter().any(|error| error.to_string().contains(expected)),
            "{name}: {errors:?}"
        );
        assert!(errors.iter().all(|error| error.place.row > 0), "{name}: {errors:?}");
    }
}

#[test]
fn what_is_no_document_of_scxml_is_refused() {
    let wide = format!(
        "<scxml xmlns=\"{SCXML}\"{}/>",
        (0..300).map(|nth| format!(" a{nth}='>'")).collect::<String>()
    );
    let spaces = format!("<scxml xmlns=\"{SCXML}\">{}</scxml>", "<a xmlns='urn:a'/>".repeat(300));
    let cases = [
        ("nothing", String::new(), "no XML"),
        ("another namespace", "<scxml/>".to_owned(), "no SCXML"),
        (
            "a document type",
            "<!DOCTYPE scxml [<!ENTITY a 'b'>]><scxml>&a;</scxml>".to_owned(),
            "<!DOCTYPE",
        ),
        ("a later version", format!("<scxml xmlns=\"{SCXML}\" version=\"2.0\"/>"), "only version"),
        ("elements that nest too deep", document(&"<state>".repeat(100_000)), "deeper than 128"),
        ("too many nodes", document(&"<state/>".repeat(140_000)), "nodes"),
        ("too many attributes", wide, "more than 256 attributes"),
        ("too many namespaces", spaces, "declarations of namespaces"),
        ("too many bytes", " ".repeat(BYTES + 1), "bytes"),
    ];
    for (name, text, expected) in cases {
        let errors = import(&text).expect_err(name);
        assert!(errors.iter().any(|error| error.message.contains(expected)), "{name}: {errors:?}");
    }
}

#[test]
fn markup_in_comments_scripts_and_values_does_not_count() {
    let deep = "<a>".repeat(200);
    let chart = state(&format!(
        "<!-- {deep} --><onentry><script><![CDATA[{deep}]]></script><?note {deep}?></onentry>"
    ));
    assert_eq!(chart.states[0].entry[0].len(), 1);
}

#[test]
fn what_stands_in_data_is_read_by_what_it_is() {
    let cases = [
        ("JSON", "{ \"limit\": 1.10 }", Some(Value::from_json("{\"limit\":1.10}").unwrap())),
        ("JSON in CDATA", "<![CDATA[ \"a<b\" ]]>", Some(Value::string("a<b"))),
        ("text", "\n  Know your\n\t customer ", Some(Value::string("Know your customer"))),
        ("nothing", "  ", None),
        (
            "XML stands for itself",
            "<who xmlns=\"\" xmlns:k=\"urn:k\"><k:id of=\"a&quot;b\"/>1 &lt; 2</who>",
            Some(Value::string(
                "<who xmlns=\"\"><k:id xmlns:k=\"urn:k\" of=\"a&quot;b\"/>1 &lt; 2</who>",
            )),
        ),
        (
            "a chart that is no content",
            "<scxml/>",
            Some(Value::string(&format!("<scxml xmlns=\"{SCXML}\"/>"))),
        ),
    ];
    for (name, body, expected) in cases {
        let chart = state(&format!("<datamodel><data id=\"d\">{body}</data></datamodel>"));
        assert_eq!(chart.states[0].data[0].value, expected.map(Content::Value), "{name}");
    }
}

#[test]
fn what_is_of_other_namespaces_is_passed_over() {
    let chart = state(
        "<e:geometry xmlns:e=\"urn:editor\" e:x=\"1\"/><transition e:colour=\"red\" xmlns:e=\"urn:editor\" target=\"s\"/>",
    );
    assert_eq!(chart.states[0].transitions.len(), 1);
}

#[test]
fn branches_hold_what_follows_them() {
    let chart = state(
        "<onentry><if cond=\"a\"><raise event=\"x\"/><elseif cond=\"b\"/><else/><raise event=\"y\"/><raise event=\"z\"/></if></onentry>",
    );
    let [Action { kind: ActionKind::If(branches), .. }] = chart.states[0].entry[0].as_slice()
    else {
        panic!("{chart:?}")
    };
    let shape: Vec<_> =
        branches.iter().map(|branch| (branch.condition.is_some(), branch.actions.len())).collect();
    assert_eq!(shape, [(true, 1), (true, 0), (false, 2)]);
}
