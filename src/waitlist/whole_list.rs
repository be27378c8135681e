//! The waitlist as a file: everyone whom a filter leaves, a batch at a time.

use chrono::{NaiveDate, SecondsFormat};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use serde_json::json;

use super::entry::Entry;
use super::role::Role;
use super::state::{STATE, State};
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::web::csv;
use crate::web::event::{Action, Actor};

/// Places of one batch.
const BATCH: i64 = 1_000;
const COLUMNS: [&str; 11] =
    ["email", "role", "state", "language", "joined", "confirmed", "invited", "signed_up", "bounced", "left", "deleted"];

/// Who is in the file: without anything everyone but the deleted.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Only those of this role.
    pub role: Option<Role>,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those who joined on this day or later, in Chile.
    pub from: Option<NaiveDate>,
    /// Only those who joined on this day or earlier, in Chile.
    pub to: Option<NaiveDate>,
    /// Only those whose address has this in it.
    pub search: Option<String>,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl Chosen {
    /// The places behind this id, oldest first.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn batch(&self, conn: &mut PgConnection, after: i64) -> QueryResult<Vec<Entry>> {
        let statement = format!(
            "SELECT id FROM waitlist WHERE id > $1 \
             AND ($2 IS NULL OR CASE role WHEN 'organization' THEN role ELSE 'employee' END = $2) \
             AND CASE WHEN $3 IS NULL THEN deleted_at IS NULL ELSE {STATE} = $3 END \
             AND ($4 IS NULL OR (created_at AT TIME ZONE 'America/Santiago')::date >= $4) \
             AND ($5 IS NULL OR (created_at AT TIME ZONE 'America/Santiago')::date <= $5) \
             AND ($6 IS NULL OR position(lower($6) IN lower(email)) > 0) \
             ORDER BY id LIMIT {BATCH}"
        );
        let found: Vec<Found> = diesel::sql_query(statement)
            .bind::<BigInt, _>(after)
            .bind::<Nullable<Text>, _>(self.role.map(Role::as_str))
            .bind::<Nullable<Text>, _>(self.state.map(State::as_str))
            .bind::<Nullable<Date>, _>(self.from)
            .bind::<Nullable<Date>, _>(self.to)
            .bind::<Nullable<Text>, _>(self.search.as_deref())
            .load(conn)?;
        let ids: Vec<_> = found.iter().map(|found| found.id).collect();
        waitlist::table.filter(waitlist::id.eq_any(ids)).order(waitlist::id).select(Entry::as_select()).load(conn)
    }

    /// Notes that they were taken along.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn note(&self, conn: &mut PgConnection, now: Timestamp, (actor, entries): (&Actor, usize)) -> QueryResult<()> {
        let details = json!({
            "role": self.role.map(Role::as_str), "state": self.state.map(State::as_str),
            "from": self.from, "to": self.to, "search": self.search, "entries": entries,
        });
        Action::WaitlistExported.to_many(actor).with(details).record(conn, now)
    }
}

/// How the file begins.
#[must_use]
pub fn head() -> Vec<u8> {
    [csv::BOM, &csv::lines([COLUMNS])].concat()
}

/// The lines of a batch.
#[must_use]
pub fn lines(entries: &[Entry]) -> Vec<u8> {
    let lines: Vec<_> = entries.iter().map(cells).collect();
    csv::lines(lines.iter().map(|line| line.iter().map(String::as_str))).to_vec()
}

fn cells(entry: &Entry) -> [String; 11] {
    let time = |at: Option<Timestamp>| at.map_or(String::new(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    [
        entry.email.to_string(),
        entry.role.as_str().to_owned(),
        entry.state.as_str().to_owned(),
        entry.locale.clone().unwrap_or_default(),
        time(Some(entry.created_at)),
        time(entry.confirmed_at),
        time(entry.invited_at),
        time(entry.signed_up_at),
        time(entry.bounced_at),
        time(entry.left_at),
        time(entry.deleted_at),
    ]
}
