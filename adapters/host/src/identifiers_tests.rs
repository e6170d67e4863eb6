use std::sync::atomic::{AtomicBool, Ordering};

use thalium::api::party::{ForgetParty, PersonalField, RegisterParty, SealData};
use thalium::party::{ForgetScope, IdentifierKind};

use crate::{FindParties, Options, Thalium};

fn sealed(party: &str, mail: String) -> SealData {
    let field = PersonalField {
        value: mail.into(),
        purpose: "contact".to_owned(),
        identifier: Some(IdentifierKind::Email),
        ..PersonalField::default()
    };
    SealData { party: party.to_owned(), fields: [("mail".to_owned(), field)].into() }
}

fn found(t: &Thalium, mail: &str) -> Vec<String> {
    let (identifier, value) = (IdentifierKind::Email, mail.into());
    let found = t.find_parties(&FindParties { identifier, value, viewer: None }).unwrap();
    found.into_iter().map(|party| party.key).collect()
}

/// Whoever is taken down or forgotten while the first search makes the index is found or not found as they are.
#[test]
fn people_who_come_and_go_while_the_index_is_made_are_in_it_or_not() {
    const PEOPLE: usize = 2_000;
    let options = Options { insecure_seed: Some([7; 32]), ..Options::default() };
    let t = Thalium::open_with("memory:", options).unwrap();
    for first in (0..PEOPLE).step_by(500) {
        let commands: Vec<crate::Command> = (first..first + 500)
            .flat_map(|n| {
                let key = format!("c{n}");
                let sealed = sealed(&key, format!("{key}@example.org"));
                [RegisterParty::person(key).into(), sealed.into()]
            })
            .collect();
        assert!(t.submit(&commands).unwrap().iter().all(|one| one.ok));
    }
    let is_over = AtomicBool::new(false);
    let come_and_gone = std::thread::scope(|scope| {
        let changing = scope.spawn(|| {
            let mut n = 0;
            while !is_over.load(Ordering::Relaxed) || n < 20 {
                let party = format!("c{n}");
                let forget = ForgetParty { party, scope: ForgetScope::Consent };
                assert!(t.do_one(forget).unwrap().ok);
                let key = format!("new{n}");
                t.do_one(RegisterParty::person(&key)).unwrap();
                assert!(t.do_one(sealed(&key, format!("{key}@example.org"))).unwrap().ok);
                n += 1;
                if n == PEOPLE {
                    break;
                }
            }
            n
        });
        found(&t, "c0@example.org");
        is_over.store(true, Ordering::Relaxed);
        changing.join().unwrap()
    });
    for n in 0..PEOPLE {
        let (here, new) = (format!("c{n}"), format!("new{n}"));
        let is_left = n >= come_and_gone;
        assert_eq!(found(&t, &format!("{here}@example.org")).len(), usize::from(is_left), "{here}");
        let came = found(&t, &format!("{new}@example.org"));
        assert_eq!(came.len(), usize::from(!is_left), "{new}");
    }
    let index = crate::privacy::held(&t.privacy().unwrap().index);
    assert_eq!(index.as_ref().unwrap().entries.len(), PEOPLE, "what is gone is not kept");
}
