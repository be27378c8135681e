//! Asking for the confirmation of a place, once more.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::entry::Entry;
use super::letters::{AskedFor, ConfirmPlace};
use super::links::{CONFIRM, Standing};
use super::state::State;
use crate::mail::link::{Link, NewLink};
use crate::mail::outbox;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;

/// Mails that ask one address within a day.
const MOST: i64 = 3;
const DAY: TimeDelta = TimeDelta::days(1);

impl Entry {
    /// Mails the link that confirms this place, in the place of former ones, and tells whether it did: not when it is
    /// confirmed or was left, nor when the address got three such mails within a day. Lock the row first.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn ask(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<bool> {
        let waits = matches!(self.state, State::Joined) || self.state == State::Bounced && self.confirmed_at.is_none();
        if !waits || outbox::count_since(conn, now - DAY, &self.email, ConfirmPlace::KIND)? >= MOST {
            return Ok(false);
        }
        Link::end_all(conn, CONFIRM, &self.id.to_string())?;
        let link = NewLink { purpose: CONFIRM, subject: self.id.to_string(), pending: None }.issue(conn, now, keys)?;
        let standing = Standing::of(conn, now, keys, self.id)?;
        let asked_for = if self.import_id.is_some() { AskedFor::ByOrganizer } else { AskedFor::ByReader };
        let letter = ConfirmPlace { link, standing, asked_for, locale: self.written_in() };
        outbox::enqueue(conn, now, &self.email, &letter)?;
        let asked = (waitlist::asked_at.eq(now), waitlist::bounced_at.eq(None::<Timestamp>));
        diesel::update(waitlist::table.find(self.id.as_i64())).set(asked).execute(conn)?;
        Ok(true)
    }
}
