//! What a submission is answered with when it has taken effect, and again when an equal one comes.

use actix_web::cookie::{Cookie, CookieJar, Key};
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::subject::Subject;
use crate::values::id::{LinkId, UserId};
use crate::web::app::App;
use crate::web::error::{Error, Result};
use crate::web::page::flash::Flash;
use crate::web::page::response::HTML;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::given_address::GivenAddress;
use crate::web::visitor::sealed_cookie::{self, SealedCookie};

/// An answer, as it is stored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Answer {
    /// Where the browser goes on; nothing for a page.
    location: Option<String>,
    /// The page, if it is one.
    page: Option<String>,
    /// What a program gets, if it is one that asks.
    json: Option<JsonAnswer>,
    flash: Option<Flash>,
    /// A cookie beside the session's, as a header holds it.
    cookie: Option<String>,
    /// The link of the sign-up that the browser made.
    sign_up: Option<LinkId>,
    /// The address that the form was given, which the next page repeats.
    #[serde(default)]
    given: Option<GivenAddress>,
    /// What a program had asked for, if it was one.
    #[serde(default)]
    meaning: Option<String>,
    /// What it does to the browser's session.
    pub session: SessionChange,
    /// What the submission changed.
    #[serde(skip)]
    pub(super) subject: Option<Subject>,
}

/// An answer of the API.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct JsonAnswer {
    status: u16,
    body: String,
    etag: Option<String>,
}

/// What an answer does to the session of the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionChange {
    /// It stays.
    #[default]
    Kept,
    /// It began: the browser proved to be of this account.
    Started(UserId),
    /// It goes on with a new token; the one before is dead.
    Renewed(UserId),
    /// It has ended, and with it what the cookie held.
    Ended,
}

impl SessionChange {
    /// What a provider said of somebody: another one may sit at the browser afterwards. What waits for a log-in stays until
    /// its end.
    const fn forgets(&self) -> &'static [SealedCookie] {
        match self {
            Self::Started(_) => &[sealed_cookie::IDENTIFIED],
            Self::Ended => &[sealed_cookie::IDENTIFIED, sealed_cookie::WAITING],
            _ => &[],
        }
    }

    /// Whether somebody else may sit at the browser afterwards.
    const fn changes_viewer(&self) -> bool {
        matches!(self, Self::Started(_) | Self::Ended)
    }
}

impl Answer {
    /// 303 to this path.
    #[must_use]
    pub fn see_other(path: impl AsRef<str>) -> Self {
        Self { location: Some(path.as_ref().to_owned()), ..Self::default() }
    }

    /// 200 with this page.
    #[must_use]
    pub fn page(html: String) -> Self {
        Self { page: Some(html), ..Self::default() }
    }

