//! The database is what `schema.rs` says, and what the seed says.

use std::collections::BTreeMap;

use biovity::db::migrations::MIGRATIONS;
use biovity::server;
use diesel_migrations::MigrationHarness;

use crate::support::database::TestDatabase;

const SCHEMA: &str = include_str!("../../src/schema.rs");
const PUBLIC: &str = "table_schema = 'public' AND table_name <> '__diesel_schema_migrations'";

/// A table's columns, in order: name and type.
type Columns = Vec<(String, String)>;

/// What `schema.rs` says.
fn written() -> BTreeMap<String, Columns> {
    let tables = SCHEMA.split("diesel::table! {").skip(1);
    tables.map(|table| (table.split_whitespace().next().unwrap().to_owned(), columns(table))).collect()
}

/// A line holds a column, or the name in the database of the next one.
fn columns(table: &str) -> Columns {
    let (mut columns, mut sql_name) = (Vec::new(), None);
    for line in table.lines().map(str::trim).take_while(|line| *line != "}") {
        if let Some(name) = line.strip_prefix("#[sql_name = \"") {
            sql_name = name.split('"').next().map(str::to_owned);
        } else if let Some((name, kind)) = line.split_once(" -> ") {
            columns.push((sql_name.take().unwrap_or_else(|| name.to_owned()), kind.trim_end_matches(',').to_owned()));
        }
    }
    columns
}

/// What the database says, in Diesel's words.
fn live(database: &TestDatabase) -> BTreeMap<String, Columns> {
    let row = "table_name || '|' || column_name || '|' || udt_name || '|' || is_nullable";
    let mut tables: BTreeMap<String, Columns> = BTreeMap::new();
    for line in database.values(row, &format!("information_schema.columns WHERE {PUBLIC} ORDER BY ordinal_position")) {
        let [table, column, kind, nullable] = line.split('|').collect::<Vec<_>>().try_into().unwrap();
        let kind = diesel_type(kind);
        let kind = if nullable == "YES" { format!("Nullable<{kind}>") } else { kind.to_owned() };
        tables.entry(table.to_owned()).or_default().push((column.to_owned(), kind));
    }
    tables
}

fn diesel_type(udt: &str) -> &'static str {
    match udt {
        "text" => "Text",
        "bool" => "Bool",
        "int4" => "Int4",
        "int8" => "Int8",
        "timestamptz" => "Timestamptz",
        "_int8" => "Array<Nullable<Int8>>",
        "_text" => "Array<Nullable<Text>>",
        "_timestamptz" => "Array<Nullable<Timestamptz>>",
        "date" => "Date",
        "jsonb" => "Jsonb",
        "bytea" => "Bytea",
        other => panic!("{other} has no name here yet"),
    }
}

#[test]
fn the_migrated_database_is_what_schema_rs_says_also_after_going_down_and_up_again() {
    let database = TestDatabase::empty();
    let mut conn = database.connect();
    server::migrate(&database.url()).unwrap();
    assert_eq!(live(&database), written());
    conn.revert_all_migrations(MIGRATIONS).unwrap();
    assert_eq!(live(&database), BTreeMap::new(), "nothing is left");
    server::migrate(&database.url()).unwrap();
    assert_eq!(live(&database), written());
}

#[test]
fn every_reference_says_what_happens_when_its_row_goes() {
    let database = TestDatabase::migrated();
    let rules =
        database.values("conname || ' ' || confdeltype::text", "pg_constraint WHERE contype = 'f' ORDER BY conname");
    let undecided: Vec<_> = rules.iter().filter(|rule| rule.ends_with(" a")).collect();
    assert!(undecided.is_empty(), "without ON DELETE: {undecided:?}");
    for rule in ["account_user_id_fkey c", "session_user_id_fkey c", "user_organization_id_fkey n"] {
        assert!(rules.iter().any(|known| known == rule), "{rule} is not in {rules:?}");
    }
}

#[test]
fn constraints_and_indexes_are_named_as_in_the_seed() {
    let database = TestDatabase::migrated();
    let constraints = database.values("conname", "pg_constraint WHERE connamespace = 'public'::regnamespace");
    let seed = [
        "user_pkey",
        "user_email_key",
        "account_pkey",
        "account_provider_provideraccountid_key",
        "account_user_id_fkey",
        "session_pkey",
        "session_token_key",
        "session_user_id_fkey",
        "verification_pkey",
        "waitlist_pkey",
        "waitlist_email_key",
        "migrations_pkey",
    ];
    let missing: Vec<_> = seed.iter().filter(|name| !constraints.iter().any(|known| known == *name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let indexes = database.values(
        "indexdef",
        "pg_indexes WHERE indexname IN ('waitlist_email_idx', 'waitlist_role_idx') ORDER BY indexname",
    );
    assert_eq!(indexes.len(), 2);
    assert!(indexes[0].ends_with("USING btree (email)") && indexes[1].ends_with("USING btree (role)"), "{indexes:?}");
    let strange = constraints.iter().chain(&indexes).find(|name| name.contains("_check1") || name.contains("_key1"));
    assert!(strange.is_none(), "named by the server: {strange:?}");
}

#[test]
fn defaults_are_those_of_the_seed() {
    let database = TestDatabase::migrated();
    let seed = "table_name IN ('user', 'account', 'session', 'verification', 'waitlist', 'migrations')";
    let defaults = database.values(
        "table_name || '.' || column_name || ' ' || column_default",
        &format!("information_schema.columns WHERE {PUBLIC} AND {seed} AND column_default IS NOT NULL ORDER BY 1"),
    );
    let mut expected = vec![
        "user.isActive true".to_owned(),
        "user.isEmailVerified false".to_owned(),
        "waitlist.created_at now()".to_owned(),
        "waitlist.generation ((random() * ('9007199254740991'::bigint)::double precision))::bigint".to_owned(),
    ];
    expected.extend(
        ["user", "verification"]
            .iter()
            .flat_map(|table| ["createdAt", "updatedAt"].map(|column| format!("{table}.{column} now()"))),
    );
    expected.extend(
        ["account", "session"]
            .iter()
            .flat_map(|table| ["created_at", "updated_at"].map(|column| format!("{table}.{column} now()"))),
    );
    expected.sort();
    let mut found = defaults;
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(
        database.values(
            "identity_generation",
            "information_schema.columns WHERE table_name = 'waitlist' AND column_name = 'id'"
        ),
        ["ALWAYS"]
    );
}

#[test]
fn the_application_owns_its_database_and_is_no_superuser() {
    let database = TestDatabase::migrated();
    assert_eq!(
        database.values("rolsuper OR rolcreatedb OR rolcreaterole", "pg_roles WHERE rolname = current_user"),
        ["false"]
    );
    let owned = "pg_database WHERE datname = current_database() AND pg_get_userbyid(datdba) = current_user";
    assert_eq!(database.values("1", owned), ["1"]);
}
