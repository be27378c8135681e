//! How the database finds what it is asked for: every statement on a table that grows, and what a plan for any values
//! reads, against a committed table.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

mod planner;
mod statement;
mod tour;

use planner::Planner;
use statement::Statement;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/plans.txt");
const COMMAND: &str = "UPDATE_TABLES=1 cargo test --test it plans";

const HEAD: &str = "\
# How each statement on a table that grows finds its rows.
# Made by:  UPDATE_TABLES=1 cargo test --test it plans
#
# The statements are what the application sends while `tests/it/plans/tour.rs` uses all of it; the plans are the generic
# ones, which hold for any values. Below each statement is what it reads: an index, `(then a filter)` where more is read of it
# than is used, `(up to a limit)` where a LIMIT and no condition of the index bounds what is read of it, or `every row` of a
# table, or of an index, where nothing does. Only tables that grow are told; statements without any, such as plain inserts, are
# left out.
#
# `every row` fails the test unless a reason stands behind it, as `every row of session: <reason>`. Reasons are kept when the
# table is made anew.
";

/// The tables that grow with use. The first of them that a statement names is the one under which it stands.
const GROWING: [&str; 16] = [
    "waitlist",
    "waitlist_invitation",
    "waitlist_import_line",
    "outbox_letter",
    "verification",
    "user",
    "account",
    "session",
    "audit_event",
    "rate_limit",
    "webhook_delivery",
    "audit_event_entry",
    "form_submission",
    "outbox_text",
    "used_link",
    "webhook_join_batch",
];

/// By table and statement, what the plan reads.
type Table = BTreeMap<(usize, String), Vec<String>>;

#[tokio::test]
async fn every_statement_on_a_growing_table_reads_what_the_table_says() {
    let statements = Statement::read_all(&tour::statements().await);
    covers_every_file(&statements);
    let mut planner = Planner::new();
    let mut found = Table::new();
    for statement in &statements {
        let reads = planner.reads(statement);
        if !reads.is_empty() {
            let known = found.entry((statement.section(), statement.line())).or_default();
            known.extend(reads);
            known.sort();
            known.dedup();
        }
    }
    let committed = fs::read_to_string(TABLE).unwrap_or_default();
    give_reasons(&mut found, &committed);
    let table = written(&found);
    if is_update() {
        fs::write(TABLE, &table).unwrap();
    }
    let expected = if is_update() { &table } else { &committed };
    let differences = differences(expected, &table);
    assert!(
        differences.is_empty() && *expected == table,
        "tests/it/plans.txt is not how the statements find their rows. If it is what you want, run `{COMMAND}`, and have the \
         difference reviewed:\n{}",
        differences.join("\n")
    );
    let unreasoned: Vec<_> =
        table.lines().filter(|line| line.starts_with("    every row") && !line.contains(": ")).collect();
    assert!(
        unreasoned.is_empty(),
        "they read every row of a table that grows, and no reason stands behind it: {unreasoned:#?}"
    );
}

/// The tour passes by every statement that has a file of its own: its longest line was sent.
fn covers_every_file(statements: &[Statement]) {
    for path in files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().map(|line| line.split("-- ").next().unwrap_or_default().trim());
        let longest = lines.filter(|line| !line.contains('{')).max_by_key(|line| line.len()).unwrap_or_default();
        let longest = longest.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_known = statements.iter().any(|statement| statement.sql.contains(&longest));
        assert!(is_known || !Statement::is_planned(&text), "tests/it/plans/tour.rs never sends {}", path.display());
    }
}

/// The files of SQL below a folder, without the made-up people of measurements.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    found
        .filter(|path| path.extension().is_some_and(|end| end == "sql") && !path.ends_with("overview/seed.sql"))
        .collect()
}

/// Takes over the reasons that the committed table gives.
fn give_reasons(found: &mut Table, committed: &str) {
    let mut reasons = BTreeMap::new();
    for (statement, reads) in by_statement(committed) {
        for read in reads {
            if let Some((scan, _)) = read.split_once(": ") {
                reasons.insert((statement, scan.to_owned()), read.to_owned());
            }
        }
    }
    for ((_, statement), reads) in found {
        for read in reads {
            if let Some(reason) = reasons.get(&(statement.as_str(), read.clone())) {
                read.clone_from(reason);
            }
        }
    }
}

/// The table as its file holds it.
fn written(found: &Table) -> String {
    let mut table = HEAD.to_owned();
    let mut section = None;
    for ((of, statement), reads) in found {
        if section.replace(*of) != Some(*of) {
            write!(table, "\n## {}\n", GROWING[*of]).unwrap();
        }
        write!(table, "\n{statement}\n").unwrap();
        for read in reads {
            writeln!(table, "    {read}").unwrap();
        }
    }
    table
}

/// What each statement of a table reads.
fn by_statement(table: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut statement = "";
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix("    ") {
            Some(read) => found.entry(statement).or_default().push(read),
            None => statement = line,
        }
    }
    found
}

/// What was committed and what is read, statement by statement.
fn differences(committed: &str, table: &str) -> Vec<String> {
    let (committed, found) = (by_statement(committed), by_statement(table));
    let mut differences: Vec<_> = committed
        .iter()
        .filter(|(statement, reads)| found.get(*statement) != Some(*reads))
        .map(|(statement, reads)| format!("- {statement}\n-     {}", reads.join("\n-     ")))
        .collect();
    let new = found.iter().filter(|(statement, reads)| committed.get(*statement) != Some(*reads));
    differences.extend(new.map(|(statement, reads)| format!("+ {statement}\n+     {}", reads.join("\n+     "))));
    differences
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says so")]
fn is_update() -> bool {
    std::env::var_os("UPDATE_TABLES").is_some()
}

#[test]
fn reasons_are_kept_and_differences_are_told() {
    let key = || (5, "SELECT … FROM user WHERE name = $1".to_owned());
    let committed = written(&Table::from([(key(), vec!["every row of user: there are few".to_owned()])]));
    let mut found = Table::from([(key(), vec!["every row of user".to_owned(), "user_pkey".to_owned()])]);
    give_reasons(&mut found, &committed);
    assert_eq!(found[&key()], ["every row of user: there are few", "user_pkey"]);
    let told = differences(&committed, &written(&found));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].starts_with("+ SELECT … FROM user") && told[1].ends_with("+     user_pkey"), "{told:?}");
}
