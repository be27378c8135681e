//! Securing an account by the link of a notice: its owner says that it was somebody else.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::reset_link;
use crate::accounts::user::link_purposes::ACCOUNT_SECURING;
use crate::accounts::user::user::User;
use crate::audit::event::{Action, Actor};
use crate::mail::link::Link;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;

/// Whose account a link secures; the link stays as it is.
///
/// # Errors
/// When a statement fails.
pub fn find_by_link(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<User>> {
    let Some(link) = Link::find(conn, now, ACCOUNT_SECURING, token)? else { return Ok(None) };
    User::find(conn, &UserId::from(link.subject.clone()))
}

/// Shuts everybody out and sends a link to choose a new password; gives the account. Nothing when the link does not
/// work.
///
/// # Errors
/// When a statement fails.
pub fn secure(
    conn: &mut PgConnection,
    now: Timestamp,
    (token, client): (&SecretToken, &Client),
    mail: &MailContext,
) -> QueryResult<Option<UserId>> {
    let Some(found) = find_by_link(conn, now, token)? else { return Ok(None) };
    found.wait_for_turn(conn)?;
    if Link::redeem(conn, now, ACCOUNT_SECURING, token)?.is_none() {
        return Ok(None);
    }
    let Some(user) = User::find(conn, &found.id)? else { return Ok(None) };
    reset_link::shut_out(conn, now, &user, mail)?;
    Action::AccountSecured.by(&Actor::new(&user.id, client), &user.id).record(conn, now)?;
    Ok(Some(user.id))
}
