//! The session cookie: its name, what it holds, and the keys that encrypt it.

use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_session::storage::CookieSessionStore;
use actix_session::{Session, SessionExt, SessionMiddleware};
use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, CookieJar, Key, SameSite, time};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};

use super::viewer::Viewer;
use super::{device, sealed_cookie};
use crate::config::Config;
use crate::values::clock::Timestamp;
use crate::values::id::LinkId;
use crate::values::secret_key::{SecretKey, SecretKeys};
use crate::values::secret_token::SecretToken;
use crate::web::app::App;
use crate::web::error::Error;
use crate::web::page::flash::Flash;
use crate::web::page::language;
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

/// Removes all cookies but our own from the request, since a malformed one of another site on the domain would make all
/// of them unreadable. Encrypts a session cookie of a former key with the current one, since actix-session knows only
/// one key.
///
/// # Errors
/// Those of the services within.
pub async fn prepare(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if let Some(app) = request.app_data::<Data<App>>().cloned()
        && !(app.keys.former.is_empty() && is_readable(request.headers()))
    {
        let name = name(&app.config);
        let sealed = sealed_cookie::ALL.map(|cookie| cookie.name(&app.config));
        let known = [[name, language::COOKIE, device::cookie_name(&app.config)].as_slice(), &sealed].concat();
        let attempts = sealed_cookie::ATTEMPT.name(&app.config);
        let ours = own_pairs(request.headers(), |name| known.contains(&name) || name.starts_with(attempts));
        let cookies = ours.iter().filter_map(|pair| Cookie::parse_encoded(pair.clone()).ok());
        let reencrypted =
            cookies.filter(|cookie| cookie.name() == name).find_map(|cookie| reencrypt(&cookie, &app.keys));
        let pairs = ours.into_iter().map(|pair| match &reencrypted {
            Some(current) if pair.split_once('=').is_some_and(|(its, _)| its == name) => current.clone(),
            _ => pair,
        });
        let header = HeaderValue::from_str(&pairs.collect::<Vec<_>>().join("; "));
        request.headers_mut().insert(header::COOKIE, header.unwrap_or(HeaderValue::from_static("")));
    }
    next.call(request).await
}

/// Whether every cookie can be read, which is so but for foreign ones of old applications: nothing is copied then.
fn is_readable(headers: &header::HeaderMap) -> bool {
    // What is above ASCII when decoded may be no UTF-8.
    let is_ascii = |text: &str| text.split('%').skip(1).all(|hex| hex.bytes().next().is_none_or(|digit| digit < b'8'));
    let is_pair = |pair: &str| pair.split_once('=').is_some_and(|(name, _)| !name.trim().is_empty()) && is_ascii(pair);
    let is_readable = |line: &str| line.split(';').map(str::trim).all(|pair| pair.is_empty() || is_pair(pair));
    let mut lines = headers.get_all(header::COOKIE).map(HeaderValue::as_bytes);
    lines.all(|line| line.is_ascii() && std::str::from_utf8(line).is_ok_and(is_readable))
}

/// The pairs of these names. Each pair is read by itself: a foreign cookie that is no text, such as a raw `ñ`, must not
/// cost a visitor the others.
fn own_pairs(headers: &header::HeaderMap, is_ours: impl Fn(&str) -> bool) -> Vec<String> {
    let lines = headers.get_all(header::COOKIE).map(HeaderValue::as_bytes);
    let pairs = lines.flat_map(|line| line.split(|byte| *byte == b';'));
    let pairs = pairs.filter_map(|pair| std::str::from_utf8(pair).ok()).map(str::trim);
    let own = pairs.filter(|pair| pair.split_once('=').is_some_and(|(name, _)| is_ours(name)));
    own.filter(|pair| Cookie::parse_encoded(*pair).is_ok()).map(str::to_owned).collect()
}

/// The same cookie under the current key; nothing when it is under that key already, or no key decrypts it.
fn reencrypt(cookie: &Cookie<'static>, keys: &SecretKeys) -> Option<String> {
    let mut jar = CookieJar::new();
    jar.add_original(cookie.clone());
    let decrypt = |key: &SecretKey| jar.private(&encryption_key(key)).get(cookie.name());
    if decrypt(&keys.current).is_some() {
        return None;
    }
    let plain = keys.former.iter().find_map(decrypt)?;
    let mut encrypted = CookieJar::new();
    encrypted.private_mut(&encryption_key(&keys.current)).add(plain);
    encrypted.get(cookie.name()).map(|cookie| cookie.encoded().stripped().to_string())
}

fn encryption_key(key: &SecretKey) -> Key {
    Key::from(key.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cookies_that_can_be_read_are_left_as_they_are() {
        let stays = |line: &str| {
            let mut headers = header::HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_bytes(line.as_bytes()).unwrap());
            is_readable(&headers)
        };
        for line in ["biovity=a%2Fb%3D%3D; lang=es", "lang=es;", "a=b=c", "x=%41%7f", "x="] {
            assert!(stays(line), "{line}");
            assert!(line.split(';').filter(|it| !it.is_empty()).all(|it| Cookie::parse_encoded(it).is_ok()), "{line}");
        }
        for line in ["x=%ff; lang=es", "x=%zz", "x=ñ", "alone", "=x", "a=b; =x", "x=%C3%B1"] {
            assert!(!stays(line), "{line}");
        }
    }
}
