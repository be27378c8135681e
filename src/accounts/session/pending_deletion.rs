//! An account that its owner deleted, until it is erased: nobody can log in, and the owner is reminded of the link that
//! keeps it.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::letters;
use crate::accounts::user::link_purposes::DELETION_CANCEL;
use crate::accounts::user::user::User;
use crate::mail::link::Link;
use crate::mail::mail_context::MailContext;
use crate::mail::outbox::Throttled;
use crate::values::clock::Timestamp;

/// An owner who tries to log in gets the link again at most this often.
const REMINDER_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// Mails the link again to an owner who tried to log in.
///
/// # Errors
/// When a statement or the letter's template fails.
pub fn remind(conn: &mut PgConnection, now: Timestamp, user: &User, mail: &MailContext) -> QueryResult<()> {
    user.lock(conn)?;
    let known = Link::all_of(conn, DELETION_CANCEL, user.id.as_str())?.into_iter().find(|link| link.expires_at > now);
    // There is no link any more when the owner cancelled the deletion a moment ago.
    let Some(link) = known else { return Ok(()) };
    Throttled { to: &user.email, interval: REMINDER_INTERVAL }.enqueue(
        conn,
        now,
        &letters::deletion(user.mail_locale(mail), link),
    )?;
    Ok(())
}
