//! The links of an entry: what each is for, and the two that are the same in every mail about it.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::mail::link::{Link, NewLink, Purpose, StandingLink, WAITLIST_INVITATION};
use crate::schema::waitlist_invitation;
use crate::values::clock::Timestamp;
use crate::values::id::EntryId;
use crate::values::secret_key::SecretKeys;
use crate::values::secret_token::SecretToken;
use crate::web::retention;

/// Confirms the address.
pub(in crate::waitlist) const CONFIRM: Purpose =
    Purpose { name: "waitlist-confirm", lasts: retention::UNCONFIRMED_PLACE };
/// Leads to the entry's own page, for as long as there is one. Links with rows were sent before they were computed.
pub(in crate::waitlist) const PLACE: Purpose = Purpose { name: "waitlist-place", lasts: TimeDelta::days(3_650) };
/// Stops mail about the entry and does nothing else, because mail programs hand it to their servers.
pub(in crate::waitlist) const UNSUBSCRIBE: Purpose =
    Purpose { name: "waitlist-unsubscribe", lasts: TimeDelta::days(3_650) };

/// What the links of every mail about an entry are computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkedEntry {
    /// The entry.
    pub id: EntryId,
    /// Its generation number: the links end when it gets another one.
    pub generation: i64,
}

/// The links that every mail about an entry has.
#[derive(Clone, Debug)]
pub struct EntryLinks {
    /// Leads to the entry's own page.
    pub place: StandingLink,
    /// Stops mail about it.
    pub unsubscribe: StandingLink,
}

impl EntryLinks {
    /// The links that confirm new entries, and those of every mail about them, in their order and in one statement: some
    /// thousands at most.
    ///
    /// # Errors
    /// When the statement fails.
    pub(super) fn issue_first(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        entries: &[LinkedEntry],
    ) -> QueryResult<Vec<(Link, Self)>> {
        let confirm = entries.iter().map(|entry| new_link(CONFIRM, entry.id)).collect();
        let confirm = NewLink::issue_many(conn, now, keys, confirm)?;
        Ok(confirm.into_iter().zip(entries.iter().map(|entry| Self::of(*entry))).collect())
    }

    /// The links of an entry.
    #[must_use]
    pub fn of(entry: LinkedEntry) -> Self {
        Self { place: entry.link(PLACE), unsubscribe: entry.link(UNSUBSCRIBE) }
    }
}

impl LinkedEntry {
    fn link(self, purpose: Purpose) -> StandingLink {
        StandingLink::new(purpose, self.id.as_i64(), self.generation)
    }
}

/// A token that came in as the link of a purpose that every mail about an entry has.
#[derive(Clone, Debug)]
pub(in crate::waitlist) struct PresentedLink {
    /// Which link it should be.
    pub(in crate::waitlist) purpose: Purpose,
    /// What came.
    pub(in crate::waitlist) token: SecretToken,
    /// The keys that may have made it.
    pub(in crate::waitlist) keys: SecretKeys,
}

impl PresentedLink {
    /// The entry that it names, whether it leads there or not.
    pub(super) fn entry(&self) -> Option<i64> {
        StandingLink::subject_of(&self.token)
    }

    /// Whether it leads to this entry.
    pub(super) fn opens(&self, entry: LinkedEntry) -> bool {
        entry.link(self.purpose).is_opened_by(&self.keys, &self.token)
    }
}

/// Whether a link works with which the owner of this entry can sign up. That of a letter that was refused or cancelled leads
/// nobody anywhere: it is always the last that was written, since each new one ends the former ones.
///
/// # Errors
/// When a statement fails.
pub(in crate::waitlist) fn has_working_invitation(
    conn: &mut PgConnection,
    now: Timestamp,
    id: EntryId,
) -> QueryResult<bool> {
    let written = waitlist_invitation::entry_id.eq(id.as_i64()).and(waitlist_invitation::letter_id.is_not_null());
    let last = waitlist_invitation::table.filter(written).order(waitlist_invitation::id.desc());
    let last: Option<String> = last.select(waitlist_invitation::state).first(conn).optional()?;
    let was_lost = last.is_some_and(|state| matches!(state.as_str(), "bounced" | "skipped"));
    Ok(!was_lost && Link::count(conn, now, WAITLIST_INVITATION, &id.to_string())? > 0)
}

/// A new link of this purpose that leads to this entry.
pub(super) fn new_link(purpose: Purpose, id: EntryId) -> NewLink {
    NewLink { purpose, subject: id.to_string(), pending: None }
}
