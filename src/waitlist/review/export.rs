//! The list as a CSV file: exactly what a filter leaves, a batch of lines at a time.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::web::Bytes;
use futures_util::{StreamExt, stream};

use super::entry_filter::EntryFilter;
use super::entry_list::{self, View};
use super::entry_search::{self, ListedEntry};
use crate::audit::event::Actor;
use crate::db;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::values::santiago_time;
use crate::web::page::csv;
use crate::web::page::paging::Cursor;
use crate::web::page::query::Query;
use crate::web::{self, Admin, Error, ListReader, Request};

/// The first line of the file.
const HEADER: [&str; 12] = [
    "email",
    "role",
    "state",
    "joined_at",
    "asked_at",
    "confirmed_at",
    "invited_at",
    "signed_up_at",
    "bounced_at",
    "left_at",
    "deleted_at",
    "source",
];

/// The file. The export is recorded, with the filter and no address; a HEAD takes nothing along and records nothing.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Admin(viewer): Admin, http: HttpRequest, request: Request, Query(view): Query<View>) -> web::Result {
    let Request { app, layout, client, .. } = request;
    let filter = match view.filter(&layout) {
        Ok(filter) => filter,
        Err(errors) => return entry_list::refuse(layout, view, errors),
    };
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let name = format!("biovity-waitlist-{}.csv", santiago_time::day_of(now));
    if http.method() == Method::HEAD {
        return Ok(csv::download(&name, stream::empty()));
    }
    let reader = ListReader::of(app, &http);
    let first = batch(&reader, &filter, None).await?;
    let of = filter.clone();
    reader.app.db.write(move |conn| entry_search::record_export(conn, now, &actor, &of)).await?;
    let head = [head(), lines(&first)].concat();
    let rest = rest(reader, filter, first.last().map(ListedEntry::cursor));
    let parts = stream::iter([Ok(Bytes::from(head))]).chain(rest);
    Ok(csv::download(&name, parts))
}

/// The rest of the file. Each batch is a read of its own: one that the standby cancels, since it holds up the replay of the
/// log, comes from the primary, which goes on behind the same entry. A batch that cannot be read there either ends the answer
/// in the middle, so that nobody takes the file for whole.
fn rest(
    reader: ListReader,
    filter: EntryFilter,
    after: Option<Cursor<EntryId>>,
) -> impl futures_util::Stream<Item = Result<Bytes, Error>> + 'static {
    stream::try_unfold((reader, filter, after), |(reader, filter, after)| async move {
        let Some(cursor) = after else { return Ok(None) };
        let batch = batch(&reader, &filter, Some(cursor)).await?;
        let after = batch.last().map(ListedEntry::cursor);
        Ok((!batch.is_empty()).then(|| (lines(&batch), (reader, filter, after))))
    })
}

async fn batch(
    reader: &ListReader,
    filter: &EntryFilter,
    after: Option<Cursor<EntryId>>,
) -> Result<Vec<ListedEntry>, db::Error> {
    let of = filter.clone();
    let (batch, _) = reader.read(move |conn| entry_search::batch(conn, &of, after)).await?;
    Ok(batch)
}

/// How the file begins.
#[must_use]
pub fn head() -> Bytes {
    [csv::BOM, &csv::lines([HEADER])].concat().into()
}

/// A line for each entry.
#[must_use]
pub fn lines(entries: &[ListedEntry]) -> Bytes {
    let rows: Vec<_> = entries.iter().map(cells).collect();
    csv::lines(rows.iter().map(|cells| cells.iter().map(String::as_str)))
}

fn cells(entry: &ListedEntry) -> [String; 12] {
    let at = |moment: Option<Timestamp>| {
        moment.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)).unwrap_or_default()
    };
    [
        entry.email.clone(),
        entry.role.as_str().to_owned(),
        entry.state.as_str().to_owned(),
        at(Some(entry.created_at)),
        at(entry.asked_at),
        at(entry.confirmed_at),
        at(entry.invited_at),
        at(entry.signed_up_at),
        at(entry.bounced_at),
        at(entry.left_at),
        at(entry.deleted_at),
        entry.source.clone().unwrap_or_default(),
    ]
}
