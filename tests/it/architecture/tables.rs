//! Which room owns which table.

use super::rooms::Room;
use super::syntax::{self, Syntax};
use super::{Source, forbid, forbid_all, names, sql};

/// Every table with the room that owns it.
///
/// A table is named, as `crate::schema::…` or in SQL, by the code of its room alone. Inside `accounts` and inside
/// `waitlist` the rooms that stand on the owner may name it too, since they read and change the same nouns. Who needs
/// anything else of a table asks its owner.
const OWNERS: [(&str, &[&str]); 11] = [
    ("db", &["migrations", "rate_limit"]),
    ("web", &["failing_job", "form_submission", "gate_total", "kept_upload"]),
    ("audit", &["audit_event", "audit_event_entry"]),
    ("api_key", &["api_key"]),
    ("mail", &["outbox_breaker", "outbox_letter", "outbox_pause", "outbox_text", "used_link", "verification"]),
    ("webhook", &["webhook", "webhook_delivery", "webhook_join_batch"]),
    ("accounts/user", &["account", "avatar", "user", "viewer_change"]),
    ("accounts/one_time_code", &["recovery_code", "second_factor", "trusted_device"]),
    ("accounts/session", &["session"]),
    ("accounts/provider", &["provider_attempt"]),
    (
        "waitlist/joining",
        &[
            "waitlist",
            "waitlist_change",
            "waitlist_deletion",
            "waitlist_erased",
            "waitlist_import",
            "waitlist_import_line",
            "waitlist_invitation",
            "waitlist_source_change",
            "waitlist_source_total",
            "waitlist_total",
            "waitlist_turn_change",
            "waitlist_turn_total",
            "waitlist_wave",
            "waitlist_wave_count",
        ],
    ),
];

/// Who names a table of another room all the same: room or file, table, reason. One that is not needed any more fails.
const EXCEPTIONS: [(&str, &str, &str); 6] = [
    (
        "audit",
        "user",
        "pages of all rooms tell who acted: audit reads the names for them, and finds its events by them",
    ),
    (
        "audit/log",
        "waitlist",
        "the history names a place by its address and finds it by that, as it does accounts, and stands below the waitlist",
    ),
    (
        "accounts/session/new_session.sql",
        "rate_limit",
        "a log-in is one statement: the failure counted for it is taken back only if the session starts",
    ),
    (
        "accounts/session/new_session.sql",
        "form_submission",
        "a log-in is one statement: the form that asked for it is recorded only if the session starts",
    ),
    (
        "accounts/session/new_session.sql",
        "audit_event",
        "a log-in is one statement: it records the event and tells whether there was one before",
    ),
    (
        "waitlist/waves/invitation/reconcile.sql",
        "outbox_letter",
        "twice a second it finds the invitations whose letter has ended, and locks them, in one statement",
    ),
];

const RULE: &str = "a table is named by the room that owns it, and by rooms inside the same big room that stand on it; \
                    others ask the owner";

/// A table named in a file.
#[derive(Debug, PartialEq, Eq)]
struct Mention {
    path: String,
    line: usize,
    table: &'static str,
}

fn known() -> Vec<&'static str> {
    OWNERS.iter().flat_map(|(_, tables)| tables.iter().copied()).collect()
}

fn mentions() -> Vec<Mention> {
    let sources = syntax::all().iter().filter(|source| source.path != "src/schema.rs");
    let files = Source::all("src", &["sql"]);
    sources.flat_map(in_source).chain(files.iter().flat_map(in_file)).collect()
}

fn in_source(source: &Syntax) -> Vec<Mention> {
    let imports = source.imports.iter().map(|import| (import.line, &import.segments));
    let paths = imports.chain(source.names.iter().map(|name| (name.line, &name.segments)));
    let by_path = paths.filter_map(|(line, path)| Some((line, of_path(path)?)));
    let by_text = source.texts.iter().flat_map(|text| {
        sql::tables(&text.value, &known()).into_iter().map(|table| (text.line, table)).collect::<Vec<_>>()
    });
    let all = by_path.chain(by_text);
    all.map(|(line, table)| Mention { path: source.path.clone(), line, table }).collect()
}

