//! One letter of the outbox, and what an admin can do to it.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use serde_json::json;

use crate::audit::event::{Action, Actor, NewEvent};
use crate::mail::queued_letter::{self, QueuedLetter};
use crate::mail::state::State;
use crate::mail::words::Queue;
use crate::values::clock::Timestamp;
use crate::values::id::LetterId;
use crate::web::page::flash::Flash;
use crate::web::page::response;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Admin, App, Error, Layout, paths};

#[derive(Template)]
#[template(path = "mail/queued_letter.html")]
struct LetterPage {
    t: &'static Queue,
    layout: Layout,
    now: Timestamp,
    letter: QueuedLetter,
    text: String,
}

/// Why something was not done.
#[derive(Template)]
#[template(path = "mail/queue_refused.html")]
struct RefusedPage {
    t: &'static Queue,
    layout: Layout,
    back: String,
}

/// Its facts, and its text while it is kept.
///
/// # Errors
/// When there is no such letter, or the database is away.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, id: Path<String>) -> web::Result {
    let (now, id, t) = (app.clock.now(), known(id)?, Queue::of(layout.locale));
    let found = app.db.read(move |conn| QueuedLetter::find(conn, &id)).await?;
    let (letter, text) = found.ok_or(Error::NOT_FOUND)?;
    response::ok(LetterPage { t, layout, now, letter, text })
}

/// Who acts, and from where.
type Acting = (HttpRequest, Client, Admin);

/// Has it tried at once.
///
/// # Errors
/// When there is no such letter, or the database is away.
pub async fn retry(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): Acting,
    id: Path<String>,
) -> web::Result {
    let (now, actor, id) = (app.clock.now(), Actor::new(&viewer.id, &client), known(id)?);
    let of = id.clone();
    let retry = move |conn: &mut _| {
        let kind = queued_letter::retry(conn, now, &of)?;
        note(Action::LetterRetried, &actor, (&of, kind.as_deref())).map(|event| event.record(conn, now)).transpose()
    };
    match app.db.write(retry).await? {
        Some(()) => done(&request, &id, Queue::of(layout.locale).retried),
        None => refuse(&app, layout, id).await,
    }
}

/// Gives it up.
///
/// # Errors
/// When there is no such letter, or the database is away.
pub async fn cancel(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): Acting,
    id: Path<String>,
) -> web::Result {
    let (now, actor, id) = (app.clock.now(), Actor::new(&viewer.id, &client), known(id)?);
    let of = id.clone();
    let cancel = move |conn: &mut _| {
        let kind = queued_letter::cancel(conn, &of)?;
        note(Action::LetterCancelled, &actor, (&of, kind.as_deref())).map(|event| event.record(conn, now)).transpose()
    };
    match app.db.write(cancel).await? {
        Some(()) => done(&request, &id, Queue::of(layout.locale).cancelled_now),
        None => refuse(&app, layout, id).await,
    }
}

fn known(id: Path<String>) -> Result<LetterId, Error> {
    paths::id_in(&id.into_inner()).map(LetterId::from).ok_or(Error::NOT_FOUND)
}

/// What is told of it: nothing when nothing was done, and never whom the letter is for.
fn note<'a>(action: Action, actor: &'a Actor, (id, kind): (&LetterId, Option<&str>)) -> Option<NewEvent<'a>> {
    kind.map(|kind| action.to_many(actor).with(json!({ "letter": id, "kind": kind })))
}

fn done(request: &HttpRequest, id: &LetterId, text: &'static str) -> web::Result {
    SessionCookie::of(request).leave(&Flash::success(text))?;
    response::see_other(paths::with_id(paths::mail::QUEUED_LETTER, id.as_str()))
}

/// A worker or another admin was quicker.
async fn refuse(app: &App, layout: Layout, id: LetterId) -> web::Result {
    let (t, back) = (Queue::of(layout.locale), paths::with_id(paths::mail::QUEUED_LETTER, id.as_str()));
    app.db.read(move |conn| QueuedLetter::find(conn, &id)).await?.ok_or(Error::NOT_FOUND)?;
    response::conflict(RefusedPage { t, layout, back })
}

impl LetterPage {
    fn can_be_retried(&self) -> bool {
        self.letter.can_be_retried(self.now, &self.text)
    }

    fn path(&self, pattern: &str) -> String {
        paths::with_id(pattern, self.letter.id.as_str())
    }
}