    /// 200 with this as JSON.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn json(body: &impl Serialize) -> serde_json::Result<Self> {
        let body = serde_json::to_string(body)?;
        Ok(Self { json: Some(JsonAnswer { status: StatusCode::OK.as_u16(), body, etag: None }), ..Self::default() })
    }

    /// 204, without a body.
    #[must_use]
    pub fn no_content() -> Self {
        let json = JsonAnswer { status: StatusCode::NO_CONTENT.as_u16(), body: String::new(), etag: None };
        Self { json: Some(json), ..Self::default() }
    }

    /// An answer in JSON with this status.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { json: self.json.map(|json| JsonAnswer { status: status.as_u16(), ..json }), ..self }
    }

    /// An answer in JSON with this `ETag`.
    #[must_use]
    pub fn with_etag(self, etag: String) -> Self {
        Self { json: self.json.map(|json| JsonAnswer { etag: Some(etag), ..json }), ..self }
    }

    /// Says this on the next page.
    #[must_use]
    pub fn with_flash(self, text: impl Into<String>) -> Self {
        Self { flash: Some(Flash::success(text)), ..self }
    }

    /// Says on the next page that this failed.
    #[must_use]
    pub fn with_problem(self, text: impl Into<String>) -> Self {
        Self { flash: Some(Flash::problem(text)), ..self }
    }

    /// Sets this cookie.
    #[must_use]
    pub fn with_cookie(self, cookie: &Cookie<'_>) -> Self {
        Self { cookie: Some(cookie.to_string()), ..self }
    }

    /// Remembers the sign-up that this browser made.
    #[must_use]
    pub fn with_sign_up_mark(self, link: LinkId) -> Self {
        Self { sign_up: Some(link), ..self }
    }

    /// Repeats this address on the next page, if there is one.
    #[must_use]
    pub fn with_given_address(self, given: impl Into<Option<GivenAddress>>) -> Self {
        Self { given: given.into(), ..self }
    }

    /// Does this to the browser's session.
    #[must_use]
    pub fn with_session(self, session: SessionChange) -> Self {
        Self { session, ..self }
    }

    /// Tells of a change of this, for as long as nothing else changes it.
    #[must_use]
    pub fn about(self, subject: Subject) -> Self {
        Self { subject: Some(subject), ..self }
    }

    /// To a program that asked for this.
    pub(super) fn to(self, meaning: Option<String>) -> Self {
        Self { meaning, ..self }
    }

    /// Whether it answers who asks for this.
    pub(super) fn is_to(&self, meaning: Option<&str>) -> bool {
        self.meaning.as_deref() == meaning
    }

    /// Answers the request. A new token of the session is not part of the answer: whoever makes it puts it into the cookie.
    ///
    /// # Errors
    /// When the cookie cannot be written.
    pub fn send(self, request: &HttpRequest) -> Result {
        if let Some(json) = self.json {
            return Ok(json.response());
        }
        let session = SessionCookie::of(request);
        // What the cookie holds is of the session that has ended.
        if self.session == SessionChange::Ended {
            session.clear();
        }
        if let Some(link) = &self.sign_up {
            session.mark_sign_up(link)?;
        }
        if let Some(flash) = &self.flash {
            session.set_flash(flash)?;
        }
        let mut response =
            HttpResponse::build(self.location.as_ref().map_or(StatusCode::OK, |_| StatusCode::SEE_OTHER));
        if let Some(cookie) = self.cookie {
            response.append_header((header::SET_COOKIE, cookie));
        }
        if let Some(app) = request.app_data::<Data<App>>() {
            let left_from_before = || GivenAddress::removal(app, request).filter(|_| self.session.changes_viewer());
            let given = self.given.as_ref().map(|given| given.cookie(app)).transpose()?.or_else(left_from_before);
            if let Some(cookie) = given {
                response.cookie(cookie);
            }
            for kind in self.session.forgets().iter().filter(|kind| request.cookie(kind.name(&app.config)).is_some()) {
                response.cookie(kind.removal(app));
            }
        }
        Ok(match (self.location, self.page) {
            (Some(path), _) => response.insert_header((header::LOCATION, path)).finish(),
            (None, page) => response.insert_header((header::CONTENT_TYPE, HTML)).body(page.unwrap_or_default()),
        })
    }

    /// Encrypts it: it may hold an address or a link's token, and the database must hold neither.
    pub(super) fn seal(&self, key: &Key) -> serde_json::Result<String> {
        let mut jar = CookieJar::new();
        jar.private_mut(key).add(Cookie::new(NAME, serde_json::to_string(self)?));
        Ok(jar.get(NAME).map(|sealed| sealed.value().to_owned()).unwrap_or_default())
    }

    /// Decrypts one.
    pub(super) fn open(sealed: String, key: &Key) -> Option<Self> {
        let opened = CookieJar::new().private(key).decrypt(Cookie::new(NAME, sealed))?;
        serde_json::from_str(opened.value()).ok()
    }
}

impl JsonAnswer {
    fn response(self) -> HttpResponse {
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK));
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(etag) = self.etag {
            response.insert_header((header::ETAG, etag));
        }
        if self.body.is_empty() {
            return response.finish();
        }
        response.insert_header((header::CONTENT_TYPE, "application/json")).body(self.body)
    }
}

const NAME: &str = "answer";

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.into())
    }
}
