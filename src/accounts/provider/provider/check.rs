//! Whether a provider answers, and whether it knows this site, before somebody wants to log in.

use openidconnect::core::CoreErrorResponseType;
use openidconnect::{AuthorizationCode, PkceCodeVerifier, RequestTokenError};

use super::Provider;
use crate::accounts::provider::discovery::Known;
use crate::accounts::provider::fault::Fault;
use crate::accounts::provider::protocol::members::OF_TOKENS;
use crate::config::Pkce;
use crate::values::clock::Stopwatch;

/// A code that no provider gave out, and its verifier.
const MADE_UP: &str = "biovity-check-made-this-up-so-that-nobody-has-it";

/// What a provider says of the identifier and the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// It takes them.
    Taken,
    /// It does not say whether it does.
    Unsaid,
}

impl Provider {
    /// Reads what the provider publishes, and asks by a code that was made up whether it takes identifier and secret: it looks
    /// at those first (RFC 6749, 5.2). The log has no word of it.
    ///
    /// # Errors
    /// When it does not answer, or does not take them.
    pub async fn check(&self) -> Result<Registration, Fault> {
        let known = self.answered_in_time(Stopwatch::start(), self.discovery.known()).await?;
        self.answered_in_time(Stopwatch::start(), self.registration(&known)).await
    }

    async fn registration(&self, known: &Known) -> Result<Registration, Fault> {
        let (client, code) = (self.client(known), AuthorizationCode::new(MADE_UP.to_owned()));
        let request = client.exchange_code(code).map_err(|error| Fault::untrusted(&error))?;
        let request = match self.settings.pkce {
            Pkce::S256 => request.set_pkce_verifier(PkceCodeVerifier::new(MADE_UP.to_owned())),
            Pkce::Off => request,
        };
        let reader = self.reader(OF_TOKENS);
        match request.request_async(&reader).await {
            Err(RequestTokenError::ServerResponse(said)) => match said.error() {
                error @ (CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient) => {
                    Err(Fault::NotRegistered(error.as_ref().to_owned()))
                }
                CoreErrorResponseType::InvalidGrant => Ok(Registration::Taken),
                _ => Ok(Registration::Unsaid),
            },
            Err(RequestTokenError::Request(error)) => Err(Fault::away(&error)),
            _ => Ok(Registration::Unsaid),
        }
    }
}
