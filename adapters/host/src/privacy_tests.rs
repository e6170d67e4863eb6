use std::sync::{Arc, Mutex};

use thalium::api::party::{
    AmendParty, AssignAccount, ForgetParty, GrantAccess, MergeParties, PersonalField, PlaceHold,
    RegisterParty, SealData,
};
use thalium::party::ForgetScope;

use super::*;
use crate::ledger::transaction::Side;
use crate::{
    Account, Capture, Command, Extra, Hold, KeyText, Leg, MakeTokens, MaskDigits, Options, Post,
    Release, Transaction, wire,
};

const CANARIES: [&str; 3] = ["Nomvula Canaryfield", "canary.bird@example.org", "+27829876543"];

fn in_memory() -> Thalium {
    let options = Options { insecure_seed: Some([7; 32]), ..Options::default() };
    Thalium::open_with("memory:", options).unwrap()
}

fn field(value: &str, years: Option<u8>, identifier: Option<IdentifierKind>) -> PersonalField {
    let basis = if years.is_some() { Basis::Law } else { Basis::Consent };
    let purpose = "kyc".to_owned();
    PersonalField {
        value: value.into(),
        purpose,
        basis: Some(basis),
        years,
        retention: None,
        identifier,
    }
}

fn seal(t: &Thalium, party: &str, fields: &[(&str, PersonalField)]) -> api::Outcome {
    let fields = fields.iter().map(|(name, field)| ((*name).to_owned(), field.clone())).collect();
    t.do_one(SealData { party: party.to_owned(), fields }).unwrap()
}

/// A client about whom everything is known that may be.
fn known(t: &Thalium, party: &str) {
    assert!(t.do_one(RegisterParty::person(party)).unwrap().ok);
    let told = seal(
        t,
        party,
        &[
            ("name", field(CANARIES[0], Some(5), Some(IdentifierKind::Name))),
            ("email", field(CANARIES[1], None, Some(IdentifierKind::Email))),
            ("phone", field(CANARIES[2], None, Some(IdentifierKind::Phone))),
        ],
    );
    assert!(told.ok, "{told:?}");
}

/// What a party's account and movements of every kind may say in words.
fn in_words(party: &str) -> Vec<Command> {
    let extra = || Extra {
        description: format!("for {}", CANARIES[0]),
        metadata: [("payee".to_owned(), CANARIES[1].to_owned())].into(),
        subject: Some(party.to_owned()),
        ..Extra::default()
    };
    let (own, key) = (format!("{party}:words"), |what: &str| format!("{what}-{party}"));
    let leg = |account: &str, side, amount: &str| Leg {
        account: account.to_owned(),
        side,
        amount: amount.to_owned(),
    };
    let legs = [leg("bank:ZAR", Side::Debit, "2"), leg(&own, Side::Credit, "2")].into();
    let Extra { metadata, subject, .. } = extra();
    let name = CANARIES[0].to_owned();
    vec![
        Account { name, metadata, subject, ..Account::liability(&own, "ZAR") }.into(),
        AssignAccount {
            party: party.to_owned(),
            account: own.clone(),
            role: thalium::party::AccountRole::Owner,
            since: None,
            until: None,
        }
        .into(),
        Post { extra: extra(), ..Post::new(key("p"), "bank:ZAR", &own, "5.00") }.into(),
        Hold { extra: extra(), ..Hold::new(key("h"), &own, "bank:ZAR", "1.00") }.into(),
        Hold { extra: extra(), ..Hold::new(key("g"), &own, "bank:ZAR", "1.00") }.into(),
        Capture { extra: extra(), ..Capture::new(key("c"), key("h")) }.into(),
        Release { extra: extra(), ..Release::new(key("r"), key("g")) }.into(),
        Transaction { key: key("t"), legs, extra: extra(), ..Transaction::default() }.into(),
    ]
}

