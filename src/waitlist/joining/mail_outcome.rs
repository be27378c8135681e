//! What the waitlist learns from what became of its mails.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::db::lower;
use crate::mail::outcome::Settled;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::waitlist::waves::invitation;
use crate::waitlist::waves::letters::Invite;

/// How the kinds of the waitlist's letters begin.
pub(in crate::waitlist) const KINDS: &str = "waitlist-";

/// Takes note of a letter that was sent or refused: whoever's mail was refused is on no list to be invited, and only
/// whoever's invitation was taken over is invited.
///
/// # Errors
/// When a statement fails.
pub fn record_outcome(conn: &mut PgConnection, now: Timestamp, settled: &Settled<'_>) -> QueryResult<()> {
    if settled.kind == Invite::KIND {
        invitation::record_outcome(conn, now, settled)?;
    }
    if !settled.kind.starts_with(KINDS) || settled.was_sent {
        return Ok(());
    }
    let of_address = waitlist::table.filter(lower(waitlist::email).eq(settled.recipient.to_lowercase()));
    let waiting = of_address.filter(waitlist::bounced_at.is_null().and(waitlist::signed_up_at.is_null()));
    diesel::update(waiting).set(waitlist::bounced_at.eq(now)).execute(conn)?;
    Ok(())
}
