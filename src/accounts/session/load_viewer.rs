//! Loading the viewer of a request: from the cookie's copy where that is enough, else from the session and user rows.

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};

use super::session::Session;
use crate::accounts::user::viewer_change;
use crate::db;
use crate::values::clock::Stopwatch;
use crate::values::secret_token::SecretToken;
use crate::web::visitor::cookie::{EndedToken, SessionCookie};
use crate::web::visitor::list_reader;
use crate::web::visitor::viewer::Visitor;
use crate::web::{App, Error, paths};

/// How often every replica polls the database for changes.
const POLL_EVERY: Duration = Duration::from_secs(1);
/// How far back the first poll and one after an outage look: as long as a cached viewer is valid.
const FIRST_POLL_SECONDS: i32 = 330;
/// How far back every other poll looks: further than the time since the last poll, since a transaction may commit seconds
/// after it wrote its row.
const POLL_SECONDS: i32 = 20;
/// After an outage as long as this the next poll looks as far back as the first one.
const LONG_AGO: Duration = Duration::from_secs(10);

/// Puts the [`Visitor`] into the request before its handler runs.
///
/// # Errors
/// Those of the services within.
pub async fn load(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let visitor = match request.app_data::<Data<App>>().cloned() {
        // The API takes no cookie.
        Some(app) if !is_for_everyone(&request) && !paths::is_api(request.path()) => {
            visitor(&app, request.request()).await?
        }
        _ => Visitor::Guest,
    };
    request.extensions_mut().insert(visitor);
    let response = next.call(request).await?;
    if let Some(app) = response.request().app_data::<Data<App>>() {
        list_reader::record_writes(app, response.request()).await?;
    }
    SessionCookie::of(response.request()).discard_if_empty();
    Ok(response)
}

/// Whether it asks for a file that every cache may keep: such an answer must never carry somebody's cookie.
fn is_for_everyone(request: &ServiceRequest) -> bool {
    let path = request.path();
    let files = [paths::FAVICON, paths::ROBOTS, paths::SITEMAP, paths::HEALTHZ, paths::READYZ];
    path.starts_with(paths::STATIC_FOLDER) || path.starts_with(paths::AVATAR_FOLDER) || files.contains(&path)
}

async fn visitor(app: &App, http: &HttpRequest) -> Result<Visitor, Error> {
    let cookie = SessionCookie::of(http);
    let Some(token) = cookie.token() else { return Ok(Visitor::Guest) };
    let now = app.clock.now();
    let cached = may_be_cached(http).then(|| cookie.viewer()).flatten();
    if let Some(viewer) = cached.filter(|viewer| app.viewer_cache.is_valid(viewer, now)) {
        return Ok(Visitor::SignedIn(Arc::new(viewer)));
    }
    match find(app, token).await {
        Ok(Some(session)) => {
            // The copy is written only from rows that were just read, never after the session was found to have ended
            // (GHSA-xg6x-h9c9-2m83).
            cookie.cache_viewer(&session.viewer)?;
            Ok(Visitor::SignedIn(Arc::new(session.viewer)))
        }
        Ok(None) => {
            // The cookie stays as it is until somebody logs in or out: an answer without it could arrive after the one that
            // brought the new token, and sign the browser out.
            http.extensions_mut().insert(EndedToken);
            Ok(Visitor::Guest)
        }
        Err(error) => {
            tracing::warn!("a session could not be read: {error}");
            Ok(Visitor::Unknown)
        }
    }
}

/// Whether the cookie's copy is enough: only for a GET, and not on a page of an account, an organization, the admins or a provider.
fn may_be_cached(http: &HttpRequest) -> bool {
    let sensitive =
        ["/account/", "/organization", "/admin", "/login/with/"].iter().any(|prefix| http.path().starts_with(prefix));
    http.method().is_safe() && !sensitive
}

async fn find(app: &App, token: SecretToken) -> Result<Option<Session>, db::Error> {
    let (now, read_at, by_token) = (app.clock.now(), app.viewer_cache.time(), token.clone());
    match app.db.read(move |conn| Session::find_row(conn, read_at, &by_token)).await? {
        Some(session) if !session.works(now) => {
            // It would work again once an account that was deactivated by hand is reactivated.
            app.db.write(move |conn| Session::end(conn, &token).map(|_| None)).await
        }
        Some(session) if session.is_refresh_due(now) => {
            app.db.write(move |conn| session.clone().refresh(conn, now)).await
        }
        Some(session) if session.is_use_due(now) => {
            app.db
                .read(move |conn| {
                    session.record_use(conn, now)?;
                    Ok(Some(session.clone()))
                })
                .await
        }
        found => Ok(found),
    }
}

/// Asks the database every second whose view has changed, so that a session that was ended on another replica is
/// refused here within 2 seconds. Polling works through every pooler; `LISTEN` would not.
pub async fn follow_changes(app: App) {
    let (db, mut polled) = (app.db.for_background(), None);
    loop {
        let asked = Stopwatch::start();
        let is_recent = polled.is_some_and(|polled: Stopwatch| polled.elapsed() < LONG_AGO);
        let seconds = if is_recent { POLL_SECONDS } else { FIRST_POLL_SECONDS };
        if let Ok((changes, at)) = db.read(move |conn| viewer_change::within(conn, seconds)).await {
            app.viewer_cache.record_poll(asked, changes, at);
            polled = Some(asked);
        }
        tokio::time::sleep(POLL_EVERY).await;
    }
}
