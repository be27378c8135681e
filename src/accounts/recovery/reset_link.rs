//! The link that sets a new password: asking for it, and the state of the account that it was made for.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::letters;
use crate::accounts::session::letters::closed;
use crate::accounts::user::link_purposes::PASSWORD_RESET;
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::user::User;
use crate::audit::event::{Action, Actor};
use crate::mail::link::{Link, NewLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;

/// Somebody who forgot a password and asks for the link.
#[derive(Clone, Debug)]
pub struct ResetRequest {
    /// The address as typed.
    pub email: EmailAddress,
    /// Who asks.
    pub client: Client,
}

impl ResetRequest {
    /// Sends a link to the owner of the address, and returns the owner; to nobody when it has no account.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn send_link(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        mail: &MailContext,
    ) -> QueryResult<Option<UserId>> {
        let Some(user) = User::find_by_email(conn, &self.email)? else { return Ok(None) };
        // Anybody may ask for anybody, so this is not written down as the owner's act.
        Action::ResetRequested.by(&Actor::visitor(&self.client), &user.id).record(conn, now)?;
        send(conn, now, &user, mail)?;
        Ok(Some(user.id))
    }
}

/// Sends a link to a user: always to the stored address, never to a typed one (CVE-2019-19844).
///
/// # Errors
/// When a statement fails.
pub fn send(conn: &mut PgConnection, now: Timestamp, user: &User, mail: &MailContext) -> QueryResult<()> {
    let (link, locale) = (issue(conn, now, user, mail)?, user.mail_locale(mail));
    let letter = letters::reset_password(locale, link).with_facts(closed(locale, user));
    outbox::enqueue(conn, now, &user.email, &letter).map(|_| ())
}

/// Makes the link for a letter to the user.
///
/// # Errors
/// When a statement fails.
pub fn issue(conn: &mut PgConnection, now: Timestamp, user: &User, mail: &MailContext) -> QueryResult<Link> {
    let pending = Some(json!({ "of": fingerprint(user) }));
    let new = NewLink { purpose: PASSWORD_RESET, subject: user.id.to_string(), pending };
    new.issue(conn, now, &mail.keys)
}

/// The user whose password a link sets; the link stays as it is.
///
/// # Errors
/// When a statement fails.
pub fn find_user(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<User>> {
    let Some(link) = Link::find(conn, now, PASSWORD_RESET, token)? else { return Ok(None) };
    Ok(User::find(conn, &UserId::from(link.subject.clone()))?.filter(|user| is_for(&link, user)))
}

/// Uses the link up, once however many try; returns the user whose password it sets, with the row locked.
pub(super) fn redeem(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<User>> {
    let Some(found) = find_user(conn, now, token)? else { return Ok(None) };
    // Every transaction locks the user before the link: two that lock in different orders would wait for each other.
    found.lock(conn)?;
    let Some(link) = Link::redeem(conn, now, PASSWORD_RESET, token)? else { return Ok(None) };
    Ok(User::find(conn, &found.id)?.filter(|user| is_for(&link, user)))
}

/// What the link remembers of the account, so that it ends when the password or the address changes.
fn fingerprint(user: &User) -> String {
    let password = user.password.as_ref().map_or("", PasswordHash::as_str);
    hex::encode(Sha256::digest(format!("{} {password}", user.email)))
}

fn is_for(link: &Link, user: &User) -> bool {
    link.pending.as_ref().and_then(|pending| pending["of"].as_str()) == Some(&fingerprint(user))
}
