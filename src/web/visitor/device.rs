//! The device cookie (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"): a device on which somebody
//! logged in is known again, so that strangers' failures never lock its owner out, and so that an owner is told of a
//! new device. Where its owner wants that, the second factor is not asked for on it.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::config::Config;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::secret_key::{SecretKey, SecretKeys};
use crate::values::secret_token::SecretToken;
use crate::web::retention;

/// Addresses that a device remembers at most; beyond it the oldest is forgotten.
const MOST: usize = 8;
/// Stands between a time and its signature, where no signature has it.
const SIGNED_BY: char = ':';

/// A device: a random name, and a signature (an HMAC of name and address) for each address that logged in on it. Nobody
/// can make a signature without our key, use it on another device, or read the address from it. One more, of the name alone,
/// tells that somebody logged in on it, whoever that was.
#[derive(Clone, Debug)]
pub struct Device {
    name: SecretToken,
    signatures: Vec<String>,
    /// Until when (in seconds since 1970) a second factor is not asked for on it, each signed.
    trusts: Vec<String>,
}

impl Device {
    /// The device of this request; nothing when nobody logged in on it.
    #[must_use]
    pub fn of(request: &HttpRequest, config: &Config) -> Option<Self> {
        let cookie = request.cookie(cookie_name(config))?;
        let mut parts = cookie.value().split('.');
        let name = SecretToken::parse(parts.next()?)?;
        let (trusts, signatures): (Vec<_>, Vec<_>) =
            parts.take(2 * MOST + 1).map(str::to_owned).partition(|part| part.contains(SIGNED_BY));
        Some(Self { name, signatures, trusts })
    }

    /// A new one, which nobody has logged in on.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn generate() -> Result<Self, getrandom::Error> {
        Ok(Self { name: SecretToken::generate()?, signatures: Vec::new(), trusts: Vec::new() })
    }

    /// The same, on which the second factor of this subject is not asked for until then.
    #[must_use]
    pub fn trusting(mut self, key: &SecretKey, subject: &str, until: Timestamp) -> Self {
        let until = until.timestamp();
        self.trusts.insert(0, format!("{until}{SIGNED_BY}{}", self.trust_signature(key, subject, until)));
        self.trusts.truncate(MOST);
        self
    }

    /// Whether the second factor of this subject is not asked for on it.
    #[must_use]
    pub fn trusts(&self, keys: &SecretKeys, subject: &str, now: Timestamp) -> bool {
        self.trusts.iter().filter_map(|trust| trust.split_once(SIGNED_BY)).any(|(until, signature)| {
            let until = until.parse().unwrap_or_default();
            let is_signed = |key| self.trust_signature(key, subject, until).as_bytes().ct_eq(signature.as_bytes());
            until > now.timestamp() && keys.iter().any(|key| bool::from(is_signed(key)))
        })
    }

    /// Whether this address logged in on it.
    #[must_use]
    pub fn knows(&self, keys: &SecretKeys, email: &EmailAddress) -> bool {
        keys.iter().any(|key| {
            let signature = self.signature(key, email);
            self.signatures.iter().any(|known| bool::from(known.as_bytes().ct_eq(signature.as_bytes())))
        })
    }

    /// Whether anybody logged in on it: its name is one that we gave out.
    #[must_use]
    pub fn is_ours(&self, keys: &SecretKeys) -> bool {
        keys.iter().any(|key| {
            let own = self.own_signature(key);
            self.signatures.iter().any(|known| bool::from(known.as_bytes().ct_eq(own.as_bytes())))
        })
    }

    /// The text under which limits count the failures of this device.
    #[must_use]
    pub fn subject(&self) -> String {
        self.name.hash().as_str().to_owned()
    }

    /// The cookie that remembers that this address logged in; a new device gets a name.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn remember(
        device: Option<Self>,
        config: &Config,
        keys: &SecretKeys,
        email: &EmailAddress,
    ) -> Result<Cookie<'static>, getrandom::Error> {
        let mut device = match device {
            Some(device) => device,
            None => Self::generate()?,
        };
        // Whoever logs in again and again takes one place, and pushes nobody else out.
        let known: Vec<_> =
            keys.iter().flat_map(|key| [device.signature(key, email), device.own_signature(key)]).collect();
        device.signatures.retain(|signature| !known.contains(signature));
        device.signatures.insert(0, device.signature(&keys.current, email));
        device.signatures.truncate(MOST);
        device.signatures.push(device.own_signature(&keys.current));
        let name = [device.name.reveal().to_owned()];
        let value = [&name, device.signatures.as_slice(), device.trusts.as_slice()].concat().join(".");
        Ok(Cookie::build(cookie_name(config), value)
            .path("/")
            .secure(config.is_production())
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::seconds(retention::DEVICE_COOKIE.num_seconds()))
            .finish())
    }

    fn trust_signature(&self, key: &SecretKey, subject: &str, until: i64) -> String {
        URL_SAFE_NO_PAD.encode(key.hmac("device trust", &format!("{} {until} {subject}", self.name.reveal())))
    }

    fn own_signature(&self, key: &SecretKey) -> String {
        URL_SAFE_NO_PAD.encode(key.hmac("device itself", self.name.reveal()))
    }

    /// Signs the address in lower case, since rows of the old application may hold it in mixed case.
    fn signature(&self, key: &SecretKey, email: &EmailAddress) -> String {
        URL_SAFE_NO_PAD.encode(key.hmac("device", &format!("{} {}", self.name.reveal(), email.lowercase())))
    }
}

/// The name, with the prefix that keeps subdomains from setting it.
#[must_use]
pub fn cookie_name(config: &Config) -> &'static str {
    if config.is_production() { "__Host-biovity-device" } else { "biovity-device" }
}
