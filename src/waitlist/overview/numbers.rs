//! What the admin's start page reads.

use chrono::{Days, NaiveDate};
use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use super::funnel::Weeks;
use crate::audit::log::{self, LoggedEvent};
use crate::mail::queue::outbox_status::OutboxStatus;
use crate::values::clock::Timestamp;
use crate::values::id::WaveId;
use crate::values::santiago_time;
use crate::waitlist::importing::import::Import;
use crate::waitlist::joining::totals::{self, DayTotal, SourceTotal, Totals};
use crate::waitlist::waves::wave::Wave;
use crate::waitlist::waves::wave_size::WaveSize;
use crate::web::metrics::failing_job::FailingJob;
use crate::web::protection::abuse_counters::{self, Reason};
use crate::webhook::endpoint::Endpoint;

/// Events that are shown.
const LATEST: i64 = 10;
/// Sources that are shown: those from which most came.
pub const SOURCES: i64 = 20;
/// Days over which blocked requests are counted, today included.
const BLOCKED_DAYS: u64 = 7;

/// What the page reads.
pub(super) struct Numbers {
    pub(super) totals: Totals,
    pub(super) joined: Vec<DayTotal>,
    pub(super) weeks: Weeks,
    /// How many the next wave could invite.
    pub(super) waiting: i64,
    pub(super) sources: Vec<SourceTotal>,
    pub(super) outbox: OutboxStatus,
    /// The waves that stopped by themselves.
    pub(super) stopped_waves: Vec<WaveId>,
    /// The imports that were checked and wait for their start.
    pub(super) checked_imports: Vec<Import>,
    /// The webhooks that were switched off, or fail.
    pub(super) webhooks: Vec<Endpoint>,
    /// Background jobs that fail, as processes told.
    pub(super) failing_jobs: Vec<FailingJob>,
    pub(super) events: Vec<LoggedEvent>,
    pub(super) blocked: Vec<(Reason, i64)>,
}

impl Numbers {
    /// Those of this moment; `first` is the first day of the chart.
    ///
    /// # Errors
    /// When a statement fails.
    pub(super) fn read(conn: &mut PgConnection, now: Timestamp, first: NaiveDate) -> QueryResult<Self> {
        let today = santiago_time::day_of(now);
        let totals = Totals::all(conn)?;
        Ok(Self {
            waiting: WaveSize::available_of(conn, &totals)?.total(),
            totals,
            joined: totals::joined_since(conn, first)?,
            weeks: Weeks::of(conn, today)?,
            sources: totals::by_source(conn, SOURCES)?,
            outbox: OutboxStatus::find(conn, now)?,
            stopped_waves: Wave::stopped(conn)?,
            checked_imports: Import::checked(conn)?,
            webhooks: Endpoint::in_trouble(conn)?,
            failing_jobs: FailingJob::told(conn)?,
            events: log::latest(conn, LATEST)?,
            blocked: abuse_counters::since(conn, today - Days::new(BLOCKED_DAYS - 1))?,
        })
    }
}
