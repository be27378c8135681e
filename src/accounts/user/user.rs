//! A user: the row of an account with its password.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::letters;
use super::link_purposes::EMAIL_VERIFICATION;
use super::new_user::PendingSignUp;
use super::password::PasswordHash;
use super::unverified;
use crate::db::lower;
use crate::mail::link::{Link, NewLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox;
use crate::schema::{account, user};
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::{LinkId, UserId};
use crate::values::secret_token::SecretToken;

/// Verification links of one account that work at a time; further mails could only bother its owner.
pub(in crate::accounts) const MOST_LINKS: i64 = 6;
/// The provider of accounts that log in with a password.
pub(in crate::accounts) const CREDENTIAL: &str = "credential";

/// An account as the log-in needs to know it.
#[derive(Clone, Debug)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Where its mails go: the stored address, never a typed one.
    pub email: EmailAddress,
    /// The name, when one was given.
    pub name: Option<String>,
    /// What the account is for.
    pub kind: AccountKind,
    /// The profession, or the position of an organization's contact.
    pub profession: String,
    /// Whether it may log in (`"isActive"` NULL means yes).
    pub is_active: bool,
    /// Whether its address was verified (`"isEmailVerified"` NULL means no).
    pub is_verified: bool,
    /// The path of the picture; rows of the old application may hold the address of another site.
    pub avatar: Option<String>,
    /// The organization that manages the account.
    pub organization: Option<UserId>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it will be deleted: soon after a sign-up that nobody verifies, or because its owner wants it.
    pub purge_at: Option<Timestamp>,
    /// The password's hash; accounts of other providers have none.
    pub password: Option<PasswordHash>,
}

/// A user whose address was just verified.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The user.
    pub user: User,
    /// Whether the browser that used the link is one that signed up for this account.
    pub same_browser: bool,
}

/// The columns of a user's row that are read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = user)]
pub(in crate::accounts) struct UserRow {
    id: String,
    email: String,
    name: Option<String>,
    type_: String,
    profession: String,
    is_active: Option<bool>,
    is_email_verified: Option<bool>,
    avatar: Option<String>,
    organization_id: Option<String>,
    created_at: Timestamp,
    purge_at: Option<Timestamp>,
}

impl User {
    /// The user of an address. Rows of the old application may hold mixed case, and two that differ only by it: the
    /// exact one wins.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find_by_email(conn: &mut PgConnection, email: &EmailAddress) -> QueryResult<Option<Self>> {
        let row = user::table
            .left_join(account::table.on(own_password()))
            .filter(lower(user::email).eq(email.as_str()))
            .order((user::email.eq(email.as_str()).desc(), user::created_at))
            .select((UserRow::as_select(), account::password.nullable()))
            .first::<(UserRow, Option<String>)>(conn);
        Ok(row.optional()?.map(|(row, password)| Self::with_password(row, password)))
    }

    /// The user of an id.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, id: &UserId) -> QueryResult<Option<Self>> {
        let row = user::table
            .left_join(account::table.on(own_password()))
            .filter(user::id.eq(id.as_str()))
            .select((UserRow::as_select(), account::password.nullable()))
            .first::<(UserRow, Option<String>)>(conn);
        Ok(row.optional()?.map(|(row, password)| Self::with_password(row, password)))
    }

    /// Verifies the address of a link's account and gives effect to a sign-up: the one that this browser made
    /// (`mark`), else the one that the link belongs to, since the mails of two sign-ups look the same. Every other link
    /// of the account ends. Nothing when the link does not work, or the address is verified already.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn verify(
        conn: &mut PgConnection,
        now: Timestamp,
        token: &SecretToken,
        mark: Option<&LinkId>,
    ) -> QueryResult<Option<Verified>> {
        let Some(link) = Link::redeem(conn, now, EMAIL_VERIFICATION, token)? else { return Ok(None) };
        let id = UserId::from(link.subject.clone());
        // The link that was used is no row any more.
        let all = [vec![link.clone()], Link::all_of(conn, EMAIL_VERIFICATION, id.as_str())?].concat();
        let own = all.into_iter().find(|other| Some(&other.id) == mark);
        Link::end_all(conn, EMAIL_VERIFICATION, id.as_str())?;
        // Verified already: what a stranger's sign-up left pending must not take effect any more.
        let unverified = user::table.find(id.as_str()).filter(user::is_email_verified.is_distinct_from(true));
        let proven = (user::is_email_verified.eq(true), user::purge_at.eq(None::<Timestamp>));
        let verified = (proven, user::verification_token.eq(None::<String>), user::updated_at.eq(now));
        if diesel::update(unverified).set(verified).execute(conn)? == 0 {
            return Ok(None);
        }
        let same_browser = own.is_some();
        if let Some(pending) = own.unwrap_or(link).pending.and_then(PendingSignUp::read) {
            pending.take_effect(conn, now, &id)?;
        }
        Ok(Self::find(conn, &id)?.map(|user| Verified { user, same_browser }))
    }

    /// The address that a verification link would verify; the link stays as it is.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find_by_link(
        conn: &mut PgConnection,
        now: Timestamp,
        token: &SecretToken,
    ) -> QueryResult<Option<EmailAddress>> {
        let Some(link) = Link::find(conn, now, EMAIL_VERIFICATION, token)? else { return Ok(None) };
        let email = user::table.find(&link.subject).select(user::email).first::<String>(conn).optional()?;
        Ok(email.map(EmailAddress::from))
    }

    /// "It wasn't me": removes the unverified account of this link with all that belongs to it.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn disown(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<bool> {
        let Some(link) = Link::redeem(conn, now, EMAIL_VERIFICATION, token)? else { return Ok(false) };
        Link::end_all(conn, EMAIL_VERIFICATION, &link.subject)?;
        let unverified = user::table.find(&link.subject).filter(user::is_email_verified.is_distinct_from(true));
        diesel::delete(unverified).execute(conn)?;
        Ok(true)
    }

    /// Sends another verification mail to an account that waits for one, for the sign-up that this browser made
    /// (`mark`). Without one, and with several sign-ups for the address, nobody can tell whose this is: a link for a
    /// stranger's would open the account to them, so none is sent. Gives the link, or a mark of nothing: the caller
    /// answers the same either way.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn send_verification_again(
        conn: &mut PgConnection,
        now: Timestamp,
        (email, mark): (&EmailAddress, Option<&LinkId>),
        mail: &MailContext,
    ) -> QueryResult<LinkId> {
        let Some(user) = Self::find_by_email(conn, email)?.filter(|user| !user.is_verified) else {
            return Ok(LinkId::generate());
        };
        let all = Link::all_of(conn, EMAIL_VERIFICATION, user.id.as_str())?;
        let own = all.iter().find(|link| Some(&link.id) == mark);
        if own.is_none() && all.iter().any(|link| link.pending.is_some()) {
            return Ok(LinkId::generate());
        }
        let pending = own.and_then(|link| link.pending.clone());
        Verification { user, pending }.send(conn, now, mail)
    }

    /// Gives the account a new password. The user's row is changed first: a log-in that was checked against the old
    /// password locks this row, and checks the password again once it has it.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn set_password(&self, conn: &mut PgConnection, now: Timestamp, password: &PasswordHash) -> QueryResult<()> {
        diesel::update(user::table.find(self.id.as_str())).set(user::updated_at.eq(now)).execute(conn)?;
        set_password(conn, now, self.id.as_str(), password.as_str())?;
        Ok(())
    }

    /// Locks the row, so that sign-ups at once cannot each find that one more mail may be sent. False when it is gone.
    pub(in crate::accounts) fn wait_for_turn(&self, conn: &mut PgConnection) -> QueryResult<bool> {
        let own = user::table.find(self.id.as_str()).select(user::id).for_update();
        Ok(own.first::<String>(conn).optional()?.is_some())
    }

    fn with_password(row: UserRow, password: Option<String>) -> Self {
        Self { password: password.map(PasswordHash::from), ..Self::from(row) }
    }
}

