//! The mails about an entry: which ones it got, and what one that was refused or has arrived means for it.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::entry::{Entry, address};
use super::letters::ConfirmPlace;
use crate::mail::letter_history::WrittenLetter;
use crate::mail::outcome::SendOutcome;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::web::{Subject, Submission};

/// How the kind of every letter about an entry begins.
pub(in crate::waitlist) const KINDS: &str = "waitlist-";

impl Entry {
    /// The mails about this entry since it was made, newest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn mails(&self, conn: &mut PgConnection) -> QueryResult<Vec<WrittenLetter>> {
        let addresses = [self.email.as_str().to_owned(), self.email.as_str().to_lowercase()];
        WrittenLetter::since(conn, self.created_at, &addresses, KINDS)
    }
}

/// That mail goes to an entry, as what a form changed.
pub(in crate::waitlist) fn mail_to(entry: EntryId) -> Subject {
    Subject::new("mail to", &entry.to_string())
}

/// Locks the entries that outcomes change, in the order of their ids as everybody does who changes several: a bulk act and
/// the outcomes of a batch never wait for each other.
///
/// # Errors
/// When the statement fails.
pub fn lock_entries(conn: &mut PgConnection, outcomes: &[SendOutcome]) -> QueryResult<()> {
    let ours = outcomes.iter().filter(|outcome| outcome.kind.starts_with(KINDS));
    let (confirmations, others): (Vec<_>, Vec<_>) =
        ours.partition(|outcome| outcome.was_sent && outcome.kind == ConfirmPlace::KIND);
    let [confirmations, others] = [confirmations, others]
        .map(|outcomes| outcomes.into_iter().map(|outcome| outcome.recipient.to_lowercase()).collect::<Vec<_>>());
    let had_bounced = address::is_of_any(&confirmations).and(waitlist::bounced_at.is_not_null());
    let changed = waitlist::table.filter(address::is_of_any(&others).or(had_bounced));
    changed.order(waitlist::id).select(waitlist::id).for_update().execute(conn)?;
    Ok(())
}

/// Marks the entries of an address whose mail was refused, so that nobody invites them; and no longer, once a mail to it
/// arrives, as when one that was refused is tried again.
///
/// # Errors
/// When a statement fails.
pub fn record_outcomes(conn: &mut PgConnection, now: Timestamp, outcomes: &[SendOutcome]) -> QueryResult<()> {
    let ours = outcomes.iter().filter(|outcome| outcome.kind.starts_with(KINDS));
    let (sent, refused): (Vec<_>, Vec<_>) = ours.partition(|outcome| outcome.was_sent);
    let [sent, refused] = [sent, refused]
        .map(|outcomes| outcomes.into_iter().map(|outcome| outcome.recipient.to_lowercase()).collect::<Vec<_>>());
    if !sent.is_empty() {
        let bounced = address::is_of_any(&sent).and(waitlist::bounced_at.is_not_null());
        diesel::update(waitlist::table.filter(bounced))
            .set(waitlist::bounced_at.eq(None::<Timestamp>))
            .execute(conn)?;
    }
    if !refused.is_empty() {
        let waiting = waitlist::bounced_at.is_null().and(waitlist::signed_up_at.is_null());
        let waiting = waitlist::table.filter(address::is_of_any(&refused).and(waiting));
        let bounced = diesel::update(waiting).set(waitlist::bounced_at.eq(now)).returning(waitlist::id);
        let bounced: Vec<i64> = bounced.get_results(conn)?;
        Submission::forget(conn, &bounced.into_iter().map(|id| mail_to(EntryId::from(id))).collect::<Vec<_>>())?;
    }
    Ok(())
}
