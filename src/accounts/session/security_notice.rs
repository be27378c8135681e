//! The notice that tells an owner by mail what happened to the account, with a link that secures it.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::letters;
use super::words::Words;
use super::words::device_name::device_name;
use crate::accounts::user::link_purposes::ACCOUNT_SECURING;
use crate::accounts::user::user::User;
use crate::db::sliding_window::{self, Window};
use crate::mail::link::{Link, NewLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::values::locale::Locale;
use crate::web::protection::limits::{self, Limits, Rule};
use crate::web::visitor::client::Client;

/// In what a link keeps: since when the second factor is on of which its notice tells.
pub const SECOND_FACTOR_SINCE: &str = "second_factor_since";
/// How long such a link removes that second factor. The mail says it.
const REMOVES_SECOND_FACTOR: TimeDelta = TimeDelta::hours(24);

/// What happened to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// A device signed in for the first time.
    NewDevice,
    /// So many did within a day that no more mails tell of one.
    ManyNewDevices,
    /// The password has changed.
    PasswordChanged,
    /// A second factor was switched on.
    SecondFactorOn,
    /// The same, soon after a device logged in for the first time.
    SecondFactorOnAfterNewDevice,
    /// Another app makes its codes.
    SecondFactorMoved,
    /// It was switched off.
    SecondFactorOff,
    /// It has new recovery codes.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// Somebody gave several codes that do not work.
    WrongCodes,
}

/// A notice to the owner of an account.
#[derive(Clone, Copy, Debug)]
pub struct SecurityNotice<'a> {
    /// What happened.
    pub kind: NoticeKind,
    /// Whose account it happened to.
    pub user: &'a User,
    /// From where it was done.
    pub client: &'a Client,
}

/// How a notice is written, and what it tells beside what happened.
#[derive(Clone, Debug)]
pub struct NoticeMail<'a> {
    /// The language and the keys.
    pub mail: &'a MailContext,
    /// Names and values. Nothing that a stranger typed may be among them.
    pub more: Vec<(&'static str, String)>,
}

impl SecurityNotice<'_> {
    /// Queues the mail, in the transaction of the change that it reports.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn send(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<()> {
        self.send_with(conn, now, NoticeMail { mail, more: Vec::new() })
    }

    /// The same mail with more in it.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn send_with(&self, conn: &mut PgConnection, now: Timestamp, written: NoticeMail<'_>) -> QueryResult<()> {
        let NoticeMail { mail, more } = written;
        let new = NewLink { purpose: ACCOUNT_SECURING, subject: self.user.id.to_string(), pending: self.pending(now) };
        let link = new.issue(conn, now, &mail.keys)?;
        let locale = self.user.mail_locale(mail);
        let letter = match self.kind {
            NoticeKind::NewDevice => letters::new_device(locale, link),
            NoticeKind::ManyNewDevices => letters::many_new_devices(locale, link),
            NoticeKind::PasswordChanged => letters::password_changed(locale, link),
            NoticeKind::SecondFactorOn => letters::second_factor_on(locale, link),
            NoticeKind::SecondFactorOnAfterNewDevice => letters::second_factor_on_after_new_device(locale, link),
            NoticeKind::SecondFactorMoved => letters::second_factor_moved(locale, link),
            NoticeKind::SecondFactorOff => letters::second_factor_off(locale, link),
            NoticeKind::RecoveryCodesMade => letters::recovery_codes_made(locale, link),
            NoticeKind::RecoveryCodeUsed => letters::recovery_code_used(locale, link),
            NoticeKind::WrongCodes => letters::wrong_codes(locale, link),
        };
        let letter = letter.with_facts([facts(locale, now, self.client), more].concat());
        outbox::enqueue(conn, now, &self.user.email, &letter).map(|_| ())
    }

    fn pending(&self, now: Timestamp) -> Option<Value> {
        (self.kind == NoticeKind::SecondFactorOnAfterNewDevice)
            .then(|| json!({ SECOND_FACTOR_SINCE: self.user.second_factor_since.unwrap_or(now).timestamp_micros() }))
    }
}

/// The counts of the mails that tell of new devices. Without limits there are none.
#[derive(Clone, Debug)]
pub(super) struct NewDeviceNotices {
    each: Vec<Window>,
    last: Vec<Window>,
}

impl NewDeviceNotices {
    /// Those of this account.
    pub(super) fn of(limits: &Limits, user: &UserId) -> Self {
        let windows = |rule: Rule| limits.provisional(&[rule.for_user(user)]);
        Self { each: windows(limits::NEW_DEVICE_NOTICES), last: windows(limits::LAST_NEW_DEVICE_NOTICES) }
    }

    /// What is told of one more; nothing where enough was told today. What matters among those mails must be found.
    pub(super) fn next(&self, conn: &mut PgConnection) -> QueryResult<Option<NoticeKind>> {
        if self.each.is_empty() || sliding_window::hit(conn, &self.each)?.is_empty() {
            return Ok(Some(NoticeKind::NewDevice));
        }
        let is_last = sliding_window::hit(conn, &self.last)?.is_empty();
        Ok(is_last.then_some(NoticeKind::ManyNewDevices))
    }
}

/// Whether a notice told the owner of the second factor that the account has now, and of a new device before, and its link
/// still works. Then the link of every notice removes it, for a day: whoever else switched it on would keep the owner out,
/// and all of them are in the same mailbox. Not that of an admin: whoever reads the mailbox of an owner could remove the
/// owner's by it.
///
/// # Errors
/// When the statement fails.
pub fn removes_second_factor(conn: &mut PgConnection, user: &User, now: Timestamp) -> QueryResult<bool> {
    let Some(since) = user.second_factor_since.filter(|since| now < *since + REMOVES_SECOND_FACTOR) else {
        return Ok(false);
    };
    let told = Link::all_of(conn, ACCOUNT_SECURING, user.id.as_str())?;
    let tells = |link: &Link| link.expires_at > now && told_second_factor(link) == Some(since.timestamp_micros());
    Ok(user.kind != AccountKind::Admin && told.iter().any(tells))
}

/// Since when the second factor is on of which the mail of this link tells, in microseconds since 1970.
#[must_use]
pub fn told_second_factor(link: &Link) -> Option<i64> {
    link.pending.as_ref()?.get(SECOND_FACTOR_SINCE)?.as_i64()
}

/// When, on what device, and from which address.
#[must_use]
pub fn facts(locale: Locale, now: Timestamp, client: &Client) -> Vec<(&'static str, String)> {
    let t = &Words::of(locale).security_notice;
    vec![
        (t.when, locale.zoned_date_time(&now)),
        (t.device, device_name(Some(&client.user_agent), locale)),
        (t.address, client.address.to_string()),
    ]
}
