//! One wave's page, where admins pause it, resume it and cancel it.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::people::invited_person::{Part, PeopleFilter};
use super::people::people_list;
use super::wave::{Bounce, Wave, WaveState};
use super::wave_control::{Act, ControlOutcome, WaveControl, changes_of};
use super::wave_counts::WaveCounts;
use super::words::Words;
use crate::audit::event::Actor;
use crate::mail::queue::outbox_status::OutboxStatus;
use crate::mail::queue::words::Words as QueueWords;
use crate::values::id::WaveId;
use crate::waitlist::joining::role::Role;
use crate::web::page::query::{AutoRefresh, Origin, Query};
use crate::web::page::response;
use crate::web::{self, Admin, Answer, App, Error, Layout, PathId, Request, paths};

#[derive(Template)]
#[template(path = "waitlist/waves/wave_page.html")]
struct WavePage {
    t: &'static Words,
    mail: &'static QueueWords,
    layout: Layout,
    wave: Wave,
    outbox: OutboxStatus,
    bounces: Vec<Bounce>,
    refresh: AutoRefresh,
}

/// Those of one role, or of both.
struct Row {
    label: &'static str,
    cells: Vec<Cell>,
}

/// How many of a row are in a part, and the page of these people.
struct Cell {
    label: &'static str,
    number: i64,
    /// How many of a hundred.
    percent: Option<i64>,
    people: String,
}

#[derive(Template)]
#[template(path = "waitlist/waves/wave_cancel.html")]
struct CancelPage {
    t: &'static Words,
    layout: Layout,
    wave: Wave,
}

#[derive(Template)]
#[template(path = "waitlist/waves/wave_refused.html")]
struct RefusedPage {
    t: &'static Words,
    layout: Layout,
    back: String,
}

/// A button of the page that an admin pressed.
struct PressedButton {
    context: Request,
    control: WaveControl,
    act: Act,
    /// What the page says afterwards.
    done: &'static str,
}

/// How far it has come, and what became of it.
///
/// # Errors
/// When there is no such wave, or the database is unavailable.
pub async fn show(
    _: Admin,
    Request { app, layout, .. }: Request,
    PathId(id): PathId<WaveId>,
    Query(refresh): Query<AutoRefresh>,
) -> web::Result {
    let now = app.clock.now();
    let read = app.db.read(move |conn| {
        let Some(wave) = Wave::find(conn, id)? else { return Ok(None) };
        Ok(Some((wave, Wave::bounces(conn, id)?, OutboxStatus::find(conn, now)?)))
    });
    let (wave, bounces, outbox) = read.await?.ok_or(Error::NOT_FOUND)?;
    let (t, mail) = (Words::of(layout.locale), QueueWords::of(layout.locale));
    response::ok(WavePage { t, mail, layout, wave, outbox, bounces, refresh })
}

/// Asks whether to cancel it.
///
/// # Errors
/// When there is no such wave, or the database is unavailable.
pub async fn ask(_: Admin, app: Data<App>, layout: Layout, PathId(id): PathId<WaveId>) -> web::Result {
    let wave = app.db.read(move |conn| Wave::find(conn, id)).await?.ok_or(Error::NOT_FOUND)?;
    if wave.state.has_ended() {
        return refuse(layout, id, ControlOutcome::TooLate);
    }
    response::ok(CancelPage { t: Words::of(layout.locale), layout, wave })
}

/// Stops it for a while.
///
/// # Errors
/// When there is no such wave, or the database is unavailable.
pub async fn pause(admin: Admin, context: Request, http: HttpRequest, PathId(id): PathId<WaveId>) -> web::Result {
    let (control, done) = (control(&admin, &context, id), Words::of(context.layout.locale).paused);
    PressedButton { context, control, act: WaveControl::pause, done }.apply(&http).await
}

/// Goes on with it.
///
/// # Errors
/// When there is no such wave, or the database is unavailable.
pub async fn resume(admin: Admin, context: Request, http: HttpRequest, PathId(id): PathId<WaveId>) -> web::Result {
    let (control, done) = (control(&admin, &context, id), Words::of(context.layout.locale).resumed);
    PressedButton { context, control, act: WaveControl::resume, done }.apply(&http).await
}

