//! No file leads back to itself by what it imports and names.

use super::forbid_all;
use super::graph::{Circle, Graph};

#[test]
fn no_files_import_each_other_in_a_circle() {
    let rule = "what two files share moves to the lower of them (a `mod.rs` that re-exports counts as a file)";
    forbid_all(rule, Graph::of_sources().circles().iter().map(told));
}

/// Its files, and one shortest way around, arrow by arrow.
fn told(circle: &Circle<'_>) -> String {
    let files: Vec<_> = circle.files.iter().map(|file| file.path.trim_start_matches("src/")).collect();
    let way = circle.shortest.iter();
    let way: Vec<_> = way.map(|arrow| format!("{}:{} names {}", arrow.from.path, arrow.line, arrow.to.path)).collect();
    format!("{} files: {}; the shortest way around:\n    {}", files.len(), files.join(", "), way.join("\n    "))
}
