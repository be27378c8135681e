//! The device cookie (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"): a device on which somebody
//! logged in is known again, so that strangers' failures never lock its owner out, and so that an owner is told of a
//! new device.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::config::Config;
use crate::values::email_address::EmailAddress;
use crate::values::secret_key::{SecretKey, SecretKeys};
use crate::values::secret_token::SecretToken;
use crate::web::retention;

/// Addresses that a device remembers at most; beyond it the oldest is forgotten.
const MOST: usize = 8;
/// Stands before the signature of a second factor whose code was given, where no other has it.
const GAVE_CODE: char = '*';

/// A device: a random name, and a signature (an HMAC of name and address) for each address that logged in on it. Nobody
/// can make a signature without our key, use it on another device, or read the address from it. One more, of the name alone,
/// tells that somebody logged in on it, whoever that was.
#[derive(Clone, Debug)]
pub struct Device {
    name: SecretToken,
    signatures: Vec<String>,
    /// The second factors of which a code was given on it, each signed.
    codes: Vec<String>,
}

impl Device {
    /// The device of this request; nothing when nobody logged in on it.
    #[must_use]
    pub fn of(request: &HttpRequest, config: &Config) -> Option<Self> {
        let cookie = request.cookie(cookie_name(config))?;
        let mut parts = cookie.value().split('.');
        let name = SecretToken::parse(parts.next()?)?;
        let (codes, signatures) =
            parts.take(2 * MOST + 1).map(str::to_owned).partition(|part| part.starts_with(GAVE_CODE));
        Some(Self { name, signatures, codes })
    }

    /// A new one, which nobody has logged in on.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn generate() -> Result<Self, getrandom::Error> {
        Ok(Self { name: SecretToken::generate()?, signatures: Vec::new(), codes: Vec::new() })
    }

    /// The same, on which a code of the second factor of this subject was given.
    #[must_use]
    pub fn with_code(mut self, keys: &SecretKeys, subject: &str) -> Self {
        let known: Vec<_> = keys.iter().map(|key| self.code_signature(key, subject)).collect();
        self.codes.retain(|code| !known.contains(code));
        self.codes.insert(0, self.code_signature(&keys.current, subject));
        self.codes.truncate(MOST);
        self
    }

    /// Whether a code of the second factor of this subject was given on it.
    #[must_use]
    pub fn gave_code(&self, keys: &SecretKeys, subject: &str) -> bool {
        keys.iter().any(|key| {
            let signature = self.code_signature(key, subject);
            self.codes.iter().any(|code| bool::from(code.as_bytes().ct_eq(signature.as_bytes())))
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

    /// A hash of its name: limits count its failures under it, and an owner's trust is in the device of this.
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
        let value = [&name, device.signatures.as_slice(), device.codes.as_slice()].concat().join(".");
        Ok(Cookie::build(cookie_name(config), value)
            .path("/")
            .secure(config.is_production())
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::seconds(retention::DEVICE_COOKIE.num_seconds()))
            .finish())
    }

    fn code_signature(&self, key: &SecretKey, subject: &str) -> String {
        let signed = key.hmac("device code", &format!("{} {subject}", self.name.reveal()));
        format!("{GAVE_CODE}{}", URL_SAFE_NO_PAD.encode(signed))
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
