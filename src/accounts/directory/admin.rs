//! Admins, as the command line makes and unmakes them.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;

use super::letters;
use crate::accounts::session::session::Session;
use crate::accounts::session::words::Words as SessionWords;
use crate::accounts::user::link_purposes::ACCOUNT_SECURING;
use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::user::identity::Identity;
use crate::accounts::user::user::way_in::WayIn;
use crate::accounts::user::user::{CREDENTIAL, User};
use crate::accounts::user::{last_admin, managed_accounts};
use crate::api_key::api_key::ApiKey;
use crate::audit::event::{Action, Actor};
use crate::mail::link::{self, Link, NewLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox;
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::locale::Locale;
use crate::values::single_line::{OrganizationName, SingleLine};
use crate::web::{Subject, Submission};
use crate::webhook::switch_off::Reader;

/// Somebody whom the operator makes an admin.
#[derive(Clone, Debug)]
pub struct NewAdmin {
    /// The address, which needs no proof.
    pub email: EmailAddress,
    /// The password's hash.
    pub password: PasswordHash,
}

/// The outcome of making an admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// It is new.
    New,
    /// It existed, and is an admin's now, with the new password; its sessions and links have ended.
    Promoted,
    /// It manages other accounts, which would be left without a page that manages them. Nothing was done.
    ManagesOthers,
}

/// The outcome of revoking an admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// The account stays, as an employee's; its sessions and its keys of the API have ended.
    Done,
    /// No admin has this address.
    NoAdmin,
    /// Nobody could run the site afterwards.
    LastAdmin,
}

/// Whether the site has an admin who can log in.
///
/// # Errors
/// When the statement fails.
pub fn exists(conn: &mut PgConnection) -> QueryResult<bool> {
    last_admin::any(conn)
}

/// The admins who may log in, for what all of them are told.
///
/// # Errors
/// When the statement fails.
pub fn readers(conn: &mut PgConnection) -> QueryResult<Vec<Reader>> {
    let admins = last_admin::all(conn)?.into_iter();
    Ok(admins
        .map(|(email, locale)| Reader { email: email.into(), locale: locale.as_deref().and_then(Locale::parse) })
        .collect())
}

/// Makes an account an admin's, with a verified address. The owner of one that exists is told by mail.
///
/// # Errors
/// When a statement fails, or somebody else takes the address at the same moment.
pub fn create(conn: &mut PgConnection, now: Timestamp, new: &NewAdmin, mail: &MailContext) -> QueryResult<Made> {
    if let Some(existing) = lock(conn, &new.email)? {
        return Promotion { account: existing, password: &new.password, mail }.apply(conn, now);
    }
    let user = NewUser {
        kind: AccountKind::Admin,
        name: name_of(&new.email),
        email: new.email.clone(),
        profession: None,
        way_in: WayIn::Password(new.password.clone()),
        locale: None,
    };
    let user = user.insert_verified(conn, now)?.ok_or(QueryError::RollbackTransaction)?;
    Action::MadeAdmin.by(&Actor::operator(), &user.id).record(conn, now)?;
    Ok(Made::New)
}

/// The account of an address, locked. One whose address changed while this waited is another's.
fn lock(conn: &mut PgConnection, email: &EmailAddress) -> QueryResult<Option<User>> {
    let Some(seen) = User::find_by_email(conn, email)? else { return Ok(None) };
    seen.lock(conn)?;
    Ok(User::find_by_email(conn, email)?.filter(|user| user.id == seen.id))
}

/// An account that is to be an admin's.
struct Promotion<'a> {
    account: User,
    password: &'a PasswordHash,
    /// For the letter.
    mail: &'a MailContext,
}

