use proptest::prelude::*;

use super::*;
use crate::ledger::account::{AccountFlags, AccountKind};
use crate::ledger::detail::{Detail, Sealed};
use crate::ledger::transfer::{EffectiveDate, Group, TransferFlags};
use crate::money::AssetKind;

fn detail() -> impl Strategy<Value = Option<Box<Detail>>> {
    let metadata = prop::collection::btree_map("[a-z]{1,6}", ".{0,12}", 0..3);
    prop_oneof![
        3 => Just(None),
        1 => ("[a-z0-9:]{1,12}", ".{0,12}", metadata).prop_map(|(key, description, metadata)| {
            Detail { key, description, metadata, sealed: None }.boxed()
        }),
    ]
}

fn transfer() -> impl Strategy<Value = Body> {
    let ids = prop::array::uniform4(any::<u128>());
    let data = (any::<u128>(), any::<u128>(), any::<u64>(), any::<u32>());
    let rest =
        (any::<u32>(), any::<u32>(), any::<u16>(), 0..0x200_u16, any::<i32>(), any::<(u16, u16)>());
    (ids, data, rest, detail(), any::<bool>()).prop_map(|(ids, data, rest, detail, plain)| {
        let rare = |value: u128| if plain { 0 } else { value };
        Body::TransferCreated(Transfer {
            id: Id(ids[0]),
            debit_account_id: Id(ids[1]),
            credit_account_id: Id(ids[2]),
            amount: data.0,
            pending_id: Id(rare(ids[3])),
            user_data_128: rare(data.1),
            user_data_64: if plain { 0 } else { data.2 },
            user_data_32: if plain { 0 } else { data.3 },
            timeout: if plain { 0 } else { rest.0 },
            ledger: rest.1,
            code: rest.2,
            flags: TransferFlags(rest.3),
            effective_date: if rest.4 == i32::MIN {
                EffectiveDate::NONE
            } else {
                EffectiveDate::days(rest.4)
            },
            group: Group { index: rest.5.0, size: rest.5.1 },
            timestamp: 0,
            detail,
        })
    })
}

fn account() -> impl Strategy<Value = Body> {
    let data = (any::<u128>(), any::<u64>(), any::<u32>(), any::<u32>(), any::<u16>(), 0..0x40_u16);
    (any::<[u128; 2]>(), data, 0..6_u8, detail()).prop_map(|(ids, data, kind, detail)| {
        Body::AccountCreated(NewAccount {
            id: Id(ids[0]),
            parent: Id(ids[1]),
            user_data_128: data.0,
            user_data_64: data.1,
            user_data_32: data.2,
            ledger: data.3,
            code: data.4,
            flags: AccountFlags(data.5),
            kind: AccountKind::from_number(kind),
            detail,
            ..NewAccount::default()
        })
    })
}

fn body() -> impl Strategy<Value = Body> {
    let asset = (any::<u32>(), "[A-Z0-9][A-Z0-9._-]{0,15}", 0..=38_u8, 0..4_u8, 0..1000_u16)
        .prop_map(|(ledger, code, scale, kind, number)| {
            let kind = match kind {
                0 => AssetKind::Fiat { number },
                1 => AssetKind::Crypto,
                2 => AssetKind::Security,
                _ => AssetKind::Points,
            };
            let asset = Asset::new(code.parse().unwrap(), scale, kind).unwrap();
            Body::AssetRegistered(AssetRegistered { ledger, asset })
        });
    let transient: Vec<_> =
        TransferStatus::ALL.iter().copied().filter(|status| status.is_transient()).collect();
    prop_oneof![
        4 => transfer(),
        2 => account(),
        1 => asset,
        1 => (any::<u32>(), any::<u32>(), ".{0,20}")
            .prop_map(|(format, rules, tenant)| Body::Genesis(Genesis { format, rules, tenant })),
        1 => prop::array::uniform4(".{0,20}").prop_map(|[actor, role, request_id, origin]| {
            Body::Request(Envelope { actor, role, request_id, origin })
        }),
        1 => (any::<u128>(), any::<u64>()).prop_map(|(id, pending_sequence)| {
            Body::TransferExpired(TransferExpired { pending_id: Id(id), pending_sequence })
        }),
        1 => (any::<u128>(), prop::sample::select(transient))
            .prop_map(|(id, status)| Body::TransferFailed(TransferFailed { id: Id(id), status })),
    ]
}

