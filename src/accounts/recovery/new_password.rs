//! A new password: set by the link of a mail, or by somebody who has just given the old one.

use std::sync::Arc;

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::other_ways_in::OtherWaysIn;
use super::reset_link;
use super::revocation::end_links;
use crate::accounts::session::log_in::prove_code::CountedCode;
use crate::accounts::session::reauthenticated::{Reauthenticated, Renewed};
use crate::accounts::session::security_notice::{NoticeKind, NoticeMail, SecurityNotice};
use crate::accounts::session::session::Session;
use crate::accounts::session::sign_up_by_link::{SignUpByLink, UnclaimedAddress};
use crate::accounts::user::link_purposes::{EMAIL_CHANGE, EMAIL_VERIFICATION, PASSWORD_RESET};
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::unverified;
use crate::accounts::user::user::identity::Identity;
use crate::accounts::user::user::way_in::WayIn;
use crate::accounts::user::user::{CREDENTIAL, User};
use crate::audit::event::{Action, Actor};
use crate::config::Config;
use crate::db::sliding_window::{self, Window};
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::locale::Locale;
use crate::values::secret_token::SecretToken;
use crate::values::single_line::{OrganizationName, Profession};
use crate::web::visitor::client::Client;
use crate::web::{Subject, Submission};

/// Who the owner of an account is.
#[derive(Clone, Debug)]
pub struct OwnerDetails {
    /// What the account is for.
    pub kind: AccountKind,
    /// The name.
    pub name: OrganizationName,
    /// The profession; organizations may give none.
    pub profession: Option<Profession>,
}

/// The outcome of a [`PasswordReset`].
#[derive(Clone, Debug)]
pub enum ResetOutcome {
    /// This account has the new password, and what else opens it.
    Done(Box<User>, OtherWaysIn),
    /// The link works no more.
    Gone,
    /// The code does not work. The link still does.
    WrongCode,
}

/// A new password, and the link that lets it be set.
#[derive(Clone, Debug)]
pub struct PasswordReset {
    /// The link's token.
    pub token: SecretToken,
    /// The new password's hash.
    pub password: PasswordHash,
    /// Who sets it.
    pub client: Client,
    /// Who they are, in place of what a sign-up said that nobody verified.
    pub owner: Option<OwnerDetails>,
    /// The code of the second factor, where the account has one.
    pub(super) code: CountedCode,
    /// The failed log-ins that count no longer.
    pub failures: Vec<Window>,
    /// Names the providers.
    pub config: Arc<Config>,
}

impl PasswordReset {
    /// Sets the password and uses the link up, once however many try. Whoever opened the link reads the mailbox, so the
    /// address counts as verified; what opened the account before that ends. Every session ends, and every other link that
    /// could open the account. A second factor stays, and its code is used up: the mailbox alone does not open an account
    /// that asks for more.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn save(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<ResetOutcome> {
        match self.redeem_code(conn, now)? {
            None => return Ok(ResetOutcome::Gone),
            Some(false) => return Ok(ResetOutcome::WrongCode),
            Some(true) => {}
        }
        let Some(mut user) = reset_link::redeem(conn, now, &self.token)? else { return Ok(ResetOutcome::Gone) };
        let other_ways_in = OtherWaysIn::of(conn, &user, &self.config)?;
        let actor = Actor::new(&user.id, &self.client);
        match &self.owner {
            Some(owner) if unverified::is_only_sign_up(conn, &user)? => {
                let (email, unproved) = (user.email.clone(), Some(user.id.clone()));
                user.locale = Some(mail.locale);
                self.sign_up(owner, mail.locale).open(conn, now, UnclaimedAddress { email, unproved })?;
            }
            _ => {
                user.set_password(conn, now, &self.password)?;
                if unverified::mark_verified(conn, now, &user.id)? {
                    // Anybody may have connected a provider before the address was proved (CVE-2026-53516).
                    Identity::disconnect_all(conn, now, &user.id, &actor)?;
                }
                end_links(conn, &user.id, &[EMAIL_VERIFICATION])?;
            }
        }
        Submission::forget(conn, &[Subject::new(CREDENTIAL, user.id.as_str())])?;
        end_links(conn, &user.id, &[EMAIL_CHANGE, PASSWORD_RESET])?;
        Session::end_all(conn, &user.id)?;
        sliding_window::clear(conn, &self.failures)?;
        Action::PasswordReset.by(&actor, &user.id).record(conn, now)?;
        let notice = SecurityNotice { kind: NoticeKind::PasswordChanged, user: &user, client: &self.client };
        let more = other_ways_in.facts(user.mail_locale(mail));
        notice.send_with(conn, now, NoticeMail { mail, more })?;
        Ok(ResetOutcome::Done(Box::new(user), other_ways_in))
    }

    /// Uses the code up, where the account asks for one; false when it does not work. Nothing when the link does not: of two
    /// at once, the second finds it used, and loses no code to it.
    fn redeem_code(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<bool>> {
        let Some(found) = reset_link::find_user(conn, now, &self.token)? else { return Ok(None) };
        found.lock(conn)?;
        let Some(user) = reset_link::find_user(conn, now, &self.token)? else { return Ok(None) };
        Ok(Some(self.code.is_asked_by(&user) && self.code.redeem(conn, now)?))
    }

    fn sign_up(&self, owner: &OwnerDetails, locale: Locale) -> SignUpByLink {
        let (Self { password, client, .. }, OwnerDetails { kind, name, profession }) = (self.clone(), owner.clone());
        SignUpByLink { kind, name, profession, way_in: WayIn::Password(password), locale, client }
    }
}

/// A new password of somebody who has just given the old one.
#[derive(Clone, Debug)]
pub struct PasswordChange {
    /// Who changes it.
    pub owner: Reauthenticated,
    /// The new password's hash.
    pub password: PasswordHash,
    /// Names the providers.
    pub config: Arc<Config>,
}

impl PasswordChange {
    /// Sets the password. Every other session ends, and so do the links that somebody who knew the old password may
    /// have asked for. The mail names what else opens the account.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn save(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<Renewed> {
        let Reauthenticated { user, session, client, .. } = &self.owner;
        let renewed = self.owner.renew(conn, now)?;
        if renewed != Renewed::Done {
            return Ok(renewed);
        }
        user.set_password(conn, now, &self.password)?;
        end_links(conn, &user.id, &[EMAIL_CHANGE, PASSWORD_RESET])?;
        Session::end_others(conn, &user.id, session)?;
        Action::PasswordChanged.by(&Actor::new(&user.id, client), &user.id).record(conn, now)?;
        let notice = SecurityNotice { kind: NoticeKind::PasswordChanged, user, client };
        let more = OtherWaysIn::of(conn, user, &self.config)?.facts(user.mail_locale(mail));
        notice.send_with(conn, now, NoticeMail { mail, more })?;
        Ok(renewed)
    }
}
