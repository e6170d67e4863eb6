use super::*;

fn found(text: &str) -> Vec<String> {
    let tree = Tree::of([("bindings-node/src/lib.rs", text)]);
    guarded_exports(&tree).into_iter().map(|finding| finding.what).collect()
}

#[test]
fn a_guarded_export_is_left_alone() {
    for text in [
        "#[napi(catch_unwind)]\npub fn a() -> Result<()> {\n    border(|| Ok(()))\n}\n",
        "#[napi]\nimpl A {\n    #[napi(catch_unwind)]\n    pub fn a(&self) -> Result<()> {\n        border(|| Ok(()))\n    }\n}\n",
        "#[pymethods]\nimpl A {\n    fn a(&self, py: Python<'_>) -> PyResult<()> {\n        guard(py, || Ok(()))\n    }\n}\n\nfn b() {\n    c();\n}\n",
        "#[pyfunction]\nfn a(py: Python<'_>) -> PyResult<()> {\n    border(py, || Ok(()))\n}\n",
        "#[uniffi::export]\nimpl A {\n    #[uniffi::constructor]\n    pub fn a() -> Result<Self, E> {\n        border(|| Ok(A))\n    }\n}\n",
        "#[uniffi::export]\npub fn a() -> Result<(), E> {\n    border(|| Ok(()))\n}\n",
        "#[napi]\npub struct A {\n    a: u8,\n}\n\nfn b() {\n    c();\n}\n",
        "#[napi]\npub fn panic_next() {\n    a();\n}\n",
        "fn a() {\n    b();\n}\n",
    ] {
        assert_eq!(found(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn one_that_lets_a_panic_out_is_reported() {
    for text in [
        "#[napi(catch_unwind)]\npub fn a() -> Result<()> {\n    b()\n}\n",
        "#[napi]\npub fn a() -> Result<()> {\n    border(|| Ok(()))\n}\n",
        "#[pyfunction]\nfn a() -> PyResult<()> {\n    b()\n}\n",
        "#[uniffi::export]\npub fn a() -> String {\n    b()\n}\n",
        "#[uniffi::export]\nimpl A {\n    #[uniffi::constructor]\n    pub fn a() -> Self {\n        b()\n    }\n}\n",
        "#[pymethods]\nimpl A {\n    #[new]\n    fn a() -> Self {\n        Self {}\n    }\n}\n",
        "#[pymethods]\nimpl A {\n    fn z(&self) {\n        border(|| ())\n    }\n\n    fn a(&self) {\n        b()\n    }\n}\n",
    ] {
        assert_eq!(found(text), ["`a` lets a panic out"], "{text}");
    }
}
