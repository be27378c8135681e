//! Admins, as the command line makes and unmakes them.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::session::session::Session;
use crate::accounts::user::last_admin;
use crate::accounts::user::link_purposes::EMAIL_VERIFICATION;
use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::user::User;
use crate::audit::event::{Action, Actor};
use crate::mail::link::Link;
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::single_line::{OrganizationName, SingleLine};

/// The outcome of making an admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// It is new.
    New,
    /// It existed, and is an admin's now, with the new password; its sessions have ended.
    Promoted,
}

/// The outcome of revoking an admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// The account stays, as an employee's; its sessions have ended.
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
    Ok(last_admin::count(conn)? > 0)
}

/// Makes an account an admin's, with a verified address.
///
/// # Errors
/// When a statement fails.
pub fn create(
    conn: &mut PgConnection,
    now: Timestamp,
    email: &EmailAddress,
    password: &PasswordHash,
) -> QueryResult<Made> {
    let Some(existing) = User::find_by_email(conn, email)? else {
        let new = NewUser {
            kind: AccountKind::Admin,
            name: name_of(email),
            email: email.clone(),
            profession: None,
            password: password.clone(),
        };
        if let Some(user) = new.insert_verified(conn, now)? {
            Action::MadeAdmin.by(&Actor::operator(), &user.id).record(conn, now)?;
        }
        return Ok(Made::New);
    };
    let promoted = (
        user::type_.eq(AccountKind::Admin.as_str()),
        user::is_email_verified.eq(true),
        user::verification_token.eq(None::<String>),
        user::is_active.eq(true),
        user::purge_at.eq(None::<Timestamp>),
        user::updated_at.eq(now),
    );
    // A sign-up that still waits for its link would take the admin's password and pages away again.
    Link::end_all(conn, EMAIL_VERIFICATION, existing.id.as_str())?;
    diesel::update(user::table.find(existing.id.as_str())).set(promoted).execute(conn)?;
    existing.set_password(conn, now, password)?;
    Session::end_all(conn, &existing.id)?;
    Action::MadeAdmin.by(&Actor::operator(), &existing.id).record(conn, now)?;
    Ok(Made::Promoted)
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
            if admin.is_active && admin.purge_at.is_none() && last_admin::count(conn)? <= 1 {
                return Ok(Revoked::LastAdmin);
            }
            let plain = (user::type_.eq(AccountKind::Employee.as_str()), user::updated_at.eq(now));
            diesel::update(user::table.find(admin.id.as_str())).set(plain).execute(conn)?;
            Session::end_all(conn, &admin.id)?;
            Action::AdminRevoked.by(&Actor::operator(), &admin.id).record(conn, now)?;
            Ok(Revoked::Done)
        }
        _ => Ok(Revoked::NoAdmin),
    }
}

/// The command line asks for no name; the local part of the address is one that its owner recognizes.
fn name_of(email: &EmailAddress) -> OrganizationName {
    SingleLine::parse(email.local_part()).unwrap_or_else(|_| SingleLine::from_known("Admin"))
}
