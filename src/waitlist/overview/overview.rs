//! The admin's start page: how many joined and when, how mail stands, what happened lately, what was held off.

use actix_web::web::Data;
use askama::Template;
use chrono::Days;
use serde::Deserialize;

use super::chart::{Bar, Chart, HEIGHT, WIDTH};
use crate::audit;
use crate::audit::log::{self, LoggedEvent};
use crate::mail::queue::Standing;
use crate::mail::words::Queue;
use crate::values::clock::Timestamp;
use crate::values::santiago_time;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::waitlist::joining::totals::{self, Totals};
use crate::waitlist::review::words::Words as ListWords;
use crate::waitlist::words::{Overview, Words};
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::protection::abuse_counters::{self, Reason};
use crate::web::{self, Admin, App, Layout, paths};

/// Days that the chart can show, the first unless asked.
const SPANS: [u64; 2] = [30, 90];
/// Events that are shown.
const LATEST: i64 = 10;
/// Days of which it is told what was held off: today and those before.
const HELD_OFF: u64 = 7;

/// How far back the chart goes. What cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    days: String,
}

#[derive(Template)]
#[template(path = "waitlist/overview/overview.html")]
struct OverviewPage {
    t: &'static Overview,
    mail: &'static Queue,
    audit: &'static audit::words::Words,
    layout: Layout,
    now: Timestamp,
    figures: [Figure; 6],
    span: u64,
    chart: Chart,
    standing: Standing,
    events: Vec<LoggedEvent>,
    held_off: Vec<(Reason, i64)>,
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
/// When the database is away.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(view): Query<View>) -> web::Result {
    let now = app.clock.now();
    let (today, [usual, _]) = (santiago_time::day_of(now), SPANS);
    let span = SPANS.into_iter().find(|days| days.to_string() == view.days).unwrap_or(usual);
    let (first, week) = (today - Days::new(span - 1), today - Days::new(HELD_OFF - 1));
    let read = move |conn: &mut _| {
        let (totals, joined) = (Totals::between(conn, None, None)?, totals::joined_since(conn, first)?);
        let (standing, held_off) = (Standing::find(conn, now)?, abuse_counters::since(conn, week)?);
        Ok((totals, joined, standing, held_off, log::latest(conn, LATEST)?))
    };
    let (totals, joined, standing, held_off, events) = app.db.read(read).await?;
    let words = Words::of(layout.locale);
    response::ok(OverviewPage {
        t: &words.overview,
        mail: Queue::of(layout.locale),
        audit: audit::words::Words::of(layout.locale),
        now,
        figures: figures(&words.overview, ListWords::of(layout.locale), &totals),
        span,
        chart: Chart::of(first, span, &joined),
        standing,
        events,
        held_off,
        layout,
    })
}

fn figures(t: &Overview, review: &ListWords, totals: &Totals) -> [Figure; 6] {
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

impl OverviewPage {
    /// The lengths of the chart to choose from, with their addresses.
    fn spans() -> [(u64, String); 2] {
        SPANS.map(|days| (days, paths::with_query(paths::waitlist::OVERVIEW, &[("days", &days.to_string())])))
    }

    /// What a pointer on a bar is told: `23 Nov 2026: 3 employees`.
    fn told(&self, bar: &Bar) -> String {
        format!("{}: {}", self.layout.locale.day(bar.day), self.t.joined(bar.entries, bar.role))
    }

    /// What the chart shows, in a sentence.
    fn summary(&self) -> String {
        let [employees, organizations] = [Role::Employee, Role::Organization].map(|role| self.chart.sum(role));
        self.t.summary(self.span, employees, organizations)
    }
}
