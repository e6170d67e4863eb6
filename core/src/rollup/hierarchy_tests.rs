use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::rollup::Zone;

fn calendar(text: &str) -> Calendar {
    let mut words = text.split(' ');
    let calendar = Calendar::new(words.next().unwrap().parse().unwrap());
    match words.next() {
        Some(zone) => calendar.in_zone(zone.parse().unwrap()),
        None => calendar,
    }
}

fn hierarchy(levels: &[&str]) -> Result<Hierarchy, HierarchyError> {
    Hierarchy::new(levels.iter().map(|text| calendar(text)).collect())
}

#[test]
fn each_level_is_made_of_the_last_that_nests_in_it() {
    for (levels, sources) in [
        (&["1m", "5m", "15m", "1h", "4h", "1d", "1w", "1M"][..], &[0, 1, 2, 3, 4, 5, 5][..]),
        (&["1m", "1d Europe/Berlin"], &[]),
        (
            &["1m Europe/Berlin", "4h Europe/Berlin", "1d Europe/Berlin", "1M Europe/Berlin"],
            &[0, 1, 2],
        ),
        // Seven hours are no part of a day, though they are of a week's; three are one of both.
        (&["1h", "7h", "1d"], &[0, 0]),
        (&["1h", "3h", "1w", "1q", "1y"], &[0, 1, 1, 3]),
        (&["1d", "2M", "1q", "1y"], &[0, 0, 2]),
    ] {
        let told = hierarchy(levels);
        if sources.is_empty() {
            assert_eq!(told, Err(HierarchyError::NotNested { level: 1 }), "{levels:?}");
            continue;
        }
        let told = told.unwrap();
        let own: Vec<_> = (0..levels.len()).map(|level| told.source(level)).collect();
        let expected: Vec<_> =
            std::iter::once(None).chain(sources.iter().copied().map(Some)).collect();
        assert_eq!(own, expected, "{levels:?}");
    }
}

#[test]
fn levels_that_are_none_say_which_and_why() {
    assert_eq!(hierarchy(&[]), Err(HierarchyError::Count { levels: 0 }));
    assert_eq!(hierarchy(&["1m"; 17]), Err(HierarchyError::Count { levels: 17 }));
    assert_eq!(hierarchy(&["1m", "1h", "60m"]), Err(HierarchyError::Twice { level: 2 }));
    assert_eq!(hierarchy(&["5m", "7m"]), Err(HierarchyError::NotNested { level: 1 }));
    assert_eq!(hierarchy(&["1M", "1w"]), Err(HierarchyError::NotNested { level: 1 }));
    let moved = vec![calendar("1h"), calendar("1d").moved_by(1)];
    assert_eq!(Hierarchy::new(moved), Err(HierarchyError::NotNested { level: 1 }));
    // An origin that is no multiple of the finer's.
    let origin = vec![calendar("2h"), calendar("4h").from_origin(3_600_000_000_000)];
    assert_eq!(Hierarchy::new(origin), Err(HierarchyError::NotNested { level: 1 }));
}

/// Zones whose clocks are put back by an hour, by half of one, across midnight and by a day, each read once.
static ZONES: LazyLock<Vec<Option<Zone>>> = LazyLock::new(|| {
    let zones = ["Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia"];
    std::iter::once(None).chain(zones.map(|zone| Some(zone.parse().unwrap()))).collect()
});

fn calendars() -> impl Strategy<Value = Calendar> {
    let widths =
        ["1m", "7m", "15m", "1h", "4h", "5h", "12h", "1d", "2d", "1w", "1M", "2M", "1q", "1y"];
    let hour = 3_600_000_000_000_i64;
    let origin = prop_oneof![
        3 => Just(None),
        1 => (0..400_i64).prop_map(move |n| Some(n * 24 * hour)),
        1 => (0..99_i64).prop_map(move |n| Some(n * hour)),
    ];
    let offset = prop::sample::select(vec![0, 0, 0, -7 * hour, hour / 2]);
    let zone = prop::sample::select(&**ZONES);
    (prop::sample::select(widths.to_vec()), zone, origin, offset).prop_map(
        |(width, zone, origin, offset)| {
            let mut own = calendar(width).moved_by(offset);
            if let Some(zone) = zone {
                own = own.in_zone(zone);
            }
            if let Some(origin) = origin { own.from_origin(origin) } else { own }
        },
    )
}

proptest! {
    /// Where one is said to nest in another, no bucket of the other begins within one of its own.
    #[test]
    fn edges_of_the_wider_are_edges_of_the_finer(
        finer in calendars(), wider in calendars(), days in 9_000..22_000_i64, nanos in 0..86_400_000_000_000_i64,
    ) {
        if finer.nests_in(&wider) {
            let start = wider.start(days * 86_400_000_000_000 + nanos).unwrap();
            prop_assert_eq!(finer.start(start), Ok(start));
        }
    }
}
