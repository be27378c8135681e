//! What a handler answers, and the one error that ends a request early. Its page is made in `page/error_page.rs`.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};

use super::paths;
use crate::db;
use crate::values::site_path::SitePath;

/// What a handler answers.
pub type Result = std::result::Result<HttpResponse, Error>;

/// Everything that ends a request early. A variant exists only where the visitor sees something different.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself is refused; the status says why.
    #[error("refused: {0}")]
    Refused(StatusCode),
    /// A guest asked for a page of an account. Holds the path to go on to after logging in.
    #[error("not signed in")]
    SignInFirst(Option<SitePath>),
    /// The form of an account came without its session: nothing of it was saved. Holds the path of its page.
    #[error("the session has ended")]
    SessionEnded(Option<SitePath>),
    /// The form was shown to another account than the one that is signed in.
    #[error("the form of another account")]
    OtherAccount,
    /// The page asks for the password again. Holds the path to go on to afterwards.
    #[error("the password is too old")]
    ReauthFirst(Option<SitePath>),
    /// An admin must set up a second factor before the admin pages are shown.
    #[error("no second factor")]
    SecondFactorFirst,
    /// The form is for whom another provider identified.
    #[error("nobody was identified")]
    SignUpFirst,
    /// A limit was reached. Holds the seconds until it allows another attempt.
    #[error("limited for {0} s")]
    TooMany(u64),
    /// Overloaded, or the database is unavailable.
    #[error("unavailable")]
    Unavailable(#[source] Unavailable),
    /// A fault of ours.
    #[error("internal error")]
    Internal(#[from] anyhow::Error),
}

/// Why a request gets no answer now, and may get one in some seconds.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// The database gives none, or too many wait for it.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// Too many requests of one client network are in hand.
    #[error("too many requests of one network")]
    NetworkShare,
    /// Too many password hashes of one client network are under way or wait.
    #[error("too many password hashes of one network")]
    HashShare,
    /// The handler took longer than it may.
    #[error("no answer in time")]
    Late,
}

impl Unavailable {
    /// One word for it, as the metrics name it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Database(error) => error.name(),
            Self::NetworkShare => "requests_of_network",
            Self::HashShare => "hashes_of_network",
            Self::Late => "late",
        }
    }
}

impl Error {
    /// Nothing here, or nothing that this visitor may know of.
    pub const NOT_FOUND: Self = Self::Refused(StatusCode::NOT_FOUND);
    /// A link that was used, has expired, or never was.
    pub const GONE: Self = Self::Refused(StatusCode::GONE);
    /// A body that cannot be read as the form that the handler expects.
    pub const BAD_REQUEST: Self = Self::Refused(StatusCode::BAD_REQUEST);
    /// Seconds after which a visitor may try again when we are overloaded.
    const RETRY_AFTER: u64 = 3;
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Query(_) => Self::Internal(error.into()),
            error => Self::Unavailable(error.into()),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Refused(status) => *status,
            Self::OtherAccount => StatusCode::CONFLICT,
            Self::SignInFirst(_)
            | Self::SessionEnded(_)
            | Self::ReauthFirst(_)
            | Self::SecondFactorFirst
            | Self::SignUpFirst => StatusCode::SEE_OTHER,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Status and headers. [`fill`](super::page::error_page::fill) adds the page, since only it sees the request.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::SignInFirst(next) => {
                response.insert_header((header::LOCATION, paths::accounts::log_in_then(next.as_ref())))
            }
            Self::SessionEnded(next) => {
                response.insert_header((header::LOCATION, paths::accounts::log_in_after_end(next.as_ref())))
            }
            Self::ReauthFirst(next) => {
                response.insert_header((header::LOCATION, paths::accounts::reauth_then(next.as_ref())))
            }
            Self::SignUpFirst => response.insert_header((header::LOCATION, paths::accounts::SIGN_UP)),
            Self::SecondFactorFirst => response.insert_header((header::LOCATION, paths::accounts::SECOND_FACTOR)),
            Self::TooMany(seconds) => response.insert_header((header::RETRY_AFTER, seconds.to_string())),
            Self::Unavailable(_) => response.insert_header((header::RETRY_AFTER, Self::RETRY_AFTER.to_string())),
            Self::Refused(_) | Self::OtherAccount | Self::Internal(_) => &mut response,
        };
        response.finish()
    }
}
