//! What is asked of providers: over TLS, without redirects, within bounds of time and size.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use reqwest::redirect::Policy;
use url::Url;

use crate::config::may_be_asked;

/// Longest wait for one answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Largest answer, in bytes.
const LARGEST: usize = 64 * 1024;

/// The client.
#[derive(Clone, Debug)]
pub struct HttpClient {
    client: reqwest::Client,
    /// Whether the site has TLS: then so must every provider.
    is_production: bool,
}

/// Why there is no answer. It never names the address that was asked.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address is neither of https nor of this machine.
    #[error("the provider names an address without TLS")]
    Address,
    /// The answer took too long.
    #[error("none within {} s", TIMEOUT.as_secs())]
    Timeout,
    /// The connection failed.
    #[error("the connection failed")]
    Request(#[source] reqwest::Error),
    /// The answer is too large.
    #[error("the answer has more than {LARGEST} bytes")]
    TooLarge,
    /// The provider itself says that it cannot answer.
    #[error("the provider answers {0}")]
    Status(u16),
    /// The answer cannot be read.
    #[error("the answer cannot be read")]
    Unreadable(#[from] http::Error),
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        // The address may hold a code.
        if error.is_timeout() { Self::Timeout } else { Self::Request(error.without_url()) }
    }
}

impl HttpClient {
    /// A client. Redirects are off: they would let a provider send us to any address of our own network.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(is_production: bool) -> reqwest::Result<Self> {
        // The process may have chosen its cryptography before, which is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .no_proxy()
            // A kept connection would belong to the thread that opened it.
            .pool_max_idle_per_host(0)
            .user_agent("Biovity");
        Ok(Self { client: client.build()?, is_production })
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        if !self.may_ask(request.url()) {
            return Err(HttpError::Address);
        }
        let mut response = self.client.execute(request).await?;
        if response.status().is_server_error() {
            return Err(HttpError::Status(response.status().as_u16()));
        }
        let mut answer = http::Response::builder().status(response.status());
        for (name, value) in response.headers() {
            answer = answer.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await? {
            if body.len() + part.len() > LARGEST {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        Ok(answer.body(body)?)
    }

    /// Whether this address may be asked, or a browser sent there.
    pub(super) fn may_ask(&self, url: &Url) -> bool {
        may_be_asked(url, self.is_production)
    }
}

impl<'c> AsyncHttpClient<'c> for HttpClient {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
