//! Whether somebody else than the owner may have switched a second factor on: a device that is new to the account.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use crate::accounts::user::link_purposes::ACCOUNT_SECURING;
use crate::accounts::user::user::User;
use crate::audit::account_history::AccountEvent;
use crate::audit::event::Action;
use crate::values::clock::Timestamp;

/// Events that are looked through at most.
const MOST: i64 = 200;
/// The first device of an account younger than this is its owner's.
const NEW_ACCOUNT: TimeDelta = TimeDelta::days(1);

/// Whether a device logged in for the first time while the notice that told of it still works. The device that signed up is
/// none: its owner has just proved the mailbox.
pub(super) fn logged_in_lately(conn: &mut PgConnection, now: Timestamp, owner: &User) -> QueryResult<bool> {
    let mut log_ins = AccountEvent::recent(conn, &owner.id, MOST)?;
    log_ins.retain(|event| matches!(event.action(), Some(Action::LoggedIn | Action::LoggedInFromNewDevice)));
    let first = log_ins.last().map(|event| event.happened_at);
    Ok(log_ins.iter().any(|event| {
        let is_of_sign_up = Some(event.happened_at) == first && event.happened_at <= owner.created_at + NEW_ACCOUNT;
        let is_lately = event.happened_at + ACCOUNT_SECURING.lasts > now;
        event.action() == Some(Action::LoggedInFromNewDevice) && is_lately && !is_of_sign_up
    }))
}
