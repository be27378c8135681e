//! The lines of an import that bring no place, as a file.

use actix_web::web::{Bytes, Data};
use futures_util::StreamExt;
use futures_util::stream::{self, Stream};

use super::import::{Import, ImportRecord};
use super::import_file::OURS;
use super::import_line::Reject;
use super::words::Words;
use crate::values::id::ImportId;
use crate::values::locale::Locale;
use crate::web::page::csv;
use crate::web::{self, Admin, App, Error, Layout, PathId};

/// Lines of one batch.
const BATCH: i64 = 1_000;

/// The file.
///
/// # Errors
/// When there is no such import, or the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, PathId(id): PathId<ImportId>) -> web::Result {
    let of = id.clone();
    let record = app.db.read(move |conn| ImportRecord::find(conn, &of)).await?.ok_or(Error::NOT_FOUND)?;
    let head = Bytes::from(head(&record.import));
    let parts = stream::iter([Ok(head)]).chain(parts(app, layout.locale, id));
    Ok(csv::download("biovity-rejects.csv", parts))
}

/// The file in parts. A batch is read when the one before was sent.
fn parts(app: Data<App>, locale: Locale, id: ImportId) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold(0, move |after| {
        let (app, id) = (app.clone(), id.clone());
        async move {
            let batch = app.db.read(move |conn| Reject::after(conn, &id, after, BATCH)).await?;
            Ok(batch.last().map(|last| (Bytes::from(lines(&batch, locale)), last.line)))
        }
    })
}

/// How the file begins: number and reason, then the list's own heading, so that the file can be mended and brought again.
#[must_use]
pub fn head(import: &Import) -> Vec<u8> {
    let heading = import.heading.as_deref().unwrap_or("email,role");
    [csv::BOM, OURS.join(",").as_bytes(), b",", heading.as_bytes(), b"\r\n"].concat()
}

/// A line of the file for each reject.
#[must_use]
pub fn lines(rejects: &[Reject], locale: Locale) -> Vec<u8> {
    let t = Words::of(locale);
    let line = |reject: &Reject| {
        let whole = reject.whole.clone().unwrap_or_else(|| csv::line([reject.email.as_str(), &reject.role]));
        format!("{},{},{whole}\r\n", reject.line, csv::line([t.reason(reject.reason)]))
    };
    rejects.iter().map(line).collect::<String>().into_bytes()
}
