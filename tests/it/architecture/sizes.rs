//! How long a file and a function may be before they want to be two, and how long they mostly are.

use super::{Source, forbid_all, indent, without_comment};

const FUNCTION: usize = 40;
/// Half of the files of the application have at most this many lines.
const MEDIAN_FILE: usize = 100;
/// Half of its functions have at most this many.
const MEDIAN_FUNCTION: usize = 6;

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

#[test]
fn only_tables_of_routes_or_words_are_excused_from_being_short() {
    let broken = Source::application().into_iter().flat_map(|source| {
        let is_table = source.path.contains("words") || source.stem() == "routes";
        let excuses = source.numbered().filter(|(_, line)| !is_table && line.contains("clippy::too_many_lines"));
        excuses.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())).collect::<Vec<_>>()
    });
    forbid_all("only a table of routes or of words may be a long function", broken);
}

#[test]
fn files_are_mostly_short() {
    let lines = Source::application().iter().map(|source| source.text.lines().count()).collect();
    let median = median(lines);
    assert!(median <= MEDIAN_FILE, "half of the files of `src` have more than {median} lines, at most {MEDIAN_FILE}");
}

#[test]
fn functions_are_mostly_short() {
    let lines = Source::application().iter().flat_map(functions).map(|(_, length)| length).collect();
    let median = median(lines);
    assert!(
        median <= MEDIAN_FUNCTION,
        "half of the functions have more than {median} lines, at most {MEDIAN_FUNCTION}"
    );
}

fn median(mut sizes: Vec<usize>) -> usize {
    sizes.sort_unstable();
    sizes[sizes.len() / 2]
}

fn long_functions(source: &Source) -> Vec<String> {
    let long = functions(source).into_iter().filter(|(_, length)| *length > FUNCTION);
    let lines: Vec<_> = source.text.lines().collect();
    let long = long.filter(|(line, _)| !is_excused(&lines[..line - 1]));
    long.map(|(line, length)| format!("{}:{line}: {length} lines", source.path)).collect()
}

/// Every function with the line where it begins and its lines of code.
fn functions(source: &Source) -> Vec<(usize, usize)> {
    let lines: Vec<_> = source.text.lines().collect();
    let starts = (0..lines.len()).filter(|&at| is_function(lines[at]));
    starts.map(|at| (at + 1, length(&lines[at..]))).collect()
}

fn is_function(line: &str) -> bool {
    let signature = line.trim_start();
    // `pub(in crate::accounts)` has a space of its own.
    let restricted = signature.strip_prefix("pub(in ").and_then(|rest| rest.split_once(") "));
    let signature = restricted.map_or(signature, |(_, signature)| signature);
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

#[test]
fn functions_are_counted_without_braces_and_comments() {
    let text = "pub(in crate::a) fn b(\n    c: u8,\n) {\n    // why\n    d(c);\n\n    e();\n}\n\nconst fn f() {}\n";
    let source = Source { path: "src/a.rs".to_owned(), text: text.to_owned() };
    assert_eq!(functions(&source), [(1, 2), (10, 0)]);
    assert_eq!(median(vec![9, 1, 4]), 4);
}
