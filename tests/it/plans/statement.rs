//! A statement as it was sent, and as the table shows it.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::GROWING;

/// Longer lists of columns, in characters, are not shown.
const LONGEST_LIST: usize = 40;
/// Of longer statements only the beginning is shown, and a hash tells them apart.
const LONGEST: usize = 300;

/// A statement that reads or writes a table that grows.
pub struct Statement {
    /// Without comments, in one line.
    pub sql: String,
    /// Values of its parameters, as Rust prints them; of several, one that is no empty list, which tells its type.
    pub values: Vec<String>,
}

impl Statement {
    /// Each once, whatever its values.
    pub fn read_all(sent: &BTreeSet<String>) -> Vec<Self> {
        let mut all: BTreeMap<String, Self> = BTreeMap::new();
        for statement in sent.iter().filter_map(|sent| Self::read(sent)) {
            if let Some(known) = all.get_mut(&statement.sql) {
                for (known, value) in known.values.iter_mut().zip(statement.values) {
                    if known == "[]" {
                        *known = value;
                    }
                }
            } else {
                all.insert(statement.sql.clone(), statement);
            }
        }
        all.into_values().collect()
    }

    /// Reads what diesel recorded; nothing when it is no statement on a table that grows.
    pub fn read(sent: &str) -> Option<Self> {
        let (sql, values) = sent.rsplit_once("-- binds: ").unwrap_or((sent, "[]"));
        let lines = sql.lines().map(|line| line.split("-- ").next().unwrap_or_default());
        let sql = lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
        let is_planned = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"].iter().any(|verb| sql.starts_with(verb));
        let values = values.trim().strip_prefix('[').and_then(|values| values.strip_suffix(']')).unwrap_or_default();
        let statement = Self { sql, values: split(values) };
        (is_planned && statement.first_table().is_some()).then_some(statement)
    }

    /// Where it stands in the table.
    pub fn section(&self) -> usize {
        self.first_table().unwrap_or_default()
    }

    fn first_table(&self) -> Option<usize> {
        first_table(&self.sql)
    }

    /// Whether a text names a table that grows.
    pub fn is_planned(sql: &str) -> bool {
        first_table(sql).is_some()
    }

    /// As the table shows it.
    pub fn line(&self) -> String {
        let sql = without_quotes(&self.sql);
        let sql =
            shortened(&shortened(&shortened(&sql, "SELECT ", &[" FROM "]), "RETURNING ", &[]), "VALUES ", &[" ON "]);
        if sql.chars().count() <= LONGEST {
            return sql;
        }
        let beginning: String = sql.chars().take(LONGEST).collect();
        let hash = Sha256::digest(&self.sql);
        format!("{beginning}… [{:02x}{:02x}{:02x}]", hash[0], hash[1], hash[2])
    }
}

fn first_table(sql: &str) -> Option<usize> {
    let mut words = sql.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    // `user` is always quoted, and else a word of SQL.
    let is_named = |table: &str| table != "user" || sql.contains("\"user\"");
    words.find_map(|word| GROWING.iter().position(|table| *table == word && is_named(table)))
}

/// The names without quotation marks, and without the table before them where diesel's builder wrote it.
fn without_quotes(sql: &str) -> String {
    let mut parts: Vec<String> = sql.split("\".\"").map(str::to_owned).collect();
    let last = parts.len() - 1;
    for part in &mut parts[..last] {
        part.truncate(part.rfind('"').unwrap_or(part.len()));
    }
    parts.concat().replace('"', "")
}

/// With an ellipsis in the place of each long list between a word and one of its ends, or the end of its brackets.
fn shortened(sql: &str, word: &str, ends: &[&str]) -> String {
    let mut short = String::new();
    let mut rest = sql;
    while let Some(at) = rest.find(word) {
        let (before, list) = rest.split_at(at + word.len());
        let (list, after) = list.split_at(length(list, ends));
        let is_long = list.chars().count() > LONGEST_LIST && !list.contains("SELECT");
        short.push_str(before);
        short.push_str(if is_long { "…" } else { list });
        rest = after;
    }
    short + rest
}

fn length(list: &str, ends: &[&str]) -> usize {
    let mut depth = 0;
    for (at, c) in list.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return at,
            ')' => depth -= 1,
            _ if depth == 0 && ends.iter().any(|end| list.split_at(at).1.starts_with(end)) => return at,
            _ => {}
        }
    }
    list.len()
}

/// The elements of a list as Rust prints it.
fn split(list: &str) -> Vec<String> {
    let (mut depth, mut is_text, mut is_escaped) = (0, false, false);
    let mut elements = vec![String::new()];
    for c in list.chars() {
        match c {
            '"' if !is_escaped => is_text = !is_text,
            '[' | '(' | '{' if !is_text => depth += 1,
            ']' | ')' | '}' if !is_text => depth -= 1,
            ',' if !is_text && depth == 0 => {
                elements.push(String::new());
                continue;
            }
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
        if let Some(element) = elements.last_mut() {
            element.push(c);
        }
    }
    elements.into_iter().map(|element| element.trim().to_owned()).filter(|element| !element.is_empty()).collect()
}

#[test]
fn a_statement_is_shown_in_one_short_line() {
    let sent = "SELECT \"user\".\"id\", \"user\".\"email\", \"user\".\"name\", \"user\".\"type\" -- all\n  FROM \"user\"\n\
                WHERE (\"user\".\"id\" = ANY($1)) -- binds: [[\"a, b\", \"c\"], 5]";
    let statement = Statement::read(sent).unwrap();
    assert_eq!(statement.line(), "SELECT id, email, name, type FROM user WHERE (id = ANY($1))");
    assert_eq!(statement.values, ["[\"a, b\", \"c\"]", "5"]);
    assert!(Statement::read("SELECT user_id FROM viewer_change -- binds: []").is_none());
    assert_eq!(
        shortened("SELECT a FROM (SELECT 12345678901234567890, 12345678901234567890 FROM x)", "SELECT ", &[" FROM "]),
        "SELECT a FROM (SELECT … FROM x)"
    );
}
