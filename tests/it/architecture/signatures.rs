//! What a signature asks for, what is said about it, and how much SQL stands between the lines of Rust.

use super::syntax::{self, Syntax};
use super::{Source, forbid_all, sql};

/// Lines of a statement that may stand in a source; a longer one is a file.
const STATEMENT: usize = 3;

fn without_generated() -> impl Iterator<Item = &'static Syntax> {
    syntax::all().iter().filter(|source| source.path != "src/schema.rs")
}

#[test]
fn no_parameter_is_a_tuple() {
    let rule = "what belongs together is a struct with a name, never a tuple or an array that is taken apart";
    forbid_all(rule, syntax::all().iter().flat_map(tuples));
}

fn tuples(source: &Syntax) -> Vec<String> {
    let functions = source.functions.iter().filter(|function| !function.tuples.is_empty());
    functions
        .map(|function| format!("{}:{}: {}({})", source.path, function.line, function.name, function.tuples.join(", ")))
        .collect()
}

#[test]
fn everything_public_says_what_it_is_for() {
    let rule = "what other files may use has a doc comment: `///` above every pub fn, struct, enum, const, type, trait";
    forbid_all(rule, without_generated().flat_map(silent));
}

fn silent(source: &Syntax) -> Vec<String> {
    let items = source.items.iter().filter(|item| !item.is_documented);
    items.map(|item| format!("{}:{}: {}", source.path, item.line, item.name)).collect()
}

#[test]
fn only_what_diesel_generates_goes_without_documentation() {
    let sources = Source::all("src", &["rs"]);
    let broken = sources.iter().flat_map(|source| {
        let lines: Vec<_> = source.text.lines().collect();
        let is_excused = |at: usize| source.path == "src/lib.rs" && lines.get(at + 1) == Some(&"pub mod schema;");
        let excuses = (0..lines.len()).filter(|&at| lines[at].contains("missing_docs") && !is_excused(at));
        excuses.map(|at| format!("{}:{}: {}", source.path, at + 1, lines[at].trim())).collect::<Vec<_>>()
    });
    forbid_all("nothing but `schema.rs` is excused from `missing_docs`", broken);
}

#[test]
fn a_long_statement_is_a_file() {
    let rule = "SQL of more than three lines is a `.sql` file beside its noun, read by `include_str!`";
    forbid_all(rule, without_generated().flat_map(statements));
}

fn statements(source: &Syntax) -> Vec<String> {
    let texts = source.texts.iter().filter(|text| text.lines > STATEMENT && sql::is_statement(&text.value));
    texts.map(|text| format!("{}:{}: {} lines", source.path, text.line, text.lines)).collect()
}

#[test]
fn tuples_arrays_and_silence_are_seen() {
    let text = "pub fn a((x, y): (A, B), [z]: [u8; 1], list: &[(A, B)], pairs: impl Iterator<Item = (A, B)>) {}\n\
                /// Says.\npub(crate) fn b(&self, at: Option<(A, B)>, f: impl Fn(A, B), unit: ()) {}\n\
                fn c(Path(id): Path<Id>) { let d = |(e, f)| e; }";
    let read = Syntax::parse("src/a.rs", text);
    assert_eq!(tuples(&read), ["src/a.rs:1: a((x, y), [z])", "src/a.rs:3: b(at)"]);
    assert_eq!(silent(&read), ["src/a.rs:1: a"]);
}

#[test]
fn long_statements_are_seen() {
    let long = "const A: &str = \"SELECT a \\\n FROM b \\\n WHERE c \\\n ORDER BY d\";";
    let joined = "const A: &str = concat!(\n\"SELECT a FROM b\",\n\"WHERE c\",\n\"ORDER BY d\");";
    for text in [long, joined] {
        assert_eq!(statements(&Syntax::parse("src/a.rs", text)), ["src/a.rs:1: 4 lines"]);
    }
    let prose = "const A: &str = \"What you sent \\\n came FROM a page \\\n that is \\\n gone\";";
    for text in ["const A: &str = \"SELECT a \\\n FROM b \\\n WHERE c\";", prose] {
        assert!(statements(&Syntax::parse("src/a.rs", text)).is_empty());
    }
}
