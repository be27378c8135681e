//! The links of a place on the waitlist: what each is for, and those that stay the same in every mail.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::mail::link::{Link, NewLink, Purpose};
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::values::secret_key::SecretKeys;

/// Confirms the place.
pub(in crate::waitlist) const CONFIRM: Purpose = Purpose { name: "waitlist-confirm", lasts: TimeDelta::days(14) };
/// Leads to the place, for as long as anyone waits.
pub(in crate::waitlist) const PLACE: Purpose = Purpose { name: "waitlist-place", lasts: TimeDelta::days(3_650) };
/// Stops mail about the place and does nothing else, since mail programs send it on.
pub(in crate::waitlist) const UNSUBSCRIBE: Purpose =
    Purpose { name: "waitlist-unsubscribe", lasts: TimeDelta::days(3_650) };

/// The links that every mail about a place has.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Leads to the place.
    pub place: Link,
    /// Stops mail about it.
    pub unsubscribe: Link,
}

impl Standing {
    /// The link that confirms a new entry, and those that stay, in one statement.
    ///
    /// # Errors
    /// When the statement fails.
    pub(in crate::waitlist) fn first(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        id: EntryId,
    ) -> QueryResult<(Link, Self)> {
        let new = |purpose| NewLink { purpose, subject: id.to_string(), pending: None };
        let links = [new(CONFIRM), new(PLACE), new(UNSUBSCRIBE)];
        let [confirm, place, unsubscribe] = NewLink::issue_all(conn, now, keys, links)?;
        Ok((confirm, Self { place, unsubscribe }))
    }

    /// The links of an entry; those that it does not have yet are made.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn of(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys, id: EntryId) -> QueryResult<Self> {
        Ok(Self {
            place: known(conn, now, keys, (PLACE, id))?,
            unsubscribe: known(conn, now, keys, (UNSUBSCRIBE, id))?,
        })
    }
}

/// The newest link of a purpose that works, or a new one. Its token is derived from its id, so every mail has the same.
fn known(
    conn: &mut PgConnection,
    now: Timestamp,
    keys: &SecretKeys,
    (purpose, id): (Purpose, EntryId),
) -> QueryResult<Link> {
    let subject = id.to_string();
    let mut known = Link::all_of(conn, purpose, &subject)?.into_iter().rev();
    let known = known.find(|link| link.expires_at > now && link.token(keys).is_some());
    known.map_or_else(|| NewLink { purpose, subject, pending: None }.issue(conn, now, keys), Ok)
}
