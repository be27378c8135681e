//! One place's page for admins: its history, and what can be done to it.

use actix_web::web::Data;
use askama::Template;

use super::entry_record::EntryRecord;
use super::words::Words;
use super::words::bulk::BulkWords;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::web::page::response;
use crate::web::{self, Admin, App, Error, Layout, PathId, paths};

#[derive(Template)]
#[template(path = "waitlist/review/entry_page.html")]
struct EntryPage {
    t: &'static Words,
    acts: &'static BulkWords,
    layout: Layout,
    record: EntryRecord,
}

/// A place.
///
/// # Errors
/// When there is no such place, or the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, PathId(id): PathId<EntryId>) -> web::Result {
    let record = app.db.read(move |conn| EntryRecord::find(conn, id)).await?.ok_or(Error::NOT_FOUND)?;
    response::ok(EntryPage { t: Words::of(layout.locale), acts: BulkWords::of(layout.locale), layout, record })
}

impl EntryPage {
    /// The steps that were taken, with their times.
    fn steps(&self) -> Vec<(&'static str, Timestamp)> {
        let (entry, t) = (&self.record.entry, self.t);
        let steps = [
            (t.joined, Some(entry.created_at)),
            (t.asked, entry.asked_at),
            (t.confirmed, entry.confirmed_at),
            (t.invited, entry.invited_at),
            (t.signed_up, entry.signed_up_at),
            (t.bounced, entry.bounced_at),
            (t.left, entry.left_at),
            (t.deleted, entry.deleted_at),
        ];
        steps.into_iter().filter_map(|(step, at)| Some((step, at?))).collect()
    }

    fn page_of(id: &EntryId) -> String {
        paths::with_id(paths::waitlist::ENTRY, &id.to_string())
    }

    /// The confirmation of an act on this place.
    fn act(&self, act: &str) -> String {
        paths::waitlist::bulk(&[("act", act), ("id", &self.record.entry.id.to_string())])
    }
}
