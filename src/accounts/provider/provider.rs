//! A provider: where it sends a browser, and whom it says to be there.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::{CoreJsonWebKeySet, CoreResponseType};
use openidconnect::{
    AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, UserInfoError,
};
use secrecy::ExposeSecret;
use tokio::time::timeout;
use url::Url;

use super::attempt::Attempt;
use super::discovery::{Discovery, Known};
use super::fault::Fault;
use super::http_client::HttpClient;
use super::identified::{Claims, Identified};
use super::protocol::members::{OF_TOKENS, OF_USER_INFO, Reader};
use super::protocol::signed_token::SignedToken;
use super::protocol::{OidcClient, TokenClaims, UserInfo, is_issued_to, verifier};
use crate::accounts::user::user::identity::Identity;
use crate::config::{ClientAuth, Config, NonceUse, Pkce, ProviderSettings};
use crate::values::clock::{Clock, Stopwatch};
use crate::web::paths;

pub mod check;

/// Longest wait of a visitor for a provider, all of its answers together.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest subject, in bytes (OpenID Connect Core §2).
const LONGEST_SUBJECT: usize = 255;

/// The providers that the operator set. Clones share what is known of them.
#[derive(Clone, Debug, Default)]
pub struct Providers(Arc<Vec<Arc<Provider>>>);

/// One of them.
#[derive(Debug)]
pub struct Provider {
    /// What the operator set.
    pub settings: ProviderSettings,
    discovery: Discovery,
    redirect: RedirectUrl,
    clock: Clock,
}

/// What a provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Who it is, as far as it knows.
    Who,
    /// To ask once more, and to let somebody be another.
    WhoAgain,
}

impl Providers {
    /// Those of this configuration. Nothing is asked of them before somebody wants to log in.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(config: &Config, clock: &Clock) -> anyhow::Result<Self> {
        if config.providers.is_empty() {
            return Ok(Self::default());
        }
        let http = HttpClient::new(config.is_production())?;
        let new = |settings: &ProviderSettings| {
            let back = paths::with_id(paths::accounts::LOG_IN_BACK, settings.name);
            anyhow::Ok(Arc::new(Provider {
                settings: settings.clone(),
                discovery: Discovery::new(settings.issuers.clone(), http.clone(), clock.clone()),
                redirect: RedirectUrl::new(format!("{}{back}", config.base_url.origin()))?,
                clock: clock.clone(),
            }))
        };
        Ok(Self(Arc::new(config.providers.iter().map(new).collect::<anyhow::Result<_>>()?)))
    }

    /// The one of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Arc<Provider>> {
        self.0.iter().find(|provider| provider.settings.name == name).cloned()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter().map(Arc::as_ref)
    }
}

