//! The application's shared parts, which every handler may use. They are defined here, below the rooms that use them.

use std::sync::Arc;

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use super::lifecycle::Lifecycle;
use super::metrics::metrics::Metrics;
use super::page::upload_memory::UploadMemory;
use super::protection::abuse_counters::AbuseCounters;
use super::protection::limits::Limits;
use super::protection::network_shares::NetworkShares;
use super::submission::turns::Turns;
use super::visitor::viewer_cache::ViewerCache;
use crate::config::Config;
use crate::db::{Db, ImageWorker, PasswordHasher, Standby};
use crate::values::clock::{Clock, Timestamp};
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::locale::Locale;
use crate::values::personal_data::PersonalData;
use crate::values::secret_key::SecretKeys;
use crate::web::waitlist_place::WaitlistPlace;

/// A hook that is called when an address is verified as an account's, in the same transaction.
pub type AddressProved = fn(&mut PgConnection, Timestamp, &EmailAddress) -> QueryResult<()>;

/// Keeps the language that the owner of an account chose.
pub type LanguageChosen = fn(&mut PgConnection, &UserId, Locale) -> QueryResult<()>;

/// Erases what another room holds of addresses, whose owners' accounts are erased in the same transaction.
pub type AccountErased = fn(&mut PgConnection, Timestamp, &SecretKeys, &[String]) -> QueryResult<()>;

/// Tells which of these addresses another room holds anything of, in lower case.
pub type HeldAddresses = fn(&mut PgConnection, &[String]) -> QueryResult<Vec<String>>;

/// Removes addresses that have no owner any more from what another room says of them.
pub type NamesForgotten = fn(&mut PgConnection, &[String]) -> QueryResult<()>;

/// Finds what another room holds of addresses, which are in lower case.
pub type WhatIsHeld = fn(&mut PgConnection, &[String]) -> QueryResult<PersonalData>;

/// Finds what another room tells of the place that an address has on the waitlist.
pub type PlaceOfAddress = fn(&mut PgConnection, Timestamp, &EmailAddress) -> QueryResult<Option<WaitlistPlace>>;

/// Tells which of these addresses, as they are given, another room has an account for whose address is verified.
pub type VerifiedAddresses = fn(&mut PgConnection, &[String]) -> QueryResult<Vec<String>>;

/// The application's shared parts. Clones share them.
#[derive(Clone, Debug)]
pub struct App {
    /// What the operator set.
    pub config: Arc<Config>,
    /// The database.
    pub db: Db,
    /// The standby of the database, if there is one, for lists.
    pub standby: Standby,
    /// The clock.
    pub clock: Clock,
    /// Keys of cookies and links.
    pub keys: SecretKeys,
    /// Runs password hashes.
    pub hasher: PasswordHasher,
    /// Decodes pictures.
    pub image_worker: ImageWorker,
    /// Bounds the memory of files that arrive.
    pub upload_memory: UploadMemory,
    /// Limits how often something may be asked.
    pub limits: Limits,
    /// How many requests one client network may have in hand.
    pub shares: NetworkShares,
    /// How many password hashes one client network may have under way or waiting.
    pub hash_shares: NetworkShares,
    /// Counts refused requests, and those that look like a program's.
    pub abuse_counters: AbuseCounters,
    /// Equal submissions that arrived at once, of which each waits for the one before it.
    pub turns: Turns,
    /// Which cached viewers are still valid.
    pub viewer_cache: ViewerCache,
    /// Whether the process has started or is about to stop.
    pub lifecycle: Lifecycle,
    /// Counts what the process does.
    pub metrics: Metrics,
    /// Lets the waitlist know of an address that was verified.
    pub address_proved: AddressProved,
    /// Tells which addresses have an account.
    pub verified_addresses: VerifiedAddresses,
    /// Lets the accounts know of the language that somebody who is signed in chose.
    pub language_chosen: LanguageChosen,
    /// Finds what the other rooms hold of an address.
    pub what_is_held: WhatIsHeld,
    /// Finds the place on the waitlist for the account page.
    pub place_of_address: PlaceOfAddress,
}

impl App {
    /// Whether mail goes to the development mailbox. Never in production: whoever reaches its pages reads every mail.
    #[must_use]
    pub fn has_mailbox(&self) -> bool {
        self.config.smtp_url.is_none() && !self.config.is_production()
    }

    /// The time by which replicas compare what they wrote with each other's, whose clocks may differ: the database's, or
    /// this machine's until that is known.
    #[must_use]
    pub fn shared_time(&self) -> Timestamp {
        self.viewer_cache.known_time().unwrap_or_else(|| self.clock.now())
    }
}
