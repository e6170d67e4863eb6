//! Two brokers of one tenant, and two tenants, see nothing of each other through any question.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use thalium_host::wire::{OPERATIONS, Surface};
use thalium_host::{Genesis, KeyText, Keys, Options, Thalium, wire};

const HOUSES: [&str; 2] = ["alpha", "beta"];
/// What belongs to no client: its accounts are the house's.
const HOUSE: [&str; 2] = ["bank:ZAR", "fees:ZAR"];
const IBANS: [&str; 2] = ["GB33BUKB20201555555555", "DE89370400440532013000"];

fn keyed() -> Options {
    let keys = Arc::new(KeyText::generate().unwrap()) as Arc<dyn Keys>;
    Options { keys: Some(keys), ..Options::default() }
}

fn ask(t: &Thalium, call: Value) -> Result<Value, String> {
    let told = wire::call(t, &call.to_string());
    told.map(|text| serde_json::from_str(&text).unwrap()).map_err(|failure| failure.to_string())
}

fn client(house: &str, n: usize) -> String {
    format!("{house}-client-{n}")
}

fn account(house: &str, n: usize) -> String {
    format!("{house}-{n}:ZAR")
}

/// Two brokers with two clients each; what is one's has its name in every text.
fn world() -> Thalium {
    let t = Thalium::open_with("memory:", keyed()).unwrap();
    let mut commands: Vec<Value> = HOUSE
        .iter()
        .map(|key| json!({"op":"account","key":key,"asset":"ZAR","kind":"asset"}))
        .collect();
    commands.push(json!({"op":"define_retention","name":"kyc","years":5}));
    for (house, iban) in HOUSES.iter().zip(IBANS) {
        commands.push(json!({"op":"register_party","key":house,"kind":"broker"}));
        commands.push(json!({"op":"account","key":format!("{house}:ZAR"),"asset":"ZAR","kind":"liability","name":format!("{house}'s clients")}));
        commands.push(
            json!({"op":"assign_account","party":house,"account":format!("{house}:ZAR"),"role":"operator"}),
        );
        for n in 0..2 {
            let (party, account) = (client(house, n), account(house, n));
            // One stands in the chart under another broker's.
            let above = if n == 1 { "alpha:ZAR".to_owned() } else { format!("{house}:ZAR") };
            commands.push(json!({"op":"register_party","key":party,"broker":house}));
            commands.push(
                json!({"op":"account","key":account,"asset":"ZAR","kind":"liability","parent":above,
                "metadata":{"branch":format!("{house} branch")},"name":format!("{house} account")}),
            );
            commands.push(json!({"op":"assign_account","party":party,"account":account}));
            commands.push(json!({"op":"seal_data","party":party,"fields":{
                "iban":{"value":iban,"purpose":format!("{house} purpose"),"identifier":"iban","retention":"kyc"}}}));
        }
        let [a, b] = [0, 1].map(|n| client(house, n));
        commands.push(json!({"op":"relate_parties","from":a,"to":b,"role":"representative"}));
    }
    // Whoever may look at an account, or had it once, is none of its broker's clients.
    for (house, other) in [("alpha", "beta"), ("beta", "alpha")] {
        let party = client(house, 0);
        commands.push(json!({"op":"assign_account","party":party,"account":account(other, 0),"role":"viewer"}));
        commands.push(json!({"op":"assign_account","party":party,"account":account(other, 1),"until":"2001-01-31"}));
    }
    // A relation across the brokers, too, is told to neither.
    let [a, b] = HOUSES.map(|house| client(house, 0));
    commands.push(json!({"op":"relate_parties","from":a,"to":b,"role":"employee"}));
    let told = ask(&t, json!({"op":"submit","commands":commands})).unwrap();
    assert!(told.as_array().unwrap().iter().all(|one| one["ok"] == true), "{told:#}");
    t
}

/// What moves: from which account to which, of the brokers or of the house, in which way.
#[derive(Clone, Debug)]
struct Move {
    from: usize,
    to: usize,
    kind: u8,
}

