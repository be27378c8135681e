//! Accounts without a password: secured ones, and those that only a provider opens. Where the password is asked for, they
//! are led to the mail that sets one; where it is enough to be the owner still, the provider says so.

use actix_web::HttpRequest;
use askama::Template;

use crate::accounts::session::words::{Reauth, Words};
use crate::accounts::user::user::User;
use crate::accounts::user::user::identity::Identity;
use crate::accounts::user::user::provider_link::{self, ProviderLink};
use crate::accounts::user::words::Words as CommonWords;
use crate::values::site_path::SitePath;
use crate::web::page::flash::Flash;
use crate::web::page::response::{ok, see_other};
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Error, Layout, Request, Viewer, paths};

/// The providers by which an owner without a password proves to be there still.
#[derive(Template)]
#[template(path = "accounts/session/log_in/prove.html")]
struct ProvePage {
    t: &'static Reauth,
    common: &'static CommonWords,
    layout: Layout,
    providers: Vec<ProviderLink>,
}

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

/// Asks who has none to prove it at a provider that opens the account, and goes on to `next`; where there is none, leads to
/// that mail.
pub(in crate::accounts) async fn prove(
    Request { app, layout, .. }: Request,
    http: &HttpRequest,
    viewer: &Viewer,
    next: Option<&SitePath>,
) -> web::Result {
    let id = viewer.id.clone();
    let identities = app.db.read(move |conn| Identity::all_of(conn, &id)).await?;
    let providers = provider_link::to_prove(&app.config, &identities, next);
    if providers.is_empty() || viewer.is_admin() {
        return redirect_to_forgot(http, &layout);
    }
    let (t, common) = (&Words::of(layout.locale).reauth, CommonWords::of(layout.locale));
    ok(ProvePage { t, common, layout, providers })
}
