//! What the account page tells of the place of an address.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::schema::waitlist;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::waitlist::joining::entry::{Entry, address};
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::waitlist::joining::totals;
use crate::web::waitlist_place::{Standing, Turn, WaitlistPlace};

/// How far back the movement of the list is told.
const LATELY: TimeDelta = TimeDelta::days(7);

/// The place of this address, unless its owner left or an admin deleted it.
///
/// # Errors
/// When a statement fails.
pub fn find(conn: &mut PgConnection, now: Timestamp, email: &EmailAddress) -> QueryResult<Option<WaitlistPlace>> {
    let lowercase = email.lowercase();
    let of_address = waitlist::table.filter(address::is_of(&lowercase));
    // Two of the old application may differ by capitals alone.
    let entries: Vec<Entry> = of_address.select(Entry::as_select()).load(conn)?;
    let found = entries.into_iter().find_map(|entry| standing(entry.state).map(|standing| (entry, standing)));
    let Some((entry, standing)) = found else { return Ok(None) };
    let (kind, turn) = (entry.kind(), entry.turn(conn, now)?);
    Ok(Some(WaitlistPlace { standing, kind, joined_at: entry.created_at, turn }))
}

impl Entry {
    /// How it stands among those who wait; only of a confirmed entry.
    ///
    /// # Errors
    /// When a statement fails.
    pub(super) fn turn(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<Turn>> {
        let Some(rank) = self.rank(conn)? else { return Ok(None) };
        Ok(Some(Turn { rank, invited: totals::invited_since(conn, self.role, now - LATELY)? }))
    }

    /// The kind of account that its owner would open.
    pub(super) const fn kind(&self) -> AccountKind {
        match self.role {
            Role::Employee => AccountKind::Employee,
            Role::Organization => AccountKind::Organization,
        }
    }
}

/// How far a place in this state has come; nothing of one that is no place any more.
const fn standing(state: State) -> Option<Standing> {
    match state {
        State::Joined => Some(Standing::Unconfirmed),
        State::Confirmed => Some(Standing::Waits),
        State::Invited => Some(Standing::Invited),
        State::SignedUp => Some(Standing::SignedUp),
        State::Bounced => Some(Standing::Refused),
        State::Left | State::Deleted => None,
    }
}