fn side(n: usize) -> (Option<&'static str>, String) {
    match n {
        0..=3 => (Some(HOUSES[n / 2]), account(HOUSES[n / 2], n % 2)),
        4 | 5 => (Some(HOUSES[n - 4]), format!("{}:ZAR", HOUSES[n - 4])),
        _ => (None, HOUSE[n % 2].to_owned()),
    }
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (0..8_usize, 0..8_usize, 0..8_u8);
    let one = one.prop_filter("two accounts", |(from, to, _)| side(*from).1 != side(*to).1);
    prop::collection::vec(one.prop_map(|(from, to, kind)| Move { from, to, kind }), 1..14)
}

/// Books moves, each under a name of its payer's broker, and gives the names of all of them.
fn book(t: &Thalium, moves: &[Move]) -> Vec<String> {
    let mut names = Vec::new();
    for (n, Move { from, to, kind }) in moves.iter().enumerate() {
        let ((payer, from), (payee, to)) = (side(*from), side(*to));
        let whose = payer.or(payee).unwrap_or("house");
        let key = format!("{whose}-move-{n}");
        let metadata = json!({"order": format!("{whose}-order")});
        let subject = payer.or(payee).map(|house| client(house, 0));
        let to_seal = json!({"key":key,"amount":"0.01","subject":subject,"description":"x","metadata":metadata,
            "public":["order"]});
        let plain = json!({"key":key,"amount":"0.01","metadata":metadata,"description":format!("{whose} pays")});
        let with = |op: &str, own: &Value, more: Value| {
            let mut call = own.clone();
            call["op"] = op.into();
            call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            call
        };
        let between = json!({"from":from,"to":to});
        let commands = match kind {
            0 => json!([with("post", &plain, between)]),
            1 if subject.is_some() => json!([with("post", &to_seal, between)]),
            // Words may be sealed to someone who has no part in what moves.
            6 if subject.is_some() => {
                let other = if whose == HOUSES[0] { HOUSES[1] } else { HOUSES[0] };
                let mut sealed = with("post", &to_seal, between);
                sealed["subject"] = client(other, 0).into();
                json!([sealed])
            }
            // The first leg, whose words are those of all, is the other broker's.
            7 => {
                json!([{"op":"transaction","key":"beta-shares","description":"beta shares","legs":[
                    {"account":HOUSE[0],"side":"debit","amount":"0.04"},
                    {"account":account("alpha", 0),"side":"credit","amount":"0.01"},
                    {"account":HOUSE[1],"side":"credit","amount":"0.01"},
                    {"account":account("beta", 0),"side":"credit","amount":"0.02"},
                ]}])
            }
            2 => json!([with("hold", &plain, between)]),
            3 => json!([
                with("hold", &plain, between),
                {"op":"capture","key":format!("{key}-capture"),"hold":key},
            ]),
            // The money goes on to whom it is for, whose name stands on what captures it.
            4 => json!([
                with("hold", &plain, json!({"from":from,"to":HOUSE[n % 2]})),
                {"op":"capture","key":format!("to-{payee:?}-{n}"),"hold":key,"to":to,"description":format!("to {payee:?}"),
                    "metadata":{"payee":format!("{payee:?}")}},
            ]),
            _ => {
                json!([{"op":"transaction","key":key,"metadata":metadata,"description":format!("{whose} shares"),"legs":[
                    {"account":from,"side":"debit","amount":"0.03"},
                    {"account":to,"side":"credit","amount":"0.02"},
                    {"account":HOUSE[n % 2],"side":"credit","amount":"0.01"},
                ]}])
            }
        };
        // Money that is not there is refused, which is told to no one here.
        ask(t, json!({"op":"submit","commands":commands})).unwrap();
        names.push(key);
    }
    names
}

/// Money of everyone's to begin with.
fn fund(t: &Thalium) {
    let accounts = (0..6).map(|n| side(n).1);
    let commands: Vec<Value> = accounts
        .enumerate()
        .map(|(n, to)| json!({"op":"post","key":format!("{}-fund-{n}", side(n).0.unwrap()),"from":"bank:ZAR","to":to,"amount":"5"}))
        .collect();
    ask(t, json!({"op":"submit","commands":commands})).unwrap();
}

