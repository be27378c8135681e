//! Calls endpoints: one POST, no redirect, no proxy, within bounds of time and size, and never a private address.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, header};
use url::Url;

use super::answer::{Answer, KEPT, Problem, pause, text_of};
pub use super::resolver::{Found, Lookup};
use super::resolver::{PublicResolver, system};
use crate::values::clock::{Stopwatch, Timestamp};
use crate::webhook::endpoint_url;

/// Longest call, from the look-up of the name to the end of the answer.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections to one endpoint that are kept open for the next delivery.
const IDLE: usize = 4;

/// The client. Clones share its connections. It is built at the first call: most processes never make one.
#[derive(Clone)]
pub struct Client {
    http: Arc<OnceLock<Connections>>,
    allowed_hosts: Arc<[String]>,
    lookup: Lookup,
}

/// How a call comes to its connection.
struct Connections {
    /// By one that was kept after the last call, if there is one.
    kept: reqwest::Client,
    /// By a new one.
    new: reqwest::Client,
}

/// A message with its signature.
#[derive(Clone, Debug)]
pub struct Signed<'a> {
    /// Its id, which stays over all attempts.
    pub id: &'a str,
    /// When it is sent.
    pub at: Timestamp,
    /// The header `webhook-signature`.
    pub signature: String,
    /// What it says.
    pub body: String,
}

impl Client {
    /// A client that may also call these hosts.
    #[must_use]
    pub fn new(allowed_hosts: &[String]) -> Self {
        Self::with_lookup(allowed_hosts, system())
    }

    /// The same, which finds the addresses of names so.
    #[must_use]
    pub fn with_lookup(allowed_hosts: &[String], lookup: Lookup) -> Self {
        Self { http: Arc::default(), allowed_hosts: allowed_hosts.into(), lookup }
    }

    /// Sends a message to this address, and tells what came of it.
    pub async fn post(&self, url: &str, message: &Signed<'_>) -> Answer {
        let since = Stopwatch::start();
        let answer = match self.call(url, message).await {
            Ok(response) => read(response, message.at).await,
            Err(problem) => Answer { problem: Some(problem), ..Answer::default() },
        };
        Answer { milliseconds: i32::try_from(since.elapsed().as_millis()).unwrap_or(i32::MAX), ..answer }
    }

    /// Calls once, and once more by a new connection when the one that was kept is dropped before any answer: the endpoint gave
    /// it up between two calls. A message may come twice; its id says so.
    async fn call(&self, url: &str, message: &Signed<'_>) -> Result<Response, Problem> {
        // Looked at once more: what the operator allows may have changed, and a literal address meets no resolver.
        let url = endpoint_url::parse(url, &self.allowed_hosts)?;
        let (connections, since) = (self.connections()?, Stopwatch::start());
        let called = request(&connections.kept, url.clone(), message).send().await;
        let called = match called {
            Err(error) if was_dropped(&error) => {
                let left = TIMEOUT.saturating_sub(since.elapsed());
                request(&connections.new, url, message).timeout(left).send().await
            }
            called => called,
        };
        called.map_err(|error| problem_of(&error))
    }

    fn connections(&self) -> Result<&Connections, Problem> {
        if let Some(connections) = self.http.get() {
            return Ok(connections);
        }
        // Fails when it is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let connections = Connections { kept: self.http(IDLE)?, new: self.http(0)? };
        Ok(self.http.get_or_init(|| connections))
    }

    /// A client that keeps so many connections to one endpoint.
    fn http(&self, idle: usize) -> Result<reqwest::Client, Problem> {
        let resolver =
            PublicResolver { lookup: Arc::clone(&self.lookup), allowed_hosts: Arc::clone(&self.allowed_hosts) };
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(idle)
            .user_agent("Biovity-Webhooks")
            .dns_resolver(Arc::new(resolver));
        http.build().map_err(|error| problem_of(&error))
    }
}

/// The request of a message.
fn request(http: &reqwest::Client, url: Url, message: &Signed<'_>) -> RequestBuilder {
    let request = http.post(url).header(CONTENT_TYPE, "application/json").header("webhook-id", message.id);
    let request = request.header("webhook-timestamp", message.at.timestamp());
    request.header("webhook-signature", &message.signature).body(message.body.clone())
}

/// Whether there was a connection, and it ended before an answer. What does not connect or takes too long is not called again.
fn was_dropped(error: &reqwest::Error) -> bool {
    error.is_request() && !error.is_connect() && !error.is_timeout() && known_cause(error).is_none()
}

/// The answer, of which no more is read than is needed.
async fn read(mut response: Response, now: Timestamp) -> Answer {
    let status = Some(i32::from(response.status().as_u16()));
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let retry_after = retry_after.map(|header| pause(header, now)).unwrap_or_default();
    let mut bytes = Vec::new();
    // The status counts, whatever becomes of the rest.
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= KEPT {
            break;
        }
    }
    Answer { status, text: text_of(&bytes), retry_after, ..Answer::default() }
}

/// What was in the way, by the causes of the failure. What is wrong with a certificate is logged: the page has one word for it.
fn problem_of(error: &reqwest::Error) -> Problem {
    let unknown = if error.is_timeout() { Problem::Timeout } else { Problem::Connection };
    let Some((problem, cause)) = known_cause(error) else { return unknown };
    if problem == Problem::Tls {
        let host = error.url().and_then(Url::host_str).unwrap_or_default();
        tracing::info!(host, cause, "the certificate of an endpoint is not trusted");
    }
    problem
}

/// The cause that has a name of its own, if there is one.
fn known_cause<'a>(error: &'a (dyn Error + 'static)) -> Option<(Problem, &'a (dyn Error + 'static))> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(problem) = error.downcast_ref::<Problem>() {
            return Some((*problem, error));
        }
        if error.is::<rustls::Error>() {
            return Some((Problem::Tls, error));
        }
        // The source of an `io::Error` is that of the error in it, which may be an `io::Error` again: that of TLS is in one.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = inner.map(|inner| inner as &(dyn Error + 'static)).or_else(|| error.source());
    }
    None
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("allowed_hosts", &self.allowed_hosts).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_is_not_trusted_is_found_however_deep_it_lies() {
        let tls = || rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        let problem = |error: &(dyn Error + 'static)| known_cause(error).map(|(problem, _)| problem);
        assert_eq!(problem(&tls()), Some(Problem::Tls));
        assert_eq!(problem(&io::Error::other(tls())), Some(Problem::Tls));
        assert_eq!(problem(&io::Error::other(io::Error::other(tls()))), Some(Problem::Tls));
        assert_eq!(problem(&io::Error::other(io::Error::from(io::ErrorKind::ConnectionReset))), None);
    }
}
