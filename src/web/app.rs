//! What every handler may reach. It lives in the kit so that a room can name it without importing upwards.

use std::sync::Arc;

use super::limits::Limits;
use super::multipart::Space;
use super::viewer::Changes;
use crate::config::Config;
use crate::db::{Db, Hasher, Workbench};
use crate::values::clock::Clock;
use crate::values::secret_key::SecretKeys;

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
    pub workbench: Workbench,
    /// Where files are while they come in.
    pub space: Space,
    /// Counts requests.
    pub limits: Limits,
    /// Whose cached view must be read anew.
    pub changes: Changes,
}
