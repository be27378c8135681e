//! Revoking a key, after asking.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::api_key::ApiKey;
use super::words::Words;
use crate::audit::event::Actor;
use crate::values::id::ApiKeyId;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, App, Error, Layout, PathId, Request, paths};

#[derive(Template)]
#[template(path = "api_key/revoke_key.html")]
struct RevokePage {
    t: &'static Words,
    layout: Layout,
    key: ApiKey,
}

/// Asks whether to revoke it.
///
/// # Errors
/// When there is no such key, or the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, PathId(id): PathId<ApiKeyId>) -> web::Result {
    let key = app.db.read(move |conn| ApiKey::find(conn, &id)).await?.ok_or(Error::NOT_FOUND)?;
    response::ok(RevokePage { t: Words::of(layout.locale), layout, key })
}

/// Revokes it: the next request with it is refused, wherever it arrives.
///
/// # Errors
/// When there is no such key, or the database is unavailable.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    PathId(id): PathId<ApiKeyId>,
) -> web::Result {
    let (t, now, actor) = (Words::of(layout.locale), app.clock.now(), Actor::new(&viewer.id, &client));
    let key = app.db.read(move |conn| ApiKey::find(conn, &id)).await?.ok_or(Error::NOT_FOUND)?;
    let (answer, of) = (Answer::see_other(paths::api_key::KEYS).with_flash(t.revoked_flash), key.clone());
    let revoke = move |conn: &mut _| Ok(of.revoke(conn, now, &actor)?.then_some(()));
    match submission.write(&app.db, &answer, revoke).await? {
        Some(()) => answer.send(&http),
        None => response::conflict(RevokePage {
            t,
            layout: layout.without_form(),
            key: ApiKey { revoked_at: Some(now), ..key },
        }),
    }
}

impl RevokePage {
    fn action(&self) -> String {
        paths::with_id(paths::api_key::REVOKE, self.key.id.as_str())
    }
}