impl Promotion<'_> {
    /// Makes the account an admin's as if it were new: nothing that was begun before goes on. A change of address that
    /// waits would make an admin under an address that nobody checked, a sign-up that waits would take the password, and
    /// an organization would go on managing the account.
    fn apply(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Made> {
        let account = &self.account;
        if managed_accounts::any(conn, &account.id)? {
            return Ok(Made::ManagesOthers);
        }
        let promoted = (
            user::type_.eq(AccountKind::Admin.as_str()),
            user::is_email_verified.eq(true),
            user::verification_token.eq(None::<String>),
            user::is_active.eq(true),
            user::deactivated_by.eq(None::<String>),
            user::organization_id.eq(None::<String>),
            user::managed_since.eq(None::<Timestamp>),
            user::purge_at.eq(None::<Timestamp>),
            user::updated_at.eq(now),
        );
        let row = user::table.find(account.id.as_str());
        diesel::update(row).set(promoted).execute(conn)?;
        if !account.is_verified {
            // Nobody proved the address: whoever signed up with it chose what admins and members would see.
            let name = name_of(&account.email);
            let own = (user::name.eq(name.as_str()), user::profession.eq(""), user::avatar.eq(None::<String>));
            diesel::update(row).set(own).execute(conn)?;
            // What that stranger connected would open the account once it is no admin's any more.
            Identity::disconnect_all(conn, now, &account.id, &Actor::operator())?;
        }
        Link::end_all_of(conn, &link::OF_ACCOUNTS, &[account.id.to_string()])?;
        account.set_password(conn, now, self.password)?;
        Submission::forget(conn, &[Subject::new(CREDENTIAL, account.id.as_str())])?;
        Session::end_all(conn, &account.id)?;
        Action::MadeAdmin.by(&Actor::operator(), &account.id).record(conn, now)?;
        self.tell_owner(conn, now)?;
        Ok(Made::Promoted)
    }

    /// Sends the notice, with the link that secures the account.
    fn tell_owner(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
        let Self { account, mail, .. } = self;
        let new = NewLink { purpose: ACCOUNT_SECURING, subject: account.id.to_string(), pending: None };
        let link = new.issue(conn, now, &mail.keys)?;
        let locale = account.mail_locale(mail);
        let when = (SessionWords::of(locale).security_notice.when, locale.zoned_date_time(&now));
        let letter = letters::made_admin(locale, link).with_facts(vec![when]);
        outbox::enqueue(conn, now, &account.email, &letter).map(|_| ())
    }
}

/// Takes the admin pages from an account, unless it is the last that has them.
///
/// # Errors
/// When a statement fails.
pub fn revoke(conn: &mut PgConnection, now: Timestamp, email: &EmailAddress) -> QueryResult<Revoked> {
    // Revocations run one after the other: of two at once, each could take the admin of the other for one who stays.
    last_admin::lock_all(conn)?;
    match User::find_by_email(conn, email)? {
        Some(admin) if admin.kind == AccountKind::Admin => {
            if last_admin::is_last(conn, &admin.id)? {
                return Ok(Revoked::LastAdmin);
            }
            let plain = (user::type_.eq(AccountKind::Employee.as_str()), user::updated_at.eq(now));
            diesel::update(user::table.find(admin.id.as_str())).set(plain).execute(conn)?;
            Session::end_all(conn, &admin.id)?;
            ApiKey::revoke_all_of(conn, now, &admin.id, &Actor::operator())?;
            Action::AdminRevoked.by(&Actor::operator(), &admin.id).record(conn, now)?;
            Ok(Revoked::Done)
        }
        _ => Ok(Revoked::NoAdmin),
    }
}

/// The command line asks for no name; the local part of the address is one that its owner recognizes. `admin` is the name of
/// the pages beside it in the heading of each page, so that the whole address stands there instead.
fn name_of(email: &EmailAddress) -> OrganizationName {
    let local = email.local_part();
    let known = if local.eq_ignore_ascii_case("admin") { email.as_str() } else { local };
    SingleLine::parse(known).unwrap_or_else(|_| SingleLine::from_known("Admin"))
}
