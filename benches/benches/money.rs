//! Reading, printing, converting and allocating money.

use criterion::{Criterion, criterion_group, criterion_main};
use thalium::money::{AllocationMethod, Amount, Rate, RoundingMode, allocate};

fn money(criterion: &mut Criterion) {
    criterion.bench_function("amount_parse", |bench| {
        bench.iter(|| Amount::parse("123456789.12345678", 8))
    });
    let amount = Amount::from_units(12_345_678_912_345_678);
    criterion.bench_function("amount_to_text", |bench| bench.iter(|| amount.to_text(8)));
    let rate = Rate::ratio(3_943_248, 100);
    criterion.bench_function("rate_convert", |bench| {
        bench.iter(|| rate.as_ref().map(|rate| rate.convert(amount, 8, 2, RoundingMode::HalfEven)));
    });
    let weights: Vec<(u32, u128)> = (0..100).map(|n| (n, u128::from(n) + 1)).collect();
    criterion.bench_function("allocate_100", |bench| {
        bench.iter(|| allocate(1_000_003, &weights, AllocationMethod::LargestRemainder));
    });
}

criterion_group!(benches, money);
criterion_main!(benches);
