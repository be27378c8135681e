//! What every handler may reach. It lives in the kit so that a room can name it without importing upwards.

use std::sync::Arc;

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use super::page::multipart::Space;
use super::protection::abuse_counters::AbuseCounters;
use super::protection::limits::Limits;
use super::visitor::viewer::Changes;
use crate::config::Config;
use crate::db::{Db, Hasher, ImageWorker};
use crate::values::clock::{Clock, Timestamp};
use crate::values::email_address::EmailAddress;
use crate::values::held::Held;
use crate::values::secret_key::SecretKeys;

/// Learns that an address was proved to be an account's, in the transaction in which it was.
pub type AddressProved = fn(&mut PgConnection, Timestamp, &EmailAddress) -> QueryResult<()>;

/// Erases what another room holds of addresses, whose owners' accounts are erased in the same transaction.
pub type AccountErased = fn(&mut PgConnection, Timestamp, &SecretKeys, &[String]) -> QueryResult<()>;

/// Tells what another room holds of addresses in small letters.
pub type WhatIsHeld = fn(&mut PgConnection, &[String]) -> QueryResult<Held>;

/// The application's shared parts. Clones share them.
#[derive(Clone, Debug)]
pub struct App {
    /// What the operator set.
    pub config: Arc<Config>,
    /// The gate to the database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Keys of cookies and links.
    pub keys: SecretKeys,
    /// Runs password hashes.
    pub hasher: Hasher,
    /// Decodes pictures.
    pub image_worker: ImageWorker,
    /// Where files are while they come in.
    pub space: Space,
    /// Counts requests.
    pub limits: Limits,
    /// Counts what the gates hold off.
    pub abuse_counters: AbuseCounters,
    /// Whose cached view must be read anew.
    pub changes: Changes,
    /// Tells the other rooms of an address that was proved.
    pub address_proved: AddressProved,
    /// Asks the other rooms what they hold of an address.
    pub what_is_held: WhatIsHeld,
}
