//! How files and functions are called, how a file begins, and what no line may say.

use biovity::config::VARIABLES;

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
