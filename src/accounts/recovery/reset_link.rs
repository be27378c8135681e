//! Getting back into an account: the link that sets a new password, and all that ends with the old one.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::accounts::session::reauthenticated::Reauthenticated;
use crate::accounts::session::security_notice::{Notice, What};
use crate::accounts::session::session::Session;
use crate::accounts::user::letters;
use crate::accounts::user::link_purposes::{ACCOUNT_SECURING, EMAIL_CHANGE, EMAIL_VERIFICATION, PASSWORD_RESET};
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::user::{CREDENTIAL, User};
use crate::audit::event::{Action, Actor};
use crate::db::sliding_window::{self, Window};
use crate::mail::link::{Link, NewLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox;
use crate::schema::{account, user};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;

/// Sends a link to the owner of an address; to nobody when it has no account.
///
/// # Errors
/// When a statement fails.
pub fn request(
    conn: &mut PgConnection,
    now: Timestamp,
    (email, client): (&EmailAddress, &Client),
    mail: &MailContext,
) -> QueryResult<()> {
    let Some(user) = User::find_by_email(conn, email)? else { return Ok(()) };
    Action::ResetRequested.by(&Actor::new(&user.id, client), &user.id).record(conn, now)?;
    send(conn, now, &user, mail)
}

/// Sends a link to a user: always to the stored address, never to a typed one (CVE-2019-19844).
///
/// # Errors
/// When a statement fails.
pub fn send(conn: &mut PgConnection, now: Timestamp, user: &User, mail: &MailContext) -> QueryResult<()> {
    let pending = Some(json!({ "of": state(user) }));
    let new = NewLink { purpose: PASSWORD_RESET, subject: user.id.to_string(), pending };
    let link = new.issue(conn, now, &mail.keys)?;
    outbox::enqueue(conn, now, &user.email, &letters::reset_password(mail.locale, link))?;
    Ok(())
}

/// Whose password a link sets; the link stays as it is.
///
/// # Errors
/// When a statement fails.
pub fn find_by_link(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<User>> {
    let Some(link) = Link::find(conn, now, PASSWORD_RESET, token)? else { return Ok(None) };
    Ok(User::find(conn, &UserId::from(link.subject.clone()))?.filter(|user| is_for(&link, user)))
}

/// A new password, and the link that lets it be set.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// The link's token.
    pub token: SecretToken,
    /// The password's hash.
    pub password: PasswordHash,
    /// Who sets it.
    pub client: Client,
    /// Failed log-ins to forget.
    pub failures: Vec<Window>,
}

impl NewPassword {
    /// Sets the password and uses the link up, once however many try. The mailbox is proved, so the address counts as
    /// verified; whoever was signed in, or waits with a link, is shut out. Nothing when the link does not work.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn set(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<Option<User>> {
        let Some(found) = find_by_link(conn, now, &self.token)? else { return Ok(None) };
        // The user before the link, as everywhere: two that lock in different orders would wait for each other.
        found.wait_for_turn(conn)?;
        let Some(link) = Link::redeem(conn, now, PASSWORD_RESET, &self.token)? else { return Ok(None) };
        let Some(user) = User::find(conn, &found.id)?.filter(|user| is_for(&link, user)) else { return Ok(None) };
        user.set_password(conn, now, &self.password)?;
        verify(conn, &user)?;
        for purpose in [EMAIL_VERIFICATION, EMAIL_CHANGE, PASSWORD_RESET] {
            Link::end_all(conn, purpose, user.id.as_str())?;
        }
        Session::end_all(conn, &user.id)?;
        sliding_window::forget(conn, &self.failures)?;
        Action::PasswordReset.by(&Actor::new(&user.id, &self.client), &user.id).record(conn, now)?;
        let notice = Notice { what: What::PasswordChanged, user: &user.id, to: &user.email, client: &self.client };
        notice.send(conn, now, mail)?;
        Ok(Some(user))
    }
}

/// Sets the password of who has just given the old one. Every other session ends, and so does what somebody else who
/// knew the old one may have left waiting. False when the proof holds no longer.
///
/// # Errors
/// When a statement fails.
pub fn change_password(
    conn: &mut PgConnection,
    now: Timestamp,
    (proven, password): (&Reauthenticated, &PasswordHash),
    mail: &MailContext,
) -> QueryResult<bool> {
    let Reauthenticated { user, session, client, .. } = proven;
    if !proven.still_holds(conn, now)? {
        return Ok(false);
    }
    user.set_password(conn, now, password)?;
    for purpose in [EMAIL_CHANGE, PASSWORD_RESET] {
        Link::end_all(conn, purpose, user.id.as_str())?;
    }
    Session::end_others(conn, &user.id, session)?;
    Action::PasswordChanged.by(&Actor::new(&user.id, client), &user.id).record(conn, now)?;
    let notice = Notice { what: What::PasswordChanged, user: &user.id, to: &user.email, client };
    notice.send(conn, now, mail)?;
    Ok(true)
}

/// Shuts everybody out of an account, and sends a link to whoever reads its mail.
pub(in crate::accounts) fn shut_out(
    conn: &mut PgConnection,
    now: Timestamp,
    user: &User,
    mail: &MailContext,
) -> QueryResult<()> {
    Session::end_all(conn, &user.id)?;
    for purpose in [PASSWORD_RESET, EMAIL_CHANGE, ACCOUNT_SECURING] {
        Link::end_all(conn, purpose, user.id.as_str())?;
    }
    forget_password(conn, now, &user.id)?;
    send(conn, now, &User { password: None, ..user.clone() }, mail)
}

/// Takes the password away: nobody logs in until a mail has set another.
fn forget_password(conn: &mut PgConnection, now: Timestamp, owner: &UserId) -> QueryResult<()> {
    diesel::update(user::table.find(owner.as_str())).set(user::updated_at.eq(now)).execute(conn)?;
    let own = account::provider.eq(CREDENTIAL).and(account::provideraccountid.eq(owner.as_str()));
    let forgotten = (account::password.eq(None::<String>), account::updated_at.eq(now));
    diesel::update(account::table.filter(own)).set(forgotten).execute(conn)?;
    Ok(())
}

/// An account that waited for this proof is kept from now on.
fn verify(conn: &mut PgConnection, owner: &User) -> QueryResult<()> {
    let unverified = user::table.find(owner.id.as_str()).filter(user::is_email_verified.is_distinct_from(true));
    let verified = (
        user::is_email_verified.eq(true),
        user::verification_token.eq(None::<String>),
        user::purge_at.eq(None::<Timestamp>),
    );
    diesel::update(unverified).set(verified).execute(conn)?;
    Ok(())
}

/// What a link was made for: it dies when the password or the address is another.
fn state(user: &User) -> String {
    let password = user.password.as_ref().map_or("", PasswordHash::as_str);
    hex::encode(Sha256::digest(format!("{} {password}", user.email)))
}

fn is_for(link: &Link, user: &User) -> bool {
    link.pending.as_ref().and_then(|pending| pending["of"].as_str()) == Some(&state(user))
}
