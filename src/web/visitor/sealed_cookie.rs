//! A cookie that only this site can read and write, for what a browser must bring back within some minutes.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, CookieJar, Key, SameSite, time};
use chrono::TimeDelta;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::Config;
use crate::values::secret_key::SecretKey;
use crate::web::app::App;
use crate::web::error::Error;
use crate::web::retention::{BRIEF_COOKIE, IDENTIFIED_COOKIE};

/// One kind of such a cookie.
#[derive(Clone, Copy, Debug)]
pub struct SealedCookie {
    /// Its name in production, whose prefix keeps subdomains from setting it; without that on plain http.
    name: &'static str,
    /// How long the browser keeps it.
    lasts: TimeDelta,
}

/// The attempts to log in with other providers, each in a cookie of its own.
pub const ATTEMPT: SealedCookie = SealedCookie { name: "__Host-biovity-attempt", lasts: BRIEF_COOKIE };
/// Whom a provider said to be here, until they finish signing up, and long enough to tell them that they took too long.
pub const IDENTIFIED: SealedCookie = SealedCookie { name: "__Host-biovity-identified", lasts: IDENTIFIED_COOKIE };
/// The address that a form was given.
pub const GIVEN: SealedCookie = SealedCookie { name: "__Host-biovity-given", lasts: BRIEF_COOKIE };
/// What a provider said of somebody whose address has an account, until they have logged in there.
pub const WAITING: SealedCookie = SealedCookie { name: "__Host-biovity-waiting", lasts: BRIEF_COOKIE };
/// Every kind of it.
pub const ALL: [SealedCookie; 4] = [ATTEMPT, IDENTIFIED, GIVEN, WAITING];

impl SealedCookie {
    /// How long it lasts.
    #[must_use]
    pub const fn lasts(self) -> TimeDelta {
        self.lasts
    }

    /// Its name.
    #[must_use]
    pub fn name(self, config: &Config) -> &'static str {
        let plain = || self.name.strip_prefix("__Host-").unwrap_or(self.name);
        if config.is_production() { self.name } else { plain() }
    }

    /// The name of one of several, each of which is written without the others being read.
    fn name_of_one(self, config: &Config, id: &str) -> String {
        format!("{}-{id}", self.name(config))
    }

    /// What the browser brought back; nothing of what we did not write.
    #[must_use]
    pub fn open<T: DeserializeOwned>(self, app: &App, http: &HttpRequest) -> Option<T> {
        self.decrypt(app, &http.cookie(self.name(&app.config))?)
    }

    /// The same of one of several.
    #[must_use]
    pub fn open_one<T: DeserializeOwned>(self, app: &App, http: &HttpRequest, id: &str) -> Option<T> {
        self.decrypt(app, &http.cookie(&self.name_of_one(&app.config, id))?)
    }

    /// The same of all of them.
    #[must_use]
    pub fn open_all<T: DeserializeOwned>(self, app: &App, http: &HttpRequest) -> Vec<T> {
        let (first, cookies) = (self.name_of_one(&app.config, ""), http.cookies());
        let cookies = cookies.iter().flat_map(|cookies| cookies.iter());
        cookies.filter(|it| it.name().starts_with(&first)).filter_map(|it| self.decrypt(app, it)).collect()
    }

    fn decrypt<T: DeserializeOwned>(self, app: &App, cookie: &Cookie<'static>) -> Option<T> {
        let opened = |key: &SecretKey| CookieJar::new().private(&self.key(key)).decrypt(cookie.clone());
        serde_json::from_str(app.keys.iter().find_map(opened)?.value()).ok()
    }

    /// The cookie that holds this.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn seal<T: Serialize>(self, app: &App, content: &T) -> Result<Cookie<'static>, Error> {
        self.seal_as(app, self.name(&app.config).to_owned(), content)
    }

    /// The same of one of several.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn seal_one<T: Serialize>(self, app: &App, id: &str, content: &T) -> Result<Cookie<'static>, Error> {
        self.seal_as(app, self.name_of_one(&app.config, id), content)
    }

    fn seal_as<T: Serialize>(self, app: &App, name: String, content: &T) -> Result<Cookie<'static>, Error> {
        let mut jar = CookieJar::new();
        jar.private_mut(&self.key(&app.keys.current)).add(Cookie::new(name.clone(), serde_json::to_string(content)?));
        let value = jar.get(&name).map(|sealed| sealed.value().to_owned()).unwrap_or_default();
        Ok(cookie(app, name, value, self.lasts))
    }

    /// Makes the browser forget it.
    #[must_use]
    pub fn removal(self, app: &App) -> Cookie<'static> {
        removal(app, self.name(&app.config).to_owned())
    }

    /// Makes the browser forget one of several.
    #[must_use]
    pub fn removal_of_one(self, app: &App, id: &str) -> Cookie<'static> {
        removal(app, self.name_of_one(&app.config, id))
    }

    fn key(self, key: &SecretKey) -> Key {
        let half = |which: &str| key.hmac(which, self.name);
        Key::from(&[half("sealed cookie, first half"), half("sealed cookie, second half")].concat())
    }
}

fn removal(app: &App, name: String) -> Cookie<'static> {
    cookie(app, name, String::new(), TimeDelta::zero())
}

fn cookie(app: &App, name: String, value: String, lasts: TimeDelta) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(app.config.is_production())
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(time::Duration::seconds(lasts.num_seconds()))
        .finish()
}
