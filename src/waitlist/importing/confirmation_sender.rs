//! Sends the mails that ask the people of imports to confirm their place: a few at a time, so that no mailbox provider
//! takes the mails of an import for spam.

use chrono::TimeDelta;
use diesel::dsl::{count_star, sql};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::schema::{waitlist, waitlist_import};
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::entry::Entry;

/// Mails that all imports and processes together send within [`PERIOD`]: 120 a minute.
const MOST: i64 = 4;
const PERIOD: TimeDelta = TimeDelta::seconds(2);
/// One process at a time sends; the others try again in a moment.
const TRY_LOCK: &str = "SELECT pg_try_advisory_xact_lock(hashtext('waitlist_import_ask'))";
/// The condition of the index `waitlist_to_ask_idx`.
const TO_ASK: &str = "import_id IS NOT NULL AND asked_at IS NULL AND confirmed_at IS NULL AND invited_at IS NULL \
                      AND signed_up_at IS NULL AND bounced_at IS NULL AND left_at IS NULL AND deleted_at IS NULL";

#[derive(QueryableByName)]
struct Lock {
    #[diesel(sql_type = Bool)]
    pg_try_advisory_xact_lock: bool,
}

/// Asks the next ones, as many as the rate allows; returns how many.
///
/// # Errors
/// When a statement or the letter's template fails.
pub fn send_due(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<usize> {
    if due(conn, 1)?.is_empty() || !diesel::sql_query(TRY_LOCK).get_result::<Lock>(conn)?.pg_try_advisory_xact_lock {
        return Ok(0);
    }
    let just_asked = waitlist::confirmed_at.is_null().and(waitlist::asked_at.gt(now - PERIOD));
    let just_asked = waitlist::table.filter(just_asked.and(waitlist::import_id.is_not_null())).select(count_star());
    let just_asked: i64 = just_asked.get_result(conn)?;
    let entries = due(conn, (MOST - just_asked).max(0))?;
    for entry in &entries {
        // Whoever got three such mails today counts as asked and gets no other.
        if !entry.request_confirmation(conn, now, keys)? {
            let entry = waitlist::table.find(entry.id.as_i64());
            diesel::update(entry).set(waitlist::asked_at.eq(now)).execute(conn)?;
        }
    }
    Ok(entries.len())
}

/// The oldest that nobody asked, without those of an import that is being undone.
fn due(conn: &mut PgConnection, most: i64) -> QueryResult<Vec<Entry>> {
    let removing = waitlist_import::table.filter(waitlist_import::state.eq("removing")).select(waitlist_import::id);
    let removing: Vec<String> = removing.load(conn)?;
    waitlist::table
        .filter(sql::<Bool>(TO_ASK))
        .filter(sql::<Text>("import_id").ne_all(removing))
        .order(waitlist::id)
        .limit(most)
        .select(Entry::as_select())
        .for_update()
        .skip_locked()
        .load(conn)
}
