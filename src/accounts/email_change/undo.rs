//! The link by which the old address gets its account back.

use actix_web::HttpRequest;
use actix_web::web::Data;

use super::confirm::taken;
use super::email_change::{self, Outcome};
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::{LinkPage, LinkText, TokenForm};
use crate::accounts::user::link_purposes::EMAIL_UNDO;
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
    match app.db.read(move |conn| email_change::find_by_link(conn, now, (EMAIL_UNDO, &of_link))).await? {
        Some(email) => ok(LinkPage { text: text(Words::of(layout.locale)), layout, token, email }),
        None => link_gone::page(layout, again),
    }
}

/// Gives the account its old address back and shuts everybody out; the way back in is a mail.
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
    let undo = move |conn: &mut _| email_change::undo(conn, now, (&token, &client), &mail);
    let user = match app.db.write(undo).await? {
        Outcome::Done(user) => user,
        Outcome::Taken => return taken(layout),
        Outcome::Gone => return link_gone::page(layout, again),
    };
    app.viewer_cache.invalidate(&user, now);
    let cookie = SessionCookie::of(&request);
    // What the cookie says of a session that has just ended would take the message with it.
    if layout.viewer.is_some_and(|viewer| viewer.id == user) {
        cookie.clear();
    }
    cookie.leave(&Flash::success(Words::of(layout.locale).address.undone))?;
    see_other(paths::accounts::FORGOT_SENT)
}

fn text(words: &'static Words) -> LinkText {
    let t = &words.address;
    LinkText {
        title: t.undo,
        before_email: t.undo_for,
        after_email: format!(". {}", t.undo_lead),
        steps: &t.undo_steps,
        button: t.undo_now,
        path: paths::accounts::EMAIL_UNDO,
        hint: Some(t.undo_not_needed),
    }
}
