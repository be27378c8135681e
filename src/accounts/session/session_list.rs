//! The list of the sessions of whoever is signed in, and ending them.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::session::{Listed, Session};
use super::words::device_name::device_name;
use super::words::{Sessions, Words};
use crate::accounts::one_time_code::trusted_device::TrustedDevice;
use crate::audit::event::{Action, Actor};
use crate::values::id::SessionId;
use crate::web::page::response::ok;
use crate::web::submission::answer::SessionChange;
use crate::web::visitor::device::Device;
use crate::web::{self, Answer, App, Error, Layout, PathId, SignedIn, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/session/session_list.html")]
struct SessionsPage {
    t: &'static Sessions,
    layout: Layout,
    viewer: Arc<Viewer>,
    sessions: Vec<Listed>,
}

/// The sessions of the viewer; the one of this browser is marked.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(app: Data<App>, layout: Layout, SignedIn(viewer): SignedIn) -> web::Result {
    let (now, user) = (app.clock.now(), viewer.id.clone());
    let sessions = app.db.read(move |conn| Session::list(conn, now, &user)).await?;
    ok(SessionsPage { t: &Words::of(layout.locale).sessions, layout, viewer, sessions })
}

/// Ends one of them. The session of somebody else is not found. Whoever ends that of another device does not want it to get
/// in again without a code: it is asked for on every other device again.
///
/// # Errors
/// When there is no such session, or the database is unavailable.
pub async fn delete(
    web::Request { app, layout, client, submission }: web::Request,
    SignedIn(viewer): SignedIn,
    http: HttpRequest,
    PathId(id): PathId<SessionId>,
) -> web::Result {
    let (now, user) = (app.clock.now(), viewer.id.clone());
    let (is_own, device) = (id == viewer.session, this_device(&app, &http));
    let answer = if is_own {
        Answer::see_other(paths::HOME).with_session(SessionChange::Ended)
    } else {
        Answer::see_other(paths::accounts::SESSIONS).with_flash(Words::of(layout.locale).sessions.ended)
    };
    let ended = submission.write(&app.db, &answer, move |conn| {
        if !Session::end_one(conn, &user, &id)? {
            return Ok(None);
        }
        if !is_own {
            TrustedDevice::forget_all(conn, &user, device.as_deref())?;
        }
        let action = if is_own { Action::LoggedOut } else { Action::SessionEnded };
        action.by(&Actor::new(&user, &client), &user).record(conn, now).map(Some)
    });
    ended.await?.ok_or(Error::NOT_FOUND)?;
    app.viewer_cache.invalidate(&viewer.id);
    answer.send(&http)
}

/// Ends all of them but that of this browser. Sent once more it ends those that began since, so no answer is stored.
///
/// # Errors
/// When the database is unavailable.
pub async fn delete_others(
    web::Request { app, layout, client, .. }: web::Request,
    SignedIn(viewer): SignedIn,
    http: HttpRequest,
) -> web::Result {
    let (now, user, keep) = (app.clock.now(), viewer.id.clone(), viewer.session.clone());
    let device = this_device(&app, &http);
    let answer = Answer::see_other(paths::accounts::SESSIONS);
    let answer = answer.with_flash(Words::of(layout.locale).sessions.others_ended);
    let ended = app.db.write(move |conn| {
        let ended = Session::end_others(conn, &user, &keep)?;
        TrustedDevice::forget_all(conn, &user, device.as_deref())?;
        if ended > 0 {
            Action::OtherSessionsEnded.by(&Actor::new(&user, &client), &user).record(conn, now)?;
        }
        Ok(ended)
    });
    if ended.await? > 0 {
        app.viewer_cache.invalidate(&viewer.id);
    }
    answer.send(&http)
}

/// The hash of the name of this device.
fn this_device(app: &App, http: &HttpRequest) -> Option<String> {
    Device::of(http, &app.config).map(|device| device.subject())
}

impl SessionsPage {
    fn is_this(&self, session: &Listed) -> bool {
        session.id == self.viewer.session
    }

    fn device(&self, session: &Listed) -> String {
        device_name(session.user_agent.as_deref(), self.layout.locale)
    }

    fn address<'a>(&self, session: &'a Listed) -> &'a str {
        session.ip_address.as_deref().unwrap_or(self.t.unknown_address)
    }

    /// Whether it was used after the minute in which it began, as the page tells times.
    fn was_seen_later(&self, session: &Listed) -> bool {
        let [created, seen] = [&session.created_at, &session.seen_at].map(|at| self.layout.locale.date_time(at));
        created != seen
    }

    fn end(session: &Listed) -> String {
        paths::with_id(paths::accounts::END_SESSION, session.id.as_str())
    }
}
