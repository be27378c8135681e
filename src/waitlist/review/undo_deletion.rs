//! The page of a deletion of many places, where it can be undone.

use actix_web::HttpRequest;
use askama::Template;

use super::deletion::Deletion;
use super::entry_filter::EntryFilter;
use super::entry_list::View;
use super::restoration::places_restored;
use super::words::bulk::BulkWords;
use crate::audit::event::Actor;
use crate::values::clock::Timestamp;
use crate::values::id::DeletionId;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, Error, Layout, PathId, Request, paths};

#[derive(Template)]
#[template(path = "waitlist/review/undo_deletion.html")]
struct DeletionPage {
    t: &'static BulkWords,
    layout: Layout,
    deletion: Deletion,
    /// Some of the places that it deleted.
    samples: Vec<String>,
    now: Timestamp,
    /// The filter of the list from which it was made.
    filter: EntryFilter,
}

/// How many places it deleted, and until when it can be undone.
///
/// # Errors
/// When there is no such deletion, or the database is unavailable.
pub async fn show(
    _: Admin,
    Request { app, layout, .. }: Request,
    http: HttpRequest,
    PathId(id): PathId<DeletionId>,
) -> web::Result {
    let (filter, now) = (View::kept(&http, &layout), app.clock.now());
    let found = app.db.read(move |conn| {
        let Some(deletion) = Deletion::find(conn, &id)? else { return Ok(None) };
        Ok(Some((deletion.samples(conn)?, deletion)))
    });
    let (samples, deletion) = found.await?.ok_or(Error::NOT_FOUND)?;
    response::ok(DeletionPage { t: BulkWords::of(layout.locale), layout, deletion, samples, now, filter })
}

/// Undoes it.
///
/// # Errors
/// When it cannot be undone any more, or the database is unavailable.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    PathId(id): PathId<DeletionId>,
) -> web::Result {
    let back = View::kept(&http, &layout).kept_in(paths::waitlist::LIST);
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let answer = app.db.write(move |conn| {
        let Some(returned) = Deletion::undo(conn, now, &actor, &id)? else { return Ok(None) };
        let words = BulkWords::of(layout.locale).returned(returned);
        let answer = Answer::see_other(back.clone()).with_flash(words).about(places_restored());
        submission.record(conn, &answer)?;
        Ok(Some(answer))
    });
    answer.await?.ok_or(Error::GONE)?.send(&http)
}

impl DeletionPage {
    /// The address of the button.
    fn undo(&self) -> String {
        self.filter.kept_in(&paths::with_id(paths::waitlist::DELETION_UNDO, self.deletion.id.as_str()))
    }

    /// The list, as it was filtered.
    fn back(&self) -> String {
        self.filter.kept_in(paths::waitlist::LIST)
    }
}
