//! How files and functions are called, how a file begins, and what no line may say.

use biovity::config::VARIABLES;
use biovity::mail::link;

use super::{Source, forbid, forbid_all, names};

#[test]
fn every_file_opens_with_a_sentence_about_itself() {
    let silent = Source::application().into_iter().filter(|source| !source.text.starts_with("//! "));
    forbid_all("a file opens with one `//!` sentence", silent.map(|source| source.path));
}

#[test]
fn no_file_is_a_junk_drawer() {
    let drawers = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "services"];
    let files = [Source::application(), Source::all("tests", &["rs"]), Source::all("templates", &["html", "txt"])];
    let named = files
        .into_iter()
        .flatten()
        .filter(|source| source.path.split(['/', '.']).any(|name| drawers.contains(&name.trim_start_matches('_'))));
    forbid_all("a file is named after what it holds", named.map(|source| source.path));
}

#[test]
fn a_function_is_named_after_what_it_gives_or_does() {
    let empty = ["fn get_", "fn do_", "fn handle_", "fn process_"];
    forbid("never `get_`, `do_`, `handle_`, `process_`", &Source::application(), |_, line| {
        empty.iter().any(|name| names(line, name))
    });
}

#[test]
fn nothing_panics_outside_tests() {
    let words = [".unwrap()", ".unwrap_err()", ".expect(", ".expect_err("];
    let macros = ["panic!", "todo!", "unimplemented!", "dbg!"];
    forbid("a fault is answered, not a reason to die", &Source::application(), |_, line| {
        words.iter().any(|word| line.contains(word)) || macros.iter().any(|name| names(line, name))
    });
}

#[test]
fn the_example_settings_name_every_variable() {
    let example = include_str!("../../../.env.example");
    let named: Vec<_> =
        example.lines().filter_map(|line| line.strip_prefix('#')?.split_once('=')).map(|(name, _)| name).collect();
    let missing = VARIABLES.iter().map(|variable| variable.name).filter(|name| !named.contains(name));
    forbid_all(".env.example lacks a variable", missing.map(str::to_owned));
    let unknown =
        named.iter().filter(|name| is_name(name) && !VARIABLES.iter().any(|variable| variable.name == **name));
    forbid_all(".env.example names what is no variable", unknown.map(|name| (*name).to_owned()));
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

/// The purposes that a line of Rust makes links for.
fn purpose(line: &str) -> Option<&str> {
    line.split_once("Purpose { name: \"")?.1.split('"').next()
}

#[test]
fn every_purpose_of_a_link_is_known_to_the_sweep() {
    let known: Vec<_> = link::OF_ACCOUNTS.into_iter().chain(link::OF_WAITLIST).collect();
    forbid(
        "mail/link/purpose.rs lists every purpose, or its links are never deleted",
        &Source::application(),
        |_, line| purpose(line).is_some_and(|name| !known.contains(&name)),
    );
}

#[test]
fn every_migration_has_a_version_and_a_number_of_its_own() {
    let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap();
    let names = folders.map(|folder| folder.unwrap().file_name().to_string_lossy().into_owned());
    let parts = names
        .filter(|name| name.contains('_'))
        .flat_map(|name| name.splitn(3, '_').take(2).map(|part| (part.to_owned(), name.clone())).collect::<Vec<_>>());
    let mut seen = std::collections::BTreeMap::new();
    let twice =
        parts.filter_map(|(part, name)| seen.insert(part, name.clone()).map(|before| format!("{before}, {name}")));
    forbid_all("of two migrations with one version only one is ever run", twice);
}
