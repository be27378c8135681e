//! The rehearsal of a new wave, whose button starts it: whom it would invite, with what, and until when.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::candidate::shown_people::ShownPeople;
use super::forecast::{Forecast, RoleForecast};
use super::letters::{Invite, Sample};
use super::new_wave::NewWave;
use super::wave::Wave;
use super::wave_control::changes_of;
use super::wave_list::{self, SizeForm};
use super::wave_sender::PER_MINUTE;
use super::wave_size::WaveSize;
use super::words::Words;
use super::words::rehearsal::RehearsalWords;
use crate::audit::event::Actor;
use crate::mail::queue::outbox_status::OutboxStatus;
use crate::mail::queue::words::Words as QueueWords;
use crate::values::locale::Locale;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, App, Error, Form, Layout, Request, paths};

#[derive(Template)]
#[template(path = "waitlist/waves/rehearsal.html")]
struct RehearsalPage {
    t: &'static Words,
    own: &'static RehearsalWords,
    mail: &'static QueueWords,
    layout: Layout,
    /// How many were asked for.
    asked: WaveSize,
    forecast: Forecast,
    outbox: OutboxStatus,
    mails: [Sample; 2],
    /// The list changed between the rehearsal and the button.
    has_moved: bool,
}

/// What a wave of this size would do. Opening the page changes nothing.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(form): Query<SizeForm>) -> web::Result {
    match form.parse(Words::of(layout.locale)) {
        Ok(size) => response::ok(RehearsalPage::read(&app, layout, size).await?),
        Err(errors) => wave_list::refuse(&app, layout, form, errors).await,
    }
}

/// Starts the wave with those whom the rehearsal showed; when they cannot be told any more, shows it anew.
///
/// # Errors
/// When the database is unavailable.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    form: Form<SizeForm>,
) -> web::Result {
    let (t, own) = (Words::of(layout.locale), RehearsalWords::of(layout.locale));
    let size = match form.parse(t) {
        Ok(size) => size,
        Err(errors) => return wave_list::refuse(&app, layout, form.into_inner(), errors).await,
    };
    let wave = NewWave { size, shown: form.shown()?, actor: Actor::new(&viewer.id, &client) };
    let now = app.clock.now();
    let shown = wave.shown.as_ref().map_or(size, ShownPeople::size).total();
    let answer = app.db.write(move |conn| {
        let Some(id) = wave.start(conn, now)? else { return Ok(None) };
        let taken = Wave::find(conn, id)?.map_or(shown, |wave| wave.total().chosen());
        let path = paths::with_id(paths::waitlist::WAVE, &id.to_string());
        let answer = Answer::see_other(path).with_flash(own.started(taken, shown)).about(changes_of(id));
        submission.record(conn, &answer)?;
        Ok(Some(answer))
    });
    if let Some(answer) = answer.await? {
        return answer.send(&http);
    }
    let page = RehearsalPage::read(&app, layout.without_form(), size).await?;
    response::conflict(RehearsalPage { has_moved: true, ..page })
}

impl RehearsalPage {
    async fn read(app: &App, layout: Layout, size: WaveSize) -> Result<Self, Error> {
        let now = app.clock.now();
        let read = move |conn: &mut _| Ok((Forecast::of(conn, now, size)?, OutboxStatus::find(conn, now)?));
        let (forecast, outbox) = app.db.read(read).await?;
        let sample = |locale| Invite::sample(locale, now, app.config.base_url.origin());
        let mails = [sample(Locale::Es)?, sample(Locale::En)?];
        let (t, mail) = (Words::of(layout.locale), QueueWords::of(layout.locale));
        let own = RehearsalWords::of(layout.locale);
        Ok(Self { t, own, mail, layout, asked: size, forecast, outbox, mails, has_moved: false })
    }

    fn size(&self) -> WaveSize {
        self.forecast.size()
    }

    /// What is said of a role of which fewer can be invited than were asked for.
    fn fewer(&self, role: &RoleForecast) -> Option<String> {
        let asked = self.asked.of(role.role);
        (role.invited < asked).then(|| self.own.fewer(asked))
    }

    fn pace(&self) -> String {
        self.own.pace(PER_MINUTE)
    }
}
