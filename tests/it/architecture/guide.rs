//! What the guide for operators must know of the sources.

use std::collections::BTreeSet;

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
