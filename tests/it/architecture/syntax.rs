//! What a source names, says and defines outside its tests, each with its line.

use std::sync::LazyLock;

use super::Source;

mod reader;

/// A source of Rust, read once.
pub struct Syntax {
    /// From the project's root, as a [`Source`] has it.
    pub path: String,
    /// `["accounts", "user", "avatar"]` for `src/accounts/user/avatar.rs`; nothing for `src/lib.rs`.
    pub module: Vec<String>,
    pub imports: Vec<Import>,
    pub names: Vec<Name>,
    pub texts: Vec<Text>,
    pub functions: Vec<Function>,
    pub items: Vec<Item>,
}

/// One leaf of a `use`, its path as written: `["super", "user", "User"]`.
pub struct Import {
    pub line: usize,
    /// How the file calls it; nothing for a glob.
    pub called: Option<String>,
    pub segments: Vec<String>,
}

/// A path in the code, in a macro or in an attribute, as written: `["session", "Session", "find"]`.
pub struct Name {
    pub line: usize,
    pub segments: Vec<String>,
}

/// A string, or a `concat!` of some.
pub struct Text {
    pub line: usize,
    /// How many lines of the source it takes.
    pub lines: usize,
    pub value: String,
}

/// A function or method with its parameters.
pub struct Function {
    pub line: usize,
    pub name: String,
    /// Parameters that are tuples, or arrays taken apart like tuples.
    pub tuples: Vec<String>,
}

/// Something that other files may use.
pub struct Item {
    pub line: usize,
    pub name: String,
    pub is_documented: bool,
}

/// Every source below `src`, `schema.rs` included.
pub fn all() -> &'static [Syntax] {
    static ALL: LazyLock<Vec<Syntax>> =
        LazyLock::new(|| Source::all("src", &["rs"]).iter().map(Syntax::read).collect());
    &ALL
}

impl Syntax {
    pub fn read(source: &Source) -> Self {
        Self::parse(&source.path, &source.text)
    }

    pub fn parse(path: &str, text: &str) -> Self {
        let module = module(path);
        let read = Self {
            path: path.to_owned(),
            module,
            imports: Vec::new(),
            names: Vec::new(),
            texts: Vec::new(),
            functions: Vec::new(),
            items: Vec::new(),
        };
        // A file of tests is declared with `#[cfg(test)]` elsewhere.
        if path.ends_with("/tests.rs") {
            return read;
        }
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        reader::read(&file, read)
    }
}

/// The module that a file below `src` is.
fn module(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

#[test]
fn a_file_is_read_with_its_imports_paths_and_lines() {
    let text = "use crate::web::{self, page::form::Form as F};\n\n/// Says.\npub fn say(a: A) -> super::B {\n    \
                info!(\"x\", user::find(1));\n}\npub const X: u8 = 1;";
    let read = Syntax::parse("src/accounts/user/mod.rs", text);
    assert_eq!(read.module, ["accounts", "user"]);
    let imports: Vec<_> =
        read.imports.iter().map(|import| (import.called.as_deref(), import.segments.join("::"))).collect();
    assert_eq!(
        imports,
        [(Some("web"), "crate::web".to_owned()), (Some("F"), "crate::web::page::form::Form".to_owned())]
    );
    let names: Vec<_> = read.names.iter().map(|name| (name.line, name.segments.join("::"))).collect();
    assert!(names.contains(&(4, "super::B".to_owned())), "{names:?}");
    assert!(names.contains(&(5, "user::find".to_owned())), "{names:?}");
    let items: Vec<_> = read.items.iter().map(|item| (item.name.as_str(), item.is_documented)).collect();
    assert_eq!(items, [("say", true), ("X", false)]);
}

#[test]
fn what_is_tested_does_not_count() {
    let text = "#[cfg(test)]\nuse crate::a;\n#[cfg(test)]\nmod tests { use crate::b; pub fn c() {} }\nimpl X { #[cfg(test)] pub \
                fn d(x: (A, B)) { crate::e(\"f\") } }";
    let read = Syntax::parse("src/lib.rs", text);
    assert!(read.imports.is_empty() && read.texts.is_empty() && read.functions.is_empty() && read.items.is_empty());
    assert!(read.names.iter().all(|name| name.segments == ["X"]));
}
