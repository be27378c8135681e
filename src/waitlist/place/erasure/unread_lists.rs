//! Lists that wait to be read, or to be read on: a file that names an erased address is not kept.

use aho_corasick::AhoCorasick;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use encoding_rs::WINDOWS_1252;
use serde_json::json;

use crate::audit::event::{Action, Actor};
use crate::schema::waitlist_import;
use crate::values::clock::Timestamp;
use crate::waitlist::joining::entry::import_cancellation::cancelled;
use crate::web::page::kept_upload;

/// Cancels the imports that are being read, or were interrupted while they were, whose file names one of these addresses, and
/// deletes such files whose form waits. Waits for the lines that are coming in; whoever reads stores none after it.
///
/// # Errors
/// When a statement fails.
pub(super) fn give_up(conn: &mut PgConnection, now: Timestamp, spellings: &[String]) -> QueryResult<()> {
    let reading = waitlist_import::table.filter(waitlist_import::state.eq("reading")).order(waitlist_import::id);
    let reading: Vec<String> = reading.select(waitlist_import::id).for_update().load(conn)?;
    let names = Names::of(spellings);
    for id in reading {
        let file = waitlist_import::table.find(&id).select(waitlist_import::file);
        if file.first::<Option<Vec<u8>>>(conn)?.is_some_and(|file| names.is_any_in(&file)) {
            diesel::update(waitlist_import::table.find(&id)).set(cancelled(now)).execute(conn)?;
            let details = json!({ "import": id, "cancelled_by": "erasure" });
            Action::ImportCancelled.to_many(&Actor::application()).with(details).record(conn, now)?;
        }
    }
    kept_upload::forget(conn, |file| names.is_any_in(file))
}

/// The addresses, as the bytes of a file may spell them. There are none when these are too many to be searched for.
struct Names(Option<AhoCorasick>);

impl Names {
    /// A domain with letters beyond ASCII may be in capitals.
    fn of(spellings: &[String]) -> Self {
        let all = spellings.iter().flat_map(|spelling| [spelling.clone(), spelling.to_uppercase()]);
        let bytes: Vec<_> = all.flat_map(|spelling| encoded(&spelling)).collect();
        Self(AhoCorasick::builder().ascii_case_insensitive(true).build(bytes).ok())
    }

    /// A search that cannot be made must not pass for one that found nothing.
    fn is_any_in(&self, file: &[u8]) -> bool {
        self.0.as_ref().is_none_or(|names| names.is_match(file))
    }
}

/// A text in every encoding in which lists are read.
fn encoded(text: &str) -> [Vec<u8>; 4] {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
    [
        text.as_bytes().to_vec(),
        WINDOWS_1252.encode(text).0.into_owned(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::email_address;

    #[test]
    fn an_address_is_found_in_every_encoding_and_spelling() {
        let names = Names::of(&email_address::spellings(&["ana+bio@xn--and-6ma2c.cl".to_owned()]));
        for typed in ["x;ANA+Bio@ÑANDÚ.cl\n", "<ana+bio@xn--AND-6ma2c.cl>", "q=ana%2Bbio%40xn--and-6ma2c.cl"] {
            for file in encoded(typed) {
                assert!(names.is_any_in(&file), "{typed} {file:?}");
            }
        }
        assert!(!names.is_any_in(b"bio@xn--and-6ma2c.cl"));
    }
}
