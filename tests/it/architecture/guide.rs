//! What the guide for operators must know of the sources.

use std::collections::BTreeSet;
use std::fs;

use reqwest::StatusCode;

use super::{Source, forbid_all};

const GUIDE: &str = include_str!("../../../docs/operating.md");

/// The statuses that a source names as `StatusCode::NOT_FOUND`, by number.
fn statuses(source: &Source) -> Vec<u16> {
    let name = |status: u16| {
        let reason = StatusCode::from_u16(status).ok()?.canonical_reason()?;
        Some(format!("StatusCode::{}", reason.to_ascii_uppercase().replace([' ', '-'], "_")))
    };
    (100..600).filter(|status| name(*status).is_some_and(|name| source.text.contains(&name))).collect()
}

#[test]
fn every_status_has_its_line_in_the_guide() {
    let (_, table) = GUIDE.split_once("\n## What a status means\n").unwrap();
    let lines = table.split("\n## ").next().unwrap().lines();
    let cells = lines.filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let explained: BTreeSet<u16> =
        cells.flat_map(|cell| cell.split(", ")).filter_map(|cell| cell.parse().ok()).collect();
    let named: BTreeSet<_> = Source::all("src", &["rs"]).iter().flat_map(statuses).collect();
    assert!(named.len() > 10, "the sources are read: {named:?}");
    forbid_all("statuses without a line", named.difference(&explained).map(ToString::to_string));
}

/// The words in quotes that stand behind this in a text.
fn quoted<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split('"').next())
}

#[test]
fn every_reason_of_a_refusal_is_explained_in_the_guide() {
    let read = |file: &str| fs::read_to_string(format!("{}/src/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let of_files = [
        ("db/error.rs", "=> \""),
        ("web/error.rs", "=> \""),
        ("server/http_server.rs", "overloads().count(\""),
        ("server/client_connection.rs", "self.cut(\""),
        ("web/protection/abuse_counters.rs", " = \""),
        ("web/protection/limits.rs", "Rule::new(\""),
        ("web/protection/limits.rs", "Rule::provisional(\""),
    ];
    let mut words = BTreeSet::new();
    for (file, start) in of_files {
        let text = read(file);
        let found: Vec<_> = quoted(&text, start).filter(|word| !word.contains(' ')).map(str::to_owned).collect();
        assert!(!found.is_empty(), "{file} is read");
        words.extend(found);
    }
    // That is a fault of ours, and is answered by a 500.
    words.remove("query");
    let unexplained = words.into_iter().filter(|word| !GUIDE.contains(&format!("`{word}`")));
    forbid_all("reasons and rules without a word", unexplained);
}