fn call(party: &str) -> ReadData {
    ReadData { party: party.to_owned(), why: "a test".to_owned(), ..ReadData::default() }
}

fn values(t: &Thalium, party: &str) -> Vec<String> {
    let data = t.read_data(&call(party)).unwrap();
    data.fields.iter().map(|one| one.value.as_ref().unwrap().as_str().to_owned()).collect()
}

fn found(t: &Thalium, identifier: IdentifierKind, value: &str) -> Vec<String> {
    let found =
        t.find_parties(&FindParties { identifier, value: value.into(), viewer: None }).unwrap();
    found.into_iter().map(|party| party.key).collect()
}

fn end_and_forget(t: &Thalium, party: &str) {
    let ended = Some("2001-01-31".to_owned());
    let end = AmendParty { party: party.to_owned(), ended, ..AmendParty::default() };
    assert!(t.do_one(end).unwrap().ok);
    let told = t.do_one(ForgetParty { party: party.to_owned(), scope: ForgetScope::All }).unwrap();
    assert!(told.ok, "{told:?}");
}

/// Whether bytes hold a text, as it is, in hexadecimal, in base 64 or backwards.
fn holds(bytes: &[u8], text: &str) -> bool {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let backwards: String = text.chars().rev().collect();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut forms = vec![text.as_bytes().to_vec(), hex.into_bytes(), backwards.into_bytes(), wide];
    // A text in base 64 depends on where it begins.
    forms.extend((0..3).map(|skip| base64(text.as_bytes().get(skip..).unwrap())));
    let folded: Vec<u8> = bytes.to_ascii_lowercase();
    forms.iter().any(|form| {
        let low = form.to_ascii_lowercase();
        bytes.windows(form.len()).any(|run| run == form.as_slice())
            || folded.windows(low.len()).any(|run| run == low.as_slice())
    })
}

/// Whole groups of three bytes in base 64.
fn base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8; 3]| {
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        [18, 12, 6, 0].map(|shift| LETTERS[usize::try_from(bits >> shift & 63).unwrap()])
    };
    bytes.as_chunks::<3>().0.iter().flat_map(group).collect()
}

#[test]
fn the_search_for_canaries_finds_them() {
    for form in
        ["xx Nomvula Canaryfield", "4e6f6d76756c612043616e6172796669656c64", "dleifyranaC aluvmoN"]
    {
        assert!(holds(form.as_bytes(), CANARIES[0]), "{form}");
    }
    assert!(holds(&base64(b"yyyNomvula Canaryfieldxx"), CANARIES[0]));
    assert!(!holds(b"Nomvula Canaryfiel", CANARIES[0]));
}

/// What is told to whoever listens to the log.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// All that a ledger writes or tells but for what is asked for by name: events, images, figures, answers to questions.
fn all_that_is_told(t: &Thalium) -> Vec<u8> {
    let mut told = t.read_state(|engine| {
        let mut bytes = engine.image().to_bytes();
        for event in engine.book().events_from(0) {
            bytes.extend_from_slice(&event);
        }
        bytes.extend_from_slice(format!("{:?}", engine.parties()).as_bytes());
        bytes
    });
    let told = told.as_mut().unwrap();
    for question in [
        r#"{"op":"list_parties"}"#,
        r#"{"op":"get_party","name":"c42"}"#,
        r#"{"op":"list_transfers"}"#,
        r#"{"op":"list_accounts"}"#,
        r#"{"op":"list_grants"}"#,
        r#"{"op":"access_log","actor":"auditor"}"#,
        r#"{"op":"metrics"}"#,
        r#"{"op":"health"}"#,
        r#"{"op":"stats"}"#,
    ] {
        told.extend_from_slice(wire::call(t, question).unwrap().as_bytes());
    }
    told.extend_from_slice(format!("{t:?}").as_bytes());
    std::mem::take(told)
}

