//! A device that somebody logged in on: known by a cookie, so that strangers' failures never lock its owner out (OWASP,
//! "Slow Down Online Guessing Attacks with Device Cookies"), and so that an owner hears of a device that is new.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::config::Config;
use crate::values::email_address::EmailAddress;
use crate::values::secret_key::{SecretKey, SecretKeys};
use crate::values::secret_token::SecretToken;
use crate::web::app::App;

/// How long a device is remembered after a log-in, in days.
const DAYS: i64 = 365;
/// People who share a device, at most; the oldest is forgotten.
const MOST: usize = 8;

/// A device: a random name, and a seal for each address that logged in on it. The seals cannot be made without our key,
/// nor moved to another device, and tell nobody the addresses.
#[derive(Clone, Debug)]
pub struct Device {
    name: SecretToken,
    seals: Vec<String>,
}

impl Device {
    /// The device of this request; nothing when nobody logged in on it.
    #[must_use]
    pub fn of(request: &HttpRequest, app: &App) -> Option<Self> {
        let cookie = request.cookie(cookie_name(&app.config))?;
        let mut parts = cookie.value().split('.');
        let name = SecretToken::parse(parts.next()?)?;
        Some(Self { name, seals: parts.take(MOST).map(str::to_owned).collect() })
    }

    /// Whether this address logged in on it.
    #[must_use]
    pub fn knows(&self, keys: &SecretKeys, email: &EmailAddress) -> bool {
        keys.iter().any(|key| {
            let seal = self.seal(key, email);
            self.seals.iter().any(|known| bool::from(known.as_bytes().ct_eq(seal.as_bytes())))
        })
    }

    /// What counts the failures of this device.
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
        app: &App,
        email: &EmailAddress,
    ) -> Result<Cookie<'static>, getrandom::Error> {
        let mut device = match device {
            Some(device) => device,
            None => Self { name: SecretToken::generate()?, seals: Vec::new() },
        };
        device.seals.insert(0, device.seal(&app.keys.current, email));
        device.seals.truncate(MOST);
        let value = [&[device.name.reveal().to_owned()], device.seals.as_slice()].concat().join(".");
        Ok(Cookie::build(cookie_name(&app.config), value)
            .path("/")
            .secure(app.config.is_production())
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::days(DAYS))
            .finish())
    }

    /// Rows of the old application may hold the address in mixed case.
    fn seal(&self, key: &SecretKey, email: &EmailAddress) -> String {
        URL_SAFE_NO_PAD.encode(key.hmac("device", &format!("{} {}", self.name.reveal(), email.as_str().to_lowercase())))
    }
}

/// The name, with the prefix that keeps subdomains from setting it.
#[must_use]
pub fn cookie_name(config: &Config) -> &'static str {
    if config.is_production() { "__Host-biovity-device" } else { "biovity-device" }
}
