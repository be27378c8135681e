//! The page of a deletion of many places, where it can be undone.

use actix_web::HttpRequest;
use askama::Template;

use super::deletion::Deletion;
use super::restoration::places_restored;
use super::words::bulk::BulkWords;
use crate::audit::event::Actor;
use crate::values::clock::Timestamp;
use crate::values::id::DeletionId;
use crate::web::page::query::Origin;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, App, Error, Layout, PathId, Request, paths};

#[derive(Template)]
#[template(path = "waitlist/review/undo_deletion.html")]
struct DeletionPage {
    t: &'static BulkWords,
    layout: Layout,
    deletion: Deletion,
    /// Some of the places that it deleted.
    samples: Vec<String>,
    now: Timestamp,
    /// The list or the search from which it was made.
    origin: Origin,
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
    response::ok(DeletionPage::read(&app, layout, id, Origin::of(&http)).await?)
}

/// Undoes it. When it cannot be undone any more, its page says why.
///
/// # Errors
/// When there is no such deletion, or the database is unavailable.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    PathId(id): PathId<DeletionId>,
) -> web::Result {
    let (origin, t, undone) = (Origin::of(&http), BulkWords::of(layout.locale), id.clone());
    let back = origin.back(paths::waitlist::LIST);
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let answer = app.db.write(move |conn| {
        let Some(returned) = Deletion::undo(conn, now, &actor, &undone)? else { return Ok(None) };
        let answer = Answer::see_other(back.clone()).with_flash(t.returned(returned)).about(places_restored());
        submission.record(conn, &answer)?;
        Ok(Some(answer))
    });
    match answer.await? {
        Some(answer) => answer.send(&http),
        None => response::conflict(DeletionPage::read(&app, layout.without_form(), id, origin).await?),
    }
}

impl DeletionPage {
    async fn read(app: &App, layout: Layout, id: DeletionId, origin: Origin) -> Result<Self, Error> {
        let now = app.clock.now();
        let found = app.db.read(move |conn| {
            let Some(deletion) = Deletion::find(conn, &id)? else { return Ok(None) };
            Ok(Some((deletion.samples(conn)?, deletion)))
        });
        let (samples, deletion) = found.await?.ok_or(Error::NOT_FOUND)?;
        Ok(Self { t: BulkWords::of(layout.locale), layout, deletion, samples, now, origin })
    }

    /// The address of the button.
    fn undo(&self) -> String {
        self.origin.kept_in(&paths::with_id(paths::waitlist::DELETION_UNDO, self.deletion.id.as_str()))
    }

    /// Whether the addresses below are those of all that it deleted.
    fn are_all_shown(&self) -> bool {
        i64::try_from(self.samples.len()).is_ok_and(|shown| shown == self.deletion.entries)
    }

    /// The list as it was, or the search.
    fn back(&self) -> String {
        self.origin.back(paths::waitlist::LIST)
    }
}