impl Provider {
    /// Where the browser of this attempt goes.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn address(&self, attempt: &Attempt, asking: Asking) -> Result<Url, Fault> {
        let known = self.in_time(Stopwatch::start(), self.discovery.known()).await?;
        let (state, nonce) = (attempt.state.reveal().to_owned(), attempt.nonce.reveal().to_owned());
        let client = self.client(&known);
        let request = client.authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            || CsrfToken::new(state),
            || Nonce::new(nonce),
        );
        let mut request = request.add_scope(Scope::new("email".to_owned())).add_scope(Scope::new("profile".to_owned()));
        if self.settings.pkce == Pkce::S256 {
            let verifier = PkceCodeVerifier::new(attempt.verifier.reveal().to_owned());
            request = request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        }
        let prompt = match asking {
            Asking::Who => self.settings.prompt,
            Asking::WhoAgain => self.settings.prompt_again,
        };
        if let Some(prompt) = prompt {
            request = request.add_extra_param("prompt", prompt);
        }
        let (url, ..) = request.url();
        if self.discovery.http.may_ask(&url) {
            Ok(url)
        } else {
            Err(Fault::Untrusted("its log-in has no TLS".to_owned()))
        }
    }

    /// Whether the answer comes from this provider, as far as it says (RFC 9207). `since` the visitor waits.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn is_answer_of(&self, issuer: Option<&str>, since: Stopwatch) -> Result<bool, Fault> {
        if let Some(issuer) = issuer {
            return Ok(self.discovery.is_issuer(issuer));
        }
        let known = self.in_time(since, self.discovery.known()).await?;
        Ok(!known.metadata.additional_metadata().authorization_response_iss_parameter_supported)
    }

    /// A fault, which the log has from now on.
    pub(super) fn logged(&self, fault: Fault) -> Fault {
        tracing::warn!(provider = self.settings.name, "a log-in failed: {fault}");
        fault
    }

    /// Redeems the code of an attempt, and says who it is. Everything that the provider hands out beside is forgotten.
    /// `since` the visitor waits.
    ///
    /// # Errors
    /// When the provider does not answer, or what it says must not be believed.
    pub async fn identify(&self, code: String, attempt: &Attempt, since: Stopwatch) -> Result<Identified, Fault> {
        self.in_time(since, self.redeem(code, attempt)).await
    }

    /// Where the provider sends browsers back to, as it must be entered there.
    #[must_use]
    pub fn redirect(&self) -> &str {
        self.redirect.as_str()
    }

    /// The answer, if it comes in time since then; otherwise the log says why it did not.
    async fn in_time<T>(&self, since: Stopwatch, answer: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        self.answered_in_time(since, answer).await.map_err(|fault| self.logged(fault))
    }

    /// After some failures in a row nobody waits for a while.
    async fn answered_in_time<T>(
        &self,
        since: Stopwatch,
        answer: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        if self.discovery.is_paused() {
            return Err(Fault::Away("it gave no answer lately".to_owned()));
        }
        let answer = timeout(PATIENCE.saturating_sub(since.elapsed()), answer).await;
        let answer = answer.unwrap_or_else(|_| Err(Fault::Away(format!("none within {} s", PATIENCE.as_secs()))));
        match &answer {
            Ok(_) => {}
            Err(Fault::Away(_) | Fault::NoDiscovery(_)) => self.discovery.record_failure(),
            Err(Fault::Untrusted(_) | Fault::OtherIssuer(_) | Fault::NotRegistered(_)) => {
                self.discovery.record_answer();
            }
        }
        answer
    }

    async fn redeem(&self, code: String, attempt: &Attempt) -> Result<Identified, Fault> {
        let known = self.discovery.known().await?;
        let client = self.client(&known);
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|error| Fault::untrusted(&error))?;
        let request = match self.settings.pkce {
            Pkce::S256 => request.set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.reveal().to_owned())),
            Pkce::Off => request,
        };
        let reader = self.reader(OF_TOKENS);
        let tokens = request.request_async(&reader).await.map_err(|error| match &error {
            RequestTokenError::Request(error) => Fault::away(error),
            _ => Fault::untrusted(&error),
        })?;
        self.discovery.record_answer();
        let token = tokens.extra_fields().id_token.as_deref();
        let token = token.ok_or_else(|| Fault::Untrusted("there is no ID token".to_owned()))?;
        let token = SignedToken::parse(token, &self.settings.issuers)?;
        let claims = self.verify(&token, &known, attempt).await?;
        let subject = subject_of(claims)?;
        let mut said = Claims::of_token(claims);
        if said.email.is_none() && known.metadata.userinfo_endpoint().is_some() {
            let asked = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone()));
            let asked = asked.map_err(|error| Fault::untrusted(&error))?;
            let reader = self.reader(OF_USER_INFO);
            let info: UserInfo = asked.request_async(&reader).await.map_err(|error| match &error {
                UserInfoError::Request(error) => Fault::away(error),
                _ => Fault::untrusted(&error),
            })?;
            said.email = info.email().map(|email| email.to_string());
            said.is_email_verified = info.email_verified() == Some(true);
            said.name = said.name.or_else(|| info.name().and_then(|name| name.get(None)).map(|name| name.to_string()));
        }
        let identity = Identity {
            provider: self.settings.name.to_owned(),
            subject,
            issuer: Some(self.discovery.issuer().to_owned()),
        };
        Ok(Identified::new(identity, said, self.settings.authority, self.clock.now()))
    }

    /// What a token says, once it is verified. For an unknown key the keys are read once more: providers change them.
    async fn verify<'a>(
        &self,
        token: &'a SignedToken,
        known: &Known,
        attempt: &Attempt,
    ) -> Result<&'a TokenClaims, Fault> {
        let mut claims = self.claims(token, known, attempt);
        if let Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) = claims
            && let Some(newer) = self.discovery.with_newer_keys(known).await?
        {
            claims = self.claims(token, &newer, attempt);
        }
        let claims = claims.map_err(|error| Fault::untrusted(&error))?;
        if !self.discovery.is_issuer(claims.issuer()) {
            return Err(Fault::Untrusted(format!("its token is of {}", claims.issuer().as_str())));
        }
        if !is_issued_to(&self.settings.client_id, claims) {
            return Err(Fault::Untrusted("its token was issued to another client".to_owned()));
        }
        Ok(claims)
    }

    /// Asks the provider for an answer of which only these members are read.
    fn reader(&self, read: &'static [&'static str]) -> Reader<'_> {
        Reader { http: &self.discovery.http, read }
    }

    fn claims<'a>(
        &self,
        token: &'a SignedToken,
        known: &Known,
        attempt: &Attempt,
    ) -> Result<&'a TokenClaims, ClaimsVerificationError> {
        let client = self.client(known);
        let verifier = verifier(&client, self.clock.now());
        match self.settings.nonce {
            NonceUse::Required => token.claims(&verifier, &Nonce::new(attempt.nonce.reveal().to_owned())),
            NonceUse::Absent => token.claims(&verifier, |_: Option<&Nonce>| Ok(())),
        }
    }

    fn client(&self, Known { metadata, keys, .. }: &Known) -> OidcClient {
        let ProviderSettings { client_id, client_secret, client_auth, .. } = &self.settings;
        let keys: CoreJsonWebKeySet = keys.clone();
        let secret = ClientSecret::new(client_secret.expose_secret().to_owned());
        OidcClient::from_provider_metadata(
            metadata.clone().set_jwks(keys),
            ClientId::new(client_id.clone()),
            Some(secret),
        )
        .set_redirect_uri(self.redirect.clone())
        .set_auth_type(match client_auth {
            ClientAuth::Basic => AuthType::BasicAuth,
            ClientAuth::Post => AuthType::RequestBody,
        })
    }
}

/// Who it is there.
fn subject_of(claims: &TokenClaims) -> Result<String, Fault> {
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > LONGEST_SUBJECT || subject.contains('\0') {
        return Err(Fault::Untrusted(format!("its subject has {} bytes", subject.len())));
    }
    Ok(subject.to_owned())
}
