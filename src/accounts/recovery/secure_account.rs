//! "It wasn't me": securing an account by the link of a notice.

use actix_web::HttpRequest;

use super::revocation::{self, SecureRequest};
use super::words::Words;
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::{LinkPage, LinkText, TokenForm};
use crate::mail::mail_context::MailContext;
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{ok, see_other};
use crate::web::protection::limits;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Form, Request, paths};

/// What the link does, and the button that does it.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, Query(query): Query<TokenForm>) -> web::Result {
    let again = paths::accounts::FORGOT;
    let Some(token) = SecretToken::parse(&query.token) else { return link_gone::page(layout, again) };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| revocation::find_user(conn, now, &of_link)).await? {
        Some(user) => ok(LinkPage { text: text(Words::of(layout.locale)), layout, token, email: user.email }),
        None => link_gone::page(layout, again),
    }
}

/// Ends every session and the password; the way back in is a mail.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    Request { app, layout, client }: Request,
    http: HttpRequest,
    mail: MailContext,
    form: Form<TokenForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let again = paths::accounts::FORGOT;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::page(layout, again) };
    let (now, request) = (app.clock.now(), SecureRequest { token, client });
    let secured = app.db.write(move |conn| request.redeem(conn, now, &mail)).await?;
    let Some(user) = secured else { return link_gone::page(layout, again) };
    app.viewer_cache.invalidate(&user, now);
    let cookie = SessionCookie::of(&http);
    // The cookie still names the session that has just ended: the next page would clear it, and the message with it.
    if layout.viewer.is_some_and(|viewer| viewer.id == user) {
        cookie.clear();
    }
    cookie.set_flash(&Flash::success(Words::of(layout.locale).secured))?;
    see_other(paths::accounts::FORGOT_SENT)
}

fn text(t: &'static Words) -> LinkText {
    LinkText {
        title: t.secure,
        before_email: t.secure_for,
        after_email: format!(", {}", t.secure_lead),
        steps: &t.secure_steps,
        button: t.secure_now,
        path: paths::accounts::SECURE,
        hint: Some(t.secure_not_needed),
    }
}
