//! One import's page: how far it is, what its lines bring, and what can be done with it.

use actix_web::HttpRequest;
use askama::Template;

use super::import::{self, Import, ImportAct, ImportRecord};
use super::import_line::Reject;
use super::import_state::ImportState;
use super::staging::{self, InterruptedImport};
use super::words::Words;
use super::words::acts::ActWords;
use crate::audit::event::Actor;
use crate::values::id::ImportId;
use crate::web::page::query::{AutoRefresh, Query};
use crate::web::page::response;
use crate::web::{self, Admin, Answer, App, Error, Layout, PathId, Request, paths};

/// A step that failed so often in a row is told of: one that failed once may have been in the way of another.
const SEVERAL: i32 = 2;
/// Rejects that the page shows.
const SHOWN: i64 = 20;

#[derive(Template)]
#[template(path = "waitlist/importing/import_page.html")]
struct ImportPage {
    t: &'static Words,
    layout: Layout,
    import: Import,
    maker: Option<String>,
    rejects: Vec<Reject>,
    refresh: AutoRefresh,
}

/// What an admin wanted of an import, and comes too late for.
#[derive(Template)]
#[template(path = "waitlist/importing/import_refused.html")]
struct RefusedPage {
    t: &'static Words,
    layout: Layout,
    import: Import,
}

/// The request of an admin who does something to an import.
struct AdminRequest {
    request: Request,
    http: HttpRequest,
    admin: Admin,
    id: ImportId,
}

/// The progress, or the report.
///
/// # Errors
/// When there is no such import, or the database is unavailable.
pub async fn show(
    _: Admin,
    Request { app, layout, .. }: Request,
    PathId(id): PathId<ImportId>,
    Query(refresh): Query<AutoRefresh>,
) -> web::Result {
    let read = app.db.read(move |conn| {
        let Some(record) = ImportRecord::find(conn, &id)? else { return Ok(None) };
        let most = if record.import.is_under_way() { 0 } else { SHOWN };
        let rejects = Reject::after(conn, &id, 0, most)?;
        Ok(Some((record, rejects)))
    });
    let (ImportRecord { import, maker }, rejects) = read.await?.ok_or(Error::NOT_FOUND)?;
    response::ok(ImportPage { t: Words::of(layout.locale), layout, import, maker, rejects, refresh })
}

/// Adds the new places.
///
/// # Errors
/// When there is no such import, or the database is unavailable.
pub async fn start(request: Request, http: HttpRequest, admin: Admin, PathId(id): PathId<ImportId>) -> web::Result {
    AdminRequest { request, http, admin, id }.apply(Import::start, |acts| acts.started).await
}

/// Resumes reading its list, after the process that read it died.
///
/// # Errors
/// When there is no such import, too many files come in at once, or the database is unavailable.
pub async fn resume(
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    Admin(admin): Admin,
    PathId(id): PathId<ImportId>,
) -> web::Result {
    let (actor, answer) = (Actor::new(&admin.id, &client), done(&id, Words::of(layout.locale).acts.resumed));
    let interrupted = InterruptedImport { id: id.clone(), actor, submission, answer: answer.clone() };
    if staging::resume(&app, interrupted).await? { answer.send(&http) } else { refuse(&app, layout, id).await }
}

/// Cancels the import.
///
/// # Errors
/// When there is no such import, or the database is unavailable.
pub async fn cancel(request: Request, http: HttpRequest, admin: Admin, PathId(id): PathId<ImportId>) -> web::Result {
    AdminRequest { request, http, admin, id }.apply(Import::cancel, |acts| acts.cancelled).await
}

/// Removes its places again.
///
/// # Errors
/// When there is no such import, or the database is unavailable.
pub async fn undo(request: Request, http: HttpRequest, admin: Admin, PathId(id): PathId<ImportId>) -> web::Result {
    AdminRequest { request, http, admin, id }.apply(Import::undo, |acts| acts.undone).await
}

impl AdminRequest {
    /// Does it, and goes back to the import, whose page says what was done.
    async fn apply(self, act: ImportAct, words: fn(&ActWords) -> &'static str) -> web::Result {
        let Self { request: Request { app, layout, client, submission }, http, admin: Admin(admin), id } = self;
        let (now, actor, of) = (app.clock.now(), Actor::new(&admin.id, &client), id.clone());
        let answer = done(&id, words(&Words::of(layout.locale).acts));
        let work = move |conn: &mut _| Ok(act(conn, now, &actor, &of)?.then_some(()));
        match submission.write(&app.db, &answer, work).await? {
            Some(()) => answer.send(&http),
            None => refuse(&app, layout, id).await,
        }
    }
}

/// Goes back to its page, which says this.
fn done(id: &ImportId, words: &'static str) -> Answer {
    Answer::see_other(page_of(id)).with_flash(words).about(import::changes_of(id))
}

/// 409: the import went on, or somebody else was faster.
async fn refuse(app: &App, layout: Layout, id: ImportId) -> web::Result {
    let record = app.db.read(move |conn| ImportRecord::find(conn, &id)).await?;
    let ImportRecord { import, .. } = record.ok_or(Error::NOT_FOUND)?;
    response::conflict(RefusedPage { t: Words::of(layout.locale), layout: layout.without_form(), import })
}

fn page_of(id: &ImportId) -> String {
    paths::with_id(paths::waitlist::IMPORT, id.as_str())
}

impl RefusedPage {
    fn back(&self) -> String {
        page_of(&self.import.id)
    }
}

impl ImportPage {
    fn path(&self, pattern: &str) -> String {
        paths::with_id(pattern, self.import.id.as_str())
    }

    /// The label and the number of each outcome; together these are all lines.
    fn counts(&self) -> Vec<(&'static str, i32)> {
        let Import { fresh, added, duplicate, repeated, invalid, opted_out, .. } = self.import;
        let was_started = !matches!(self.import.state, ImportState::Checked | ImportState::Cancelled);
        let first = if was_started { (self.t.added, added) } else { (self.t.fresh, fresh) };
        let out = [(self.t.invalid, invalid), (self.t.opted_out, opted_out)];
        [[first, (self.t.listed, duplicate)].as_slice(), &[(self.t.repeated, repeated)], &out].concat()
    }

    fn number(&self, count: i32) -> String {
        self.layout.locale.number(count.into())
    }
}
