//! The devices on which an owner does not want to be asked for a code.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::user::User;
use crate::db::BATCH;
use crate::schema::trusted_device;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::web::retention;
use crate::web::visitor::client::Client;

/// Devices that are listed at most.
const MOST_LISTED: i64 = 100;

/// A device of an account, as its owner sees it.
#[derive(Clone, Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = trusted_device, check_for_backend(Pg))]
pub struct TrustedDevice {
    /// From where it was trusted.
    pub ip_address: String,
    /// Its browser.
    pub user_agent: String,
    /// Since when no code is asked for on it.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A device that is trusted from now on.
#[derive(Clone, Copy, Debug)]
pub struct NewTrust<'a> {
    /// With whose account.
    pub owner: &'a User,
    /// The hash of its name.
    pub device: &'a str,
    /// Where it is.
    pub client: &'a Client,
}

impl NewTrust<'_> {
    /// Trusts it with the account as it is. Lock the account first.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn add(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
        let Self { owner, device, client } = *self;
        let row = (
            trusted_device::user_id.eq(owner.id.as_str()),
            trusted_device::device.eq(device),
            trusted_device::seal.eq(seal(owner)),
            trusted_device::ip_address.eq(client.address.to_string()),
            trusted_device::user_agent.eq(&client.user_agent),
            trusted_device::created_at.eq(now),
            trusted_device::expires_at.eq(now + retention::TRUSTED_DEVICE),
        );
        diesel::delete(trusted_device::table.find((owner.id.as_str(), device))).execute(conn)?;
        diesel::insert_into(trusted_device::table).values(row).execute(conn).map(|_| ())
    }
}

impl TrustedDevice {
    /// Whether no code is asked for on this device, by the hash of its name: its time is not over, and neither the password nor
    /// the second factor is another one since.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn is_trusted(conn: &mut PgConnection, now: Timestamp, owner: &User, device: &str) -> QueryResult<bool> {
        let row = trusted_device::table.find((owner.id.as_str(), device));
        let row = row.filter(trusted_device::seal.eq(seal(owner)).and(trusted_device::expires_at.gt(now)));
        diesel::select(diesel::dsl::exists(row)).get_result(conn)
    }

    /// The devices stay trusted when the password is the same and only its hash is another: such as one with newer parameters.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn keep_for_hash(conn: &mut PgConnection, owner: &User, hash: &PasswordHash) -> QueryResult<usize> {
        let own = trusted_device::table.filter(trusted_device::user_id.eq(owner.id.as_str()));
        let after = User { password: Some(hash.clone()), ..owner.clone() };
        let sealed = own.filter(trusted_device::seal.eq(seal(owner)));
        diesel::update(sealed).set(trusted_device::seal.eq(seal(&after))).execute(conn)
    }

    /// Those of this account, the newest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn list(conn: &mut PgConnection, now: Timestamp, owner: &User) -> QueryResult<Vec<Self>> {
        let own = trusted_device::table.filter(trusted_device::user_id.eq(owner.id.as_str()));
        let own = own.filter(trusted_device::seal.eq(seal(owner)).and(trusted_device::expires_at.gt(now)));
        own.order(trusted_device::created_at.desc()).select(Self::as_select()).limit(MOST_LISTED).load(conn)
    }

    /// All that is held of this account, those included that count no more, at most so many.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn list_all(conn: &mut PgConnection, owner: &UserId, most: i64) -> QueryResult<Vec<Self>> {
        let own = trusted_device::table.filter(trusted_device::user_id.eq(owner.as_str()));
        own.order(trusted_device::created_at).select(Self::as_select()).limit(most).load(conn)
    }

    /// Asks for a code on every device again, but on the one of this name's hash, if it is given; returns how many there were.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn forget_all(conn: &mut PgConnection, owner: &UserId, but: Option<&str>) -> QueryResult<usize> {
        let own = trusted_device::table.filter(trusted_device::user_id.eq(owner.as_str()));
        diesel::delete(own.filter(trusted_device::device.ne(but.unwrap_or_default()))).execute(conn)
    }

    /// Deletes those whose time is over, a batch at a time.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
        let over = trusted_device::table.filter(trusted_device::expires_at.lt(now));
        let over = over.select((trusted_device::user_id, trusted_device::device)).limit(BATCH);
        let batch: Vec<(String, String)> = over.load(conn)?;
        batch.iter().try_fold(0, |sum, (owner, device)| {
            let row = trusted_device::table.find((owner, device)).filter(trusted_device::expires_at.lt(now));
            Ok(sum + diesel::delete(row).execute(conn)?)
        })
    }
}

/// What a device is trusted with: this account with this password and this second factor. So a new password ends it, and so
/// does switching the second factor off.
fn seal(owner: &User) -> String {
    let since = owner.second_factor_since.map(|since| since.timestamp_micros()).unwrap_or_default();
    let password = owner.password.as_ref().map(PasswordHash::as_str).unwrap_or_default();
    hex::encode(Sha256::digest(format!("{} {since} {password}", owner.id)))
}