/// The house opens what it may, which stands in the access logs.
fn read_by_the_house(t: &Thalium, names: &[String]) {
    for house in HOUSES {
        for name in names {
            let read = json!({"op":"read_data","party":client(house, 0),"why":"a test","transfers":[name]});
            // Most of them are sealed to someone else.
            let _ = ask(t, read);
        }
    }
}

/// Every question that a viewer can ask about anything that has a name, page by page.
fn questions(viewer: &str, moves: &[String]) -> Vec<Value> {
    let accounts = (0..8).map(|n| side(n).1).collect::<Vec<_>>();
    let parties =
        HOUSES.iter().flat_map(|house| [(*house).to_owned(), client(house, 0), client(house, 1)]);
    let parties: Vec<String> = parties.collect();
    let mut asked = Vec::new();
    let of_books = OPERATIONS.iter().filter(|op| op.surface == Surface::Books).map(|op| op.name);
    for op in of_books.chain(["read_data", "export_party", "party_page", "find_parties"]) {
        let names = match op {
            "list_assets" | "trial_balance" | "list_grants" | "list_retentions" => vec![json!({})],
            "get_account" => accounts.iter().map(|name| json!({"name":name})).collect(),
            "list_accounts" => {
                let under = accounts.iter().map(|name| json!({"under":name}));
                under.chain([json!({}), json!({"limit":1}), json!({"limit":1,"after":3})]).collect()
            }
            "get_transfer" | "get_transaction" => {
                moves.iter().map(|name| json!({"name":name})).collect()
            }
            "list_transfers" => {
                let of = accounts.iter().map(|name| json!({"account":name}));
                of.chain([json!({}), json!({"limit":1}), json!({"limit":2,"newest_first":true})])
                    .collect()
            }
            "list_holds" | "history" | "statement" | "balance_history" | "list_holders" => {
                accounts.iter().map(|name| json!({"account":name})).collect()
            }
            "volumes" => {
                let of = accounts.iter().map(|name| json!({"account":name}));
                of.chain(parties.iter().map(|name| json!({"party":name})))
                    .chain([json!({"asset":"ZAR"})])
                    .collect()
            }
            "get_party" => parties.iter().map(|name| json!({"name":name})).collect(),
            "list_parties" => {
                let of = parties.iter().map(|name| json!({"broker":name}));
                of.chain([json!({}), json!({"limit":1})]).collect::<Vec<_>>()
            }
            "read_data" => {
                let whole = parties.iter().map(|name| json!({"party":name,"why":"a test"}));
                let named = |party: &String| json!({"party":party,"why":"a test","transfers":moves.get(..1).unwrap_or_default()});
                whole.chain(parties.iter().map(named)).collect()
            }
            "export_party" | "party_page" => {
                parties.iter().map(|name| json!({"party":name,"why":"a test"})).collect()
            }
            "find_parties" => {
                IBANS.iter().map(|iban| json!({"identifier":"iban","value":iban})).collect()
            }
            // A question that is new has to be asked here too.
            other => unreachable!("{other} is not asked"),
        };
        asked.extend(names.into_iter().map(|mut call: Value| {
            call["op"] = op.into();
            call["viewer"] = viewer.into();
            call
        }));
    }
    asked
}

/// The ids of what is a broker's.
fn ids_of(t: &Thalium, house: &str) -> Vec<String> {
    let name = |op: &str, name: String| ask(t, json!({"op":op,"name":name})).unwrap()["id"].clone();
    let mut ids =
        vec![name("get_party", house.to_owned()), name("get_account", format!("{house}:ZAR"))];
    for n in 0..2 {
        ids.push(name("get_party", client(house, n)));
        ids.push(name("get_account", account(house, n)));
    }
    ids.into_iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_broker_is_told_nothing_of_anothers(moves in moves()) {
        let t = world();
        fund(&t);
        let names = book(&t, &moves);
        read_by_the_house(&t, &names);
        for (viewer, other) in [(HOUSES[0], HOUSES[1]), (HOUSES[1], HOUSES[0])] {
            let ids = ids_of(&t, other);
            for call in questions(viewer, &names) {
                // What is refused says what was asked for, and no more.
                let Ok(told) = ask(&t, call.clone()) else { continue };
                let told = told.to_string();
                prop_assert!(!told.contains(other), "{call} tells {told}");
                for id in &ids {
                    prop_assert!(!told.contains(id.as_str()), "{call} tells {id} in {told}");
                }
            }
        }
    }
}

