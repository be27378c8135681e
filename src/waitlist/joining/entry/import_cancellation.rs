//! What is written to an import that is cancelled, whoever does so: an admin, the sweep, or the erasure of an address that
//! its file names.

use diesel::ExpressionMethods;

use crate::schema::waitlist_import;
use crate::values::clock::Timestamp;

/// It has ended, and its file is not kept.
#[diesel::dsl::auto_type(no_type_alias)]
pub(in crate::waitlist) fn cancelled(now: Timestamp) -> _ {
    let state: &'static str = "cancelled";
    let file: Option<Vec<u8>> = None;
    (waitlist_import::state.eq(state), waitlist_import::ended_at.eq(now), waitlist_import::file.eq(file))
}
