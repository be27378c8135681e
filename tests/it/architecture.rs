//! The rules of the house, checked over its sources. Each failure names the files, the lines and the rule.

use std::fs;
use std::path::{Path, PathBuf};

mod circles;
mod folders;
mod graph;
mod guide;
mod imports;
mod names;
mod rooms;
mod signatures;
mod sizes;
mod sql;
mod syntax;
mod tables;
mod templates;

/// A file of the project.
struct Source {
    /// From the project's root, with `/` between the names.
    path: String,
    text: String,
}

impl Source {
    /// Every file below `folder` with one of these extensions.
    fn all(folder: &str, extensions: &[&str]) -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut paths = Vec::new();
        collect(&root.join(folder), &mut paths);
        paths.retain(|path| {
            path.extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known))
        });
        paths.sort();
        paths.iter().map(|path| Self::read(root, path)).collect()
    }

    fn read(root: &Path, path: &Path) -> Self {
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { path: name, text }
    }

    /// Everything the application is written in, but for what diesel generates.
    fn application() -> Vec<Self> {
        Self::all("src", &["rs"]).into_iter().filter(|source| source.path != "src/schema.rs").collect()
    }

    /// `waitlist` for `src/waitlist/joining/join.rs` and `templates/waitlist/joining/join.html`, `schema` for
    /// `src/schema.rs`.
    fn room(&self) -> &str {
        match self.path.split('/').collect::<Vec<_>>()[..] {
            [_, room, ..] => room.split('.').next().unwrap_or_default(),
            _ => "",
        }
    }

    /// `join` for `src/waitlist/joining/join.rs`.
    fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }

    /// The numbered lines that do something outside tests: no comments, nothing under `#[cfg(test)]`, and no
    /// `tests.rs` beside what it tests.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut test_indent = (self.stem() == "tests" && self.path.starts_with("src/")).then_some(usize::MAX);
        self.numbered().filter_map(move |(number, line)| {
            if line.trim_start().starts_with("#[cfg(test)]") {
                test_indent = Some(indent(line));
            }
            match test_indent {
                // The item under the attribute ends where its last line is back at the attribute's indent.
                Some(at) if indent(line) == at && line.trim_end().ends_with(['}', ';']) => test_indent = None,
                Some(_) => {}
                None => return Some((number, without_comment(line))),
            }
            None
        })
    }

    fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Whether the code names `path`, such as `diesel::` (and not `my_diesel::`).
    fn names(&self, path: &str) -> bool {
        self.code().any(|(_, line)| names(line, path))
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, paths) } else { paths.push(path) }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The slashes of a comment stand behind a space or nothing; those of an address do not.
fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line.split(" // ").next().unwrap_or_default() }
}

/// Whether `word` stands in the line, not as the end of a longer word.
fn names(line: &str, word: &str) -> bool {
    let is_inside = |before: &str| before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| line.get(..at).is_none_or(|before| !is_inside(before)))
}

/// Fails with every line of code that breaks the rule.
fn forbid(rule: &str, sources: &[Source], breaks: impl Fn(&Source, &str) -> bool) {
    let broken = sources.iter().flat_map(|source| {
        let lines = source.code().filter(|(_, line)| breaks(source, line));
        lines.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())).collect::<Vec<_>>()
    });
    forbid_all(rule, broken);
}

/// Fails with everything that was found to break the rule.
fn forbid_all(rule: &str, broken: impl IntoIterator<Item = String>) {
    let broken: Vec<_> = broken.into_iter().collect();
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}
