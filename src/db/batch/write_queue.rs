//! A queue of what many requests want to write. While transactions run, the next batch gathers, so that the cost of a
//! transaction is shared by all who arrived meanwhile; whoever is alone waits for nobody.

use std::sync::Arc;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::db::connection_pool::DEADLINE;
use crate::db::error::{Error, Queue};

/// Items of a batch at most: few enough that a transaction stays short, and more gain little.
pub const MOST_TOGETHER: usize = 32;
/// Batches that are written at the same time: while one waits for the disk, the other is put together. A third gains nothing.
pub const AT_ONCE: usize = 2;
/// Items that wait or are being written at most; the next one is refused at once. A database that keeps up has written
/// that many within a second.
pub const MOST_WAITING: u32 = 1_024;

/// A queue of items, each with its answer. Clones share it.
#[derive(Debug)]
pub struct WriteQueue<Item, Reply> {
    name: Queue,
    sender: mpsc::UnboundedSender<Waiting<Item, Reply>>,
    /// Bounds the channel, and what was taken out of it and has no answer yet.
    places: Arc<Semaphore>,
}

/// An item that waits to be written.
#[derive(Debug)]
pub struct Waiting<Item, Reply> {
    /// What to write.
    pub item: Item,
    /// Who waits for it.
    pub answer: Answer<Reply>,
}

/// The way back to whoever waits. One that is dropped unsent tells that the write failed.
#[derive(Debug)]
pub struct Answer<Reply> {
    sender: oneshot::Sender<Result<Reply, Error>>,
    _place: OwnedSemaphorePermit,
}

impl<Reply> Answer<Reply> {
    /// Sends it, once what it says is committed. Whoever went away meanwhile does not get it.
    pub fn send(self, reply: Result<Reply, Error>) {
        let _ = self.sender.send(reply);
    }
}

impl<Item: Send + 'static, Reply: Send + 'static> WriteQueue<Item, Reply> {
    /// Starts the tasks that hand one batch after the other to `write`, which answers each item. `name` is what those are told
    /// by who find no place in it.
    #[must_use]
    pub fn start<Written>(
        name: Queue,
        write: impl Fn(Vec<Waiting<Item, Reply>>) -> Written + Send + Sync + 'static,
    ) -> Self
    where
        Written: Future<Output = ()> + Send + 'static,
    {
        let (sender, receiver) = mpsc::unbounded_channel();
        let (receiver, write) = (Arc::new(Mutex::new(receiver)), Arc::new(write));
        for _ in 0..AT_ONCE {
            tokio::spawn(write_batches(Arc::clone(&receiver), Arc::clone(&write)));
        }
        Self { name, sender, places: Arc::new(Semaphore::new(MOST_WAITING as usize)) }
    }

    /// Waits until the item is written. It belongs to the queue: it is written even if the caller goes away.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait already, [`Error::Unavailable`] when there is no answer in time, and those of
    /// the write.
    pub async fn write(&self, item: Item) -> Result<Reply, Error> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Error::Busy(self.name))?;
        let (sender, reply) = oneshot::channel();
        let answer = Answer { sender, _place: place };
        self.sender.send(Waiting { item, answer }).map_err(|_| Error::Busy(self.name))?;
        match tokio::time::timeout(DEADLINE, reply).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(_)) => Err(Error::Unavailable("the write ended without an answer".to_owned())),
            Err(_) => Err(Error::Unavailable("no answer in time".to_owned())),
        }
    }

    /// Waits until everything in the queue is answered, but not longer than for one answer.
    pub async fn drain(&self) {
        let _ = tokio::time::timeout(DEADLINE, self.places.acquire_many(MOST_WAITING)).await;
    }
}

impl<Item, Reply> Clone for WriteQueue<Item, Reply> {
    fn clone(&self) -> Self {
        Self { name: self.name, sender: self.sender.clone(), places: Arc::clone(&self.places) }
    }
}

/// Takes whatever waits, again and again.
async fn write_batches<Item, Reply, Written>(
    receiver: Arc<Mutex<mpsc::UnboundedReceiver<Waiting<Item, Reply>>>>,
    write: Arc<impl Fn(Vec<Waiting<Item, Reply>>) -> Written>,
) where
    Written: Future<Output = ()> + Send + 'static,
{
    loop {
        let mut batch = Vec::new();
        if receiver.lock().await.recv_many(&mut batch, MOST_TOGETHER).await == 0 {
            return;
        }
        // A panic ends a task of its own: it drops the answers of this batch, and the next one is written.
        let _ = tokio::spawn(write(batch)).await;
    }
}
