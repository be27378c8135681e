//! The links of an entry: what each is for, and the two that are the same in every mail about it.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::mail::link::{Link, NewLink, Purpose};
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::values::secret_key::SecretKeys;
use crate::web::retention;

/// Confirms the address.
pub(in crate::waitlist) const CONFIRM: Purpose =
    Purpose { name: "waitlist-confirm", lasts: retention::UNCONFIRMED_PLACE };
/// Leads to the entry's own page, for as long as anyone waits.
pub(in crate::waitlist) const PLACE: Purpose = Purpose { name: "waitlist-place", lasts: TimeDelta::days(3_650) };
/// Stops mail about the entry and does nothing else, because mail programs hand it to their servers.
pub(in crate::waitlist) const UNSUBSCRIBE: Purpose =
    Purpose { name: "waitlist-unsubscribe", lasts: TimeDelta::days(3_650) };

/// The links that every mail about an entry has.
#[derive(Clone, Debug)]
pub struct EntryLinks {
    /// Leads to the entry's own page.
    pub place: Link,
    /// Stops mail about it.
    pub unsubscribe: Link,
}

impl EntryLinks {
    /// The link that confirms a new entry, and those of every mail, in one statement.
    ///
    /// # Errors
    /// When the statement fails.
    pub(super) fn issue_first(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        id: EntryId,
    ) -> QueryResult<(Link, Self)> {
        let links = [CONFIRM, PLACE, UNSUBSCRIBE].map(|purpose| new_link(purpose, id));
        let [confirm, place, unsubscribe] = NewLink::issue_all(conn, now, keys, links)?;
        Ok((confirm, Self { place, unsubscribe }))
    }

    /// The links of an entry; those that it does not have yet are made.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn of(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys, id: EntryId) -> QueryResult<Self> {
        Ok(Self {
            place: find_or_issue(conn, now, keys, new_link(PLACE, id))?,
            unsubscribe: find_or_issue(conn, now, keys, new_link(UNSUBSCRIBE, id))?,
        })
    }
}

/// A new link of this purpose that leads to this entry.
pub(super) fn new_link(purpose: Purpose, id: EntryId) -> NewLink {
    NewLink { purpose, subject: id.to_string(), pending: None }
}

/// The newest such link that works, or this new one. The token is derived from the id, so every mail has the same.
fn find_or_issue(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys, new: NewLink) -> QueryResult<Link> {
    let mut known = Link::all_of(conn, new.purpose, &new.subject)?.into_iter().rev();
    let works = known.find(|link| link.expires_at > now && link.token(keys).is_some());
    works.map_or_else(|| new.issue(conn, now, keys), Ok)
}
