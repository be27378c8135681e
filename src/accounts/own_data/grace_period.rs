//! The deletion of an account by its owner, who can cancel it for 7 days.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::session::letters;
use crate::accounts::session::log_in::prove_code::CountedCode;
use crate::accounts::session::reauthenticated::lock_session;
use crate::accounts::session::session::Session;
use crate::accounts::user::link_purposes::{DELETION_CANCEL, EMAIL_CHANGE, ORGANIZATION_INVITATION, PASSWORD_RESET};
use crate::accounts::user::user::User;
use crate::accounts::user::{last_admin, managed_accounts};
use crate::api_key::api_key::ApiKey;
use crate::audit::event::{Action, Actor};
use crate::mail::link::{Link, NewLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox::{self};
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::{SessionId, UserId};
use crate::values::secret_token::SecretToken;
use crate::web::Submission;
use crate::web::visitor::client::Client;

/// The links that end with the deletion, since they could still change the account or add to it. Links that undo what a
/// thief did stay: a thief who deletes an account must not take them away.
const ENDED_LINKS: [&str; 3] = [PASSWORD_RESET.name, EMAIL_CHANGE.name, ORGANIZATION_INVITATION.name];

/// Why an account cannot be deleted yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is an organization's that still manages other accounts.
    StillManages,
    /// Nobody could run the site afterwards.
    LastAdmin,
}

/// The request of an owner to delete the account, with the password just given.
#[derive(Clone, Debug)]
pub struct DeletionRequest {
    /// The account, as it was when its password was checked.
    pub user: User,
    /// What was typed for a code; nothing where none is asked for.
    pub code: Option<CountedCode>,
    /// The form that it came by.
    pub submission: Submission,
    /// The session in which the owner asks; nothing where there is none.
    pub session: Option<SessionId>,
    /// Where the owner asks from.
    pub client: Client,
    /// For the letter.
    pub mail: MailContext,
}

/// The outcome of a [`DeletionRequest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The account is closed, and is erased at this time.
    Scheduled(Timestamp),
    /// It stays as it is.
    Refused(Obstacle),
    /// It has changed since its password was checked.
    Changed,
    /// The session has ended since: whoever had it may be a stranger whom the owner has just shut out.
    Ended,
    /// The code does not work.
    WrongCode,
}

/// An account that is kept after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Which one.
    pub user: UserId,
    /// Its address.
    pub email: EmailAddress,
    /// Whether its owner can log in again.
    pub is_active: bool,
}

impl Obstacle {
    /// What stands in the way of this account's deletion.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn of(conn: &mut PgConnection, user: &UserId, kind: AccountKind) -> QueryResult<Option<Self>> {
        if kind == AccountKind::Admin && last_admin::is_last(conn, user)? {
            return Ok(Some(Self::LastAdmin));
        }
        Ok(managed_accounts::any(conn, user)?.then_some(Self::StillManages))
    }
}

impl DeletionRequest {
    /// Closes the account, ends its sessions and links, and mails the link that cancels the deletion.
    ///
    /// # Errors
    /// When an equal form took effect, or a statement or the letter's template fails.
    pub fn schedule(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Deletion> {
        let Some(user) = self.lock(conn)? else { return Ok(Deletion::Changed) };
        if let Some(session) = &self.session
            && !lock_session(conn, now, session)?
        {
            return Ok(Deletion::Ended);
        }
        if let Some(obstacle) = Obstacle::of(conn, &user.id, user.kind)? {
            return Ok(Deletion::Refused(obstacle));
        }
        if let Some(code) = &self.code
            && !code.redeem(conn, now)?
        {
            return Ok(Deletion::WrongCode);
        }
        Session::end_all(conn, &user.id)?;
        Link::forget_uses(conn, &[DELETION_CANCEL.name], &[user.id.to_string()])?;
        Link::end_all_of(conn, &ENDED_LINKS, &[user.id.to_string()])?;
        let new = NewLink { purpose: DELETION_CANCEL, subject: user.id.to_string(), pending: None };
        let link = new.issue(conn, now, &self.mail.keys)?;
        let until = link.expires_at;
        let closed = (user::purge_at.eq(until), user::updated_at.eq(now));
        diesel::update(user::table.find(user.id.as_str())).set(closed).execute(conn)?;
        let actor = Actor::new(&user.id, &self.client);
        if user.kind == AccountKind::Admin {
            ApiKey::revoke_all_of(conn, now, &user.id, &actor)?;
        }
        Action::DeletionRequested.by(&actor, &user.id).record(conn, now)?;
        outbox::enqueue(conn, now, &user.email, &letters::deletion(user.mail_locale(&self.mail), link))?;
        Ok(Deletion::Scheduled(until))
    }

    /// The account, locked and read again; nothing if it is not as it was when its password was checked. No member joins
    /// meanwhile: a new one's foreign key waits for the lock.
    fn lock(&self, conn: &mut PgConnection) -> QueryResult<Option<User>> {
        let Self { user, .. } = self;
        if user.kind == AccountKind::Admin {
            // Locks the rows of all admins in one order: two of them who leave at once would wait for each other's.
            last_admin::is_last(conn, &user.id)?;
        }
        user.lock(conn)?;
        self.submission.refuse_equal(conn)?;
        let is_same = |now: &User| {
            let is_proved = now.password == user.password && now.second_factor_since == user.second_factor_since;
            is_proved && now.kind == user.kind && now.is_active && now.purge_at.is_none()
        };
        Ok(User::find(conn, &user.id)?.filter(is_same))
    }
}

/// The address of the account that this link would keep.
///
/// # Errors
/// When a statement fails.
pub fn find(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<EmailAddress>> {
    let Some(link) = Link::find(conn, now, DELETION_CANCEL, token)? else { return Ok(None) };
    let closed = user::table.find(&link.subject).filter(user::purge_at.gt(now)).select(user::email);
    Ok(closed.first::<String>(conn).optional()?.map(EmailAddress::from))
}

/// Cancels the deletion; returns the account that is kept.
///
/// # Errors
/// When a statement fails.
pub fn cancel(
    conn: &mut PgConnection,
    now: Timestamp,
    token: &SecretToken,
    client: &Client,
) -> QueryResult<Option<Kept>> {
    let Some(link) = Link::find(conn, now, DELETION_CANCEL, token)? else { return Ok(None) };
    let (id, columns) = (UserId::from(link.subject.clone()), (user::email, user::is_active));
    // Locks the account before its link, as the purge does: of two at once, the second finds nothing any more.
    let closed = user::table.find(id.as_str()).filter(user::purge_at.gt(now)).select(columns).for_update();
    let Some((email, is_active)) = closed.first::<(String, Option<bool>)>(conn).optional()? else { return Ok(None) };
    Link::end_all(conn, DELETION_CANCEL, id.as_str())?;
    link.record_use(conn, now, DELETION_CANCEL)?;
    let kept = (user::purge_at.eq(None::<Timestamp>), user::updated_at.eq(now));
    diesel::update(user::table.find(id.as_str())).set(kept).execute(conn)?;
    Action::DeletionCancelled.by(&Actor::new(&id, client), &id).record(conn, now)?;
    Ok(Some(Kept { user: id, email: email.into(), is_active: is_active.unwrap_or(true) }))
}
