//! A place to be, and how it is taken: by a new address, or anew by one that had left.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz};

use super::entry::Entry;
use super::erasure::forget;
use super::letters::{AskedFor, ConfirmPlace};
use super::links::Standing;
use super::role::Role;
use super::state::State;
use crate::db::lower;
use crate::mail::outbox;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::EntryId;
use crate::values::locale::Locale;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::words::CONSENT;
use crate::web::protection::abuse_counters::Reason;

/// Rows of the old application may hold mixed case; the constraint decides between two who join at once. A likely twin
/// is marked on the way, by the index of its key.
const JOIN: &str = "INSERT INTO waitlist (email, role, created_at, locale, consent, asked_at, signals) \
                    SELECT $1, $2, $3, $4, $5, $3, CASE WHEN EXISTS ( \
                      SELECT FROM waitlist WHERE waitlist_twin_key(email) = waitlist_twin_key($1)) \
                      THEN array_append($6, $7) ELSE $6 END \
                    WHERE NOT EXISTS (SELECT FROM waitlist WHERE lower(email) = $1) \
                    ON CONFLICT ON CONSTRAINT waitlist_email_key DO NOTHING RETURNING id";
/// Of many who join anew at once, one does; the others find its place when they look again.
const ATTEMPTS: usize = 3;

/// A place to be.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Whose it will be.
    pub email: EmailAddress,
    /// What they are here for.
    pub role: Role,
    /// The language to write to them in.
    pub locale: Locale,
    /// What speaks for a machine.
    pub signals: Vec<Reason>,
}

/// What became of a [`NewEntry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// It has its place.
    New,
    /// The address had one before, which stays as it was.
    AlreadyListed,
}

#[derive(QueryableByName)]
struct NewId {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl NewEntry {
    /// Takes a place and queues the letter that confirms it, in the caller's transaction. A listed address that is not
    /// confirmed is asked once more; one that left, or that an admin deleted, gets a new place.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn join(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<Joined> {
        for _ in 0..ATTEMPTS {
            if let Some(id) = self.insert(conn, now)? {
                let (link, standing) = Standing::first(conn, now, keys, id)?;
                let letter = ConfirmPlace { link, standing, asked_for: AskedFor::ByReader, locale: self.locale };
                outbox::enqueue(conn, now, &self.email, &letter)?;
                return Ok(Joined::New);
            }
            let held = self.lock_held(conn)?;
            if let Some(listed) = held.iter().find(|entry| !matches!(entry.state, State::Left | State::Deleted)) {
                listed.ask(conn, now, keys)?;
                return Ok(Joined::AlreadyListed);
            }
            forget(conn, &held.iter().map(|entry| entry.id.as_i64()).collect::<Vec<_>>())?;
        }
        Ok(Joined::AlreadyListed)
    }

    fn insert(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<EntryId>> {
        let row = diesel::sql_query(JOIN)
            .bind::<Text, _>(self.email.as_str())
            .bind::<Text, _>(self.role.as_str())
            .bind::<Timestamptz, _>(now)
            .bind::<Text, _>(self.locale.code())
            .bind::<Text, _>(CONSENT)
            .bind::<Array<Text>, _>(self.signals.iter().map(|signal| signal.as_str()).collect::<Vec<_>>())
            .bind::<Text, _>(Reason::Twin.as_str())
            .get_result::<NewId>(conn);
        Ok(row.optional()?.map(|row| EntryId::from(row.id)))
    }

    /// Every row of the address: two of the old application may differ by case alone.
    fn lock_held(&self, conn: &mut PgConnection) -> QueryResult<Vec<Entry>> {
        let held = waitlist::table.filter(lower(waitlist::email).eq(self.email.as_str()));
        held.order(waitlist::id).select(Entry::as_select()).for_update().load(conn)
    }
}
