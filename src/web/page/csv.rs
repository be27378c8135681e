//! CSV files that a spreadsheet opens as UTF-8, with every cell as text and none as a formula.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::header::{self, DispositionParam, DispositionType};
use actix_web::web::Bytes;
use futures_util::Stream;

use crate::web::error::Error;

/// Tells spreadsheets that the file is UTF-8; the first bytes of every file.
pub const BOM: &[u8] = b"\xef\xbb\xbf";

/// The characters with which a spreadsheet's formula begins (OWASP "CSV Injection"). Email addresses may begin with
/// them.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Bytes that the writer collects first: not many, since a single line is written often.
const BUFFER: usize = 1_024;
/// Stands before a cell that begins like a formula, so that it is shown as text.
const GUARD: char = '\'';

/// Lines of cells as CSV, ready to be sent.
#[must_use]
pub fn lines<'a, L: IntoIterator<Item = &'a str>>(lines: impl IntoIterator<Item = L>) -> Bytes {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .buffer_capacity(BUFFER)
        .from_writer(Vec::new());
    for line in lines {
        // Writing to memory cannot fail.
        let _ = writer.write_record(line.into_iter().map(|cell| guarded(cell).into_owned()));
    }
    writer.into_inner().unwrap_or_default().into()
}

/// One line of cells as CSV, without its end.
#[must_use]
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let line = lines([cells]);
    String::from_utf8_lossy(line.strip_suffix(b"\r\n").unwrap_or(&line)).into_owned()
}

/// The cell as [`lines`] was given it.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix(GUARD).filter(|rest| is_guarded(rest)).unwrap_or(cell)
}

fn guarded(cell: &str) -> Cow<'_, str> {
    if is_guarded(cell) { Cow::Owned(format!("{GUARD}{cell}")) } else { Cow::Borrowed(cell) }
}

/// Whether a cell gets a guard: a formula, or what would read as a formula with its guard.
fn is_guarded(cell: &str) -> bool {
    cell.trim_start_matches(GUARD).starts_with(FORMULA)
}

/// A file for the browser to save. It is sent while it is made, so that memory holds one batch of its lines and not
/// all.
pub fn download(name: &str, parts: impl Stream<Item = Result<Bytes, Error>> + 'static) -> HttpResponse {
    let disposition = header::ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(name.to_owned())],
    };
    HttpResponse::Ok().content_type("text/csv; charset=utf-8").insert_header(disposition).streaming(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_never_a_formula() {
        let written = lines([["=1+1@x.cl", "+a@x.cl", "-a@x.cl", "@x", "a,b\"c"]]);
        assert_eq!(written, "'=1+1@x.cl,'+a@x.cl,'-a@x.cl,'@x,\"a,b\"\"c\"\r\n");
        for cell in ["=1+1@x.cl", "+a@x.cl", "o'hara@x.cl", "'a@x.cl", "'=a@x.cl", "''=a@x.cl", ""] {
            assert_eq!(unguarded(&guarded(cell)), cell);
        }
    }
}
