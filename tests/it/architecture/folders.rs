//! How many files a folder has, and that no two of them are mixed up.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, forbid_all};

/// Files of a folder. Those of one stem (`join.rs` and `join.sql`, `letter.html` and `letter.txt`) count as one.
const MOST: usize = 17;

/// What a word may end in and still be mixed up with the word itself, longest first.
const ENDINGS: [&str; 11] = ["cation", "ation", "ment", "ance", "ence", "ing", "ion", "ed", "er", "or", "al"];

fn paths() -> Vec<String> {
    let tests = Source::all("tests/it", &["rs"]);
    let files = [Source::all("src", &["rs", "sql"]), tests, Source::all("templates", &["html", "txt"])];
    files.into_iter().flatten().map(|source| source.path).collect()
}

/// The names in each folder: stems of files.
fn stems(paths: &[String]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut folders = BTreeMap::<_, BTreeSet<_>>::new();
    for (folder, name) in paths.iter().filter_map(|path| path.rsplit_once('/')) {
        folders.entry(folder).or_default().insert(name.split('.').next().unwrap_or(name));
    }
    folders
}

#[test]
fn no_folder_holds_too_many_files() {
    let paths = paths();
    let full = stems(&paths).into_iter().filter(|(_, names)| names.len() > MOST);
    forbid_all(
        "a folder of more than 17 files wants to be two",
        full.map(|(folder, names)| format!("{folder}: {} files", names.len())),
    );
}

#[test]
fn no_two_names_of_a_folder_are_mixed_up() {
    let paths = paths();
    let mut folders = stems(&paths);
    // What lies in a folder is a folder's name too.
    for (outer, inner) in paths.iter().filter_map(|path| path.rsplit_once('/')?.0.rsplit_once('/')) {
        folders.entry(outer).or_default().insert(inner);
    }
    let rule = "two names of a folder are not the same words in another order, nor the same but for an ending";
    forbid_all(rule, folders.iter().flat_map(|(folder, names)| alike(folder, names)));
}

/// The pairs that a stranger would mix up.
fn alike(folder: &str, names: &BTreeSet<&str>) -> Vec<String> {
    let mut by_roots = BTreeMap::<_, Vec<_>>::new();
    for name in names.iter().filter(|name| **name != "mod") {
        by_roots.entry(roots(name)).or_default().push(*name);
    }
    let alike = by_roots.into_values().filter(|names| names.len() > 1);
    alike.map(|names| format!("{folder}: {}", names.join(" and "))).collect()
}

/// The words of a name without their endings, in one order.
fn roots(name: &str) -> Vec<String> {
    let mut roots: Vec<_> = name.trim_matches('_').split('_').map(root).collect();
    roots.sort_unstable();
    roots
}

/// `delet` for `delete`, `deletes`, `deleted` and `deletion`; `entri` for `entry` and `entries`; `plan` for `planning`.
/// At least three letters are left.
fn root(word: &str) -> String {
    let singular = word.strip_suffix('s').filter(|rest| rest.len() > 2 && !rest.ends_with('s')).unwrap_or(word);
    let cut = ENDINGS.iter().find_map(|ending| singular.strip_suffix(ending).filter(|rest| rest.len() > 2));
    let root = cut.unwrap_or(singular);
    let root = root.strip_suffix('e').filter(|rest| rest.len() > 2).unwrap_or(root);
    let mut root = root.to_owned();
    if let Some(last) = root.pop() {
        match last {
            'y' if !root.ends_with(['a', 'e', 'o', 'u']) => root.push('i'),
            _ if cut.is_some() && root.ends_with(last) => {}
            _ => root.push(last),
        }
    }
    root
}

#[test]
fn names_that_a_stranger_mixes_up_are_told_apart_from_others() {
    let mixed_up = [
        ("change_email", "email_change"),
        ("member", "members"),
        ("delete", "deletion"),
        ("wave", "waves"),
        ("join", "joined"),
        ("invite", "invitation"),
        ("entry", "entries"),
        ("manage", "management"),
        ("confirm", "confirmation"),
        ("plan", "planning"),
        ("verify", "verification"),
        ("sender", "sending"),
        ("user_list", "_list_users"),
    ];
    for (one, other) in mixed_up {
        assert_eq!(roots(one), roots(other), "{one} and {other}");
    }
    let others = [("join", "join_form"), ("user", "use"), ("reset_link", "reset_password"), ("state", "status")];
    for (one, other) in others {
        assert_ne!(roots(one), roots(other), "{one} and {other}");
    }
    let names = BTreeSet::from(["mod", "join", "place", "joined"]);
    assert_eq!(alike("joining", &names), ["joining: join and joined"]);
}
