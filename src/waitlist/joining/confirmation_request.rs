//! The request to confirm an entry, when it is sent again or for the first time to an imported address.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::entry::Entry;
use super::letters::{ConfirmPlace, RequestedBy};
use super::links::{CONFIRM, EntryLinks, new_link};
use super::state::State;
use crate::mail::link::Link;
use crate::mail::outbox;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;

/// Such mails to one address within a day, at most.
const MOST: i64 = 3;
const DAY: TimeDelta = TimeDelta::days(1);

impl Entry {
    /// Mails a link that confirms this entry, and ends the former ones. Returns whether it did: it does not when the
    /// entry is confirmed or gone, nor when the address got three such mails within a day. Lock the row first.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn request_confirmation(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
    ) -> QueryResult<bool> {
        if !self.is_unconfirmed() || outbox::count_since(conn, now - DAY, &self.email, ConfirmPlace::KIND)? >= MOST {
            return Ok(false);
        }
        Link::end_all(conn, CONFIRM, &self.id.to_string())?;
        let link = new_link(CONFIRM, self.id).issue(conn, now, keys)?;
        let links = EntryLinks::of(conn, now, keys, self.id)?;
        let requested_by = if self.import_id.is_some() { RequestedBy::Organizer } else { RequestedBy::Reader };
        let letter = ConfirmPlace { link, links, requested_by, locale: self.mail_locale() };
        outbox::enqueue(conn, now, &self.email, &letter)?;
        let asked = (waitlist::asked_at.eq(now), waitlist::bounced_at.eq(None::<Timestamp>));
        diesel::update(waitlist::table.find(self.id.as_i64())).set(asked).execute(conn)?;
        Ok(true)
    }

    /// An address that refused the first mail may take the next.
    fn is_unconfirmed(&self) -> bool {
        matches!(self.state, State::Joined) || self.state == State::Bounced && self.confirmed_at.is_none()
    }
}
