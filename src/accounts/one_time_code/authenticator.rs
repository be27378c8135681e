//! The app of an account: the row with its secret, and the codes that it makes.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;

use super::app_secret::AppSecret;
use super::recovery_code::RecoveryCode;
use super::trusted_device::TrustedDevice;
use crate::accounts::user::user::User;
use crate::schema::second_factor;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::values::secret_key::SecretKeys;
use crate::web::Subject;

/// An app that has just shown its first code.
#[derive(Clone, Debug)]
pub struct NewAuthenticator {
    /// Its secret, sealed.
    pub sealed: Vec<u8>,
    /// The step of that code, which works no more.
    pub step: i64,
    /// The recovery codes beside it.
    pub codes: Vec<RecoveryCode>,
}

impl NewAuthenticator {
    /// From now on a log-in to this account asks for a code. Lock the account first, and look that it has none.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn add(&self, conn: &mut PgConnection, now: Timestamp, owner: &UserId) -> QueryResult<()> {
        let row = (
            second_factor::user_id.eq(owner.as_str()),
            second_factor::sealed.eq(&self.sealed),
            second_factor::last_step.eq(self.step),
        );
        diesel::insert_into(second_factor::table).values(row).execute(conn)?;
        RecoveryCode::replace_all(conn, owner, &self.codes)?;
        User::set_second_factor(conn, owner, Some(now))
    }
}

/// Six digits that somebody typed.
#[derive(Clone, Copy)]
pub struct AppCode<'a> {
    /// Whose code it should be.
    pub owner: &'a UserId,
    /// The digits.
    pub digits: &'a str,
    /// Open the secret.
    pub keys: &'a SecretKeys,
}

impl AppCode<'_> {
    /// Uses the code up; false when it is none of the app's, or when it or a later one was used. Of many at once, on however
    /// many replicas, one succeeds: each waits for the row, and looks at it again. Seals the secret under the current key,
    /// if a former one opened it.
    ///
    /// # Errors
    /// When a statement fails, or the operating system has no random bytes.
    pub fn redeem(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        let Self { owner, digits, keys } = *self;
        let row = second_factor::table.find(owner.as_str());
        let sealed = row.select(second_factor::sealed).first::<Vec<u8>>(conn).optional()?;
        let Some(sealed) = sealed else { return Ok(false) };
        let Some((secret, is_of_former_key)) = AppSecret::open(keys, owner, &sealed) else {
            tracing::error!(user = %owner, "no SECRET_KEY opens the second factor of this account");
            return Ok(false);
        };
        let Some(step) = secret.step_of(digits, now) else { return Ok(false) };
        let sealed = if is_of_former_key { seal(&secret, keys, owner)? } else { sealed };
        let unused = row.filter(second_factor::last_step.lt(step));
        let used = (second_factor::last_step.eq(step), second_factor::sealed.eq(sealed));
        diesel::update(unused).set(used).execute(conn).map(|rows| rows == 1)
    }
}

/// What a form about the second factor changes.
#[must_use]
pub fn subject(owner: &UserId) -> Subject {
    Subject::new("second_factor", owner.as_str())
}

/// What a device has given a code of: this second factor of this account, until it is switched off.
#[must_use]
pub fn code_subject(owner: &User) -> String {
    let since = owner.second_factor_since.map(|since| since.timestamp_micros()).unwrap_or_default();
    format!("{} {since}", owner.id)
}

/// Removes the app and the recovery codes: a log-in asks for no code any more. False when there was none. Lock the account
/// first.
///
/// # Errors
/// When a statement fails.
pub fn remove(conn: &mut PgConnection, owner: &UserId) -> QueryResult<bool> {
    if diesel::delete(second_factor::table.find(owner.as_str())).execute(conn)? == 0 {
        return Ok(false);
    }
    RecoveryCode::remove_all(conn, owner)?;
    TrustedDevice::forget_all(conn, owner, None)?;
    User::set_second_factor(conn, owner, None)?;
    Ok(true)
}

fn seal(secret: &AppSecret, keys: &SecretKeys, owner: &UserId) -> QueryResult<Vec<u8>> {
    secret.seal(keys, owner).map_err(|error| QueryError::SerializationError(error.to_string().into()))
}
