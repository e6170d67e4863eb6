use super::*;

#[test]
fn every_tool_can_be_checked_and_installed() {
    for tool in TOOLS {
        assert!(command(tool.check).is_some(), "{} has no check", tool.name);
        assert!(command(tool.install).is_some(), "{} has no way to install it", tool.name);
    }
}

#[test]
fn a_tool_that_cannot_start_is_missing() {
    let repo = Repo::find().unwrap();
    let absent = Tool {
        name: "absent",
        needed_for: Need::Everything,
        check: &["thalium-no-such-program"],
        install: &["thalium-no-such-program"],
    };
    assert!(!is_there(&repo, &absent));
}
