//! One letter of the outbox, and what an admin can do to it.

use actix_web::HttpRequest;
use askama::Template;
use serde_json::json;

use super::outbox_status::OutboxStatus;
use super::queued_letter::{self, QueuedLetter};
use super::words::Words;
use crate::audit::event::{Action, Actor, NewEvent};
use crate::mail::state::State;
use crate::values::clock::Timestamp;
use crate::values::id::LetterId;
use crate::web::page::query::Origin;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, App, Error, Layout, PathId, Request, Subject, paths};

#[derive(Template)]
#[template(path = "mail/queue/letter_page.html")]
struct LetterPage {
    t: &'static Words,
    layout: Layout,
    now: Timestamp,
    letter: QueuedLetter,
    text: String,
    /// Why no letter goes out, if none does.
    status: OutboxStatus,
    /// The page from which it was opened.
    origin: Origin,
}

/// Says that an act came too late.
#[derive(Template)]
#[template(path = "mail/queue/too_late.html")]
struct TooLatePage {
    t: &'static Words,
    layout: Layout,
    back: String,
}

/// Its facts, and its text while it is kept.
///
/// # Errors
/// When there is no such letter, or the database is unavailable.
pub async fn show(
    _: Admin,
    Request { app, layout, .. }: Request,
    http: HttpRequest,
    PathId(id): PathId<LetterId>,
) -> web::Result {
    let (now, t, origin) = (app.clock.now(), Words::of(layout.locale), Origin::of(&http));
    let found = app.db.read(move |conn| {
        let Some(found) = QueuedLetter::find(conn, &id)? else { return Ok(None) };
        Ok(Some((found, OutboxStatus::find(conn, now)?)))
    });
    let ((letter, text), status) = found.await?.ok_or(Error::NOT_FOUND)?;
    response::ok(LetterPage { t, layout, now, letter, text, status, origin })
}

/// Has it tried at once.
///
/// # Errors
/// When there is no such letter, or the database is unavailable.
pub async fn retry(
    Admin(viewer): Admin,
    request: Request,
    http: HttpRequest,
    PathId(id): PathId<LetterId>,
) -> web::Result {
    let Request { app, layout, client, submission } = request;
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let (of, subject) = (id.clone(), Subject::new("letter", id.as_str()));
    let page = page_of(&id, &http);
    let answer = Answer::see_other(&page).with_flash(Words::of(layout.locale).retried).about(subject.clone());
    let of_form = submission.clone();
    let retry = move |conn: &mut _| {
        let Some(kind) = queued_letter::retry(conn, now, &of)? else { return Ok(None) };
        // A letter that waits once more can be tried once more: the stored answer is for one that waits no longer.
        of_form.forget_others(conn, &subject)?;
        event(Action::LetterRetried, &actor, &of, &kind).record(conn, now).map(Some)
    };
    match submission.write(&app.db, &answer, retry).await? {
        Some(()) => answer.send(&http),
        None => too_late(&app, layout, id, page).await,
    }
}

/// Cancels it.
///
/// # Errors
/// When there is no such letter, or the database is unavailable.
pub async fn cancel(
    Admin(viewer): Admin,
    request: Request,
    http: HttpRequest,
    PathId(id): PathId<LetterId>,
) -> web::Result {
    let Request { app, layout, client, submission } = request;
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let of = id.clone();
    let cancel = move |conn: &mut _| {
        let Some(kind) = queued_letter::cancel(conn, &of)? else { return Ok(None) };
        event(Action::LetterCancelled, &actor, &of, &kind).record(conn, now).map(Some)
    };
    let page = page_of(&id, &http);
    let answer = Answer::see_other(&page).with_flash(Words::of(layout.locale).cancelled_now);
    match submission.write(&app.db, &answer, cancel).await? {
        Some(()) => answer.send(&http),
        None => too_late(&app, layout, id, page).await,
    }
}

/// What the audit log keeps of it: never whom the letter is for.
fn event<'a>(action: Action, actor: &'a Actor, id: &LetterId, kind: &str) -> NewEvent<'a> {
    action.to_many(actor).with(json!({ "letter": id, "kind": kind }))
}

/// Its page, which keeps where it was opened.
fn page_of(id: &LetterId, http: &HttpRequest) -> String {
    Origin::of(http).kept_in(&paths::with_id(paths::mail::QUEUED_LETTER, id.as_str()))
}

/// The page for an act that came after a worker's or another admin's.
async fn too_late(app: &App, layout: Layout, id: LetterId, back: String) -> web::Result {
    let t = Words::of(layout.locale);
    app.db.read(move |conn| QueuedLetter::find(conn, &id)).await?.ok_or(Error::NOT_FOUND)?;
    response::conflict(TooLatePage { t, layout: layout.without_form(), back })
}

impl LetterPage {
    fn can_be_retried(&self) -> bool {
        self.letter.can_be_retried(self.now, &self.text)
    }

    /// The address of a button of this letter.
    fn path(&self, pattern: &str) -> String {
        self.origin.kept_in(&paths::with_id(pattern, self.letter.id.as_str()))
    }

    /// The page from which it was opened.
    fn back(&self) -> String {
        self.origin.back(paths::mail::QUEUE)
    }
}
