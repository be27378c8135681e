//! Reading lists from the standby, where an admin finds what they have just done all the same: the cookie keeps how far the
//! log of the database had come by then.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use super::cookie::SessionCookie;
use super::viewer::Viewer;
use crate::db;
use crate::web::app::App;
use crate::web::error::Error;
use crate::web::paths;

/// For how many seconds a standby must show what somebody did: one that is further behind than ten is not read at all. What
/// a cookie keeps is nothing to go by for longer, since the log of a restored database begins anew.
const REMEMBERED: i64 = 60;

/// Whoever reads a list.
#[derive(Debug)]
pub struct ListReader {
    /// The application's shared parts.
    pub app: Data<App>,
    written: Option<i64>,
}

impl ListReader {
    /// The reader who makes this request.
    #[must_use]
    pub fn of(app: Data<App>, http: &HttpRequest) -> Self {
        let written = app.standby.is_configured().then(|| SessionCookie::of(http).written()).flatten();
        let is_recent = |(_, at): &(i64, i64)| at + REMEMBERED > app.shared_time().timestamp();
        let written = written.filter(is_recent).map(|(lsn, _)| lsn);
        Self { app, written }
    }

    /// Reads what may be some seconds old. Says how old at most, if it comes from the standby.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl Fn(&mut PgConnection) -> QueryResult<T> + Clone + Send + 'static,
    ) -> Result<(T, Option<Duration>), db::Error> {
        self.app.standby.read(self.written, read).await
    }
}

impl FromRequest for ListReader {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Data::from_request(request, payload).into_inner().map(|app| Self::of(app, request)))
    }
}

/// Keeps in an admin's cookie how far the log had come after what they did. Without a standby it costs nothing.
///
/// # Errors
/// When the cookie cannot be written.
pub async fn record_writes(app: &App, http: &HttpRequest) -> Result<(), Error> {
    if !app.standby.is_configured() || !writes(http) {
        return Ok(());
    }
    let cookie = SessionCookie::of(http);
    if cookie.viewer().is_some_and(|viewer| Viewer::is_admin(&viewer))
        && let Some(written) = app.standby.written().await
    {
        cookie.keep_written(written, app.shared_time())?;
    }
    Ok(())
}

/// Whether it may have changed what lists show. An export is recorded.
fn writes(http: &HttpRequest) -> bool {
    let is_act = !http.method().is_safe() || http.path() == paths::waitlist::EXPORT;
    is_act && !paths::is_api(http.path())
}
