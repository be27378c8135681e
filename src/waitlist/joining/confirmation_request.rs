//! The request to confirm an entry, when it is sent again or for the first time to an imported address.

use chrono::TimeDelta;
use diesel::dsl::case_when;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::entry::Entry;
use super::letters::{ConfirmPlace, RequestedBy};
use super::links::{CONFIRM, new_link};
use super::state::State;
use crate::mail::link::{Link, NewLink};
use crate::mail::outbox::{self, Addressed};
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::values::secret_key::SecretKeys;

/// Such mails to one address within a day, at most.
const MOST: i64 = 3;
const DAY: TimeDelta = TimeDelta::days(1);

impl Entry {
    /// Mails a link that confirms this entry, and ends the former ones. Returns whether it did: it does not when the
    /// entry is confirmed and takes mail, or is gone, nor when the address got three such mails within a day. Lock the row first.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn request_confirmation(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
    ) -> QueryResult<bool> {
        Ok(!request_confirmations(conn, now, keys, std::slice::from_ref(self))?.is_empty())
    }

    /// Whether the link of such a mail tells something new: an address that refused mail may take the next, and whoever opens
    /// it shows that it does, also where the address was confirmed long before.
    #[must_use]
    pub const fn has_to_confirm(&self) -> bool {
        matches!(self.state, State::Joined | State::Bounced)
    }

    /// From when it is sent such a mail again, if it got as many as it may within a day.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn asked_again_from(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<Timestamp>> {
        let last_but = outbox::written_at(conn, self.email.as_str(), ConfirmPlace::KIND, MOST - 1)?;
        Ok(last_but.map(|at| at + DAY).filter(|from| *from > now))
    }

    /// The letter, and whom it goes to.
    fn confirmation_letter(&self, link: Link) -> Addressed<'_, ConfirmPlace> {
        let requested_by = if self.import_id.is_some() { RequestedBy::Organizer } else { RequestedBy::Reader };
        let letter = ConfirmPlace { link, links: self.links(), requested_by, locale: self.mail_locale() };
        Addressed { to: &self.email, letter }
    }
}

/// The same for several entries, a thousand at most, in as many statements as for one: a request that asked them one by one
/// could run out of time after it was done. Returns the ids of those who were asked. Lock the rows first.
///
/// # Errors
/// When a statement or a letter's template fails.
pub(in crate::waitlist) fn request_confirmations(
    conn: &mut PgConnection,
    now: Timestamp,
    keys: &SecretKeys,
    entries: &[Entry],
) -> QueryResult<Vec<i64>> {
    let asked = may_be_asked(conn, now, entries)?;
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = asked.iter().map(|entry| entry.id).collect();
    Link::end_all_of(conn, &[CONFIRM.name], &ids.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let confirm = ids.iter().map(|id| new_link(CONFIRM, *id)).collect();
    let confirm = NewLink::issue_many(conn, now, keys, confirm)?;
    let letters = asked.iter().zip(confirm).map(|(entry, link)| entry.confirmation_letter(link));
    outbox::enqueue_all(conn, now, &letters.collect::<Vec<_>>())?;
    let ids: Vec<_> = ids.into_iter().map(EntryId::as_i64).collect();
    let rows = waitlist::table.filter(waitlist::id.eq_any(&ids));
    // One that was confirmed waits for its turn again only when the link, or a mail that arrives, shows that it takes mail.
    let bounced_at = case_when(waitlist::confirmed_at.is_not_null(), waitlist::bounced_at);
    let changes = (waitlist::asked_at.eq(now), waitlist::bounced_at.eq(bounced_at));
    diesel::update(rows).set(changes).execute(conn)?;
    Ok(ids)
}

/// Those who have not confirmed or took no mail, and got fewer than three such mails within a day.
fn may_be_asked<'a>(conn: &mut PgConnection, now: Timestamp, entries: &'a [Entry]) -> QueryResult<Vec<&'a Entry>> {
    let to_confirm: Vec<_> = entries.iter().filter(|entry| entry.has_to_confirm()).collect();
    let addresses: Vec<_> = to_confirm.iter().map(|entry| entry.email.as_str()).collect();
    let mails = outbox::counts_since(conn, now - DAY, &addresses, ConfirmPlace::KIND)?;
    let got = |entry: &Entry| mails.get(entry.email.as_str()).copied().unwrap_or_default();
    Ok(to_confirm.into_iter().filter(|entry| got(entry) < MOST).collect())
}
