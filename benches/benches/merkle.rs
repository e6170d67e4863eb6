//! Appending to the Merkle tree, by size of event.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use thalium::audit::merkle::MerkleTree;

fn push(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("merkle_push");
    for size in [64_usize, 160, 1024] {
        group.throughput(Throughput::Elements(1));
        let event = vec![7; size];
        group.bench_with_input(BenchmarkId::from_parameter(size), &event, |bench, event| {
            let mut tree = MerkleTree::default();
            bench.iter(|| tree.push(event));
        });
    }
    group.finish();
}

criterion_group!(benches, push);
criterion_main!(benches);
