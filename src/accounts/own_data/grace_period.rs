//! The deletion of an account by its owner, who can take it back for 7 days.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::directory::admin;
use crate::accounts::session::session::Session;
use crate::accounts::user::letters;
use crate::accounts::user::link_purposes::{DELETION_CANCEL, EMAIL_CHANGE, ORGANIZATION_INVITATION, PASSWORD_RESET};
use crate::accounts::user::user::User;
use crate::audit::event::{Action, Actor};
use crate::mail::link::{Link, NewLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox::{self, Throttled};
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::web::visitor::client::Client;

/// An owner who tries to log in meanwhile gets the link again at most this often.
const REMIND: TimeDelta = TimeDelta::hours(1);
/// What could still change the account, or add to it, after its owner left. Links that undo what a thief did stay: a
/// thief who deletes an account must not take them away.
const ENDED_WITH_IT: [&str; 3] = [PASSWORD_RESET.name, EMAIL_CHANGE.name, ORGANIZATION_INVITATION.name];

/// Why an account cannot be deleted yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is an organization's that still manages other accounts.
    StillManages,
    /// Nobody could run the site afterwards.
    LastAdmin,
}

/// What became of a deletion that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requested {
    /// The account is closed, and is erased then.
    Until(Timestamp),
    /// It stays as it is.
    Refused(Obstacle),
    /// It has changed since its password was checked.
    Changed,
}

impl Obstacle {
    /// What stands in the way of this account's deletion.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn of(conn: &mut PgConnection, user: &UserId, kind: AccountKind) -> QueryResult<Option<Self>> {
        if kind == AccountKind::Admin && admin::is_last(conn, user)? {
            return Ok(Some(Self::LastAdmin));
        }
        let members = user::table.filter(user::organization_id.eq(user.as_str()));
        Ok(diesel::select(diesel::dsl::exists(members)).get_result::<bool>(conn)?.then_some(Self::StillManages))
    }
}

/// Closes the account, ends its sessions and links, and mails the link that takes the deletion back.
///
/// # Errors
/// When a statement or the letter's template fails.
pub fn request(
    conn: &mut PgConnection,
    now: Timestamp,
    (user, client): (&User, &Client),
    mail: &MailContext,
) -> QueryResult<Requested> {
    let Some(user) = locked(conn, user)? else { return Ok(Requested::Changed) };
    if let Some(obstacle) = Obstacle::of(conn, &user.id, user.kind)? {
        return Ok(Requested::Refused(obstacle));
    }
    Session::end_all(conn, &user.id)?;
    Link::end_all_of(conn, &ENDED_WITH_IT, &[user.id.to_string()])?;
    let new = NewLink { purpose: DELETION_CANCEL, subject: user.id.to_string(), pending: None };
    let link = new.issue(conn, now, &mail.keys)?;
    let until = link.expires_at;
    let closed = (user::purge_at.eq(until), user::updated_at.eq(now));
    diesel::update(user::table.find(user.id.as_str())).set(closed).execute(conn)?;
    Action::DeletionRequested.by(&Actor::new(&user.id, client), &user.id).record(conn, now)?;
    outbox::enqueue(conn, now, &user.email, &letters::deletion(mail.locale, link))?;
    Ok(Requested::Until(until))
}

/// Mails the link again to an owner who tried to log in.
///
/// # Errors
/// When a statement or the letter's template fails.
pub fn remind(conn: &mut PgConnection, now: Timestamp, user: &User, mail: &MailContext) -> QueryResult<()> {
    user.wait_for_turn(conn)?;
    let known = Link::all_of(conn, DELETION_CANCEL, user.id.as_str())?.into_iter().find(|link| link.expires_at > now);
    // None any more: the deletion was taken back a moment ago.
    let Some(link) = known else { return Ok(()) };
    Throttled { to: &user.email, interval: REMIND }.enqueue(conn, now, &letters::deletion(mail.locale, link))?;
    Ok(())
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

/// Takes the deletion back; gives whose it was.
///
/// # Errors
/// When a statement fails.
pub fn cancel(
    conn: &mut PgConnection,
    now: Timestamp,
    token: &SecretToken,
    client: &Client,
) -> QueryResult<Option<UserId>> {
    let Some(link) = Link::find(conn, now, DELETION_CANCEL, token)? else { return Ok(None) };
    // The account before its link, as the purge takes them: of the two, one finds nothing any more.
    let closed = user::table.find(&link.subject).filter(user::purge_at.gt(now)).select(user::id).for_update();
    let Some(id) = closed.first::<String>(conn).optional()?.map(UserId::from) else { return Ok(None) };
    Link::end_all(conn, DELETION_CANCEL, id.as_str())?;
    let kept = (user::purge_at.eq(None::<Timestamp>), user::updated_at.eq(now));
    diesel::update(user::table.find(id.as_str())).set(kept).execute(conn)?;
    Action::DeletionCancelled.by(&Actor::new(&id, client), &id).record(conn, now)?;
    Ok(Some(id))
}

/// The same account, locked and read again; nothing if it is not as it was when its password was checked. No member
/// joins meanwhile either: a new one's foreign key waits for the lock.
fn locked(conn: &mut PgConnection, user: &User) -> QueryResult<Option<User>> {
    if user.kind == AccountKind::Admin {
        // Every admin's row, in one order: two who leave at once would wait for each other's.
        admin::is_last(conn, &user.id)?;
    }
    user.wait_for_turn(conn)?;
    let is_same =
        |now: &User| now.password == user.password && now.kind == user.kind && now.is_active && now.purge_at.is_none();
    Ok(User::find(conn, &user.id)?.filter(is_same))
}
