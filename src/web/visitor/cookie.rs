//! The session cookie: its name, what it holds, and the keys that encrypt it.

use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_session::storage::CookieSessionStore;
use actix_session::{Session, SessionExt, SessionMiddleware};
use actix_web::cookie::{Key, SameSite, time};
use actix_web::{HttpMessage, HttpRequest};

use super::viewer::Viewer;
use crate::config::Config;
use crate::values::clock::Timestamp;
use crate::values::id::LinkId;
use crate::values::secret_key::{SecretKey, SecretKeys};
use crate::values::secret_token::SecretToken;
use crate::web::error::Error;
use crate::web::page::flash::Flash;
use crate::web::retention;

const TOKEN: &str = "token";
const VIEWER: &str = "viewer";
const FLASH: &str = "flash";
const LOG_IN: &str = "log_in";
const SIGNED_UP: &str = "signed_up";
const SUMMARY: &str = "summary";
const WRITTEN: &str = "written";

/// The session cookie of one request. Encrypted by actix-session; the session table is the authority on the token.
#[derive(Clone)]
pub struct SessionCookie(Session);

/// Marks a request whose token is one of a session that has ended.
#[derive(Debug)]
pub struct EndedToken;

impl EndedToken {
    /// Whether this request brought one.
    #[must_use]
    pub fn is_in(request: &HttpRequest) -> bool {
        request.extensions().contains::<Self>()
    }
}

impl SessionCookie {
    /// The cookie that this request brought, or an empty one.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        Self(request.get_session())
    }

    /// The token of the session row, which may have ended.
    #[must_use]
    pub fn token(&self) -> Option<SecretToken> {
        self.0.get(TOKEN).ok().flatten()
    }

    /// The viewer as last read from the database.
    #[must_use]
    pub fn viewer(&self) -> Option<Viewer> {
        self.0.get(VIEWER).ok().flatten()
    }

    /// Signs in: nothing of what the cookie held of a session before stays (session fixation).
    ///
    /// # Errors
    /// When the state cannot be written.
    pub fn sign_in(&self, token: &SecretToken, viewer: &Viewer) -> Result<(), Error> {
        self.clear();
        self.insert(TOKEN, token)?;
        self.cache_viewer(viewer)
    }

    /// Keeps the viewer, as just read from the database, for the next requests.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub fn cache_viewer(&self, viewer: &Viewer) -> Result<(), Error> {
        self.insert(VIEWER, viewer)
    }

    /// Removes everything but the mark of a sign-up, which this browser made whoever uses it now: it signs nobody in without
    /// the link of a mail. Other content may still be added afterwards.
    pub fn clear(&self) {
        for key in [TOKEN, VIEWER, FLASH, LOG_IN, SUMMARY, WRITTEN] {
            self.0.remove(key);
        }
    }

    /// Makes the browser delete a cookie that holds nothing any more. Call this last: actix-session drops whatever is
    /// added afterwards.
    pub fn discard_if_empty(&self) {
        if self.0.entries().is_empty() {
            self.0.purge();
        }
    }

    /// Remembers the sign-up that this browser made, so that the link of its mail signs it in. For an address that is
    /// known already, the mark names no link that exists: the cookie must not tell whether an address has an account.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub fn mark_sign_up(&self, link: &LinkId) -> Result<(), Error> {
        self.insert(SIGNED_UP, link)
    }

    /// Forgets the sign-up that this browser made, once it has taken effect.
    pub fn forget_sign_up(&self) {
        self.0.remove(SIGNED_UP);
    }

    /// The link of the sign-up that this browser made.
    #[must_use]
    pub fn sign_up_mark(&self) -> Option<LinkId> {
        self.0.get(SIGNED_UP).ok().flatten()
    }

    /// Keeps a log-in whose code is still to come. It is no token: it signs nobody in.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub fn keep_log_in(&self, log_in: &impl serde::Serialize) -> Result<(), Error> {
        self.insert(LOG_IN, log_in)
    }

    /// The log-in whose code is still to come.
    #[must_use]
    pub fn log_in<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        self.0.get(LOG_IN).ok().flatten()
    }

    /// Stores a message for the next page.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub fn set_flash(&self, flash: &Flash) -> Result<(), Error> {
        self.insert(FLASH, flash)
    }

    /// Takes the message that the page before stored.
    #[must_use]
    pub fn take_flash(&self) -> Option<Flash> {
        // actix-session counts every removal as a change, even of what is not there. Every page would then send the
        // cookie again, and a slow answer would overwrite the cookie of a log-in that came in between.
        if self.0.contains_key(FLASH) { self.0.remove_as(FLASH)?.ok() } else { None }
    }

    /// Keeps what the account page tells of the viewer, for as long as the viewer's own copy is valid.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub fn cache_summary(&self, summary: &impl serde::Serialize) -> Result<(), Error> {
        self.insert(SUMMARY, summary)
    }

    /// What the account page told of the viewer.
    #[must_use]
    pub fn summary<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        self.0.get(SUMMARY).ok().flatten()
    }

    /// Keeps how far the log of the database had come after what the viewer did, and when that was.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub fn keep_written(&self, lsn: i64, at: Timestamp) -> Result<(), Error> {
        self.insert(WRITTEN, &(lsn, at.timestamp()))
    }

    /// How far the log of the database had come after what the viewer last did, and when that was, in seconds.
    #[must_use]
    pub fn written(&self) -> Option<(i64, i64)> {
        self.0.get(WRITTEN).ok().flatten()
    }

    fn insert(&self, key: &str, value: &impl serde::Serialize) -> Result<(), Error> {
        self.0.insert(key, value).map_err(|error| Error::Internal(anyhow::Error::msg(error.to_string())))
    }
}

/// The name: the `__Host-` prefix keeps subdomains and plain http from setting it (RFC 6265bis §4.1.3.2).
#[must_use]
pub fn name(config: &Config) -> &'static str {
    if config.is_production() { "__Host-biovity" } else { "biovity" }
}

/// actix-session with an encrypted cookie. The cookie lives as long as a session that is not refreshed.
#[must_use]
pub fn middleware(config: &Config, keys: &SecretKeys) -> SessionMiddleware<CookieSessionStore> {
    SessionMiddleware::builder(CookieSessionStore::default(), encryption_key(&keys.current))
        .cookie_name(name(config).to_owned())
        .cookie_secure(config.is_production())
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .cookie_content_security(CookieContentSecurity::Private)
        .session_lifecycle(
            PersistentSession::default().session_ttl(time::Duration::seconds(retention::IDLE_SESSION.num_seconds())),
        )
        .build()
}

/// The key that encrypts it.
pub(super) fn encryption_key(key: &SecretKey) -> Key {
    Key::from(key.bytes())
}
