//! Removing the second factor of somebody who lost the app and the recovery codes: by an admin, or by the operator.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::one_time_code::authenticator;
use crate::accounts::session::letters;
use crate::accounts::session::words::Words;
use crate::accounts::user::link_purposes::ACCOUNT_SECURING;
use crate::accounts::user::user::User;
use crate::accounts::user::viewer_change;
use crate::audit::event::{Action, Actor};
use crate::mail::link::NewLink;
use crate::mail::mail_context::MailContext;
use crate::mail::outbox;
use crate::values::clock::Timestamp;
use crate::web::Submission;

/// A removal that somebody else than the owner wants.
#[derive(Clone, Copy, Debug)]
pub struct Removal<'a> {
    /// Who wants it.
    pub actor: &'a Actor,
    /// Whose second factor goes.
    pub user: &'a User,
    /// For the notice.
    pub mail: &'a MailContext,
}

impl Removal<'_> {
    /// Removes it and tells the owner by mail; not from where, which is the address of somebody else. Sessions go on: they
    /// were started with it. False when there was none.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn apply(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        let Self { actor, user, mail } = *self;
        user.lock(conn)?;
        if !authenticator::remove(conn, &user.id)? {
            return Ok(false);
        }
        Submission::forget(conn, &[authenticator::subject(&user.id)])?;
        viewer_change::record(conn, &user.id)?;
        Action::SecondFactorRemoved.by(actor, &user.id).record(conn, now)?;
        let new = NewLink { purpose: ACCOUNT_SECURING, subject: user.id.to_string(), pending: None };
        let (link, locale) = (new.issue(conn, now, &mail.keys)?, user.mail_locale(mail));
        let letter = letters::second_factor_removed(locale, link);
        let letter = letter.with_facts(vec![(Words::of(locale).security_notice.when, locale.zoned_date_time(&now))]);
        outbox::enqueue(conn, now, &user.email, &letter)?;
        Ok(true)
    }
}
