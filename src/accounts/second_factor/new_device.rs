//! Whether somebody else than the owner may have switched a second factor on: a device that is new to the account.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use crate::accounts::user::link_purposes::ACCOUNT_SECURING;
use crate::accounts::user::user::User;
use crate::audit::account_history::LogIns;
use crate::values::clock::Timestamp;

/// The first device of an account younger than this is its owner's.
const NEW_ACCOUNT: TimeDelta = TimeDelta::days(1);

/// Whether a device logged in for the first time while the notice that told of it still works. The device that signed up is
/// none: its owner has just proved the mailbox.
pub(super) fn logged_in_lately(conn: &mut PgConnection, now: Timestamp, owner: &User) -> QueryResult<bool> {
    let LogIns { first, last_on_new_device } = LogIns::of(conn, &owner.id)?;
    let Some(last) = last_on_new_device else { return Ok(false) };
    let is_of_sign_up = Some(last) == first && last <= owner.created_at + NEW_ACCOUNT;
    Ok(last + ACCOUNT_SECURING.lasts > now && !is_of_sign_up)
}
