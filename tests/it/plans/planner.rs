//! What the plan of a statement reads, on tables of a size at which a wrong plan would be felt.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{Json, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl};
use serde_json::Value;

use super::GROWING;
use super::statement::Statement;
use crate::support::database::TestDatabase;

/// No table has more rows than ANALYZE looks at: so the statistics, and the plans, are the same every time.
const SEED: &str = include_str!("seed.sql");

pub struct Planner {
    conn: PgConnection,
    /// The indexes of the tables that grow.
    indexes: BTreeSet<String>,
    _database: TestDatabase,
}

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = Json, column_name = "QUERY PLAN")]
    plan: Value,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

impl Planner {
    pub fn new() -> Self {
        let database = TestDatabase::migrated();
        let mut conn = database.connect();
        conn.batch_execute(SEED).unwrap();
        conn.batch_execute("VACUUM ANALYZE").unwrap();
        let settings =
            "SET plan_cache_mode = force_generic_plan; SET max_parallel_workers_per_gather = 0; SET jit = off";
        conn.batch_execute(settings).unwrap();
        let tables = GROWING.map(|table| format!("'{table}'")).join(", ");
        let indexes = format!("SELECT indexname::text AS name FROM pg_indexes WHERE tablename IN ({tables})");
        let indexes: Vec<Name> = diesel::sql_query(indexes).load(&mut conn).unwrap();
        Self { conn, indexes: indexes.into_iter().map(|index| index.name).collect(), _database: database }
    }

    /// The indexes of growing tables, and the growing tables of which every row is read.
    pub fn reads(&mut self, statement: &Statement) -> Vec<String> {
        let count = (1..99).take_while(|n| statement.sql.contains(&format!("${n}"))).count();
        let untyped = vec!["unknown"; count].join(", ");
        let typed = |guess: Guess| {
            let of = |at: usize| statement.values.get(at).map_or("unknown", |value| guess.type_of(value));
            (0..count).map(of).collect::<Vec<_>>().join(", ")
        };
        let mut prepared = self.prepare(&statement.sql, &untyped);
        for integers in ["bigint[]", "integer[]"] {
            for (none, nones) in
                [("text", "text[]"), ("unknown", "text[]"), ("unknown", "jsonb[]"), ("unknown", "bytea[]")]
            {
                let guessed = typed(Guess { integers, none, nones });
                prepared = prepared.or_else(|error| self.prepare(&statement.sql, &guessed).map_err(|_| error));
            }
        }
        prepared.unwrap_or_else(|error| panic!("{error}: {} with {:?}", statement.sql, statement.values));
        let values = if count == 0 { String::new() } else { format!("({})", vec!["NULL"; count].join(", ")) };
        let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE explained{values}");
        let explained: Result<Plan, _> = diesel::sql_query(explain).get_result(&mut self.conn);
        let explained = explained.unwrap_or_else(|error| panic!("{error}: {}", statement.sql));
        let mut reads = BTreeSet::new();
        self.collect(&explained.plan[0]["Plan"], false, &mut reads);
        reads.into_iter().collect()
    }

    fn prepare(&mut self, sql: &str, types: &str) -> diesel::QueryResult<()> {
        let types = if types.is_empty() { String::new() } else { format!("({types})") };
        self.conn.batch_execute(&format!("DEALLOCATE ALL; PREPARE explained{types} AS {sql}"))
    }

    /// `is_limited`: no more is read of this part of the plan than a LIMIT above it takes.
    fn collect(&self, node: &Value, is_limited: bool, reads: &mut BTreeSet<String>) {
        let (kind, table) = (node["Node Type"].as_str().unwrap_or_default(), node["Relation Name"].as_str());
        if let Some(index) = node["Index Name"].as_str().filter(|index| self.indexes.contains(*index)) {
            reads.insert(match (node["Index Cond"].is_string(), is_limited) {
                (true, _) if node["Filter"].is_string() => format!("{index} (then a filter)"),
                (true, _) => index.to_owned(),
                (false, true) => format!("{index} (up to a limit)"),
                (false, false) => format!("every row of {index}"),
            });
        }
        if let Some(table) = table.filter(|table| kind == "Seq Scan" && GROWING.contains(table)) {
            reads.insert(format!("every row of {table}"));
        }
        for index in node["Conflict Arbiter Indexes"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if self.indexes.contains(index) {
                reads.insert(index.to_owned());
            }
        }
        // These read all that is below them before they give the first row, or may have to.
        let reads_on = ["Sort", "Aggregate", "Hash", "Merge Join", "WindowAgg", "ModifyTable"].contains(&kind);
        let is_limited = kind == "Limit" || is_limited && !reads_on;
        for part in node["Plans"].as_array().into_iter().flatten() {
            self.collect(part, is_limited, reads);
        }
    }
}

/// The types of parameters that the statement itself leaves open, such as one of `unnest`.
#[derive(Clone, Copy)]
struct Guess {
    /// That of lists of numbers.
    integers: &'static str,
    /// That of a value that is not there: `$1 IS NULL` says nothing of it.
    none: &'static str,
    /// That of a list of such values.
    nones: &'static str,
}

impl Guess {
    fn type_of(self, value: &str) -> &'static str {
        let value = value.strip_prefix("Some(").unwrap_or(value);
        let first = value.trim_start_matches('[').trim_start_matches("Some(");
        let is_number = first.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        match value.starts_with('[') {
            true if value.starts_with("[[") || value.starts_with("[Some([") => "bytea[]",
            true if value.contains("Object {") => "jsonb[]",
            true if value.starts_with("[None") => self.nones,
            true if is_number && first.split(',').next().is_some_and(|first| first.contains('T')) => "timestamptz[]",
            true if is_number => self.integers,
            true => "text[]",
            false if value.starts_with("PgInterval") => "interval",
            false if is_number && value.contains('T') => "timestamptz",
            false if is_number && value.contains('-') => "date",
            false if value == "None" => self.none,
            false => "unknown",
        }
    }
}
