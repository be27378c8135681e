//! The invitation of one place, for the first time or again: a wave of its own.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::json;

use crate::audit::event::{Action, Actor};
use crate::schema::{waitlist, waitlist_invitation};
use crate::values::clock::Timestamp;
use crate::values::id::{EntryId, WaveId};
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::links;
use crate::waitlist::joining::state::State;
use crate::waitlist::waves::new_wave;

/// The place that an admin invites.
#[derive(Clone, Debug)]
pub struct SingleInvitation {
    /// Which.
    pub entry: EntryId,
    /// Who invites.
    pub actor: Actor,
}

impl SingleInvitation {
    /// Starts the wave, whose letter goes out within moments; changes nothing when the place cannot be invited.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn start(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<WaveId>> {
        new_wave::lock(conn)?;
        let place = waitlist::table.find(self.entry.as_i64()).select(Entry::as_select()).for_update();
        let place: Option<Entry> = place.first(conn).optional()?;
        let open = waitlist_invitation::table.filter(
            waitlist_invitation::entry_id
                .eq(self.entry.as_i64())
                .and(waitlist_invitation::state.eq_any(["waiting", "queued"])),
        );
        let is_taken = open.count().get_result::<i64>(conn)? > 0;
        let Some(place) = place.filter(|_| !is_taken) else { return Ok(None) };
        if !can_be_written_to(conn, now, &place)? {
            return Ok(None);
        }
        let wave = new_wave::insert(conn, now, &self.actor)?;
        let row = (
            waitlist_invitation::wave_id.eq(wave.as_i64()),
            waitlist_invitation::entry_id.eq(self.entry.as_i64()),
            waitlist_invitation::role.eq(place.role.as_str()),
        );
        diesel::insert_into(waitlist_invitation::table).values(row).execute(conn)?;
        let details = json!({ "wave": wave.as_i64() });
        Action::EntryInvited.to_entry(&self.actor, self.entry).with(details).record(conn, now)?;
        Ok(Some(wave))
    }
}

/// Whether an invitation may go to this place: it waits for one, or the link of its last one has expired or was lost.
///
/// # Errors
/// When the statement fails.
pub(in crate::waitlist::waves) fn can_be_written_to(
    conn: &mut PgConnection,
    now: Timestamp,
    place: &Entry,
) -> QueryResult<bool> {
    match place.state {
        State::Confirmed => Ok(true),
        State::Invited => Ok(!links::has_working_invitation(conn, now, place.id)?),
        _ => Ok(false),
    }
}
