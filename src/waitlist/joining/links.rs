//! The links of an entry: what each is for, and the two that are the same in every mail about it.

use std::collections::HashMap;

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;

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
    /// Of each of several new entries the link that confirms it and those of every mail, all in one statement.
    ///
    /// # Errors
    /// When the statement fails.
    pub(super) fn issue_first(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        ids: &[EntryId],
    ) -> QueryResult<Vec<(Link, Self)>> {
        let new = ids.iter().flat_map(|id| [CONFIRM, PLACE, UNSUBSCRIBE].map(|purpose| new_link(purpose, *id)));
        let mut made = NewLink::issue_many(conn, now, keys, new.collect())?.into_iter();
        let mut next = || Some((made.next()?, Self { place: made.next()?, unsubscribe: made.next()? }));
        Ok(ids.iter().map_while(|_| next()).collect())
    }

    /// The links of an entry; those that it does not have yet are made.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn of(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys, id: EntryId) -> QueryResult<Self> {
        let mut all = Self::of_all(conn, now, keys, &[id])?;
        all.pop().ok_or(QueryError::NotFound)
    }

    /// The links of several entries, in their order, in as many statements as for one.
    ///
    /// # Errors
    /// When a statement fails.
    pub(super) fn of_all(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        ids: &[EntryId],
    ) -> QueryResult<Vec<Self>> {
        let places = find_or_issue(conn, now, keys, Wanted { purpose: PLACE, ids })?;
        let unsubscribes = find_or_issue(conn, now, keys, Wanted { purpose: UNSUBSCRIBE, ids })?;
        Ok(places.into_iter().zip(unsubscribes).map(|(place, unsubscribe)| Self { place, unsubscribe }).collect())
    }
}

/// The links of a purpose that several entries need.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    purpose: Purpose,
    ids: &'a [EntryId],
}

/// A new link of this purpose that leads to this entry.
pub(super) fn new_link(purpose: Purpose, id: EntryId) -> NewLink {
    NewLink { purpose, subject: id.to_string(), pending: None }
}

/// Of each entry the newest such link that works, or a new one. The token is derived from the id, so every mail has the same.
fn find_or_issue(
    conn: &mut PgConnection,
    now: Timestamp,
    keys: &SecretKeys,
    wanted: Wanted<'_>,
) -> QueryResult<Vec<Link>> {
    let subjects: Vec<String> = wanted.ids.iter().map(ToString::to_string).collect();
    let known = Link::all_of_any(conn, wanted.purpose, &subjects)?.into_iter();
    let working = known.filter(|link| link.expires_at > now && link.token(keys).is_some());
    let mut links: HashMap<String, Link> = working.map(|link| (link.subject.clone(), link)).collect();
    let missing = wanted.ids.iter().filter(|id| !links.contains_key(&id.to_string()));
    let missing: Vec<_> = missing.map(|id| new_link(wanted.purpose, *id)).collect();
    if !missing.is_empty() {
        let made = NewLink::issue_many(conn, now, keys, missing)?;
        links.extend(made.into_iter().map(|link| (link.subject.clone(), link)));
    }
    Ok(subjects.iter().filter_map(|subject| links.remove(subject)).collect())
}
