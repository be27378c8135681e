//! One import's page: how far it is, what its lines bring, and what can be done with it.

use actix_web::web::{Bytes, Data, Path};
use askama::Template;
use futures_util::stream::{self, Stream};

use super::import::{Import, ImportState};
use super::import_line::{self, Reject};
use crate::audit::event::Actor;
use crate::values::id::ImportId;
use crate::values::locale::Locale;
use crate::waitlist::words::{Imports, Words};
use crate::web::page::{csv, response};
use crate::web::visitor::client::Client;
use crate::web::{self, Admin, App, Error, Layout, paths};

/// Rejects on the page, and of one batch of their file.
const SHOWN: i64 = 20;
const BATCH: i64 = 1_000;

#[derive(Template)]
#[template(path = "waitlist/importing/import_page.html")]
struct ImportPage {
    t: &'static Imports,
    layout: Layout,
    import: Import,
    maker: Option<String>,
    rejects: Vec<Reject>,
}

/// The progress, or the report.
///
/// # Errors
/// When there is no such import, or the database is away.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, id: Path<String>) -> web::Result {
    let id = known(id)?;
    let read = app.db.read(move |conn| {
        let Some((import, maker)) = Import::find(conn, &id)? else { return Ok(None) };
        let most = if import.is_under_way() { 0 } else { SHOWN };
        let rejects = Reject::after(conn, &id, 0, most)?;
        Ok(Some((import, maker, rejects)))
    });
    let (import, maker, rejects) = read.await?.ok_or(Error::NOT_FOUND)?;
    response::ok(ImportPage { t: &Words::of(layout.locale).imports, layout, import, maker, rejects })
}

/// Every line that brings nobody, as a file.
///
/// # Errors
/// When there is no such import, or the database is away.
pub async fn rejects(_: Admin, app: Data<App>, layout: Layout, id: Path<String>) -> web::Result {
    let id = known(id)?;
    let of = id.clone();
    app.db.read(move |conn| Import::find(conn, &of)).await?.ok_or(Error::NOT_FOUND)?;
    Ok(csv::download("biovity-rejects.csv", lines(app, layout.locale, id)))
}

/// A batch is read when the one before was sent.
fn lines(app: Data<App>, locale: Locale, id: ImportId) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold(None, move |reached: Option<i32>| {
        let (app, id) = (app.clone(), id.clone());
        async move {
            let after = reached.unwrap_or_default();
            let batch = app.db.read(move |conn| Reject::after(conn, &id, after, BATCH)).await?;
            let Some(last) = batch.last().map(|reject| reject.line).or(reached.is_none().then_some(0)) else {
                return Ok(None);
            };
            let head = if reached.is_none() { import_line::rejects_head() } else { Vec::new() };
            let part = [head, import_line::rejects_csv(&batch, locale)].concat();
            Ok(Some((Bytes::from(part), Some(last))))
        }
    })
}

/// Adds the new places.
///
/// # Errors
/// When the database is away.
pub async fn start(Admin(viewer): Admin, app: Data<App>, client: Client, id: Path<String>) -> web::Result {
    let (now, id, actor) = (app.clock.now(), known(id)?, Actor::new(&viewer.id, &client));
    let of = id.clone();
    app.db.write(move |conn| Import::start(conn, now, &actor, &of)).await?;
    back_to(&id)
}

/// Gives the import up.
///
/// # Errors
/// When the database is away.
pub async fn cancel(Admin(viewer): Admin, app: Data<App>, client: Client, id: Path<String>) -> web::Result {
    let (now, id, actor) = (app.clock.now(), known(id)?, Actor::new(&viewer.id, &client));
    let of = id.clone();
    app.db.write(move |conn| Import::cancel(conn, now, &actor, &of)).await?;
    back_to(&id)
}

/// Takes its places away again.
///
/// # Errors
/// When the database is away.
pub async fn undo(Admin(viewer): Admin, app: Data<App>, client: Client, id: Path<String>) -> web::Result {
    let (now, id, actor) = (app.clock.now(), known(id)?, Actor::new(&viewer.id, &client));
    let of = id.clone();
    app.db.write(move |conn| Import::undo(conn, now, &actor, &of)).await?;
    back_to(&id)
}

/// Its page shows what became of it, also to who pressed twice or after somebody else.
fn back_to(id: &ImportId) -> web::Result {
    response::see_other(paths::with_id(paths::waitlist::IMPORT, id.as_str()))
}

fn known(id: Path<String>) -> Result<ImportId, Error> {
    paths::id_in(&id.into_inner()).map(ImportId::from).ok_or(Error::NOT_FOUND)
}

impl ImportPage {
    fn path(&self, pattern: &str) -> String {
        paths::with_id(pattern, self.import.id.as_str())
    }

    /// What became of the lines, in words; together they are all of them.
    fn counts(&self) -> Vec<(&'static str, i32)> {
        let Import { fresh, added, duplicate, invalid, opted_out, .. } = self.import;
        let was_started = !matches!(self.import.state, ImportState::Checked | ImportState::Cancelled);
        let first = if was_started { (self.t.added, added) } else { (self.t.fresh, fresh) };
        vec![first, (self.t.duplicate, duplicate), (self.t.invalid, invalid), (self.t.opted_out, opted_out)]
    }

    fn number(&self, count: i32) -> String {
        self.layout.locale.number(count.into())
    }
}
