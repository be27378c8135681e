//! What a provider publishes about itself: its addresses and its keys, kept for an hour, and whether it answers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use openidconnect::core::CoreJsonWebKeySet;
use openidconnect::{AsyncHttpClient, http};
use tokio::time::timeout;

use super::fault::Fault;
use super::http_client::HttpClient;
use super::protocol::Metadata;
use crate::values::clock::{Clock, Timestamp};

/// It is read again after this.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// When that fails, what is known stays for this long before it is tried again.
const RETRY: TimeDelta = TimeDelta::minutes(1);
/// A renewal may take this long: what is known serves as well.
const RENEWAL: Duration = Duration::from_secs(2);
/// Keys are read again for an unknown one at most this often.
const KEYS_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Failures in a row after which nobody waits for the provider.
const MOST_FAILURES: u32 = 3;
/// For how long.
const PAUSE: TimeDelta = TimeDelta::seconds(30);

/// What is known of a provider.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) metadata: Metadata,
    pub(super) keys: CoreJsonWebKeySet,
    read_at: Timestamp,
    keys_at: Timestamp,
}

/// Reads what a provider publishes, and remembers it.
#[derive(Debug)]
pub(super) struct Discovery {
    issuers: Vec<String>,
    pub(super) http: HttpClient,
    clock: Clock,
    known: tokio::sync::Mutex<Option<Arc<Known>>>,
    failures: Mutex<Failures>,
}

/// How often in a row the provider gave no answer, and until when nobody waits for it.
#[derive(Debug, Default)]
struct Failures {
    in_a_row: u32,
    paused_until: Option<Timestamp>,
}

impl Discovery {
    /// Of a provider with these names, of which nothing is known yet.
    pub(super) fn new(issuers: Vec<String>, http: HttpClient, clock: Clock) -> Self {
        Self { issuers, http, clock, known: tokio::sync::Mutex::default(), failures: Mutex::default() }
    }

    /// What is known, read now where that is too long ago.
    pub(super) async fn known(&self) -> Result<Arc<Known>, Fault> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        let Some(before) = known.clone() else {
            let read = Arc::new(self.read(now).await?);
            *known = Some(Arc::clone(&read));
            return Ok(read);
        };
        if before.read_at + FRESH > now {
            return Ok(before);
        }
        let read = match timeout(RENEWAL, self.read(now)).await {
            Ok(Ok(read)) => read,
            failed => {
                tracing::warn!(issuer = self.issuer(), "a provider was not read again: {failed:?}");
                let (metadata, keys) = (before.metadata.clone(), before.keys.clone());
                Known { metadata, keys, read_at: now - FRESH + RETRY, keys_at: before.keys_at }
            }
        };
        let read = Arc::new(read);
        *known = Some(Arc::clone(&read));
        Ok(read)
    }

    /// What is known with newer keys than these; nothing when they were read a moment ago.
    pub(super) async fn with_newer_keys(&self, seen: &Known) -> Result<Option<Arc<Known>>, Fault> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some(newer) = known.as_ref().filter(|newer| newer.keys_at > seen.keys_at) {
            return Ok(Some(Arc::clone(newer)));
        }
        if seen.keys_at + KEYS_EVERY > now {
            return Ok(None);
        }
        let (metadata, keys) = (seen.metadata.clone(), self.read_keys(&seen.metadata).await?);
        let read = Arc::new(Known { metadata, keys, read_at: seen.read_at, keys_at: now });
        *known = Some(Arc::clone(&read));
        Ok(Some(read))
    }

    /// Whether this is how the provider names itself.
    pub(super) fn is_issuer(&self, issuer: &str) -> bool {
        self.issuers.iter().any(|known| known == issuer)
    }

    /// The first of its names: the same for all of its tokens.
    pub(super) fn issuer(&self) -> &str {
        self.issuers.first().map_or("", String::as_str)
    }

    async fn read(&self, now: Timestamp) -> Result<Known, Fault> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer().trim_end_matches('/'));
        let request = http::Request::get(address).body(Vec::new()).map_err(|error| Fault::away(&error))?;
        let answer = self.http.call(request).await.map_err(|error| Fault::away(&error))?;
        if !answer.status().is_success() {
            return Err(Fault::NoDiscovery(answer.status().as_u16()));
        }
        let metadata: Metadata = serde_json::from_slice(answer.body()).map_err(|error| Fault::away(&error))?;
        if !self.is_issuer(metadata.issuer()) {
            return Err(Fault::OtherIssuer(metadata.issuer().to_string()));
        }
        let keys = self.read_keys(&metadata).await?;
        Ok(Known { metadata, keys, read_at: now, keys_at: now })
    }

    async fn read_keys(&self, metadata: &Metadata) -> Result<CoreJsonWebKeySet, Fault> {
        let keys = CoreJsonWebKeySet::fetch_async(metadata.jwks_uri(), &self.http).await;
        keys.map_err(|error| Fault::away(&error))
    }

    /// Whether the provider gave no answer so often that nobody waits for it now.
    pub(super) fn is_paused(&self) -> bool {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.paused_until.is_some_and(|until| until > self.clock.now())
    }

    /// Remembers that the provider answered. What was known before is no answer: it does not tell whether a log-in works.
    pub(super) fn record_answer(&self) {
        *self.failures.lock().unwrap_or_else(PoisonError::into_inner) = Failures::default();
    }

    /// Remembers that the provider gave no answer.
    pub(super) fn record_failure(&self) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.in_a_row += 1;
        if failures.in_a_row >= MOST_FAILURES {
            failures.paused_until = Some(self.clock.now() + PAUSE);
        }
    }
}
