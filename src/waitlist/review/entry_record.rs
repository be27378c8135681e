//! Everything about one place that admins see.

use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::audit::entry_history::EntryEvent;
use crate::audit::event::Actor;
use crate::mail::letter_history::WrittenLetter;
use crate::schema::{waitlist, waitlist_invitation};
use crate::values::clock::Timestamp;
use crate::values::id::{DeletionId, EntryId, WaveId};
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::links;
use crate::waitlist::joining::state::State;

/// Entries with the same mailbox that the page shows.
const MOST_OF_MAILBOX: i64 = 10;
/// Invitations that the page shows.
const MOST_INVITATIONS: i64 = 20;
/// Events that the page shows.
const MOST_EVENTS: i64 = 50;

/// What an admin does to one place. It tells whether there was anything to do.
pub type EntryAct = fn(&mut PgConnection, Timestamp, &Actor, EntryId) -> QueryResult<bool>;

/// A place and its history.
#[derive(Debug)]
pub struct EntryRecord {
    /// The place.
    pub entry: Entry,
    /// Its number among those of its role that wait, as its owner is told; only of a confirmed entry.
    pub rank: Option<i64>,
    /// What suggested a bot when it joined.
    pub signals: Vec<String>,
    /// Mails about it, the newest first.
    pub mails: Vec<WrittenLetter>,
    /// Places whose address leads to the same mailbox, most likely.
    pub same_mailbox: Vec<(EntryId, String)>,
    /// What was done to it, the newest first.
    pub events: Vec<EntryEvent>,
    /// The waves that took it in, the newest first.
    pub invitations: Vec<EntryInvitation>,
    /// Whether the link of an invitation works.
    pub has_working_invitation: bool,
    /// The deletion that deleted it.
    pub deletion: Option<DeletionId>,
}

/// The place's part in a wave of invitations.
#[derive(Debug, Queryable)]
pub struct EntryInvitation {
    /// The wave.
    #[diesel(deserialize_as = i64)]
    pub wave: WaveId,
    /// How far the invitation has come, as its column holds it.
    pub state: String,
    /// When the relay took its letter over.
    pub sent_at: Option<Timestamp>,
    /// When its letter was refused.
    pub bounced_at: Option<Timestamp>,
}

impl EntryRecord {
    /// The place of this id, with all of that.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, now: Timestamp, id: EntryId) -> QueryResult<Option<Self>> {
        let row = waitlist::table.find(id.as_i64()).select((Entry::as_select(), waitlist::deletion_id));
        let row: Option<(Entry, Option<String>)> = row.first(conn).optional()?;
        let Some((entry, deletion)) = row else { return Ok(None) };
        let rank = entry.rank(conn)?;
        let signals = entry.signals.iter().flatten().flatten().cloned().collect();
        let (mails, same_mailbox) = (entry.mails(conn)?, same_mailbox(conn, &entry)?);
        let (events, invitations) = (EntryEvent::recent(conn, id, MOST_EVENTS)?, EntryInvitation::all(conn, id)?);
        let (deletion, has_working_invitation) =
            (deletion.map(DeletionId::from), links::has_working_invitation(conn, now, id)?);
        Ok(Some(Self {
            entry,
            rank,
            signals,
            mails,
            same_mailbox,
            events,
            invitations,
            has_working_invitation,
            deletion,
        }))
    }

    /// Whether it can be invited: it waits and no wave has it, or the link of its invitation has expired or was lost.
    #[must_use]
    pub fn can_be_invited(&self) -> bool {
        let is_open =
            self.invitations.iter().any(|invitation| matches!(invitation.state.as_str(), "waiting" | "queued"));
        let waits = match self.entry.state {
            State::Confirmed => true,
            State::Invited => !self.has_working_invitation,
            _ => false,
        };
        waits && !is_open
    }

    /// Whether it can be asked to confirm again.
    #[must_use]
    pub fn can_be_asked(&self) -> bool {
        let Entry { state, confirmed_at, invited_at, signed_up_at, .. } = &self.entry;
        let is_unanswered = confirmed_at.is_none() && invited_at.is_none() && signed_up_at.is_none();
        matches!(state, State::Joined | State::Bounced) && is_unanswered
    }
}

impl EntryInvitation {
    /// When its letter was sent or refused.
    #[must_use]
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.sent_at.or(self.bounced_at)
    }

    fn all(conn: &mut PgConnection, entry: EntryId) -> QueryResult<Vec<Self>> {
        let of_entry = waitlist_invitation::table.filter(waitlist_invitation::entry_id.eq(entry.as_i64()));
        let columns = (
            waitlist_invitation::wave_id,
            waitlist_invitation::state,
            waitlist_invitation::sent_at,
            waitlist_invitation::bounced_at,
        );
        of_entry.order(waitlist_invitation::id.desc()).select(columns).limit(MOST_INVITATIONS).load(conn)
    }
}

/// The other entries whose address most likely leads to the same mailbox.
fn same_mailbox(conn: &mut PgConnection, entry: &Entry) -> QueryResult<Vec<(EntryId, String)>> {
    let email = entry.email.as_str().to_owned();
    // Found first, each way by its index: one condition for both would be planned as a walk through the whole list by id.
    let same = sql::<Bool>("id = ANY (ARRAY(SELECT id FROM waitlist WHERE email = waitlist_twin_key(")
        .bind::<Text, _>(email.clone())
        .sql(
            ") UNION ALL SELECT id FROM waitlist \
             WHERE waitlist_twin_key(email) <> email AND waitlist_twin_key(email) = waitlist_twin_key(",
        )
        .bind::<Text, _>(email)
        .sql(")))");
    let others = waitlist::table.filter(same).filter(waitlist::id.ne(entry.id.as_i64())).limit(MOST_OF_MAILBOX);
    let rows: Vec<(i64, String)> = others.order(waitlist::id).select((waitlist::id, waitlist::email)).load(conn)?;
    Ok(rows.into_iter().map(|(id, email)| (id.into(), email)).collect())
}
