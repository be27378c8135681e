//! Accounts without a password: secured ones, and those that only a provider opens. Where the password is asked for, they
//! are led to the mail that sets one.

use actix_web::HttpRequest;

use crate::accounts::session::words::Words;
use crate::accounts::user::user::User;
use crate::web::page::flash::Flash;
use crate::web::page::response::see_other;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Error, Layout, Viewer, paths};

/// Whether there is a password to give.
pub(in crate::accounts) async fn has_password(app: &App, viewer: &Viewer) -> Result<bool, Error> {
    let id = viewer.id.clone();
    let user = app.db.read(move |conn| User::find(conn, &id)).await?;
    Ok(user.is_some_and(|user| user.password.is_some()))
}

/// Leads to the mail that sets one.
pub(in crate::accounts) fn redirect_to_forgot(http: &HttpRequest, layout: &Layout) -> web::Result {
    SessionCookie::of(http).set_flash(&Flash::success(Words::of(layout.locale).no_password))?;
    see_other(paths::accounts::FORGOT)
}
