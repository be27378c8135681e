//! The mails about an entry: which ones it got, and what one that was refused or has arrived means for it.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use serde::Serialize;

use super::entry::Entry;
use crate::db::lower;
use crate::mail::outcome::Settled;
use crate::schema::{outbox_letter, waitlist};
use crate::values::clock::Timestamp;

/// How the kind of every letter about an entry begins.
pub(in crate::waitlist) const KINDS: &str = "waitlist-";
/// Mails that a page shows at most.
const MOST: i64 = 100;

/// A mail about an entry.
#[derive(Clone, Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = outbox_letter, check_for_backend(Pg))]
pub struct EntryMail {
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

impl Entry {
    /// The mails to this entry since it was made, newest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn mails(&self, conn: &mut PgConnection) -> QueryResult<Vec<EntryMail>> {
        let addresses = [self.email.as_str().to_owned(), self.email.as_str().to_lowercase()];
        let of = outbox_letter::recipient.eq_any(addresses).and(outbox_letter::kind.like(format!("{KINDS}%")));
        outbox_letter::table
            .filter(of.and(outbox_letter::created_at.ge(self.created_at)))
            .order((outbox_letter::created_at.desc(), outbox_letter::id.desc()))
            .limit(MOST)
            .select(EntryMail::as_select())
            .load(conn)
    }
}

/// Marks the entries of an address whose mail was refused, so that nobody invites them; and no longer, once a mail to it
/// arrives, as when one that was refused is tried again.
///
/// # Errors
/// When a statement fails.
pub fn record_outcome(conn: &mut PgConnection, now: Timestamp, settled: &Settled<'_>) -> QueryResult<()> {
    if !settled.kind.starts_with(KINDS) {
        return Ok(());
    }
    let of_address = waitlist::table.filter(lower(waitlist::email).eq(settled.recipient.to_lowercase()));
    if settled.was_sent {
        let bounced = of_address.filter(waitlist::bounced_at.is_not_null());
        diesel::update(bounced).set(waitlist::bounced_at.eq(None::<Timestamp>)).execute(conn)?;
    } else {
        let waiting = of_address.filter(waitlist::bounced_at.is_null().and(waitlist::signed_up_at.is_null()));
        diesel::update(waiting).set(waitlist::bounced_at.eq(now)).execute(conn)?;
    }
    Ok(())
}
