//! The mails that a place got, and what became of each.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use serde::Serialize;

use super::entry::Entry;
use super::mail_outcome::KINDS;
use crate::schema::outbox_letter;
use crate::values::clock::Timestamp;

/// Mails that a page shows at most.
const MOST: i64 = 100;

/// A mail of the waitlist.
#[derive(Clone, Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = outbox_letter, check_for_backend(Pg))]
pub struct OwnMail {
    /// Its kind.
    pub kind: String,
    /// Its subject.
    pub subject: String,
    /// Where it is in the outbox.
    pub status: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the relay took it over.
    pub sent_at: Option<Timestamp>,
    /// What the mail server answered last.
    pub last_reply: Option<String>,
}

impl Entry {
    /// The mails to this place since it was taken, newest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn mails(&self, conn: &mut PgConnection) -> QueryResult<Vec<OwnMail>> {
        let addresses = [self.email.as_str().to_owned(), self.email.as_str().to_lowercase()];
        let of = outbox_letter::recipient.eq_any(addresses).and(outbox_letter::kind.like(format!("{KINDS}%")));
        outbox_letter::table
            .filter(of.and(outbox_letter::created_at.ge(self.created_at)))
            .order((outbox_letter::created_at.desc(), outbox_letter::id.desc()))
            .limit(MOST)
            .select(OwnMail::as_select())
            .load(conn)
    }
}