fn header_of() -> impl Strategy<Value = Header> {
    (any::<u64>(), any::<i64>(), any::<u64>()).prop_map(|(sequence, timestamp, request)| Header {
        sequence,
        timestamp,
        request,
    })
}

fn cases() -> ProptestConfig {
    let full = std::env::var("THALIUM_TEST_TIER").is_ok_and(|tier| tier == "full");
    ProptestConfig::with_cases(if full { 256 * 16 } else { 256 })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_written_is_read(header in header_of(), body in body()) {
        let mut bytes = b"before".to_vec();
        encode(header, &body, &mut bytes);
        let bytes = &bytes[6..];
        prop_assert_eq!(size_of(bytes), Some(bytes.len()));
        let (read_header, mut read) = decode(bytes).unwrap();
        // A record's timestamp stands in the header.
        match &mut read {
            Body::TransferCreated(transfer) => transfer.timestamp = 0,
            Body::AccountCreated(account) => account.timestamp = 0,
            _ => {}
        }
        prop_assert_eq!((read_header, read), (header, body));
    }

    #[test]
    fn what_is_read_has_one_spelling(
        header in header_of(), body in body(), at in any::<prop::sample::Index>(), to in any::<u8>(),
    ) {
        let mut bytes = Vec::new();
        encode(header, &body, &mut bytes);
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok((header, body)) = decode(&bytes) {
            let mut again = Vec::new();
            encode(header, &body, &mut again);
            prop_assert_eq!(again, bytes);
        }
    }

    #[test]
    fn an_event_that_is_cut_short_is_refused(header in header_of(), body in body(), at in any::<prop::sample::Index>()) {
        let mut bytes = Vec::new();
        encode(header, &body, &mut bytes);
        bytes.truncate(at.index(bytes.len()));
        prop_assert!(decode(&bytes).is_err());
        prop_assert_eq!(split(&bytes).count(), 0);
    }
}

