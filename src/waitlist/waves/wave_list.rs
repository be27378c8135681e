//! The waves of invitations, what a new one would do, and starting it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::letters::Invite;
use super::new_wave::{self, MOST, NewWave, Rehearsal, Size};
use super::wave::{Wave, WaveState};
use super::wave_sender::PER_MINUTE;
use crate::audit::event::Actor;
use crate::values::id::WaveId;
use crate::values::locale::Locale;
use crate::waitlist::words::{Waves, Words};
use crate::web::page::flash::Flash;
use crate::web::page::paging::{Paged, Pager, Position};
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Admin, App, FieldErrors, Form, Layout, paths};

/// A view of the waves. What cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    after: String,
    before: String,
}

/// How many to invite, and how many the admin was told of.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SizeForm {
    employees: String,
    organizations: String,
    expected: String,
}

#[derive(Template)]
#[template(path = "waitlist/waves/wave_list.html")]
struct WavesPage {
    t: &'static Waves,
    layout: Layout,
    available: Size,
    waves: Paged<Wave, WaveId>,
    form: SizeForm,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "waitlist/waves/rehearsal.html")]
struct RehearsalPage {
    t: &'static Waves,
    layout: Layout,
    rehearsal: Rehearsal,
    mails: [(&'static str, &'static str, (&'static str, String)); 2],
    /// The list changed between the rehearsal and the button.
    moved: bool,
}

/// The waves, and the form of a new one.
///
/// # Errors
/// When the database is away.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(view): Query<View>) -> web::Result {
    let position = Position::parse(&view.after, &view.before);
    list(&app, layout, position, (SizeForm::default(), FieldErrors::default())).await
}

/// Whom a wave would invite, with what, and until when. Looking changes nothing.
///
/// # Errors
/// When the database is away.
pub async fn rehearse(_: Admin, app: Data<App>, layout: Layout, Query(form): Query<SizeForm>) -> web::Result {
    match form.parse(&layout) {
        Ok(size) => rehearsal(&app, layout, size, false).await,
        Err(errors) => list(&app, layout, Position::Start, (form, errors)).await,
    }
}

/// Starts the wave; when the list is no longer as the rehearsal had it, shows it anew.
///
/// # Errors
/// When the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): (HttpRequest, Client, Admin),
    form: Form<SizeForm>,
) -> web::Result {
    let (size, expected) = match form.parse(&layout) {
        Ok(size) => (size, form.expected.parse().unwrap_or(size.total())),
        Err(errors) => return list(&app, layout, Position::Start, (form.into_inner(), errors)).await,
    };
    let (now, wave) = (app.clock.now(), NewWave { size, expected, actor: Actor::new(&viewer.id, &client) });
    match app.db.write(move |conn| wave.start(conn, now)).await? {
        Some(id) => {
            SessionCookie::of(&request).leave(&Flash::success(Words::of(layout.locale).waves.started))?;
            response::see_other(paths::with_id(paths::waitlist::WAVE, &id.to_string()))
        }
        None => rehearsal(&app, layout, size, true).await,
    }
}

async fn list(
    app: &App,
    layout: Layout,
    position: Position<WaveId>,
    (form, errors): (SizeForm, FieldErrors),
) -> web::Result {
    let read = app.db.read(move |conn| Ok((new_wave::available(conn)?, Wave::page(conn, position)?)));
    let (available, waves) = read.await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let t = &Words::of(layout.locale).waves;
    response::with_status(status, WavesPage { t, layout, available, waves, form, errors })
}

async fn rehearsal(app: &App, layout: Layout, size: Size, moved: bool) -> web::Result {
    let now = app.clock.now();
    let rehearsal = app.db.read(move |conn| Rehearsal::read(conn, now, size)).await?;
    let t = &Words::of(layout.locale).waves;
    let sample = |locale| Invite::sample(locale, now, app.config.base_url.origin());
    let mails = [
        (t.in_spanish, Locale::Es.code(), sample(Locale::Es)?),
        (t.in_english, Locale::En.code(), sample(Locale::En)?),
    ];
    let status = if moved { StatusCode::CONFLICT } else { StatusCode::OK };
    response::with_status(status, RehearsalPage { t, layout, rehearsal, mails, moved })
}

impl SizeForm {
    fn parse(&self, layout: &Layout) -> Result<Size, FieldErrors> {
        let t = &Words::of(layout.locale).waves;
        let mut errors = FieldErrors::default();
        let employees = errors.take("employees", number(&self.employees).ok_or(t.not_a_number));
        let organizations = errors.take("organizations", number(&self.organizations).ok_or(t.not_a_number));
        let (Some(employees), Some(organizations)) = (employees, organizations) else { return Err(errors) };
        let size = Size { employees, organizations };
        if size.total() == 0 {
            errors.add("employees", t.nobody_asked);
            return Err(errors);
        }
        Ok(size)
    }
}

/// Nothing typed is nobody.
fn number(typed: &str) -> Option<i64> {
    match typed.trim() {
        "" => Some(0),
        typed => typed.parse().ok().filter(|number| (0..=MOST).contains(number)),
    }
}

impl WavesPage {
    fn page_of(wave: &Wave) -> String {
        paths::with_id(paths::waitlist::WAVE, &wave.id.to_string())
    }

    /// The pages beside this one.
    fn pager(&self) -> Pager {
        self.waves.pager(paths::waitlist::WAVES, &[])
    }

    /// The fields: name, label, hint and what was typed.
    fn fields(&self) -> [(&'static str, &'static str, String, &str); 2] {
        [
            ("employees", self.t.employees, self.t.available(self.available.employees), &self.form.employees),
            (
                "organizations",
                self.t.organizations,
                self.t.available(self.available.organizations),
                &self.form.organizations,
            ),
        ]
    }
}

impl RehearsalPage {
    fn size(&self) -> Size {
        self.rehearsal.size()
    }

    fn pace(&self) -> String {
        self.t.pace(PER_MINUTE)
    }
}
