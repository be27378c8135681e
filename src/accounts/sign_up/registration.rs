//! A registration: what becomes of a sign-up, by whether the address has an account.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::letters;
use super::pending_sign_up::PendingSignUp;
use super::verification::Verification;
use crate::accounts::recovery::reset_link;
use crate::accounts::session::letters::closed;
use crate::accounts::user::letters::OWNER_NOTICE_INTERVAL;
use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::user::User;
use crate::db::{self, Db};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox::{self, Throttled};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::LinkId;
use crate::web::App;

/// Signs somebody up. The owner of the address gets a mail: to verify it, or that they have an account already. Returns
/// the id of the link that keeps the sign-up, or that of no link: the caller answers the same either way.
///
/// # Errors
/// When a statement fails.
pub fn register(conn: &mut PgConnection, now: Timestamp, new: &NewUser, mail: &MailContext) -> QueryResult<LinkId> {
    match find_or_insert(conn, now, new)? {
        Some(owner) if owner.is_verified => {
            notify_owner(conn, now, &owner, OwnerMail { mail, is_by_provider: new.way_in.password().is_none() })?;
            Ok(LinkId::generate())
        }
        Some(user) => Verification { user, sign_up: Some(PendingSignUp::of(new)) }.send(conn, now, mail),
        None => Ok(LinkId::generate()),
    }
}

/// The database for a form that names an address: others may want the row of its account as well.
///
/// # Errors
/// When the database is unavailable.
pub(super) async fn db_for_address(app: &App, email: &EmailAddress) -> Result<Db, db::Error> {
    let address = email.clone();
    let known = app.db.read(move |conn| User::find_by_email(conn, &address)).await?;
    Ok(app.db.for_row(&known.map_or_else(|| email.to_string(), |user| user.id.to_string())))
}

/// The account of the address, made now if it has none.
fn find_or_insert(conn: &mut PgConnection, now: Timestamp, new: &NewUser) -> QueryResult<Option<User>> {
    if let Some(known) = User::find_by_email(conn, &new.email)? {
        return Ok(Some(known));
    }
    match new.insert_unverified(conn, now)? {
        Some(user) => Ok(Some(user)),
        // Somebody else took the address a moment ago: this sign-up is kept beside theirs.
        None => User::find_by_email(conn, &new.email),
    }
}

/// How an owner is told that somebody signed up with the address.
#[derive(Clone, Copy)]
struct OwnerMail<'a> {
    mail: &'a MailContext,
    /// Whether it was with another provider.
    is_by_provider: bool,
}

fn notify_owner(conn: &mut PgConnection, now: Timestamp, owner: &User, told: OwnerMail<'_>) -> QueryResult<()> {
    let notice = Throttled { to: &owner.email, interval: OWNER_NOTICE_INTERVAL };
    if owner.lock(conn)? && notice.takes(conn, now, letters::ALREADY_HAVE_ACCOUNT)? {
        let forgot = reset_link::issue(conn, now, owner, told.mail)?;
        let locale = owner.mail_locale(told.mail);
        let letter = letters::already_have_account(locale, told.is_by_provider, forgot);
        outbox::enqueue(conn, now, &owner.email, &letter.with_facts(closed(locale, owner)))?;
    }
    Ok(())
}
