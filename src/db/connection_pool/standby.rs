//! The standby that lists may be read from, over a pool of its own. Whatever is wrong with it, the primary is read instead.
//!
//! Each read asks it first, on the same connection, how much of the log it has replayed: that must hold what its reader has
//! written, and whatever is older than [`MOST_BEHIND`].

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use diesel::pg::PgConnection;
use diesel::result::QueryResult;
use tokio::time::timeout;

use self::pools::Pools;
use self::wal_history::{Lag, WalHistory};
use self::wal_position::WalPosition;
use super::{Db, Error, Settings};
use crate::values::clock::Stopwatch;

mod pools;
mod wal_history;
mod wal_position;

/// How far behind it may be.
const MOST_BEHIND: Duration = Duration::from_secs(10);
/// Longest wait for an answer of it.
const TIMEOUT: Duration = Duration::from_secs(2);
/// For how long it is not read after it gave none.
const PAUSE: Duration = Duration::from_secs(3);

/// The standby, if there is one. Clones share it.
#[derive(Clone, Debug)]
pub struct Standby {
    primary: Db,
    followed: Option<Arc<Followed>>,
}

#[derive(Debug)]
struct Followed {
    pools: Mutex<Pools>,
    known: Mutex<Known>,
    reads: AtomicU64,
    reads_of_primary: AtomicU64,
}

/// What is known of it.
#[derive(Debug)]
struct Known {
    /// The database that the primary was last seen to have, and the timeline of its log.
    identity: Option<(String, i32)>,
    history: WalHistory,
    state: StandbyState,
    failed: Option<Stopwatch>,
}

/// Whether it may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandbyState {
    /// Not known yet.
    Unknown,
    /// It is at most so far behind.
    Following(Duration),
    /// It is further behind than it may be: so far, or further.
    Late(Duration),
    /// It gives no answer.
    Away,
    /// It takes writes itself, so that it is nobody's standby any more.
    Promoted,
    /// It is the standby of another database.
    Foreign,
    /// It has not followed the primary past the last failover: what it replays may be the log of the primary before.
    LeftBehind,
}

impl Standby {
    /// Connects to nothing yet.
    #[must_use]
    pub fn new(primary: &Db, settings: Option<&Settings>) -> Self {
        let followed = settings.map(|settings| {
            let known =
                Known { identity: None, history: WalHistory::default(), state: StandbyState::Unknown, failed: None };
            let (reads, reads_of_primary) = (AtomicU64::new(0), AtomicU64::new(0));
            let pools = Mutex::new(Pools::new(settings));
            Arc::new(Followed { pools, known: Mutex::new(known), reads, reads_of_primary })
        });
        Self { primary: primary.clone(), followed }
    }

    /// Whether there is one.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.followed.is_some()
    }

    /// Whether it may be read, as last seen; nothing without one.
    #[must_use]
    pub fn state(&self) -> Option<StandbyState> {
        Some(self.followed.as_ref()?.known().state)
    }

    /// How many reads it served, and how many the primary served that it could have; nothing without one.
    #[must_use]
    pub fn reads(&self) -> Option<[(&'static str, u64); 2]> {
        let followed = self.followed.as_ref()?;
        let count = |reads: &AtomicU64| reads.load(Ordering::Relaxed);
        Some([("primary", count(&followed.reads_of_primary)), ("standby", count(&followed.reads))])
    }

    /// How much of the log a standby must have replayed to show what was committed up to now; nothing without one. While the
    /// primary does not say it, no standby has replayed enough.
    pub async fn written(&self) -> Option<i64> {
        self.followed.as_ref()?;
        Some(self.primary.read(wal_position::inserted).await.unwrap_or(i64::MAX))
    }

    /// Asks the primary how far its log has come, without which nothing is known of the standby.
    ///
    /// # Errors
    /// When it does not say it.
    pub async fn ask_primary(&self) -> Result<(), Error> {
        match self.primary.read(WalPosition::find).await? {
            WalPosition { is_standby: true, .. } => Err(Error::Unavailable("it is a standby itself".to_owned())),
            _ => Ok(()),
        }
    }

    /// Reads from the standby if it is good enough and has replayed what its reader has `written`, else from the primary.
    /// Says how far behind it was at most; nothing of the primary.
    ///
    /// # Errors
    /// Those of the primary.
    pub async fn read<T: Send + 'static>(
        &self,
        written: Option<i64>,
        read: impl Fn(&mut PgConnection) -> QueryResult<T> + Clone + Send + 'static,
    ) -> Result<(T, Option<Duration>), Error> {
        let Some(followed) = &self.followed else { return Ok((self.primary.read(read).await?, None)) };
        if let Some((found, lag)) = followed.read(written.unwrap_or_default(), read.clone()).await {
            followed.reads.fetch_add(1, Ordering::Relaxed);
            return Ok((found, Some(lag)));
        }
        followed.reads_of_primary.fetch_add(1, Ordering::Relaxed);
        Ok((self.primary.read(read).await?, None))
    }

    /// Looks at both servers, and remembers whether the standby may be read; nothing without one.
    pub async fn observe(&self) -> Option<StandbyState> {
        let followed = self.followed.as_ref()?;
        let (at, primary) = (Stopwatch::start(), self.primary.for_background());
        if let Ok(Ok(position)) = timeout(TIMEOUT, primary.read(WalPosition::find)).await {
            followed.known().note(at, position);
        }
        let db = followed.pools().in_use().for_background();
        let found = timeout(TIMEOUT, db.read(WalPosition::find)).await.ok().and_then(Result::ok);
        match &found {
            Some(_) => followed.pools().note_answer(),
            None => followed.pools().note_silence(),
        }
        let mut known = followed.known();
        known.state = found.map_or(StandbyState::Away, |position| known.judge(&position));
        Some(known.state)
    }
}

