use super::*;
use clap::CommandFactory;

#[test]
fn the_arguments_are_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn every_subcommand_says_what_it_is_for_and_shows_an_example() {
    for command in Arguments::command().get_subcommands() {
        let name = command.get_name();
        assert!(command.get_about().is_some(), "`{name}` has no summary");
        let help = command.clone().render_long_help().to_string();
        assert!(help.contains("cargo xtask"), "the help of `{name}` shows no example");
    }
}

#[test]
fn options_parse_as_documented() {
    for line in [
        "setup --fuzz",
        "test",
        "test --full money",
        "tidy",
        "tidy --list",
        "tidy no-unsafe",
        "ci --full",
        "bench",
        "bench submit --json",
        "crash --rounds 3",
        "fuzz --list",
        "fuzz codec --seconds 5",
    ] {
        let words = std::iter::once("xtask").chain(line.split(' '));
        assert!(Arguments::try_parse_from(words).is_ok(), "`cargo xtask {line}` is refused");
    }
    assert!(Arguments::try_parse_from(["xtask", "fuzz"]).is_err(), "a target is required");
}
