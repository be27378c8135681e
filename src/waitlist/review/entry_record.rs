//! Everything about one place that admins see.

use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};

use crate::audit::entry_history::EntryEvent;
use crate::audit::event::Actor;
use crate::mail::letter_history::WrittenLetter;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::id::{DeletionId, EntryId, WaveId};
use crate::waitlist::joining::entry::{Entry, invitation_outcome};
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
#[derive(Debug, QueryableByName)]
pub struct EntryInvitation {
    /// The wave.
    #[diesel(sql_type = BigInt, deserialize_as = i64)]
    pub wave_id: WaveId,
    /// How far the invitation has come, as its column holds it; `held` where it waits for a paused wave.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// When the relay took its letter over, or refused it.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub ended_at: Option<Timestamp>,
    /// Why it was skipped, if it was.
    #[diesel(sql_type = Text)]
    pub skip_reason: String,
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
        let waits = match self.entry.state {
            State::Confirmed => true,
            State::Invited => !self.has_working_invitation,
            _ => false,
        };
        waits && !self.has_invitation_in(&["waiting", "queued", "held"])
    }

    /// Whether its letter is about to be sent: also that of the button, which takes some seconds. Whoever left, or was deleted
    /// or refused meanwhile, is skipped, and a paused wave sends nothing.
    #[must_use]
    pub fn is_being_invited(&self) -> bool {
        let waits = matches!(self.entry.state, State::Confirmed | State::Invited);
        waits && self.has_invitation_in(&["waiting", "queued"])
    }

    /// Its part in a wave that sends nothing until an admin resumes it; nothing for a place that gets no invitation anyway.
    #[must_use]
    pub fn held_invitation(&self) -> Option<&EntryInvitation> {
        let waits = matches!(self.entry.state, State::Confirmed | State::Invited);
        self.invitations.iter().find(|invitation| waits && invitation.state == "held")
    }

    fn has_invitation_in(&self, states: &[&str]) -> bool {
        self.invitations.iter().any(|invitation| states.contains(&invitation.state.as_str()))
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
    fn all(conn: &mut PgConnection, entry: EntryId) -> QueryResult<Vec<Self>> {
        let invitations =
            include_str!("entry_record/invitations.sql").replace("{reason}", invitation_outcome::SKIP_REASON);
        diesel::sql_query(invitations).bind::<BigInt, _>(entry.as_i64()).bind::<BigInt, _>(MOST_INVITATIONS).load(conn)
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
