//! The page of a deletion of many places, where it can be undone.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::deletion::Deletion;
use super::words::bulk::BulkWords;
use crate::audit::event::Actor;
use crate::values::clock::Timestamp;
use crate::values::id::DeletionId;
use crate::web::page::flash::Flash;
use crate::web::page::response;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Admin, App, Error, Layout, PathId, Request, paths};

#[derive(Template)]
#[template(path = "waitlist/review/undo_deletion.html")]
struct DeletionPage {
    t: &'static BulkWords,
    layout: Layout,
    id: DeletionId,
    deletion: Deletion,
    now: Timestamp,
}

/// How many places it deleted, and until when it can be undone.
///
/// # Errors
/// When there is no such deletion, or the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, PathId(id): PathId<DeletionId>) -> web::Result {
    let now = app.clock.now();
    let of = id.clone();
    let deletion = app.db.read(move |conn| Deletion::find(conn, &of)).await?.ok_or(Error::NOT_FOUND)?;
    response::ok(DeletionPage { t: BulkWords::of(layout.locale), layout, id, deletion, now })
}

/// Undoes it.
///
/// # Errors
/// When it cannot be undone any more, or the database is unavailable.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client }: Request,
    request: HttpRequest,
    PathId(id): PathId<DeletionId>,
) -> web::Result {
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let restored = app.db.write(move |conn| Deletion::undo(conn, now, &actor, &id)).await?.ok_or(Error::GONE)?;
    SessionCookie::of(&request).set_flash(&Flash::success(BulkWords::of(layout.locale).restored(restored)))?;
    response::see_other(paths::waitlist::LIST)
}

impl DeletionPage {
    fn is_undoable(&self) -> bool {
        self.deletion.undone_at.is_none() && self.deletion.undoable_until > self.now
    }
}
