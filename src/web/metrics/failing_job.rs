//! Background jobs that fail. Each process tells the others of its own, in rows that are there only while jobs fail, so that
//! an admin sees them whichever process answers.

use diesel::dsl::{IntervalDsl, now};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use diesel::upsert::excluded;
use nix::unistd::gethostname;

use super::job_runs::JobRuns;
use crate::schema::failing_job;
use crate::values::clock::Timestamp;

/// What a process told counts for so long. One that still runs tells it again several times meanwhile.
const COUNTS_MINUTES: i32 = 2;
/// Jobs that are read at most.
const MOST: i64 = 20;

/// A background job of which each run fails.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable)]
#[diesel(table_name = failing_job)]
pub struct FailingJob {
    /// Its name.
    pub job: String,
    /// In which process, as `web-1 (4711)`.
    pub process: String,
    /// Since when.
    pub failing_since: Timestamp,
    /// When it failed last.
    pub failed_at: Timestamp,
    /// Why, in words of ours.
    pub reason: String,
}

impl FailingJob {
    /// Those of this process, as it remembers them.
    #[must_use]
    pub fn of_this_process(jobs: &JobRuns) -> Vec<Self> {
        let process = this_process();
        let failing = jobs.all().into_iter().filter_map(|(name, job)| Some((name, job.failure?)));
        let failing = failing.map(|(name, failure)| Self {
            job: name.to_owned(),
            process: process.clone(),
            failing_since: failure.since,
            failed_at: failure.last,
            reason: failure.reason,
        });
        failing.collect()
    }

    /// Those of this process, as it remembers them, and of the others, as they `told`.
    #[must_use]
    pub fn of_all(jobs: &JobRuns, told: &[Self]) -> Vec<Self> {
        let process = this_process();
        let others = told.iter().filter(|failing| failing.process != process);
        Self::of_this_process(jobs).into_iter().chain(others.cloned()).collect()
    }

    /// Those of which any process told lately, those first that have failed the longest.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn told(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        let count = failing_job::told_at.gt(now.into_sql::<Timestamptz>() - COUNTS_MINUTES.minutes());
        let order = (failing_job::failing_since, failing_job::job, failing_job::process);
        let columns = (
            failing_job::job,
            failing_job::process,
            failing_job::failing_since,
            failing_job::failed_at,
            failing_job::reason,
        );
        failing_job::table.filter(count).order(order).limit(MOST).select(columns).load(conn)
    }

    /// Tells of all that fail in this process, and takes back what it told of others.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn tell(conn: &mut PgConnection, failing: &[Self]) -> QueryResult<()> {
        let names = failing.iter().map(|failing| failing.job.as_str());
        let own = failing_job::table.filter(failing_job::process.eq(this_process()));
        diesel::delete(own.filter(failing_job::job.ne_all(names))).execute(conn)?;
        if failing.is_empty() {
            return Ok(());
        }
        diesel::insert_into(failing_job::table)
            .values(failing)
            .on_conflict((failing_job::job, failing_job::process))
            .do_update()
            .set((
                failing_job::failing_since.eq(excluded(failing_job::failing_since)),
                failing_job::failed_at.eq(excluded(failing_job::failed_at)),
                failing_job::reason.eq(excluded(failing_job::reason)),
                failing_job::told_at.eq(now),
            ))
            .execute(conn)?;
        Ok(())
    }
}

/// Deletes what counts no more, as of a process that was killed; returns how much.
///
/// # Errors
/// When the statement fails.
pub fn sweep(conn: &mut PgConnection) -> QueryResult<usize> {
    let over = failing_job::told_at.le(now.into_sql::<Timestamptz>() - COUNTS_MINUTES.minutes());
    diesel::delete(failing_job::table.filter(over)).execute(conn)
}

/// The name of the machine, or of the container, and the number of the process there.
fn this_process() -> String {
    let machine = gethostname().unwrap_or_default();
    format!("{} ({})", machine.to_string_lossy(), std::process::id())
}