#[test]
fn a_broker_is_told_all_of_its_own() {
    let t = world();
    fund(&t);
    for house in HOUSES {
        let keys = |op: &str, list: &str| {
            let told = ask(&t, json!({"op":op,"viewer":house})).unwrap();
            let mut keys: Vec<String> = told[list]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["key"].as_str().unwrap().to_owned())
                .collect();
            keys.sort();
            keys
        };
        let accounts = [account(house, 0), account(house, 1), format!("{house}:ZAR")];
        assert_eq!(keys("list_accounts", "accounts"), accounts);
        let parties = [house.to_owned(), client(house, 0), client(house, 1)];
        assert_eq!(keys("list_parties", "parties"), parties);
        assert_eq!(keys("list_transfers", "transfers").len(), 3);
        for party in parties.iter().skip(1) {
            let read = json!({"op":"read_data","viewer":house,"party":party,"why":"a test"});
            assert_eq!(ask(&t, read).unwrap()["fields"][0]["name"], "iban");
        }
    }
    for whole in ["trial_balance", "list_grants"] {
        assert!(ask(&t, json!({"op":whole,"viewer":"alpha"})).unwrap_err().contains("viewer"));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.csv").display().to_string();
    let table = |query| json!({"op":"export_table","table":"transfers","file":file,"query":query});
    let refused = ask(&t, table(json!({"viewer":"alpha"}))).unwrap_err();
    assert!(
        refused.contains("viewer") || refused.contains("tables"),
        "a table is all of the book: {refused}"
    );
}

/// Two tenants know people of the same names, who are sealed with other keys and found by other tokens.
#[test]
fn two_tenants_share_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let open = |tenant: &str, options: Options| {
        let genesis = Genesis { tenant: tenant.to_owned(), ..Genesis::default() };
        let place = folder.path().join(tenant);
        Thalium::open_with(&place.display().to_string(), Options { genesis, ..options }).unwrap()
    };
    let secrets = ["Anna Northfield", "Anna Southfield"];
    let [north, south] = [keyed(), keyed()];
    for ((tenant, options), secret) in
        [("north", &north), ("south", &south)].into_iter().zip(secrets)
    {
        let t = open(tenant, options.clone());
        let commands = json!([
            {"op":"register_party","key":"c42"},
            {"op":"seal_data","party":"c42","fields":{
                "name":{"value":secret,"purpose":"kyc","identifier":"name"},
                "mail":{"value":"anna@example.com","purpose":"kyc","identifier":"email"}}},
            {"op":"register_party","key":format!("{tenant}-only")},
        ]);
        ask(&t, json!({"op":"submit","commands":commands})).unwrap();
        t.close().unwrap();
    }
    // Whoever has one tenant's files and the keys of the other has nothing.
    let place = folder.path().join("north").display().to_string();
    assert!(Thalium::open_with(&place, south.clone()).is_err(), "another tenant's key opens it");
    let t = open("south", south.clone());
    for (op, name) in [("get_party", "north-only"), ("get_account", "north-only")] {
        assert_eq!(ask(&t, json!({"op":op,"name":name})).unwrap(), Value::Null);
    }
    let read = json!({"op":"read_data","party":"c42","fields":["name"],"why":"a test"});
    assert_eq!(ask(&t, read.clone()).unwrap()["fields"][0]["value"], secrets[1]);
    let found = |value: &str| {
        let found = json!({"op":"find_parties","identifier":"name","value":value});
        ask(&t, found).unwrap().as_array().unwrap().len()
    };
    assert_eq!(secrets.map(found), [0, 1]);
    t.close().unwrap();
    // One tenant's keyring beside the other's books opens nothing there.
    for file in ["subjects.head", "subjects.keys"] {
        let [from, to] = ["north", "south"].map(|tenant| folder.path().join(tenant).join(file));
        std::fs::copy(from, to).unwrap();
    }
    let t = open("south", south);
    let told = ask(&t, read);
    assert!(told.is_err() || told.as_ref().unwrap()["fields"][0]["value"].is_null(), "{told:?}");
}