/// The table that `crate::schema::table::column` is of; `schema` for all of them at once.
fn of_path(path: &[String]) -> Option<&'static str> {
    match path {
        [root, schema, table, ..] if root == "crate" && schema == "schema" => {
            known().into_iter().find(|known| known == table)
        }
        [root, schema] if root == "crate" && schema == "schema" => Some("schema"),
        _ => None,
    }
}

fn in_file(file: &Source) -> Vec<Mention> {
    let line_of =
        |table: &str| file.numbered().find(|(_, line)| sql::has_word(line, table)).map_or(1, |(number, _)| number);
    let tables = sql::tables(&file.text, &known()).into_iter();
    tables.map(|table| Mention { path: file.path.clone(), line: line_of(table), table }).collect()
}

impl Mention {
    fn is_at_home(&self) -> bool {
        let owner = OWNERS.iter().find(|(_, tables)| tables.contains(&self.table));
        owner.is_some_and(|(owner, _)| {
            let same_house = self.path.split('/').nth(1) == owner.split('/').next();
            let as_path = format!("src/{owner}/mod.rs");
            let rooms = Room::of(&self.path).zip(Room::of(&as_path));
            same_house && rooms.is_none_or(|(own, owner)| own.stands_on(owner))
        })
    }

    fn is_exception(&self, (at, table, _): &(&str, &str, &str)) -> bool {
        let path = self.path.trim_start_matches("src/");
        self.table == *table && (path == *at || path.starts_with(&format!("{at}/")))
    }
}

#[test]
fn every_table_has_an_owner() {
    let schema = Source::all("src", &["rs"]).into_iter().find(|source| source.path == "src/schema.rs").unwrap();
    let tables = schema.text.split("diesel::table! {").skip(1).filter_map(|table| table.split_whitespace().next());
    let mut tables: Vec<_> = tables.collect();
    tables.sort_unstable();
    let mut owned = known();
    owned.sort_unstable();
    assert_eq!(owned, tables, "a new table gets its room in `OWNERS`, one that is gone leaves it");
}

#[test]
fn a_table_is_named_by_its_room_alone() {
    let broken = mentions()
        .into_iter()
        .filter(|mention| !mention.is_at_home() && !EXCEPTIONS.iter().any(|exception| mention.is_exception(exception)));
    forbid_all(RULE, broken.map(|mention| format!("{}:{} names {}", mention.path, mention.line, mention.table)));
}

#[test]
fn every_exception_to_the_tables_is_needed() {
    let strangers: Vec<_> = mentions().into_iter().filter(|mention| !mention.is_at_home()).collect();
    let needless =
        EXCEPTIONS.iter().filter(|exception| !strangers.iter().any(|mention| mention.is_exception(exception)));
    forbid_all("nobody needs this exception any more", needless.map(|(at, table, _)| format!("{at}: {table}")));
}

#[test]
fn tables_are_found_in_imports_paths_and_statements() {
    let text = "use crate::schema::{session, user as person};\nfn a() { crate::schema::account::table; }\n\
                const B: &str = \"SELECT FROM waitlist\";";
    let found = in_source(&Syntax::parse("src/accounts/user/a.rs", text));
    let found: Vec<_> = found.iter().map(|mention| (mention.line, mention.table, mention.is_at_home())).collect();
    assert_eq!(found, [(1, "session", false), (1, "user", true), (2, "account", true), (3, "waitlist", false)]);
}

/// Functions that came after PostgreSQL 13, which is the oldest that we serve on.
const NEWER: [&str; 9] = [
    "bit_xor",
    "date_bin",
    "string_to_table",
    "trim_array",
    "range_agg",
    "regexp_count",
    "regexp_like",
    "regexp_substr",
    "any_value",
];

#[test]
fn statements_call_no_function_that_the_oldest_server_lacks() {
    let mut sources = Source::all("src", &["rs", "sql"]);
    sources.extend(Source::all("migrations", &["sql"]));
    forbid("PostgreSQL 13 has no such function", &sources, |_, line| {
        NEWER.iter().any(|name| names(line, &format!("{name}(")))
    });
}
