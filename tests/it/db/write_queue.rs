//! What many write at the same time, gathered into batches.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use biovity::db::batch::write_queue::{AT_ONCE, MOST_TOGETHER, MOST_WAITING, Waiting, WriteQueue};
use biovity::db::{Error, Queue};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// A queue whose batches wait at a gate, and what each of them held.
struct Gated {
    queue: WriteQueue<u32, u32>,
    gate: Arc<Semaphore>,
    batches: Arc<Mutex<Vec<Vec<u32>>>>,
}

impl Gated {
    /// Answers each number with its double. It panics at zero.
    fn start() -> Self {
        let (gate, batches) = (Arc::new(Semaphore::new(0)), Arc::<Mutex<Vec<Vec<u32>>>>::default());
        let (inner, written) = (Arc::clone(&gate), Arc::clone(&batches));
        let queue = WriteQueue::start(Queue::Joins, move |batch: Vec<Waiting<u32, u32>>| {
            let gate = Arc::clone(&inner);
            written.lock().unwrap().push(batch.iter().map(|waiting| waiting.item).collect());
            async move {
                gate.acquire().await.unwrap().forget();
                for Waiting { item, answer } in batch {
                    // Unlike `panic!`, this says nothing on the terminal.
                    if item == 0 {
                        resume_unwind(Box::new("on purpose"));
                    }
                    answer.send(Ok(item * 2));
                }
            }
        });
        Self { queue, gate, batches }
    }

    fn write_all(&self, items: impl IntoIterator<Item = u32>) -> JoinSet<Result<u32, Error>> {
        let mut writes = JoinSet::new();
        for item in items {
            let queue = self.queue.clone();
            writes.spawn(async move { queue.write(item).await });
        }
        writes
    }

    fn sizes(&self) -> Vec<usize> {
        self.batches.lock().unwrap().iter().map(Vec::len).collect()
    }
}

async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(30)).await;
}

#[tokio::test]
async fn whoever_is_alone_waits_for_nobody_and_the_next_batch_is_whatever_waits() {
    let gated = Gated::start();
    let first = gated.write_all([1]);
    a_moment().await;
    let second = gated.write_all([2]);
    a_moment().await;
    assert_eq!(gated.sizes(), [1; AT_ONCE]);
    let others = gated.write_all(3..43);
    a_moment().await;
    assert_eq!(gated.sizes(), [1; AT_ONCE], "the others wait");
    gated.gate.add_permits(4);
    assert!(first.join_all().await.iter().chain(&second.join_all().await).all(Result::is_ok));
    let mut answers: Vec<_> = others.join_all().await.into_iter().map(Result::unwrap).collect();
    answers.sort_unstable();
    assert_eq!(answers, (3..43).map(|item| item * 2).collect::<Vec<_>>());
    assert_eq!(gated.sizes(), [1, 1, MOST_TOGETHER, 8]);
}

#[tokio::test]
async fn one_more_than_may_wait_is_refused_at_once_and_places_come_back() {
    let gated = Gated::start();
    let writes = gated.write_all(1..=MOST_WAITING);
    a_moment().await;
    let start = Instant::now();
    assert!(matches!(gated.queue.write(7).await, Err(Error::Busy(Queue::Joins))));
    assert!(start.elapsed() < Duration::from_millis(20), "{:?}", start.elapsed());
    gated.gate.add_permits(1_000);
    assert!(writes.join_all().await.iter().all(Result::is_ok));
    assert_eq!(gated.queue.write(7).await.unwrap(), 14);
}

#[tokio::test]
async fn what_was_handed_over_is_written_when_its_caller_has_gone() {
    let gated = Gated::start();
    let gone = tokio::time::timeout(Duration::from_millis(10), gated.queue.write(5)).await;
    assert!(gone.is_err());
    gated.gate.add_permits(1);
    gated.queue.drain().await;
    assert_eq!(*gated.batches.lock().unwrap(), [[5]]);
}

#[tokio::test]
async fn a_panic_refuses_its_batch_at_once_and_no_other() {
    let gated = Gated::start();
    let first = gated.write_all([0]);
    a_moment().await;
    let second = gated.write_all([3, 4]);
    gated.gate.add_permits(2);
    let start = Instant::now();
    assert!(matches!(first.join_all().await[..], [Err(Error::Unavailable(_))]));
    assert!(second.join_all().await.iter().all(Result::is_ok));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[tokio::test]
async fn nobody_waits_longer_than_ten_seconds() {
    let gated = Gated::start();
    let start = Instant::now();
    let (refused, ()) = tokio::join!(gated.queue.write(1), gated.queue.drain());
    assert!(matches!(refused, Err(Error::Unavailable(_))));
    assert!((9_900..10_500).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}
