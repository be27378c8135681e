//! How long a file and a function may be before they want to be two.

use super::{Source, forbid_all, indent, without_comment};

const FUNCTION: usize = 40;

/// Lines that a file may have. The shared parts of templates, named `_…`, hold several small things.
fn most_lines(source: &Source) -> usize {
    match source.path.split('/').next() {
        Some("src") => 300,
        Some("tests") => 400,
        _ if source.stem().starts_with('_') => 150,
        _ => 120,
    }
}

#[test]
fn no_file_is_too_long() {
    let folders = [Source::application(), Source::all("tests", &["rs"]), Source::all("templates", &["html", "txt"])];
    let broken = folders.iter().flatten().filter_map(|source| {
        let (lines, most) = (source.text.lines().count(), most_lines(source));
        (lines > most).then(|| format!("{}: {lines} lines, at most {most}", source.path))
    });
    forbid_all("a file this long wants to be two", broken);
}

#[test]
fn no_function_is_too_long_without_a_reason() {
    let folders = [Source::application(), Source::all("tests", &["rs"])];
    let broken = folders.iter().flatten().flat_map(|source| long_functions(source).into_iter());
    forbid_all("a function past 40 lines says why: #[expect(clippy::too_many_lines, reason = \"…\")]", broken);
}

fn long_functions(source: &Source) -> Vec<String> {
    let lines: Vec<_> = source.text.lines().collect();
    let starts = (0..lines.len()).filter(|&at| is_function(lines[at]) && !is_excused(&lines[..at]));
    starts
        .map(|at| (at, length(&lines[at..])))
        .filter(|(_, length)| *length > FUNCTION)
        .map(|(at, length)| format!("{}:{}: {length} lines", source.path, at + 1))
        .collect()
}

fn is_function(line: &str) -> bool {
    let signature = line.trim_start();
    let before = signature.split("fn ").next().unwrap_or_default();
    let is_prefix = |word: &str| word.starts_with("pub") || word == "const" || word == "async";
    signature.contains("fn ") && before.split_whitespace().all(is_prefix)
}

/// Whether the attributes above, up to the item before, state the reason.
fn is_excused(above: &[&str]) -> bool {
    let own = above.iter().rev().take_while(|line| !line.trim().is_empty() && !line.ends_with(['{', '}', ';']));
    own.into_iter().any(|line| line.contains("clippy::too_many_lines"))
}

/// Lines of code in the body, as clippy counts them: without braces, blank lines and comments.
fn length(from: &[&str]) -> usize {
    let is_end = |line: &&&str| indent(line) == indent(from[0]) && line.trim_end().ends_with(['}', ';']);
    if is_end(&&from[0]) {
        return 0;
    }
    let body = from.iter().skip_while(|line| !line.ends_with('{')).skip(1);
    body.take_while(|line| line.is_empty() || !is_end(line))
        .filter(|line| !without_comment(line).trim().is_empty())
        .count()
}
