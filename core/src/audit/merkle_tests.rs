use proptest::prelude::*;

use super::*;

/// The definition of RFC 6962 §2.1, word for word: split at the largest power of two below the length.
fn model(leaves: &[Vec<u8>]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => leaf_hash(leaf),
        _ => {
            let split = (leaves.len() - 1).next_power_of_two().max(2)
                / if (leaves.len() - 1).is_power_of_two() { 1 } else { 2 };
            let split = if split >= leaves.len() { split / 2 } else { split };
            node_hash(&model(&leaves[..split]), &model(&leaves[split..]))
        }
    }
}

/// The roots that RFC 6962's reference implementation publishes for its eight test leaves.
#[test]
fn the_published_roots_agree() {
    let leaves: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tree = MerkleTree::default();
    assert_eq!(hex(&tree.root()), roots[0]);
    for (leaf, root) in leaves.iter().zip(&roots[1..]) {
        tree.push(leaf);
        assert_eq!(hex(&tree.root()), *root);
    }
}

proptest! {
    #[test]
    fn any_tree_is_the_definitions(leaves in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..70)) {
        let mut tree = MerkleTree::default();
        for leaf in &leaves {
            tree.push(leaf);
        }
        prop_assert_eq!(tree.root(), model(&leaves));
        let again = MerkleTree::from_peaks(tree.size(), tree.peaks().to_vec()).unwrap();
        prop_assert_eq!(again, tree);
    }
}
