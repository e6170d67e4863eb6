use super::*;

fn fold(names: std::ops::Range<u32>) -> Distinct {
    let names = names.map(|name| Named::new(0, 0, &name.to_be_bytes()));
    super::super::fold(names).unwrap().unwrap()
}

#[test]
fn few_are_counted_exactly_and_many_nearly() {
    assert_eq!(fold(0..1).count(), (1, true));
    assert_eq!(fold(0..1_024).count(), (1_024, true));
    for names in [1_025, 3_000, 10_000, 100_000] {
        let (count, is_exact) = fold(0..names).count();
        let apart = count.abs_diff(names.into());
        assert!(!is_exact && apart * 1_000 <= u64::from(names) * 50, "{names}: {count}");
    }
}

#[test]
fn the_same_names_are_counted_once_in_any_order() {
    let all = fold(0..2_000);
    for (one, other) in
        [(0..1_500, 500..2_000), (0..10, 5..2_000), (500..2_000, 0..600), (0..900, 800..2_000)]
    {
        let mut own = fold(one);
        own.take_in(&fold(other)).unwrap();
        assert_eq!(own, all);
    }
    let mut few = fold(0..600);
    few.take_in(&fold(300..900)).unwrap();
    assert_eq!(few, fold(0..900));
}

#[test]
fn the_most_there_can_be_is_estimated() {
    let full = Distinct(Kind::Registers(vec![53; 1 << BITS]));
    assert!(full.count().0 > 1 << 60);
    let one = Distinct(Kind::Registers([1].into_iter().chain([0; 4_095]).collect()));
    assert_eq!(one.count().0, 1);
}
