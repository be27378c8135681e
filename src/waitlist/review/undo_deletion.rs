//! The page of a deletion of many places, where it can be undone.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::deletion::Deletion;
use super::restoration::places_restored;
use super::words::bulk::BulkWords;
use crate::audit::event::Actor;
use crate::values::clock::Timestamp;
use crate::values::id::DeletionId;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, App, Error, Layout, PathId, Request, paths};

#[derive(Template)]
#[template(path = "waitlist/review/undo_deletion.html")]
struct DeletionPage {
    t: &'static BulkWords,
    layout: Layout,
    deletion: Deletion,
    now: Timestamp,
}

/// How many places it deleted, and until when it can be undone.
///
/// # Errors
/// When there is no such deletion, or the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, PathId(id): PathId<DeletionId>) -> web::Result {
    let now = app.clock.now();
    let deletion = app.db.read(move |conn| Deletion::find(conn, &id)).await?.ok_or(Error::NOT_FOUND)?;
    response::ok(DeletionPage { t: BulkWords::of(layout.locale), layout, deletion, now })
}

/// Undoes it.
///
/// # Errors
/// When it cannot be undone any more, or the database is unavailable.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client, submission }: Request,
    request: HttpRequest,
    PathId(id): PathId<DeletionId>,
) -> web::Result {
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let answer = app.db.write(move |conn| {
        let Some(returned) = Deletion::undo(conn, now, &actor, &id)? else { return Ok(None) };
        let words = BulkWords::of(layout.locale).returned(returned);
        let answer = Answer::see_other(paths::waitlist::LIST).with_flash(words).about(places_restored());
        submission.record(conn, &answer)?;
        Ok(Some(answer))
    });
    answer.await?.ok_or(Error::GONE)?.send(&request)
}