impl From<UserRow> for User {
    /// The user without the password.
    fn from(row: UserRow) -> Self {
        Self {
            id: UserId::from(row.id),
            email: EmailAddress::from(row.email),
            name: row.name.filter(|name| !name.is_empty()),
            kind: AccountKind::from(row.type_),
            profession: row.profession,
            is_active: row.is_active.unwrap_or(true),
            is_verified: row.is_email_verified.unwrap_or(false),
            avatar: row.avatar,
            organization: row.organization_id.map(UserId::from),
            created_at: row.created_at,
            purge_at: row.purge_at,
            password: None,
        }
    }
}

/// A mail that asks the owner of an account's address to verify it.
pub(in crate::accounts) struct Verification {
    pub(in crate::accounts) user: User,
    /// What takes effect with the link.
    pub(in crate::accounts) pending: Option<serde_json::Value>,
}

impl Verification {
    /// Queues the mail with a new link, unless enough links of the account work already.
    pub(in crate::accounts) fn send(
        self,
        conn: &mut PgConnection,
        now: Timestamp,
        mail: &MailContext,
    ) -> QueryResult<LinkId> {
        let Self { user, pending } = self;
        if !user.wait_for_turn(conn)? || Link::count(conn, now, EMAIL_VERIFICATION, user.id.as_str())? >= MOST_LINKS {
            return Ok(LinkId::generate());
        }
        let new = NewLink { purpose: EMAIL_VERIFICATION, subject: user.id.to_string(), pending };
        let link = new.issue(conn, now, &mail.keys)?;
        let hash = SecretToken::of_link(&mail.keys.current, &link.id).hash();
        let token = user::verification_token.eq(hash.as_str());
        diesel::update(user::table.find(user.id.as_str())).set(token).execute(conn)?;
        unverified::put_off(conn, now, &user.id)?;
        let id = link.id.clone();
        outbox::enqueue(conn, now, &user.email, &letters::verify_email(mail.locale, link))?;
        Ok(id)
    }
}

pub(in crate::accounts) fn set_password(
    conn: &mut PgConnection,
    now: Timestamp,
    user: &str,
    password: &str,
) -> QueryResult<usize> {
    let row = (
        account::id.eq(UserId::generate().to_string()),
        account::user_id.eq(user),
        account::provider.eq(CREDENTIAL),
        account::provideraccountid.eq(user),
        account::created_at.eq(now),
        account::updated_at.eq(now),
        account::password.eq(password),
    );
    diesel::insert_into(account::table)
        .values(row)
        .on_conflict((account::provider, account::provideraccountid))
        .do_update()
        .set((account::password.eq(password), account::updated_at.eq(now)))
        .execute(conn)
}

/// The row of the user's own password, and no other provider's.
#[diesel::dsl::auto_type]
fn own_password() -> _ {
    account::user_id.eq(user::id).and(account::provider.eq("credential")).and(account::provideraccountid.eq(user::id))
}
