//! The lines of an import that bring no place, as a file.

use actix_web::web::{Bytes, Data};
use futures_util::stream::{self, Stream};

use super::import::ImportRecord;
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
    app.db.read(move |conn| ImportRecord::find(conn, &of)).await?.ok_or(Error::NOT_FOUND)?;
    Ok(csv::download("biovity-rejects.csv", parts(app, layout.locale, id)))
}

/// The file in parts. A batch is read when the one before was sent.
fn parts(app: Data<App>, locale: Locale, id: ImportId) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold(None, move |reached: Option<i32>| {
        let (app, id) = (app.clone(), id.clone());
        async move {
            let after = reached.unwrap_or_default();
            let batch = app.db.read(move |conn| Reject::after(conn, &id, after, BATCH)).await?;
            let Some(last) = batch.last().map(|reject| reject.line).or(reached.is_none().then_some(0)) else {
                return Ok(None);
            };
            let head = if reached.is_none() { head() } else { Vec::new() };
            Ok(Some((Bytes::from([head, lines(&batch, locale)].concat()), Some(last))))
        }
    })
}

/// How the file begins.
#[must_use]
pub fn head() -> Vec<u8> {
    [csv::BOM, &csv::lines([["line", "email", "role", "reason"]])].concat()
}

/// A line of the file for each reject.
#[must_use]
pub fn lines(rejects: &[Reject], locale: Locale) -> Vec<u8> {
    let t = Words::of(locale);
    let cells = |reject: &Reject| {
        [reject.line.to_string(), reject.email.clone(), reject.role.clone(), t.reason(reject.reason).to_owned()]
    };
    let lines: Vec<_> = rejects.iter().map(cells).collect();
    csv::lines(lines.iter().map(|cells| cells.iter().map(String::as_str))).to_vec()
}
