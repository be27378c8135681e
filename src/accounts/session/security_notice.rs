//! Telling an owner by mail what happened to the account, with a way to secure it.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::device_name::device_name;
use crate::accounts::user::letters;
use crate::accounts::user::user::Stationery;
use crate::accounts::words::Words;
use crate::mail::link::{NewLink, Purpose};
use crate::mail::outbox;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::locale::Locale;
use crate::web::visitor::client::Client;

/// The link of a notice: ends every session and starts a reset.
pub const ACCOUNT_SECURING: Purpose = Purpose { name: "account-securing", lasts: TimeDelta::days(7) };

/// What the owner is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A device signed in for the first time.
    NewDevice,
    /// The password has changed.
    PasswordChanged,
}

/// A notice to the owner of an account.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// What happened.
    pub what: What,
    /// To which account.
    pub user: &'a UserId,
    /// Its address.
    pub to: &'a EmailAddress,
    /// Where it was done from.
    pub client: &'a Client,
}

impl Notice<'_> {
    /// Queues the mail, in the transaction of what it tells about.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn send(&self, conn: &mut PgConnection, now: Timestamp, stationery: &Stationery) -> QueryResult<()> {
        let new = NewLink { purpose: ACCOUNT_SECURING, subject: self.user.to_string(), pending: None };
        let link = new.issue(conn, now, &stationery.keys)?;
        let letter = match self.what {
            What::NewDevice => letters::new_device(stationery.locale, link),
            What::PasswordChanged => letters::password_changed(stationery.locale, link),
        };
        let letter = letter.saying(facts(stationery.locale, now, self.client));
        outbox::enqueue(conn, now, self.to, &letter).map(|_| ())
    }
}

/// When, on what device, and from which address.
#[must_use]
pub fn facts(locale: Locale, now: Timestamp, client: &Client) -> Vec<(&'static str, String)> {
    let t = Words::of(locale);
    vec![
        (t.notice.when, locale.date_time(&now)),
        (t.notice.device, device_name(Some(&client.user_agent), &t.sessions)),
        (t.notice.address, client.address.to_string()),
    ]
}
