//! A registration: what becomes of a sign-up, by whether the address has an account.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::letters;
use super::pending_sign_up::PendingSignUp;
use super::verification::Verification;
use crate::accounts::user::letters::OWNER_NOTICE_INTERVAL;
use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::user::User;
use crate::mail::mail_context::MailContext;
use crate::mail::outbox::Throttled;
use crate::values::clock::Timestamp;
use crate::values::id::LinkId;

/// Signs somebody up. The owner of the address gets a mail: to verify it, or that they have an account already. Returns
/// the id of the mail's link, or that of no link: the caller answers the same either way.
///
/// # Errors
/// When a statement fails.
pub fn register(conn: &mut PgConnection, now: Timestamp, new: &NewUser, mail: &MailContext) -> QueryResult<LinkId> {
    match User::find_by_email(conn, &new.email)? {
        None => match new.insert_unverified(conn, now)? {
            Some(user) => Verification { user, pending: None }.send(conn, now, mail),
            // Somebody else took the address a moment ago; their mail is on its way.
            None => Ok(LinkId::generate()),
        },
        Some(owner) if owner.is_verified => {
            notify_owner(conn, now, &owner, mail)?;
            Ok(LinkId::generate())
        }
        Some(user) => Verification { user, pending: PendingSignUp::of(new).to_value() }.send(conn, now, mail),
    }
}

fn notify_owner(conn: &mut PgConnection, now: Timestamp, owner: &User, mail: &MailContext) -> QueryResult<()> {
    if owner.lock(conn)? {
        let letter = letters::already_have_account(mail.locale);
        Throttled { to: &owner.email, interval: OWNER_NOTICE_INTERVAL }.enqueue(conn, now, &letter)?;
    }
    Ok(())
}