#[test]
fn canaries_stand_nowhere_before_or_after_they_are_forgotten() {
    let lines = Lines::default();
    let writer = lines.clone();
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    let log = log.with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(log, || {
        let t = in_memory();
        t.do_one(GrantAccess {
            actor: "auditor".into(),
            until: "2200-01-01".into(),
            ..GrantAccess::default()
        })
        .unwrap();
        t.do_one(Account::liability("c42:ZAR", "ZAR")).unwrap();
        t.do_one(Account::asset("bank:ZAR", "ZAR")).unwrap();
        known(&t, "c42");
        t.do_one(AssignAccount {
            party: "c42".into(),
            account: "c42:ZAR".into(),
            role: thalium::party::AccountRole::Owner,
            since: None,
            until: None,
        })
        .unwrap();
        t.do_one(Post::new("dep-1", "bank:ZAR", "c42:ZAR", "1.00")).unwrap();
        assert_eq!(values(&t, "c42").len(), 3);
        for told in t.submit(&in_words("c42")).unwrap() {
            assert!(told.ok, "{told:?}");
        }
        let opened = t.export_party(&call("c42")).unwrap();
        assert_eq!(opened.data.details.len(), 7, "{:?}", opened.party);
        // Whatever is wrong with it, an error does not show it.
        let canary = CANARIES[0];
        let mut errors = Vec::new();
        for bad in [
            format!(r#"{{"op":"find_parties","identifier":"phone","value":"{canary}"}}"#),
            format!(r#"{{"op":"find_parties","identifier":"iban","value":"{canary}"}}"#),
            format!(r#"{{"op":"find_parties","identifier":"email","value":"{canary}"}}"#),
            format!(r#"{{"op":"find_parties","identifier":"email","value":["{canary}"]}}"#),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"seal_data","party":"c42","fields":{{"a":{{"value":["{canary}"],"purpose":"x"}}}}}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"seal_data","party":"c42","fields":{{"a":{{"value":"{canary}","purpose":"x","identifier":"lei"}}}}}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"seal_data","party":"nobody","fields":{{"a":{{"value":"{canary}","purpose":"x"}}}}}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"seal_data","party":"c42","fields":{{"a":{{"value":"{canary}","purpose":""}}}}}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"seal_data","party":"c42","fields":{{"name":"{canary}"}}}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"seal_data","party":"c42","fields":"{canary}"}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"seal_data","party":"c42","fields":{{"name":{{"value":"x","purpose":"y","basis":"{canary}"}}}}}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"seal_data","party":"c42","fields":{{"name":{{"value":"x","{canary}":"y"}}}}}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"post","key":"p","from":"bank:ZAR","to":"c42:ZAR","amount":"1","subject":"c42","description":["{canary}"]}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"post","key":"p","from":"bank:ZAR","to":"c42:ZAR","amount":"1","subject":"c42","metadata":{{"payee":["{canary}"]}}}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"post","key":"p","from":"bank:ZAR","to":"c42:ZAR","amount":"1","subject":"nobody","description":"{canary}"}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"post","key":"p","from":"bank:ZAR","to":"c42:ZAR","amount":"1","subject":"c42","public":["x"],"description":"{canary}"}}]}}"#
            ),
            format!(
                r#"{{"op":"submit","commands":[{{"op":"post","key":"p-c42","from":"bank:ZAR","to":"c42:ZAR","amount":"1","subject":"c42","description":"other {canary}"}}]}}"#
            ),
            format!(
                r#"{{"op":"make_tokens","purpose":"x","identifier":"iban","values":["{canary}"]}}"#
            ),
            format!(
                r#"{{"op":"make_tokens","purpose":"","identifier":"name","values":["{canary}"]}}"#
            ),
            format!(
                r#"{{"op":"make_tokens","purpose":"x","identifier":"name","values":"{canary}"}}"#
            ),
            format!(r#"{{"op":"mask_digits","purpose":"x","values":["{canary}"]}}"#),
            format!(r#"{{"op":"mask_digits","purpose":"x","values":[["{canary}"]]}}"#),
            format!(r#"{{"op":"find_parties","identifier":"{canary}","value":"x"}}"#),
            format!(r#"{{"op":"find_parties","identifier":"email","value":{{"x":"{canary}"}}}}"#),
        ] {
            match wire::call(&t, &bad) {
                Ok(told) => errors.push(told),
                Err(failure) => errors.push(format!("{failure:?} {failure}")),
            }
        }
        errors.push(format!("{:?}", field(canary, None, None)));
        errors.push(format!("{:?}", in_words("c42")));
        for error in &errors {
            assert!(!holds(error.as_bytes(), canary), "{error}");
        }
        let before = all_that_is_told(&t);
        end_and_forget(&t, "c42");
        let after = all_that_is_told(&t);
        for (told, when) in [(before, "before"), (after, "after")] {
            for canary in CANARIES {
                assert!(!holds(&told, canary), "{canary} {when}");
            }
        }
    });
    let told = lines.0.lock().unwrap().clone();
    assert!(holds(&told, "opened"), "the log was listened to");
    for canary in CANARIES {
        assert!(!holds(&told, canary), "{canary} in the log");
    }
}

#[test]
fn a_person_is_found_however_it_is_written_until_forgotten() {
    let t = in_memory();
    known(&t, "c42");
    for (kind, value) in [
        (IdentifierKind::Name, "NOMVULA  canaryfield"),
        (IdentifierKind::Email, " Canary.Bird@Example.ORG"),
        (IdentifierKind::Phone, "0027 82 987 6543"),
    ] {
        assert_eq!(found(&t, kind, value), ["c42"], "{kind:?}");
    }
    assert!(found(&t, IdentifierKind::Other, CANARIES[0]).is_empty(), "of another kind");
    // What is taken down anew takes the place of what was.
    assert!(
        seal(&t, "c42", &[("email", field("new@example.org", None, Some(IdentifierKind::Email)))])
            .ok
    );
    assert!(found(&t, IdentifierKind::Email, CANARIES[1]).is_empty());
    assert_eq!(found(&t, IdentifierKind::Email, "new@example.org"), ["c42"]);
    // Another with the same number, and a record that was merged.
    t.do_one(RegisterParty::person("c43")).unwrap();
    seal(&t, "c43", &[("phone", field(CANARIES[2], None, Some(IdentifierKind::Phone)))]);
    assert_eq!(found(&t, IdentifierKind::Phone, CANARIES[2]).len(), 2);
    t.do_one(MergeParties { party: "c43".into(), into: "c42".into() }).unwrap();
    assert_eq!(found(&t, IdentifierKind::Phone, CANARIES[2]), ["c42"]);
    end_and_forget(&t, "c42");
    assert!(found(&t, IdentifierKind::Phone, CANARIES[2]).is_empty());
}

#[test]
fn what_is_kept_by_law_outlives_what_consent_allowed() {
    let t = in_memory();
    known(&t, "c42");
    let forget = |scope| t.do_one(ForgetParty { party: "c42".into(), scope }).unwrap();
    let told = forget(ForgetScope::All);
    assert_eq!(told.status, "relationship_has_not_ended");
    assert!(forget(ForgetScope::Consent).ok);
    assert_eq!(values(&t, "c42"), [CANARIES[0]]);
    let again = seal(&t, "c42", &[("email", field(CANARIES[1], None, None))]);
    assert_eq!(
        (again.ok, again.status.as_str()),
        (false, "party_was_forgotten"),
        "its key is gone"
    );
    t.do_one(PlaceHold {
        party: "c42".into(),
        name: "case 9".into(),
        until: Some("2199-12-31".into()),
        reason: String::new(),
    })
    .unwrap();
    let ended = Some("2001-01-31".to_owned());
    t.do_one(AmendParty { party: "c42".into(), ended, ..AmendParty::default() }).unwrap();
    let told = forget(ForgetScope::All);
    assert_eq!(told.status, "legal_hold_in_force");
    assert_eq!(
        told.reason.as_deref(),
        Some("the legal hold `case 9` is in force until 2199-12-31")
    );
    assert_eq!(values(&t, "c42"), [CANARIES[0]]);
}

#[test]
fn each_reading_is_recorded_and_told_to_those_who_were_granted_it() {
    let t = in_memory();
    known(&t, "c42");
    let by_ann =
        ReadData { actor: Some("ann".into()), fields: vec!["phone".into()], ..call("c42") };
    t.read_data(&by_ann).unwrap();
    let query = AccessQuery {
        party: Some("c42".into()),
        actor: Some("ben".into()),
        ..AccessQuery::default()
    };
    assert!(t.access_log(&query).unwrap_err().to_string().contains("granted"));
    t.do_one(GrantAccess {
        actor: "ben".into(),
        party: Some("c42".into()),
        until: "2200-01-01".into(),
    })
    .unwrap();
    let page = t.access_log(&query).unwrap();
    let told: Vec<_> =
        page.entries.iter().map(|one| (one.actor.as_str(), one.fields.join(","))).collect();
    assert_eq!(told, [("ann", "phone".to_owned())]);
    let all = AccessQuery { party: None, ..query.clone() };
    assert!(t.access_log(&all).is_err(), "granted for one party");
    let later = i64::MAX - 1;
    assert!(t.access_log_at(later, &query).is_err(), "granted until an instant");
    let export = t.export_party(&call("c42")).unwrap();
    assert_eq!((export.accesses.len(), export.data.fields.len()), (1, 3));
    let page = export.to_page();
    assert!(
        page.contains(CANARIES[0]) && page.contains("ann") && page.starts_with("<!doctype html>")
    );
    for (bad, why) in [
        (ReadData { why: String::new(), ..call("c42") }, "a reason"),
        (ReadData { fields: vec!["shoe size".into()], ..call("c42") }, "taken down"),
        (call("nobody"), "no such party"),
    ] {
        let error = t.read_data(&bad).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn a_page_shows_what_stands_in_it_and_runs_nothing() {
    let t = in_memory();
    t.do_one(RegisterParty::person("c42")).unwrap();
    seal(&t, "c42", &[("name", field("<script>alert(1)</script> & \"co\"", None, None))]);
    let page = t.export_party(&call("c42")).unwrap().to_page();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot;"));
    assert!(!page.contains("Legal holds"), "what there is none of has no table");
    let hold = PlaceHold {
        party: "c42".into(),
        name: "case-9".into(),
        reason: "order of the <court>".into(),
        until: None,
    };
    assert!(t.do_one(hold).unwrap().ok);
    let page = t.export_party(&call("c42")).unwrap().to_page();
    for says in ["<td>person</td>", "<td>case-9</td>", "order of the &lt;court&gt;"] {
        assert!(page.contains(says), "{page}");
    }
    assert!(!page.contains("<script>"));
}

#[test]
fn tokens_join_what_is_the_same_and_tell_nothing_else() {
    let t = in_memory();
    let tokens = |purpose: &str, values: &[&str]| {
        let values = values.iter().map(|value| (*value).into()).collect();
        let purpose = purpose.to_owned();
        t.make_tokens(&MakeTokens { purpose, identifier: IdentifierKind::Email, values })
    };
    let (root, here) = (t.root().unwrap(), tokens("mail", &["Ann@example.com", "x"]).unwrap());
    assert_eq!(tokens("mail", &["ann@EXAMPLE.com"]).unwrap()[..], here[..1]);
    assert_eq!((here[1], here[0].is_some()), (None, true));
    assert_ne!(tokens("risk", &["ann@example.com"]).unwrap(), here[..1], "another purpose");
    let other = Options { insecure_seed: Some([8; 32]), ..Options::default() };
    let other = Thalium::open_with("memory:", other).unwrap();
    let values = vec!["ann@example.com".into()];
    let call = MakeTokens { purpose: "mail".into(), identifier: IdentifierKind::Email, values };
    assert_ne!(other.make_tokens(&call).unwrap(), here[..1], "another tenant");
    // Who could ask for the tokens of the search could try out whom the ledger knows.
    for (purpose, count, field) in [
        ("identifier", 1, "purpose"),
        ("", 1, "purpose"),
        ("mail", 0, "values"),
        ("mail", 10_001, "values"),
    ] {
        let error = tokens(purpose, &vec!["a@b.example"; count]).unwrap_err();
        assert!(matches!(error, Error::Invalid(invalid) if invalid.field == field), "{purpose}");
    }
    let masked = |values: &[&str]| {
        let values = values.iter().map(|value| (*value).into()).collect();
        t.mask_digits(&MaskDigits { purpose: "statement".into(), values }).unwrap()
    };
    let cards = masked(&["4000-0012-3456-7899", "+27 82 987 6543", "12345", "card ٤٠٠٠٠٠٠"]);
    assert_eq!((cards[2].as_ref(), cards[3].as_ref()), (None, None));
    let (card, phone) = (cards[0].as_deref().unwrap(), cards[1].as_deref().unwrap());
    assert_eq!((card.len(), &card[4..5], &phone[..1]), (19, "-", "+"));
    assert!(card != "4000-0012-3456-7899" && masked(&["4000-0012-3456-7899"])[0] == cards[0]);
    assert_eq!(t.root().unwrap(), root, "nothing of it stands in the log");
    let without = Thalium::open("memory:").unwrap();
    assert!(matches!(without.make_tokens(&call), Err(Error::NoKeys)));
}

#[test]
fn without_keys_nothing_is_sealed() {
    let t = Thalium::open("memory:").unwrap();
    t.do_one(RegisterParty::person("c42")).unwrap();
    let told = seal(&t, "c42", &[("name", field("x", None, None))]);
    assert_eq!((told.status.as_str(), told.field.as_deref()), ("invalid", Some("fields")));
    let extra = Extra { subject: Some("c42".into()), ..Extra::default() };
    let post = Post { extra, ..Post::new("p", "bank:ZAR", "c42:ZAR", "1.00 ZAR") };
    let told = t.do_one(post).unwrap();
    assert_eq!((told.status.as_str(), told.field.as_deref()), ("invalid", Some("subject")));
    assert!(matches!(t.read_data(&call("c42")), Err(Error::NoKeys)));
    let seeded = Options { insecure_seed: Some([7; 32]), ..Options::default() };
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("books").display().to_string();
    assert!(matches!(Thalium::open_with(&place, seeded), Err(Error::Seeded)));
}

fn keyed(keys: &Arc<KeyText>) -> Options {
    Options { keys: Some(Arc::clone(keys) as Arc<dyn crate::Keys>), ..Options::default() }
}

#[test]
fn what_was_sealed_is_read_after_opening_again_and_what_was_forgotten_is_not() {
    let keys = Arc::new(KeyText::generate().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("books").display().to_string();
    let t = Thalium::open_with(&place, keyed(&keys)).unwrap();
    known(&t, "c42");
    known(&t, "c43");
    t.close().unwrap();
    let t = Thalium::open_with(&place, keyed(&keys)).unwrap();
    assert_eq!(values(&t, "c42").len(), 3);
    assert_eq!(found(&t, IdentifierKind::Email, CANARIES[1]).len(), 2);
    end_and_forget(&t, "c42");
    let (events, root) = t.root().unwrap();
    // Whoever reads beside the writer reads no personal data, since nothing of it could be written down.
    let reader =
        Thalium::open_with(&place, Options { access: crate::Access::Read, ..keyed(&keys) })
            .unwrap();
    assert!(matches!(reader.read_data(&call("c43")), Err(Error::ReadOnly)));
    t.close().unwrap();
    let t = Thalium::open_with(&place, keyed(&keys)).unwrap();
    assert_eq!(t.root().unwrap(), (events, root));
    assert!(t.read_data(&call("c42")).unwrap().fields.is_empty());
    assert_eq!(values(&t, "c43").len(), 3);
    assert_eq!(found(&t, IdentifierKind::Email, CANARIES[1]), ["c43"]);
    t.close().unwrap();
    let verified = crate::verify(&folder.path().join("books"), Some(keys as Arc<dyn crate::Keys>));
    assert!(verified.is_ok(), "{verified:?}");
}

/// Keys of people that cannot be had keep no one from the books, are told where they are needed, and nobody counts as forgotten
/// whose keys are still there.
#[test]
fn a_keyring_that_cannot_be_had_keeps_no_one_from_the_books() {
    let keys = Arc::new(KeyText::generate().unwrap());
    for (file, is_gone) in
        [("subjects.head", false), ("subjects.head", true), ("subjects.keys", true)]
    {
        let folder = tempfile::tempdir().unwrap();
        let books = folder.path().join("books");
        let place = books.display().to_string();
        let t = Thalium::open_with(&place, keyed(&keys)).unwrap();
        t.do_one(Account::liability("c42:ZAR", "ZAR")).unwrap();
        t.do_one(Account::asset("bank:ZAR", "ZAR")).unwrap();
        known(&t, "c42");
        t.close().unwrap();
        let whole = std::fs::read(books.join(file)).unwrap();
        if is_gone {
            std::fs::remove_file(books.join(file)).unwrap();
        } else {
            std::fs::write(books.join(file), vec![7; whole.len()]).unwrap();
        }
        let t = Thalium::open_with(&place, keyed(&keys)).unwrap();
        assert!(t.do_one(Post::new("dep-1", "bank:ZAR", "c42:ZAR", "1.00")).unwrap().ok);
        let read = t.read_data(&call("c42")).unwrap();
        assert!(read.fields.iter().all(|one| one.value.is_none() && one.lost.is_some()), "{file}");
        // Nothing new is sealed: with other keys than there were, what is lost would be passed over.
        let more = field("x", None, None);
        let sealing = SealData { party: "c42".into(), fields: [("more".into(), more)].into() };
        assert!(t.do_one(sealing).map_or(true, |told| !told.ok), "{file}");
        let ended = Some("2001-01-31".to_owned());
        let party = "c42".to_owned();
        t.do_one(AmendParty { party: party.clone(), ended, ..AmendParty::default() }).unwrap();
        // That the keys are not destroyed is told, though it is written down that they have to be.
        let forget = ForgetParty { party, scope: ForgetScope::All };
        assert!(t.do_one(forget.clone()).is_err(), "{file}");
        assert!(t.do_one(Post::new("dep-2", "bank:ZAR", "c42:ZAR", "1.00")).unwrap().ok);
        t.close().unwrap();
        // Once the file is there again, they are destroyed when the ledger is opened.
        std::fs::write(books.join(file), &whole).unwrap();
        let t = Thalium::open_with(&place, keyed(&keys)).unwrap();
        assert_eq!(t.do_one(forget).unwrap().status, "exists", "{file}");
        let id = Id::from_key("party", "c42");
        let privacy = t.privacy().unwrap();
        for basis in Basis::ALL {
            let opened = privacy.vault.open(id, basis, b"", b"");
            assert_eq!(opened.unwrap_err(), thalium::port::subjects::NoKey::Destroyed, "{file}");
        }
        assert_eq!(t.read(|book| book.transfer_count()).unwrap(), 2);
        t.close().unwrap();
    }
}
