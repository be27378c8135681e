//! The page of the deletions: from here each can be undone, for as long as that is possible.

use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::deletion::Deletion;
use super::words::bulk::BulkWords;
use crate::values::clock::Timestamp;
use crate::values::id::DeletionId;
use crate::web::page::paging::{Paged, Pager, Position};
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::{self, Admin, App, Layout, paths};

/// A view of the deletions. What cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    after: String,
    before: String,
}

#[derive(Template)]
#[template(path = "waitlist/review/deletion_list.html")]
struct DeletionsPage {
    t: &'static BulkWords,
    layout: Layout,
    deletions: Paged<Deletion, DeletionId>,
    now: Timestamp,
}

/// One page of them, newest first.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(view): Query<View>) -> web::Result {
    let (now, position) = (app.clock.now(), Position::parse(&view.after, &view.before));
    let deletions = app.db.read(move |conn| Deletion::page(conn, &position)).await?;
    response::ok(DeletionsPage { t: BulkWords::of(layout.locale), layout, deletions, now })
}

impl DeletionsPage {
    fn page_of(id: &DeletionId) -> String {
        paths::with_id(paths::waitlist::DELETION, id.as_str())
    }

    /// The pages beside this one.
    fn pager(&self) -> Pager {
        self.deletions.pager(paths::waitlist::DELETIONS, &[])
    }
}
