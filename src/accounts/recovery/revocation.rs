//! Revoking all that opens an account: its sessions, its links and its password.

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use super::reset_link;
use crate::accounts::one_time_code::authenticator;
use crate::accounts::session::security_notice::removes_second_factor;
use crate::accounts::session::session::Session;
use crate::accounts::user::link_purposes::{ACCOUNT_SECURING, EMAIL_CHANGE, PASSWORD_RESET};
use crate::accounts::user::user::identity::Identity;
use crate::accounts::user::user::{CREDENTIAL, User};
use crate::audit::event::{Action, Actor};
use crate::mail::link::{Link, Purpose};
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;
use crate::web::{Subject, Submission};

/// An owner who secures the account by the link of a security notice, since somebody else did what the notice reports.
#[derive(Clone, Debug)]
pub struct SecureRequest {
    /// The link's token.
    pub token: SecretToken,
    /// Who uses it.
    pub client: Client,
}

impl SecureRequest {
    /// Revokes all access and sends a link to choose a new password; returns the account. The second factor goes too, if a
    /// notice told that a stranger may have switched it on. Nothing when the link does not work.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn redeem(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<Option<User>> {
        let Some(SecuredAccount { user, .. }) = SecuredAccount::find(conn, now, &self.token)? else { return Ok(None) };
        user.lock(conn)?;
        let Some(user) = User::find(conn, &user.id)? else { return Ok(None) };
        // Using the link up ends it: what it told of is looked at before.
        let loses_second_factor = removes_second_factor(conn, &user, now)?;
        if Link::redeem(conn, now, ACCOUNT_SECURING, &self.token)?.is_none() {
            return Ok(None);
        }
        let actor = Actor::new(&user.id, &self.client);
        if loses_second_factor {
            remove_second_factor(conn, now, &user.id, &actor)?;
        }
        Revocation { user: &user, actor: &actor, mail }.apply(conn, now)?;
        Action::AccountSecured.by(&actor, &user.id).record(conn, now)?;
        Ok(Some(user))
    }
}

/// The account that a link secures.
#[derive(Clone, Debug)]
pub struct SecuredAccount {
    /// Its row.
    pub user: User,
    /// Whether its second factor goes too.
    pub loses_second_factor: bool,
}

impl SecuredAccount {
    /// That of this link, which stays as it is.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        let Some(link) = Link::find(conn, now, ACCOUNT_SECURING, token)? else { return Ok(None) };
        let Some(user) = User::find(conn, &UserId::from(link.subject.clone()))? else { return Ok(None) };
        Ok(Some(Self { loses_second_factor: removes_second_factor(conn, &user, now)?, user }))
    }
}

/// An account that somebody else may have opened.
#[derive(Clone, Copy, Debug)]
pub(in crate::accounts) struct Revocation<'a> {
    /// The account, with the address that gets the link.
    pub(in crate::accounts) user: &'a User,
    /// Who revokes.
    pub(in crate::accounts) actor: &'a Actor,
    /// For the letter.
    pub(in crate::accounts) mail: &'a MailContext,
}

impl Revocation<'_> {
    /// Ends every session, takes the password and the providers away, and sends a link that sets another to whoever reads
    /// the account's mail.
    pub(in crate::accounts) fn apply(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
        let Self { user, actor, mail } = *self;
        Session::end_all(conn, &user.id)?;
        end_links(conn, &user.id, &[PASSWORD_RESET, EMAIL_CHANGE, ACCOUNT_SECURING])?;
        remove_password(conn, now, &user.id)?;
        Identity::disconnect_all(conn, now, &user.id, actor)?;
        reset_link::send(conn, now, &User { password: None, ..user.clone() }, mail)
    }
}

/// Removes the second factor that a stranger may have switched on: it would keep the owner out. Lock the account first.
pub(in crate::accounts) fn remove_second_factor(
    conn: &mut PgConnection,
    now: Timestamp,
    owner: &UserId,
    actor: &Actor,
) -> QueryResult<()> {
    authenticator::remove(conn, owner)?;
    Submission::forget(conn, &[authenticator::subject(owner)])?;
    Action::SecondFactorRemoved.by(actor, owner).record(conn, now)
}

/// Ends the links of these purposes.
pub(in crate::accounts) fn end_links(conn: &mut PgConnection, owner: &UserId, purposes: &[Purpose]) -> QueryResult<()> {
    purposes.iter().try_for_each(|purpose| Link::end_all(conn, *purpose, owner.as_str()).map(|_| ()))
}

/// Takes the password away: nobody logs in until a mail has set another. Nobody is told any more that one was set.
fn remove_password(conn: &mut PgConnection, now: Timestamp, owner: &UserId) -> QueryResult<()> {
    User::remove_password(conn, now, owner)?;
    Link::forget_uses(conn, &[PASSWORD_RESET.name], &[owner.to_string()])?;
    Submission::forget(conn, &[Subject::new(CREDENTIAL, owner.as_str())])
}
