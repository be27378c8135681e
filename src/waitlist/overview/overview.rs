//! The admin's start page: how many joined and when, the state of the mail queue, the latest events, and how often
//! requests were blocked or flagged.

use std::time::Duration;

use askama::Template;
use chrono::Days;
use serde::Deserialize;

use super::chart::{BOTTOM, Bar, Chart, HEIGHT};
use super::funnel::{Step, WeeklyJoins};
use super::notices::{Notice, Signs};
use super::numbers::{Numbers, SOURCES};
use super::words::Words;
use super::words::notice::NoticeWords;
use crate::audit;
use crate::audit::log::LoggedEvent;
use crate::mail::queue::outbox_status::OutboxStatus;
use crate::mail::queue::words::Words as QueueWords;
use crate::values::clock::Timestamp;
use crate::values::santiago_time;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::waitlist::joining::totals::{SourceTotal, Totals};
use crate::waitlist::review::words::Words as ListWords;
use crate::web::metrics::failing_job::FailingJob;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::protection::abuse_counters::Reason;
use crate::web::{self, Admin, Layout, ListReader, paths};

/// Days that the chart can show. It shows the first of them unless it is asked for another.
const LENGTHS: [u64; 2] = [30, 90];

/// What the address asks for: how far back the chart goes. What cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    days: String,
    /// What is typed into the search box, and not sent yet.
    q: String,
}

#[derive(Template)]
#[template(path = "waitlist/overview/overview.html")]
struct OverviewPage {
    t: &'static Words,
    /// What is typed into the search box.
    typed: String,
    mail: &'static QueueWords,
    audit: &'static audit::words::Words,
    layout: Layout,
    now: Timestamp,
    notice_words: &'static NoticeWords,
    notices: Vec<Notice>,
    /// How old the page is at most, where it comes from the standby.
    lag: Option<Duration>,
    figures: [Figure; 6],
    /// How many the next wave could invite.
    waiting: i64,
    /// How many more are confirmed: a wave that goes on invites them.
    in_waves: i64,
    /// How many have not confirmed their place.
    unconfirmed: i64,
    steps: [Step; 4],
    days: u64,
    chart: Chart,
    sources: Vec<SourceTotal>,
    /// How many came from none of these.
    no_source: i64,
    outbox: OutboxStatus,
    events: Vec<LoggedEvent>,
    blocked: Vec<(Reason, i64)>,
}

/// A number and the list behind it.
struct Figure {
    path: String,
    label: &'static str,
    number: i64,
}

/// What an admin wants to see first.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, reader: ListReader, layout: Layout, Query(view): Query<View>) -> web::Result {
    let app = &reader.app;
    let now = app.clock.now();
    let (today, days) = (santiago_time::day_of(now), view.days());
    let first = today - Days::new(days - 1);
    let (numbers, lag) = reader.read(move |conn| Numbers::read(conn, now, first)).await?;
    let (t, standby) = (Words::of(layout.locale), app.standby.state());
    let layout = layout.with_typed_filter(&OverviewPage::with_days(days));
    let failing_jobs = &FailingJob::of_all(app.metrics.jobs(), &numbers.failing_jobs);
    let signs = Signs { numbers: &numbers, failing_jobs, standby, now, locale: layout.locale };
    response::ok(OverviewPage {
        t,
        typed: view.q,
        mail: QueueWords::of(layout.locale),
        audit: audit::words::Words::of(layout.locale),
        now,
        notice_words: NoticeWords::of(layout.locale),
        notices: signs.notices(),
        lag,
        figures: figures(t, ListWords::of(layout.locale), &numbers.totals),
        waiting: numbers.waiting,
        in_waves: numbers.totals.of(None, &[State::Confirmed]) - numbers.waiting,
        unconfirmed: numbers.totals.of(None, &[State::Joined]),
        steps: numbers.weeks.steps(t, &numbers.totals, &WeeklyJoins::of(&numbers.joined, today)),
        days,
        chart: Chart::of(first, days, &numbers.joined),
        no_source: numbers.totals.listed(None) - numbers.sources.iter().map(|source| source.joined).sum::<i64>(),
        sources: numbers.sources,
        outbox: numbers.outbox,
        events: numbers.events,
        blocked: numbers.blocked,
        layout,
    })
}

fn figures(t: &Words, review: &ListWords, totals: &Totals) -> [Figure; 6] {
    let listed = |label, role: Option<Role>| {
        let path = paths::waitlist::list(&[("role", role.map_or("", Role::as_str))]);
        Figure { path, label, number: totals.listed(role) }
    };
    let of = |label, state: State| {
        let path = paths::waitlist::list(&[("state", state.as_str())]);
        Figure { path, label, number: totals.of(None, &[state]) }
    };
    [
        listed(review.everyone, None),
        listed(review.employees, Some(Role::Employee)),
        listed(review.organizations, Some(Role::Organization)),
        of(t.confirmed, State::Confirmed),
        of(t.invited, State::Invited),
        of(t.signed_up, State::SignedUp),
    ]
}

impl View {
    /// How many days the chart shows.
    fn days(&self) -> u64 {
        let [usual, _] = LENGTHS;
        LENGTHS.into_iter().find(|days| days.to_string() == self.days).unwrap_or(usual)
    }
}

impl OverviewPage {
    /// Its address with a chart of so many days.
    fn with_days(days: u64) -> String {
        paths::with_query(paths::waitlist::OVERVIEW, &[("days", &days.to_string())])
    }

    /// Whether there may be more sources than it shows.
    fn are_largest_sources(&self) -> bool {
        i64::try_from(self.sources.len()).is_ok_and(|shown| shown >= SOURCES)
    }

    /// The lengths of the chart to choose from, with their addresses.
    fn lengths() -> [(u64, String); 2] {
        LENGTHS.map(|days| (days, Self::with_days(days)))
    }

    /// The list of those who have not confirmed their place.
    fn unconfirmed_list() -> String {
        paths::waitlist::list(&[("state", State::Joined.as_str())])
    }

    /// The list of those who came from a source.
    fn list_of(source: &SourceTotal) -> String {
        paths::waitlist::list(&[("source", &source.source)])
    }

    /// How many of a source confirmed, in percent.
    fn confirmed_share(source: &SourceTotal) -> i64 {
        (source.confirmed * 100 + source.joined / 2) / source.joined.max(1)
    }

    /// The tooltip of a bar: `23 Nov 2026: 3 employees`.
    fn tooltip(&self, bar: &Bar) -> String {
        format!("{}: {}", self.layout.locale.day(bar.day), self.t.count(bar.entries, bar.role))
    }

    /// What the chart shows, in a sentence.
    fn summary(&self) -> String {
        let [employees, organizations] = [Role::Employee, Role::Organization].map(|role| self.chart.sum(role));
        self.t.summary(self.days, employees, organizations)
    }
}
