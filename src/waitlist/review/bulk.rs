//! What an admin does to many places at once: the confirmation, and the act.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use super::deletion::Deletion;
use super::list::View;
use super::selection::{Act, Preview, Selection};
use crate::audit::event::Actor;
use crate::values::clock::Timestamp;
use crate::values::id::DeletionId;
use crate::waitlist::words::{Acts, Words};
use crate::web::page::flash::Flash;
use crate::web::page::form::Form;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Admin, App, Error, Layout, paths};

/// The act, and whom it is about. `act` is one of the buttons: `delete`, `ask`, `delete-all`, `ask-all`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Bulk {
    act: String,
    id: Vec<String>,
    expected: String,
    q: String,
    role: String,
    state: String,
    from: String,
    to: String,
}

#[derive(Template)]
#[template(path = "waitlist/review/bulk.html")]
struct BulkPage {
    t: &'static Acts,
    layout: Layout,
    bulk: Bulk,
    selection: Selection,
    preview: Preview,
    has_moved: bool,
}

#[derive(Template)]
#[template(path = "waitlist/review/deletion.html")]
struct DeletionPage {
    t: &'static Acts,
    layout: Layout,
    id: DeletionId,
    deletion: Deletion,
    now: Timestamp,
}

/// What would be done, to how many, and to whom for example.
///
/// # Errors
/// When the act is none, or the database is away.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(bulk): Query<Bulk>) -> web::Result {
    confirm(&app, layout, bulk, StatusCode::OK).await
}

/// Does it, if it still concerns as many.
///
/// # Errors
/// When the act is none, or the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): (HttpRequest, Client, Admin),
    form: Form<Bulk>,
) -> web::Result {
    let (bulk, now, actor) = (form.into_inner(), app.clock.now(), Actor::new(&viewer.id, &client));
    let (selection, t) = (bulk.selection()?, &Words::of(layout.locale).acts);
    let expected: i64 = bulk.expected.parse().map_err(|_| Error::BAD_REQUEST)?;
    let path = if !(1..=selection.act.most()).contains(&expected) {
        None
    } else if selection.act == Act::Delete {
        let done = app.db.write(move |conn| Deletion::make(conn, now, &actor, (&selection, expected))).await?;
        done.map(|id| paths::with_id(paths::waitlist::DELETION, id.as_str()))
    } else {
        let keys = app.keys.clone();
        let asked = app.db.write(move |conn| selection.ask(conn, now, (&actor, &keys, expected))).await?;
        if let Some(asked) = asked {
            SessionCookie::of(&request).leave(&Flash::success(t.asked(asked)))?;
        }
        asked.map(|_| paths::waitlist::LIST.to_owned())
    };
    match path {
        Some(path) => response::see_other(path),
        None => confirm(&app, layout, bulk, StatusCode::CONFLICT).await,
    }
}

/// A deletion, which can be undone.
///
/// # Errors
/// When there is no such deletion, or the database is away.
pub async fn deleted(_: Admin, app: Data<App>, layout: Layout, id: Path<String>) -> web::Result {
    let (now, id) = (app.clock.now(), known(id)?);
    let of = id.clone();
    let deletion = app.db.read(move |conn| Deletion::find(conn, &of)).await?.ok_or(Error::NOT_FOUND)?;
    response::ok(DeletionPage { t: &Words::of(layout.locale).acts, layout, id, deletion, now })
}

/// Undoes a deletion.
///
/// # Errors
/// When it cannot be undone any more, or the database is away.
pub async fn undo(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): (HttpRequest, Client, Admin),
    id: Path<String>,
) -> web::Result {
    let (now, id, actor) = (app.clock.now(), known(id)?, Actor::new(&viewer.id, &client));
    let restored = app.db.write(move |conn| Deletion::undo(conn, now, &actor, &id)).await?.ok_or(Error::GONE)?;
    SessionCookie::of(&request).leave(&Flash::success(Words::of(layout.locale).acts.restored(restored)))?;
    response::see_other(paths::waitlist::LIST)
}

async fn confirm(app: &App, layout: Layout, bulk: Bulk, status: StatusCode) -> web::Result {
    let selection = bulk.selection()?;
    let of = selection.clone();
    let preview = app.db.read(move |conn| of.preview(conn)).await?;
    let (t, has_moved) = (&Words::of(layout.locale).acts, status == StatusCode::CONFLICT);
    response::with_status(status, BulkPage { t, layout, bulk, selection, preview, has_moved })
}

fn known(id: Path<String>) -> Result<DeletionId, Error> {
    paths::id_in(&id.into_inner()).map(DeletionId::from).ok_or(Error::NOT_FOUND)
}

impl Bulk {
    fn selection(&self) -> Result<Selection, Error> {
        let act = match self.act.trim_end_matches("-all") {
            "delete" => Act::Delete,
            "ask" => Act::Ask,
            _ => return Err(Error::NOT_FOUND),
        };
        let is_all = self.act.ends_with("-all");
        let ids: Vec<i64> = self.id.iter().filter(|_| !is_all).filter_map(|id| id.parse().ok()).collect();
        // An id of nobody: nothing was ticked, which must never mean everyone.
        let ids = if is_all || !ids.is_empty() { ids } else { vec![0] };
        let filter = View::of([&self.q, &self.role, &self.state, &self.from, &self.to]).filter();
        Ok(Selection { act, ids, filter })
    }
}

impl BulkPage {
    fn is_too_much(&self) -> bool {
        self.preview.count > self.selection.act.most()
    }

    fn is_all(&self) -> bool {
        self.selection.ids.is_empty()
    }

    fn given(&self) -> Vec<(&'static str, String)> {
        self.selection.filter.parameters().into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// How the list calls a part of the filter.
    fn label(&self, name: &str) -> &'static str {
        let review = &Words::of(self.layout.locale).review;
        match name {
            "q" => review.search,
            "role" => review.role,
            "state" => review.state,
            "from" => review.from,
            _ => review.to,
        }
    }

    /// The list, as it was filtered.
    fn back(&self) -> String {
        let parameters = self.selection.filter.parameters();
        let pairs: Vec<_> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        paths::waitlist::list(&pairs)
    }
}

impl DeletionPage {
    fn is_undoable(&self) -> bool {
        self.deletion.undone_at.is_none() && self.deletion.undoable_until > self.now
    }
}
