//! An import is worked through in batches, one transaction each: when a process dies, nothing is half done, and any other
//! process goes on.

use chrono::TimeDelta;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Text, Timestamptz};

use super::import_line::NEW;
use super::import_state::ImportState;
use crate::audit::entry_history;
use crate::mail::link::{self, Link};
use crate::mail::outbox;
use crate::schema::{waitlist_import, waitlist_import_line as line};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::erased_address;
use crate::values::id::ImportId;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::entry::told_of;
use crate::waitlist::joining::entry_mail::KINDS;
use crate::web::Submission;
use crate::web::protection::abuse_counters::Reason;
use crate::web::protection::disposable_address::is_disposable;

/// Lines of one batch, which takes some 0.2 s. A batch has the lines with so many numbers, or fewer where cells take several.
const LINES: i64 = 2_000;
/// How long the imports behind one whose batch failed have the turn.
const PAUSE: TimeDelta = TimeDelta::seconds(10);

/// Records the outcome of each line.
const CHECK: &str =
    concat!(include_str!("import_batch/classified_lines.sql"), include_str!("import_batch/check_lines.sql"));
/// Adds the places of the lines that are still new.
const ADD: &str =
    concat!(include_str!("import_batch/classified_lines.sql"), include_str!("import_batch/add_entries.sql"));

/// The next batch of an import that is checked, added or removed.
#[derive(Queryable, Selectable)]
#[diesel(table_name = waitlist_import, check_for_backend(Pg))]
struct Batch {
    #[diesel(deserialize_as = String)]
    id: ImportId,
    #[diesel(deserialize_as = String)]
    state: ImportState,
    reached: i64,
    failures: i32,
}

/// A line with an address.
struct Line {
    number: i32,
    email: EmailAddress,
}

#[derive(QueryableByName)]
struct Gone {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    email: String,
}

/// Runs one batch of the oldest import that waits for one and that no other process works on; returns how many it ran. A
/// batch that fails is undone, and its import waits a moment, so that it does not hold up the others.
///
/// # Errors
/// When the database fails.
pub fn run_next(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<usize> {
    let waiting = waitlist_import::state.eq_any(["checking", "adding", "removing"]);
    let waiting =
        waiting.and(waitlist_import::retry_at.is_null().or(waitlist_import::retry_at.assume_not_null().le(now)));
    let oldest = waitlist_import::table.filter(waiting).order(waitlist_import::made_at).select(Batch::as_select());
    let Some(batch) = oldest.for_update().skip_locked().first(conn).optional()? else { return Ok(0) };
    let row = waitlist_import::table.find(batch.id.as_str());
    if let Err(error) = conn.transaction(|conn| batch.run(conn, now, keys)) {
        let failures = waitlist_import::failures.eq(batch.failures.saturating_add(1));
        diesel::update(row).set((waitlist_import::retry_at.eq(now + PAUSE), failures)).execute(conn)?;
        let error = &error as &dyn std::error::Error;
        tracing::error!(import = batch.id.as_str(), error, "a batch of an import failed; it is tried again");
    } else if batch.failures > 0 {
        diesel::update(row).set(waitlist_import::failures.eq(0)).execute(conn)?;
    }
    Ok(1)
}

/// Runs one batch of this import.
///
/// # Errors
/// When a statement fails.
pub fn run(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys, id: &ImportId) -> QueryResult<()> {
    let batch = waitlist_import::table.find(id.as_str()).select(Batch::as_select()).for_update().first(conn)?;
    batch.run(conn, now, keys)
}

impl Batch {
    fn run(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<()> {
        match self.state {
            ImportState::Checking | ImportState::Adding => self.classify(conn, now, keys),
            ImportState::Removing => self.remove(conn, now),
            _ => Ok(()),
        }
    }

    /// Checks the lines of the batch, or adds their places.
    fn classify(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<()> {
        let lines = self.lines(conn)?;
        let disposable = lines.iter().filter(|line| is_disposable(&line.email)).map(|line| line.number);
        let disposable: Vec<_> = disposable.collect();
        let erased = lines
            .iter()
            .flat_map(|line| erased_address::keys(keys, &line.email).into_iter().map(|key| (line.number, key)));
        let (numbers, erased): (Vec<_>, Vec<_>) = erased.unzip();
        let is_adding = self.state == ImportState::Adding;
        diesel::sql_query(if is_adding { ADD } else { CHECK })
            .bind::<Text, _>(self.id.as_str())
            .bind::<BigInt, _>(self.reached)
            .bind::<BigInt, _>(LINES)
            .bind::<Array<Integer>, _>(numbers)
            .bind::<Array<Text>, _>(erased)
            .bind::<Bool, _>(is_adding)
            .bind::<Timestamptz, _>(now)
            .bind::<Array<Integer>, _>(disposable)
            .bind::<Text, _>(Reason::Disposable.as_str())
            .execute(conn)?;
        Ok(())
    }

    /// The lines of the batch that have an address.
    fn lines(&self, conn: &mut PgConnection) -> QueryResult<Vec<Line>> {
        let [reached, last] =
            [self.reached, self.reached + LINES].map(|number| i32::try_from(number).unwrap_or(i32::MAX));
        let is_open = line::outcome.is_null().or(line::outcome.eq(NEW));
        let numbered = line::line.gt(reached).and(line::line.le(last));
        let of = line::table.filter(line::import_id.eq(self.id.as_str()).and(numbered).and(is_open));
        let batch: Vec<(i32, Option<String>)> = of.select((line::line, line::email)).load(conn)?;
        let with_email = batch.into_iter().filter_map(|(number, email)| Some((number, email?)));
        Ok(with_email.map(|(number, email)| Line { number, email: email.into() }).collect())
    }

    /// Removes the places of the batch, with their links and mails.
    fn remove(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
        let was_acted_on = entry_history::has_any("waitlist.id");
        let remove = format!(include_str!("import_batch/remove_entries.sql"), was_acted_on = was_acted_on);
        let gone: Vec<Gone> = diesel::sql_query(remove)
            .bind::<Text, _>(self.id.as_str())
            .bind::<BigInt, _>(self.reached)
            .bind::<BigInt, _>(LINES)
            .bind::<Timestamptz, _>(now)
            .load(conn)?;
        let ids: Vec<_> = gone.iter().map(|gone| gone.id.to_string()).collect();
        Link::end_all_of(conn, &link::OF_WAITLIST, &ids)?;
        Submission::forget(conn, &gone.iter().map(|gone| told_of(gone.id.into())).collect::<Vec<_>>())?;
        let addresses: Vec<_> = gone.into_iter().map(|gone| gone.email).collect();
        outbox::erase_kinds(conn, &addresses, KINDS)
    }
}
