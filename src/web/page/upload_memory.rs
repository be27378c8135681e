//! The memory that all files which arrive at the same time may take together.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::db;
use crate::web::error::Error;

/// Bytes that the files of all requests may take together.
const BYTES: usize = 64 * 1024 * 1024;

/// A bound on the memory of files that arrive: however many people send one, together they get no more than this. Only
/// bytes that have arrived count, so that a slow sender keeps nobody else out. Clones share the bound.
#[derive(Clone, Debug)]
pub struct UploadMemory(Arc<Semaphore>);

impl UploadMemory {
    /// With nothing reserved.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(BYTES)))
    }

    /// A reservation for one request, which begins with no bytes.
    pub(super) fn reservation(self) -> Reservation {
        Reservation { memory: self.0, permit: None }
    }
}

impl Default for UploadMemory {
    fn default() -> Self {
        Self::new()
    }
}

/// The bytes that one request has reserved; dropping it gives them back.
#[derive(Debug)]
pub(super) struct Reservation {
    memory: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Reservation {
    /// Reserves more bytes.
    ///
    /// # Errors
    /// Unavailable, when other requests have reserved the rest.
    pub(super) fn grow(&mut self, bytes: usize) -> Result<(), Error> {
        let more = u32::try_from(bytes).ok().and_then(|b| Arc::clone(&self.memory).try_acquire_many_owned(b).ok());
        let more = more.ok_or(Error::Unavailable(db::Error::Busy(db::Queue::Uploads).into()))?;
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            none => *none = Some(more),
        }
        Ok(())
    }
}