/// Cancels what was not sent.
///
/// # Errors
/// When there is no such wave, or the database is unavailable.
pub async fn cancel(admin: Admin, context: Request, http: HttpRequest, PathId(id): PathId<WaveId>) -> web::Result {
    let (control, done) = (control(&admin, &context, id), Words::of(context.layout.locale).cancelled);
    PressedButton { context, control, act: WaveControl::cancel, done }.apply(&http).await
}

fn control(admin: &Admin, context: &Request, wave: WaveId) -> WaveControl {
    WaveControl { wave, actor: Actor::new(&admin.0.id, &context.client) }
}

impl PressedButton {
    /// Does it, and goes back to the wave, whose page says what was done.
    async fn apply(self, http: &HttpRequest) -> web::Result {
        let Self { context: Request { app, layout, submission, .. }, control, act, done } = self;
        let (now, wave) = (app.clock.now(), control.wave);
        let answer = Answer::see_other(path(paths::waitlist::WAVE, wave)).with_flash(done);
        let recorded = answer.clone().about(changes_of(wave));
        let outcome = app.db.write(move |conn| {
            let outcome = act(&control, conn, now)?;
            if outcome == ControlOutcome::Done {
                submission.record(conn, &recorded)?;
            }
            Ok(outcome)
        });
        match outcome.await? {
            ControlOutcome::Done => answer.send(http),
            refused => refuse(layout, wave, refused),
        }
    }
}

fn refuse(layout: Layout, id: WaveId, refused: ControlOutcome) -> web::Result {
    if refused == ControlOutcome::NotFound {
        return Err(Error::NOT_FOUND);
    }
    let back = path(paths::waitlist::WAVE, id);
    response::conflict(RefusedPage { t: Words::of(layout.locale), layout: layout.without_form(), back })
}

fn path(pattern: &str, id: WaveId) -> String {
    paths::with_id(pattern, &id.to_string())
}

impl CancelPage {
    fn path(&self, pattern: &str) -> String {
        path(pattern, self.wave.id)
    }
}

impl WavePage {
    fn path(&self, pattern: &str) -> String {
        path(pattern, self.wave.id)
    }

    /// A place, which leads back here.
    fn place_of(&self, id: &str) -> String {
        Origin::page(&self.path(paths::waitlist::WAVE)).kept_in(&paths::with_id(paths::waitlist::ENTRY, id))
    }

    /// Those whose invitation has ended; of a cancelled wave only those who were written to.
    fn done(&self) -> i64 {
        let total = self.wave.total();
        if self.wave.state == WaveState::Cancelled { total.sent + total.bounced } else { total.ended() }
    }

    fn is_sending(&self) -> bool {
        self.wave.state == WaveState::Sending
    }

    /// The headings of the numbers.
    fn headings(&self) -> Vec<&'static str> {
        std::iter::once(self.t.chosen).chain(Part::ALL.map(|part| self.t.part(part))).collect()
    }

    /// The rows of the table, and the sum below them.
    fn rows(&self) -> Vec<Row> {
        let of_role = self.wave.counts.iter().map(|(role, counts)| self.row(Some(*role), counts));
        of_role.chain([self.row(None, &self.wave.total())]).collect()
    }

    fn row(&self, role: Option<Role>, counts: &WaveCounts) -> Row {
        let people = |part| people_list::path(PeopleFilter { wave: self.wave.id, part, role });
        let all = Cell { label: self.t.chosen, number: counts.chosen(), percent: None, people: people(None) };
        let parts = Part::ALL.map(|part| Cell {
            label: self.t.part(part),
            number: part.count(counts),
            percent: counts.conversion_percent().filter(|_| part == Part::SignedUp),
            people: people(Some(part)),
        });
        let label = role.map_or(self.t.both, |role| self.t.role_of(role));
        Row { label, cells: std::iter::once(all).chain(parts).collect() }
    }
}
