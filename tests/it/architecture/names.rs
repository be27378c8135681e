//! How files and functions are called, how a file begins, and what no line may say.

use std::fs;
use std::path::Path;

use biovity::config::VARIABLES;
use biovity::mail::link;

use super::{Source, forbid, forbid_all, indent, names};

const README: &str = include_str!("../../../README.md");
/// Folders of the project that a path can begin with.
const FOLDERS: [&str; 6] = ["src/", "templates/", "tests/", "static/", "migrations/", "benches/"];
/// The folders whose folders are rooms.
const WITH_ROOMS: [&str; 3] = ["src", "src/accounts", "src/waitlist"];

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
    let folders = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap();
    let names = folders.map(|folder| folder.unwrap().file_name().to_string_lossy().into_owned());
    let parts = names
        .filter(|name| name.contains('_'))
        .flat_map(|name| name.splitn(3, '_').take(2).map(|part| (part.to_owned(), name.clone())).collect::<Vec<_>>());
    let mut seen = std::collections::BTreeMap::new();
    let twice =
        parts.filter_map(|(part, name)| seen.insert(part, name.clone()).map(|before| format!("{before}, {name}")));
    forbid_all("of two migrations with one version only one is ever run", twice);
}

#[test]
fn every_path_in_the_readme_exists() {
    let quoted = README.split('`').skip(1).step_by(2);
    let paths = quoted.filter(|text| FOLDERS.iter().any(|folder| text.starts_with(folder)));
    let missing = paths.map(str::to_owned).chain(mapped(README)).filter(|path| !exists(path));
    forbid_all("README names a file or folder that does not exist", missing);
}

#[test]
fn the_map_in_the_readme_names_every_room() {
    let known = mapped(README);
    let rooms = WITH_ROOMS.iter().flat_map(|outer| {
        let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(outer)).unwrap().map(Result::unwrap);
        let folders = entries.filter(|entry| entry.path().is_dir());
        folders.map(|folder| format!("{outer}/{}", folder.file_name().to_string_lossy())).collect::<Vec<_>>()
    });
    forbid_all("README's map lacks a room", rooms.filter(|room| !known.contains(room)));
}

/// Whether there is a folder of this name, or a file of this name or stem.
fn exists(path: &str) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    path.exists() || path.with_extension("rs").exists()
}

/// What "Find your way" names: folders of the project, rooms, and what stands behind a room's name outside brackets.
fn mapped(readme: &str) -> Vec<String> {
    let (_, map) = readme.split_once("## Find your way\n\n").unwrap();
    let mut named = Vec::new();
    let mut room = String::new();
    for line in map.lines().take_while(|line| !line.is_empty()) {
        let mut rest = line.trim();
        match indent(line) {
            4 => {
                let folders = line.split_whitespace().filter(|word| word.ends_with('/'));
                named.extend(folders.map(|folder| folder.trim_end_matches('/').to_owned()));
                continue;
            }
            6 => {
                let (name, behind) = rest.split_once("/ ").unwrap();
                room = format!("src/{name}");
                named.push(room.clone());
                rest = behind;
            }
            _ => {}
        }
        if WITH_ROOMS.contains(&room.as_str()) {
            named.extend(rest.split_whitespace().next().map(|inner| format!("{room}/{inner}")));
        } else {
            named.extend(
                outside_brackets(rest)
                    .split(',')
                    .map(str::trim)
                    .filter(|name| !name.is_empty())
                    .map(|name| format!("{room}/{name}")),
            );
        }
    }
    named
}

fn outside_brackets(text: &str) -> String {
    text.split('(').map(|part| part.rsplit_once(')').map_or(part, |(_, behind)| behind)).collect()
}

#[test]
fn a_map_is_read_as_it_is_written() {
    let map = "## Find your way\n\n    src/\n      waitlist/      joining      join, confirm\n                     place        \
               one's own\n      db/            pool (`Db`, bounded), embedded,\n                     migrations\n    \
               tests/it/        the same;  benches/  measurements\n\nend";
    let named = ["src", "src/waitlist", "src/waitlist/joining", "src/waitlist/place", "src/db", "src/db/pool"];
    let rest = ["src/db/embedded", "src/db/migrations", "tests/it", "benches"];
    assert_eq!(mapped(map), named.into_iter().chain(rest).collect::<Vec<_>>());
}
