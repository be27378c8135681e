//! The load driver: many visitors over connections that stay open, written close to the socket, because the driver shares
//! the cores with what it measures.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};

/// An answer that takes longer ends the run.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Somebody with a browser: writes requests, and sees the answers.
pub trait Visitor {
    /// Writes the next request, whole.
    fn request(&mut self, into: &mut Vec<u8>);

    /// Sees its answer.
    fn see(&mut self, answer: &Answer<'_>);
}

/// What came back.
pub struct Answer<'a> {
    pub status: u16,
    /// The lines before the body.
    pub head: &'a str,
}

/// What a load brought.
#[derive(Default)]
pub struct Load {
    pub statuses: BTreeMap<u16, u64>,
    /// How long each answer took, sorted.
    pub times: Vec<Duration>,
    pub lasted: Duration,
}

impl Load {
    /// Answers a second with this status.
    pub fn rate(&self, status: u16) -> f64 {
        let answers = u32::try_from(self.statuses.get(&status).copied().unwrap_or_default()).unwrap();
        f64::from(answers) / self.lasted.as_secs_f64()
    }

    /// The time within which so many of a thousand were answered.
    pub fn per_mille(&self, of_thousand: usize) -> Duration {
        self.times[(self.times.len() * of_thousand / 1_000).min(self.times.len() - 1)]
    }

    /// Stops the run when anything else was answered.
    #[track_caller]
    pub fn all(self, status: u16) -> Self {
        assert!(self.statuses.keys().eq([&status]), "answers by status: {:?}", self.statuses);
        self
    }

    fn add(&mut self, other: Self) {
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self.times.extend(other.times);
    }
}

/// A closed loop: each visitor sends the next request when the last one is answered.
pub async fn closed<V: Visitor + 'static>(port: u16, lasts: Duration, visitors: Vec<V>) -> Load {
    let began = Instant::now();
    together(visitors, move |visitor| async move {
        let (mut connection, mut visitor, mut load) = (Connection::open(port).await, visitor, Load::default());
        while began.elapsed() < lasts {
            connection.ask(&mut visitor, Instant::now(), &mut load).await;
        }
        load
    })
    .await
}

/// An open loop: requests are due at a steady rate, whether or not earlier ones are answered, and each is timed from when
/// it was due. `visitors` are as many as may wait at once.
pub async fn open<V: Visitor + 'static>(port: u16, lasts: Duration, rate: f64, visitors: Vec<V>) -> Load {
    let (began, next) = (Instant::now(), Rc::new(Cell::new(0_u32)));
    together(visitors, move |visitor| {
        let next = Rc::clone(&next);
        async move {
            let (mut connection, mut visitor, mut load) = (Connection::open(port).await, visitor, Load::default());
            loop {
                let turn = next.replace(next.get() + 1);
                let due = began + Duration::from_secs_f64(f64::from(turn) / rate);
                if due > began + lasts {
                    return load;
                }
                sleep_until(due.into()).await;
                connection.ask(&mut visitor, due, &mut load).await;
            }
        }
    })
    .await
}

async fn together<V, F: Future<Output = Load> + 'static>(visitors: Vec<V>, run: impl Fn(V) -> F) -> Load {
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for visitor in visitors {
        tasks.spawn_local(run(visitor));
    }
    let mut all = Load::default();
    while let Some(load) = tasks.join_next().await {
        all.add(load.unwrap());
    }
    all.lasted = began.elapsed();
    all.times.sort_unstable();
    all
}

/// One connection of HTTP/1.1.
struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    async fn open(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, request: Vec::new(), answer: Vec::with_capacity(64 * 1024) }
    }

    async fn ask(&mut self, visitor: &mut impl Visitor, since: Instant, load: &mut Load) {
        self.request.clear();
        visitor.request(&mut self.request);
        self.stream.write_all(&self.request).await.unwrap();
        self.answer.clear();
        let (status, head) = timeout(TIMEOUT, self.read()).await.expect("an answer in time");
        load.times.push(since.elapsed());
        *load.statuses.entry(status).or_default() += 1;
        visitor.see(&Answer { status, head: std::str::from_utf8(&self.answer[..head]).unwrap() });
    }

    /// Reads one answer; returns its status and how long its head is.
    async fn read(&mut self) -> (u16, usize) {
        loop {
            let read = self.stream.read_buf(&mut self.answer).await.unwrap();
            assert!(read > 0, "the connection was closed");
            let Some(end) = self.answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.answer[..end]).unwrap();
            let status = head[9..12].parse().unwrap();
            let length = header(head, "content-length").map_or(0, |length| length.parse::<usize>().unwrap());
            while self.answer.len() < end + 4 + length {
                assert!(self.stream.read_buf(&mut self.answer).await.unwrap() > 0, "the connection was closed");
            }
            return (status, end + 4);
        }
    }
}

/// The value of a header, whose name is given in small letters.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let fields = head.lines().filter_map(|line| line.split_once(": "));
    fields.into_iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