impl fmt::Display for StandbyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("nothing is known of it yet"),
            Self::Following(lag) => write!(f, "it is at most {:.1} s behind", lag.as_secs_f64()),
            Self::Late(lag) => write!(f, "it is {} s behind, or more", lag.as_secs()),
            Self::Away => f.write_str("it gives no answer"),
            Self::Promoted => f.write_str("it takes writes itself"),
            Self::Foreign => f.write_str("it has another database"),
            Self::LeftBehind => f.write_str("it has not followed the primary past the last failover"),
        }
    }
}

impl Followed {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pools(&self) -> MutexGuard<'_, Pools> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it has, and how far behind it is at most; nothing when the primary is to be read.
    async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        written: i64,
        read: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Option<(T, Duration)> {
        if !self.known().is_readable() {
            return None;
        }
        let followed = Arc::clone(self);
        let read = move |conn: &mut PgConnection| {
            let position = WalPosition::find(conn)?;
            // Not as the subject of the match, which would keep it locked during the read.
            let state = followed.known().judge(&position);
            match state {
                StandbyState::Following(lag) if position.lsn >= written => Ok(Some((read(conn)?, lag))),
                _ => Ok(None),
            }
        };
        let db = self.pools().in_use();
        match timeout(TIMEOUT, db.read(read)).await {
            Ok(Ok(found)) => found,
            // The primary judges what is wrong with a statement.
            Ok(Err(Error::Busy(_) | Error::Query(_))) => None,
            Ok(Err(Error::Unavailable(_) | Error::Failing(_))) | Err(_) => {
                let mut known = self.known();
                (known.state, known.failed) = (StandbyState::Away, Some(Stopwatch::start()));
                None
            }
        }
    }
}

impl Known {
    fn is_readable(&self) -> bool {
        let has_failed = self.failed.is_some_and(|failed| failed.elapsed() < PAUSE);
        matches!(self.state, StandbyState::Following(_)) && !has_failed
    }

    /// Notes what the primary said.
    fn note(&mut self, at: Stopwatch, primary: WalPosition) {
        if primary.is_standby {
            return;
        }
        let identity = Some((primary.identity, primary.timeline));
        if self.identity != identity {
            self.history = WalHistory::default();
        }
        self.history.note(at, primary.lsn);
        self.identity = identity;
    }

    /// Whether a server that says this may be read.
    fn judge(&self, position: &WalPosition) -> StandbyState {
        match (&self.identity, self.history.lag(position.lsn)) {
            (None, _) => StandbyState::Unknown,
            (Some((identity, _)), _) if *identity != position.identity => StandbyState::Foreign,
            _ if !position.is_standby => StandbyState::Promoted,
            // Places in the logs of two timelines are not comparable.
            (Some((_, timeline)), _) if *timeline != position.timeline => StandbyState::LeftBehind,
            // The primary says nothing, and then nobody knows what the standby lacks.
            _ if self.history.age() > MOST_BEHIND => StandbyState::Unknown,
            (_, Lag::AtMost(lag)) if lag <= MOST_BEHIND => StandbyState::Following(lag),
            // The process is younger than that.
            (_, Lag::AtLeast(lag)) if lag <= MOST_BEHIND => StandbyState::Unknown,
            (_, Lag::AtMost(lag) | Lag::AtLeast(lag)) => StandbyState::Late(lag),
        }
    }
}