/// A promise: stored logs depend on every byte.
#[test]
fn the_layouts_are_golden() {
    let header = Header { sequence: 1, timestamp: 2, request: 3 };
    let flagged = |size: &str, kind: &str, flags: &str| {
        format!("{size}0000{kind}0001{flags}010000000000000002000000000000000300000000000000")
    };
    let head = |size: &str, kind: &str| flagged(size, kind, "01");
    let id = |n: u8| format!("{}{n:02x}", "00".repeat(15));
    let golden = [
        (
            Body::Genesis(Genesis::default()),
            head("2e00", "01") + "a3010102010367" + "64656661756c74",
        ),
        (
            Body::Request(Envelope {
                actor: "desk".into(),
                origin: "api".into(),
                ..Envelope::default()
            }),
            head("2c00", "02") + "a20164" + "6465736b" + "0463" + "617069",
        ),
        (
            Body::AssetRegistered(AssetRegistered {
                ledger: 1000,
                asset: Asset::new("BTC".parse().unwrap(), 8, AssetKind::Crypto).unwrap(),
            }),
            head("4000", "03")
                + "e8030000"
                + "08"
                + "02"
                + "0000"
                + "42544300000000000000000000000000"
                + &"00".repeat(8),
        ),
        (
            Body::AccountCreated(NewAccount {
                id: Id(4),
                parent: Id(5),
                user_data_128: 6,
                user_data_64: 7,
                user_data_32: 8,
                ledger: 710,
                code: 9,
                flags: AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS,
                kind: Some(AccountKind::Liability),
                detail: Detail::keyed("c42").boxed(),
                ..NewAccount::default()
            }),
            head("8600", "04")
                + &id(4)
                + &id(5)
                + "06000000000000000000000000000000"
                + "0700000000000000"
                + "08000000"
                + "c6020000"
                + "0900"
                + "0200"
                + "02"
                + &"00".repeat(27)
                + "a10163"
                + "633432",
        ),
        (
            Body::AccountCreated(NewAccount {
                id: Id(4),
                ledger: 710,
                code: 9,
                detail: Detail {
                    sealed: Some(Sealed {
                        subject: Id(5),
                        years: Some(5),
                        retention: String::new(),
                        value: vec![1, 2],
                    }),
                    ..Detail::keyed("c42")
                }
                .boxed(),
                ..NewAccount::default()
            }),
            head("a000", "04")
                + &id(4)
                + &"00".repeat(44)
                + "c6020000"
                + "0900"
                + &"00".repeat(30)
                + "a20163"
                + "633432"
                + "04a30150"
                + &id(5)
                + "02050342"
                + "0102",
        ),
        (
            Body::TransferCreated(Transfer {
                id: Id(4),
                debit_account_id: Id(5),
                credit_account_id: Id(6),
                amount: 25_000,
                pending_id: Id(7),
                user_data_128: 8,
                user_data_64: 9,
                user_data_32: 10,
                timeout: 11,
                ledger: 710,
                code: 12,
                flags: TransferFlags::PENDING,
                effective_date: EffectiveDate::days(20_484),
                group: Group { index: 1, size: 2 },
                ..Transfer::default()
            }),
            flagged("a000", "05", "03")
                + &id(4)
                + &id(5)
                + &id(6)
                + "a8610000000000000000000000000000"
                + "c6020000"
                + "0c00"
                + "0200"
                + "04500000"
                + "0100"
                + "0200"
                + &id(7)
                + "08000000000000000000000000000000"
                + "0900000000000000"
                + "0a000000"
                + "0b000000",
        ),
        (
            Body::TransferCreated(Transfer {
                id: Id(4),
                debit_account_id: Id(5),
                credit_account_id: Id(6),
                amount: 1,
                ledger: 710,
                code: 12,
                ..Transfer::default()
            }),
            head("7000", "05")
                + &id(4)
                + &id(5)
                + &id(6)
                + "01000000000000000000000000000000"
                + "c6020000"
                + "0c00"
                + "0000"
                + "00000080"
                + "00000000",
        ),
        (
            Body::TransferExpired(TransferExpired { pending_id: Id(4), pending_sequence: 5 }),
            head("4000", "06") + &id(4) + "0500000000000000" + &"00".repeat(8),
        ),
        (
            Body::TransferFailed(TransferFailed {
                id: Id(4),
                status: TransferStatus::ExceedsCredits,
            }),
            head("4000", "07") + &id(4) + "b202" + &"00".repeat(14),
        ),
    ];
    for (body, want) in golden {
        let mut bytes = Vec::new();
        encode(header, &body, &mut bytes);
        let got: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(got, want, "{body:?}");
    }
}

#[test]
fn what_a_newer_version_wrote_is_refused_by_name() {
    let mut bytes = Vec::new();
    encode(
        Header { sequence: 0, timestamp: 0, request: 0 },
        &Body::Genesis(Genesis::default()),
        &mut bytes,
    );
    for (at, value, want) in [
        (4, 99, EventError::Kind(99)),
        (6, 2, EventError::Version(2)),
        (7, 0, EventError::Value(7)),
        (7, 3, EventError::Value(7)),
        (0, 1, EventError::Size),
    ] {
        let mut other = bytes.clone();
        other[at] = value;
        assert_eq!(decode(&other), Err(want));
    }
}

/// The seed was written from `docs/format.md` by a program that shares no code with this one.
#[test]
fn a_log_written_from_the_documentation_is_read() {
    let log = include_bytes!("../../fuzz/seeds/event/log");
    let mut engine = crate::Engine::empty();
    for bytes in split(log) {
        engine.replay(bytes).unwrap();
    }
    let balances = engine.book().balances(Id(2)).unwrap();
    assert_eq!(
        (engine.book().event_count(), balances.credits_posted, balances.credits_pending),
        (10, 520, 0)
    );
    assert_eq!(crate::invariants::check(engine.book()), Ok(()));
}

