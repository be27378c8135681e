//! Verifying an address by the link of a mail, or saying "it wasn't me".

use actix_web::HttpRequest;
use askama::Template;

use super::verification::{self, Verified, VerifyRequest};
use super::words::Words;
use crate::accounts::session::new_session::Proof;
use crate::accounts::session::start_session::start_session;
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::TokenForm;
use crate::mail::mail_context::MailContext;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{ok, see_other};
use crate::web::protection::limits;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Error, Form, Layout, Request, paths};

#[derive(Template)]
#[template(path = "accounts/sign_up/verify_email.html")]
struct VerifyEmailPage {
    t: &'static Words,
    layout: Layout,
    email: EmailAddress,
    token: SecretToken,
}

/// Two buttons. Opening the page changes nothing: mail scanners open every link before its reader does.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, Query(query): Query<TokenForm>) -> web::Result {
    let Some(token) = SecretToken::parse(&query.token) else { return gone(layout) };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| verification::find_address(conn, now, &of_link)).await? {
        Some(email) => ok(VerifyEmailPage { t: Words::of(layout.locale), layout, email, token }),
        None => gone(layout),
    }
}

/// Verifies, and signs in the browser that signed up; every other one logs in with the password.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(Request { app, layout, client }: Request, http: HttpRequest, form: Form<TokenForm>) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(layout) };
    let (t, cookie) = (Words::of(layout.locale), SessionCookie::of(&http));
    let request = VerifyRequest { token, own_link: cookie.sign_up_mark(), client: client.clone() };
    let Some(Verified { user, same_browser }) = verify(&app, request).await? else { return gone(layout) };
    if same_browser {
        let mail = MailContext { locale: layout.locale, keys: app.keys.clone() };
        if let Some(signed_in) = start_session(&app, &http, Proof::by_link(user, client), mail).await? {
            cookie.set_flash(&Flash::success(t.verified))?;
            return signed_in.redirect(|_| paths::accounts::ACCOUNT.to_owned());
        }
    }
    cookie.set_flash(&Flash::success(t.verified_log_in))?;
    see_other(paths::accounts::LOG_IN)
}

/// "It wasn't me": removes the unverified account.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn delete(Request { app, layout, client }: Request, http: HttpRequest, form: Form<TokenForm>) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(layout) };
    let now = app.clock.now();
    if !app.db.write(move |conn| verification::reject(conn, now, &token)).await? {
        return gone(layout);
    }
    SessionCookie::of(&http).set_flash(&Flash::success(Words::of(layout.locale).removed))?;
    see_other(paths::HOME)
}

/// Verifies the address, and tells the other rooms that it is proved.
async fn verify(app: &App, request: VerifyRequest) -> Result<Option<Verified>, Error> {
    let (now, proved) = (app.clock.now(), app.address_proved);
    let verified = app.db.write(move |conn| {
        let verified = request.redeem(conn, now)?;
        if let Some(Verified { user, .. }) = &verified {
            proved(conn, now, &user.email)?;
        }
        Ok(verified)
    });
    Ok(verified.await?)
}

/// The page of a link that does not work, with the way to another.
fn gone(layout: Layout) -> web::Result {
    link_gone::page(layout, paths::accounts::RESEND)
}
