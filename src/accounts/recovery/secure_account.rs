//! "It wasn't me": securing an account by the link of a notice.

use actix_web::HttpRequest;
use actix_web::web::Data;

use super::revocation;
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::{LinkPage, LinkText, TokenForm};
use crate::accounts::user::words::Words;
use crate::mail::mail_context::MailContext;
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{ok, see_other};
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Form, Layout, paths};

/// What the link does, and the button that does it.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, Query(query): Query<TokenForm>) -> web::Result {
    let again = paths::accounts::FORGOT;
    let Some(token) = SecretToken::parse(&query.token) else { return link_gone::page(layout, again) };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| revocation::find_by_link(conn, now, &of_link)).await? {
        Some(user) => ok(LinkPage { text: text(Words::of(layout.locale)), layout, token, email: user.email }),
        None => link_gone::page(layout, again),
    }
}

/// Ends every session and the password; the way back in is a mail.
///
/// # Errors
/// When limited, or when the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    (request, client): (HttpRequest, Client),
    form: Form<TokenForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let again = paths::accounts::FORGOT;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::page(layout, again) };
    let (now, mail) = (app.clock.now(), MailContext { locale: layout.locale, keys: app.keys.clone() });
    let secure = move |conn: &mut _| revocation::secure(conn, now, (&token, &client), &mail);
    let Some(user) = app.db.write(secure).await? else { return link_gone::page(layout, again) };
    app.changes.note(&user, now);
    let cookie = SessionCookie::of(&request);
    // What the cookie says of a session that has just ended would take the message with it.
    if layout.viewer.is_some_and(|viewer| viewer.id == user) {
        cookie.clear();
    }
    cookie.leave(&Flash::success(Words::of(layout.locale).recovery.secured))?;
    see_other(paths::accounts::FORGOT_SENT)
}

fn text(words: &'static Words) -> LinkText {
    let t = &words.recovery;
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
