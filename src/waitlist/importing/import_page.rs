//! One import's page: how far it is, what its lines bring, and what can be done with it.

use actix_web::web::Data;
use askama::Template;

use super::import::{Import, ImportRecord};
use super::import_line::Reject;
use super::import_state::ImportState;
use super::staging;
use super::words::Words;
use crate::audit::event::Actor;
use crate::values::id::ImportId;
use crate::web::page::response;
use crate::web::visitor::client::Client;
use crate::web::{self, Admin, App, Error, Layout, PathId, paths};

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
}

/// The progress, or the report.
///
/// # Errors
/// When there is no such import, or the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, PathId(id): PathId<ImportId>) -> web::Result {
    let read = app.db.read(move |conn| {
        let Some(record) = ImportRecord::find(conn, &id)? else { return Ok(None) };
        let most = if record.import.is_under_way() { 0 } else { SHOWN };
        let rejects = Reject::after(conn, &id, 0, most)?;
        Ok(Some((record, rejects)))
    });
    let (ImportRecord { import, maker }, rejects) = read.await?.ok_or(Error::NOT_FOUND)?;
    response::ok(ImportPage { t: Words::of(layout.locale), layout, import, maker, rejects })
}

/// Adds the new places.
///
/// # Errors
/// When the database is unavailable.
pub async fn start(Admin(viewer): Admin, app: Data<App>, client: Client, PathId(id): PathId<ImportId>) -> web::Result {
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let of = id.clone();
    app.db.write(move |conn| Import::start(conn, now, &actor, &of)).await?;
    back_to(&id)
}

/// Resumes reading its list, after the process that read it died.
///
/// # Errors
/// When too many files come in at once, or the database is unavailable.
pub async fn resume(Admin(viewer): Admin, app: Data<App>, client: Client, PathId(id): PathId<ImportId>) -> web::Result {
    let actor = Actor::new(&viewer.id, &client);
    staging::resume(&app, id.clone(), actor).await?;
    back_to(&id)
}

/// Cancels the import.
///
/// # Errors
/// When the database is unavailable.
pub async fn cancel(Admin(viewer): Admin, app: Data<App>, client: Client, PathId(id): PathId<ImportId>) -> web::Result {
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let of = id.clone();
    app.db.write(move |conn| Import::cancel(conn, now, &actor, &of)).await?;
    back_to(&id)
}

/// Removes its places again.
///
/// # Errors
/// When the database is unavailable.
pub async fn undo(Admin(viewer): Admin, app: Data<App>, client: Client, PathId(id): PathId<ImportId>) -> web::Result {
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let of = id.clone();
    app.db.write(move |conn| Import::undo(conn, now, &actor, &of)).await?;
    back_to(&id)
}

/// Goes back to its page, which shows its state, also to whoever pressed the button twice or after somebody else.
fn back_to(id: &ImportId) -> web::Result {
    response::see_other(paths::with_id(paths::waitlist::IMPORT, id.as_str()))
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
