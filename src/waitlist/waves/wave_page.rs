//! One wave's page, and what admins can do to it.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;

use super::wave::{Bounce, Wave, WaveCounts, WaveState};
use super::wave_control::{self, Steered};
use crate::audit::event::Actor;
use crate::values::id::WaveId;
use crate::waitlist::words::{Waves, Words};
use crate::web::page::flash::Flash;
use crate::web::page::response;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Admin, App, Error, Layout, paths};

#[derive(Template)]
#[template(path = "waitlist/waves/wave_page.html")]
struct WavePage {
    t: &'static Waves,
    layout: Layout,
    wave: Wave,
    bounces: Vec<Bounce>,
}

#[derive(Template)]
#[template(path = "waitlist/waves/wave_cancel.html")]
struct CancelPage {
    t: &'static Waves,
    layout: Layout,
    wave: Wave,
}

#[derive(Template)]
#[template(path = "waitlist/waves/wave_refused.html")]
struct RefusedPage {
    t: &'static Waves,
    layout: Layout,
    back: String,
}

/// How far it has come, and what became of it.
///
/// # Errors
/// When there is no such wave, or the database is away.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, id: Path<String>) -> web::Result {
    let id = known(&id)?;
    let read = app.db.read(move |conn| match Wave::find(conn, id)? {
        Some(wave) => Wave::bounces(conn, id).map(|bounces| Some((wave, bounces))),
        None => Ok(None),
    });
    let (wave, bounces) = read.await?.ok_or(Error::NOT_FOUND)?;
    response::ok(WavePage { t: &Words::of(layout.locale).waves, layout, wave, bounces })
}

/// Asks whether to give it up.
///
/// # Errors
/// When there is no such wave, or the database is away.
pub async fn ask(_: Admin, app: Data<App>, layout: Layout, id: Path<String>) -> web::Result {
    let id = known(&id)?;
    let wave = app.db.read(move |conn| Wave::find(conn, id)).await?.ok_or(Error::NOT_FOUND)?;
    if wave.state.has_ended() {
        return refuse(layout, id);
    }
    response::ok(CancelPage { t: &Words::of(layout.locale).waves, layout, wave })
}

/// Who acts, and from where.
type Acting = (HttpRequest, Client, Admin);

/// Stops it for a while.
///
/// # Errors
/// When there is no such wave, or the database is away.
pub async fn pause(app: Data<App>, layout: Layout, acting: Acting, id: Path<String>) -> web::Result {
    let (now, id, actor) = (app.clock.now(), known(&id)?, actor(&acting));
    let steered = app.db.write(move |conn| wave_control::pause(conn, now, id, &actor)).await?;
    answer(layout, &acting, (id, steered), |t| t.paused)
}

/// Goes on with it.
///
/// # Errors
/// When there is no such wave, or the database is away.
pub async fn resume(app: Data<App>, layout: Layout, acting: Acting, id: Path<String>) -> web::Result {
    let (now, id, actor) = (app.clock.now(), known(&id)?, actor(&acting));
    let steered = app.db.write(move |conn| wave_control::resume(conn, now, id, &actor)).await?;
    answer(layout, &acting, (id, steered), |t| t.resumed)
}

/// Gives it up.
///
/// # Errors
/// When there is no such wave, or the database is away.
pub async fn cancel(app: Data<App>, layout: Layout, acting: Acting, id: Path<String>) -> web::Result {
    let (now, id, actor) = (app.clock.now(), known(&id)?, actor(&acting));
    let steered = app.db.write(move |conn| wave_control::cancel(conn, now, id, &actor)).await?;
    answer(layout, &acting, (id, steered), |t| t.cancelled)
}

fn known(id: &Path<String>) -> Result<WaveId, Error> {
    id.parse::<i64>().map(WaveId::from).map_err(|_| Error::NOT_FOUND)
}

fn actor((_, client, Admin(viewer)): &Acting) -> Actor {
    Actor::new(&viewer.id, client)
}

/// Back to the wave.
fn answer(
    layout: Layout,
    (request, ..): &Acting,
    (id, steered): (WaveId, Steered),
    said: impl FnOnce(&Waves) -> &'static str,
) -> web::Result {
    match steered {
        Steered::Done => {
            SessionCookie::of(request).leave(&Flash::success(said(&Words::of(layout.locale).waves)))?;
            response::see_other(path(paths::waitlist::WAVE, id))
        }
        Steered::TooLate => refuse(layout, id),
        Steered::NotFound => Err(Error::NOT_FOUND),
    }
}

fn refuse(layout: Layout, id: WaveId) -> web::Result {
    let back = path(paths::waitlist::WAVE, id);
    response::conflict(RefusedPage { t: &Words::of(layout.locale).waves, layout, back })
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

    fn is_sending(&self) -> bool {
        self.wave.state == WaveState::Sending
    }

    /// The rows of the table, and the sum below them.
    fn rows(&self) -> [(&'static str, WaveCounts); 3] {
        let [(one, employees), (other, organizations)] = self.wave.counts;
        [(self.t.role_of(one), employees), (self.t.role_of(other), organizations), (self.t.both, self.wave.total())]
    }
}
