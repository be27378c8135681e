//! The letters that were written to somebody: for the pages and the exports that show them.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use serde::Serialize;

use crate::schema::outbox_letter;
use crate::values::clock::Timestamp;

/// Letters that a page shows at most.
const SHOWN: i64 = 100;

/// A letter, as its recipient may see it.
#[derive(Clone, Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = outbox_letter, check_for_backend(Pg))]
pub struct WrittenLetter {
    /// Its id, for the pages of admins alone.
    #[serde(skip)]
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its subject.
    pub subject: String,
    /// Where it is in the outbox.
    pub status: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the relay accepted it.
    pub sent_at: Option<Timestamp>,
    /// What the mail server answered last.
    pub last_reply: Option<String>,
}

impl WrittenLetter {
    /// The letters to these addresses, the newest first, at most `most` letters.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all_to(conn: &mut PgConnection, addresses: &[String], most: i64) -> QueryResult<Vec<Self>> {
        let own = outbox_letter::table.filter(outbox_letter::recipient.eq_any(addresses));
        own.order(outbox_letter::created_at.desc()).select(Self::as_select()).limit(most).load(conn)
    }

    /// The letters to these addresses since then whose kind begins with `kinds`, the newest first, at most a hundred.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn since(
        conn: &mut PgConnection,
        since: Timestamp,
        addresses: &[String],
        kinds: &str,
    ) -> QueryResult<Vec<Self>> {
        let of = outbox_letter::recipient.eq_any(addresses).and(outbox_letter::kind.like(format!("{kinds}%")));
        outbox_letter::table
            .filter(of.and(outbox_letter::created_at.ge(since)))
            .order((outbox_letter::created_at.desc(), outbox_letter::id.desc()))
            .limit(SHOWN)
            .select(Self::as_select())
            .load(conn)
    }
}

/// SQL for what the mail server answered last about the letter with this id; NULL when the letter is gone. `id` is SQL
/// too, such as `waitlist_invitation.letter_id`.
#[must_use]
pub fn last_reply_to(id: &str) -> String {
    format!("(SELECT letter.last_reply FROM outbox_letter AS letter WHERE letter.id = {id})")
}