#[test]
fn the_largest_event_is_within_the_limit_and_a_larger_one_is_refused() {
    use crate::ledger::detail::{DESCRIPTION_MAX, KEY_MAX, METADATA_MAX};
    use crate::party::Basis;
    use crate::party::change::{LIST_MAX, SealedField, SealedFields};
    // Two letters a key and nothing under it: the most entries, and so the most overhead, that the bound allows.
    let letters = || (b'0'..=b'z').map(char::from);
    let keys = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}")));
    let header = Header { sequence: 1, timestamp: 2, request: 3 };
    let mut bytes = Vec::new();
    for entries in [0, METADATA_MAX / 4, METADATA_MAX / 2] {
        let mut detail = Detail {
            key: "k".repeat(KEY_MAX),
            description: "d".repeat(DESCRIPTION_MAX),
            metadata: keys.clone().take(entries).map(|key| (key, String::new())).collect(),
            sealed: Some(Sealed { subject: Id(1), years: Some(5), ..Sealed::default() }),
        };
        assert_eq!((detail.metadata.len(), detail.check()), (entries, Ok(())));
        let fits = |size: usize| {
            let sealed = Sealed {
                subject: Id(1),
                years: None,
                retention: "r".repeat(64),
                value: vec![7; size],
            };
            Detail { sealed: Some(sealed), ..detail.clone() }
        };
        let most = (0..EVENT_MAX).rev().find(|size| fits(*size).check().is_ok()).unwrap();
        detail = fits(most);
        bytes.clear();
        let transfer = Transfer { detail: detail.boxed(), timestamp: 2, ..Transfer::default() };
        encode(header, &Body::TransferCreated(transfer.clone()), &mut bytes);
        assert!(bytes.len() < EVENT_MAX, "{entries}: {}", bytes.len());
        assert_eq!(decode(&bytes), Ok((header, Body::TransferCreated(transfer))));
    }

    // The most fields, each with the longest names, and values that leave as much room as possible to what is around them.
    let field = |number: usize, bytes: usize| SealedField {
        name: format!("{number:064}"),
        purpose: "p".repeat(64),
        basis: Basis::Law,
        years: None,
        value: vec![7; bytes].into(),
        token: Some(vec![7; 49].into()),
        retention: Some("r".repeat(64)),
    };
    let of = |bytes| {
        let fields = (0..LIST_MAX).map(|number| field(number, bytes)).collect();
        Change::from(SealedFields { party: Id(1), fields })
    };
    let most = (0..EVENT_MAX).rev().find(|bytes| of(*bytes).check().is_ok()).unwrap();
    bytes.clear();
    encode(header, &Body::Party(of(most)), &mut bytes);
    assert!(bytes.len() < EVENT_MAX, "{}", bytes.len());

    let actor = "a".repeat(EVENT_MAX);
    let mut large = Vec::new();
    encode(header, &Body::Request(Envelope { actor, ..Envelope::default() }), &mut large);
    assert_eq!((size_of(&large), decode(&large)), (None, Err(EventError::Size)));
    for tail in [vec![0], vec![0xa0], bytes.clone()] {
        let mut longer = bytes.clone();
        longer.extend(tail);
        assert_eq!(decode(&longer), Err(EventError::Size), "the size is not the event's");
    }
}

#[test]
fn an_empty_detail_is_left_out() {
    let header = Header { sequence: 1, timestamp: 0, request: 3 };
    let bodies = |detail: Option<Box<Detail>>| {
        [
            Body::TransferCreated(Transfer { detail: detail.clone(), ..Transfer::default() }),
            Body::AccountCreated(NewAccount { detail, ..NewAccount::default() }),
        ]
    };
    for (empty, none) in bodies(Some(Box::default())).into_iter().zip(bodies(None)) {
        let (mut one, mut other) = (Vec::new(), Vec::new());
        encode(header, &empty, &mut one);
        encode(header, &none, &mut other);
        assert_eq!(one, other);
        assert_eq!(decode(&one), Ok((header, none)));
    }
}
