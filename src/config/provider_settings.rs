//! The providers that people may log in with, as data: what a provider does differently is a value here, not code.

use secrecy::SecretString;
use url::{Host, Url};

use super::environment::{Environment, expectation};

/// Longest name of the operator's own provider, in characters: it stands on a button.
const LONGEST_NAME: usize = 40;

/// One provider of OpenID Connect, with what the operator registered there.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Its name in addresses and in the column `provider`.
    pub name: &'static str,
    /// Its name as people read it.
    pub label: String,
    /// Its issuer: where its discovery lies, and what its tokens name. Those after the first are other spellings.
    pub issuers: Vec<String>,
    /// What the provider knows this site by.
    pub client_id: String,
    /// What proves to the provider that it is this site.
    pub client_secret: SecretString,
    /// Whether its tokens repeat the nonce of the attempt.
    pub nonce: NonceUse,
    /// Whether a code is bound to the attempt by PKCE.
    pub pkce: Pkce,
    /// How the site proves itself when it redeems a code.
    pub client_auth: ClientAuth,
    /// Whose mailboxes the provider itself knows.
    pub authority: Authority,
    /// What it is asked to show first, such as the choice of an account.
    pub prompt: Option<&'static str>,
    /// The same where somebody proves it once more, or wants to be another.
    pub prompt_again: Option<&'static str>,
}

/// Whether tokens repeat the nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonceUse {
    /// A token without the right one is refused.
    Required,
    /// The provider never sends one back: none is expected.
    Absent,
}

/// Proof Key for Code Exchange (RFC 7636).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pkce {
    /// By a hash of the verifier.
    S256,
    /// Not at all: the provider refuses a verifier.
    Off,
}

/// How a client authenticates (OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// `client_secret_basic`.
    Basic,
    /// `client_secret_post`.
    Post,
}

/// For which addresses the word of a provider proves the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Those of `gmail.com`, and those whose token names the domain that Google hosts (`hd`).
    Google,
    /// None: we send a mail of our own.
    Nobody,
}

const GOOGLE: &str = "google";
const LINKEDIN: &str = "linkedin";
const OWN: &str = "oidc";

impl<F: Fn(&str) -> Option<String>> Environment<F> {
    /// The providers whose variables are set. `is_production` forbids an issuer without TLS.
    pub(super) fn providers(&mut self, is_production: bool) -> Vec<ProviderSettings> {
        let google = self.registered("OIDC_GOOGLE_CLIENT_ID", "OIDC_GOOGLE_CLIENT_SECRET").map(google);
        let linkedin = self.registered("OIDC_LINKEDIN_CLIENT_ID", "OIDC_LINKEDIN_CLIENT_SECRET").map(linkedin);
        let own = self.own_provider(is_production);
        google.into_iter().chain(linkedin).chain(own).collect()
    }

    /// What the operator registered at a provider; half of it is a problem.
    fn registered(&mut self, id: &'static str, secret: &'static str) -> Option<Registration> {
        self.all_or_none(&[id, secret]);
        Some(Registration { client_id: self.value(id)?, client_secret: self.value(secret)?.into() })
    }

    fn own_provider(&mut self, is_production: bool) -> Option<ProviderSettings> {
        let names = ["OIDC_NAME", "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"];
        let are_all_set = self.all_or_none(&names);
        let label = self.read("OIDC_NAME", |name| {
            let is_short = name.chars().count() <= LONGEST_NAME;
            (is_short && !name.chars().any(char::is_control)).then(|| name.to_owned())
        });
        let issuer = self.read("OIDC_ISSUER", |issuer| is_issuer(issuer, is_production).then(|| issuer.to_owned()));
        if !are_all_set {
            return None;
        }
        let (client_id, client_secret) = (self.value("OIDC_CLIENT_ID")?, self.value("OIDC_CLIENT_SECRET")?.into());
        Some(ProviderSettings {
            name: OWN,
            label: label?,
            issuers: vec![issuer?],
            nonce: NonceUse::Required,
            pkce: Pkce::S256,
            client_auth: ClientAuth::Basic,
            authority: Authority::Nobody,
            prompt: None,
            // Every provider knows it (OpenID Connect Core 1.0, 3.1.2.1).
            prompt_again: Some("login"),
            client_id,
            client_secret,
        })
    }

    /// Whether all of these are set; when only some are, each other one is a problem.
    pub(super) fn all_or_none(&mut self, names: &[&str]) -> bool {
        let (set, missing): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| self.value(name).is_some());
        if !set.is_empty() {
            let beside = format!("is missing beside {}: they are set together or not at all", set.join(" and "));
            self.problems.extend(missing.iter().map(|name| format!("{name} {beside}{}", expectation(name))));
        }
        missing.is_empty()
    }
}

struct Registration {
    client_id: String,
    client_secret: SecretString,
}

fn google(Registration { client_id, client_secret }: Registration) -> ProviderSettings {
    ProviderSettings {
        name: GOOGLE,
        label: "Google".to_owned(),
        // Google's documentation names both spellings of its tokens.
        issuers: vec!["https://accounts.google.com".to_owned(), "accounts.google.com".to_owned()],
        nonce: NonceUse::Required,
        pkce: Pkce::S256,
        client_auth: ClientAuth::Post,
        authority: Authority::Google,
        // People have several accounts there: without this, the one that is signed in is taken unasked.
        prompt: Some("select_account"),
        prompt_again: Some("select_account"),
        client_id,
        client_secret,
    }
}

/// LinkedIn repeats no nonce (python-social-auth/social-core#833) and refuses a PKCE verifier (directus#23645).
fn linkedin(Registration { client_id, client_secret }: Registration) -> ProviderSettings {
    ProviderSettings {
        name: LINKEDIN,
        label: "LinkedIn".to_owned(),
        issuers: vec!["https://www.linkedin.com/oauth".to_owned(), "https://www.linkedin.com".to_owned()],
        nonce: NonceUse::Absent,
        pkce: Pkce::Off,
        client_auth: ClientAuth::Post,
        authority: Authority::Nobody,
        prompt: None,
        prompt_again: None,
        client_id,
        client_secret,
    }
}

/// How people read the name of a provider; one that is not set any more has its name alone.
#[must_use]
pub fn provider_label(providers: &[ProviderSettings], name: &str) -> String {
    let known = providers.iter().find(|known| known.name == name);
    known.map_or_else(|| name.to_owned(), |known| known.label.clone())
}

/// Whether it is the address of an issuer: https, or http on this machine where the site itself has no TLS.
fn is_issuer(text: &str, is_production: bool) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    is_bare && may_be_asked(&url, is_production)
}

/// Whether an address of a provider may be asked: over TLS, or on this machine where the site itself has no TLS.
#[must_use]
pub fn may_be_asked(url: &Url, is_production: bool) -> bool {
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || url.scheme() == "http" && is_local && !is_production
}
