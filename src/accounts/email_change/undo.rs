//! The link by which the old address gets its account back.

use actix_web::HttpRequest;
use askama::Template;

use super::change_link::ChangeLink;
use super::email_change::{Outcome, UsedLink};
use super::words::Words;
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::{LinkPage, LinkText, TokenForm};
use crate::accounts::user::link_purposes::EMAIL_UNDO;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{conflict, ok, see_other};
use crate::web::protection::limits;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Form, Layout, Request, paths};

/// Another account was verified with the old address meanwhile. Whoever has the link reads the mail of both.
#[derive(Template)]
#[template(path = "accounts/email_change/undo_taken.html")]
struct UndoTakenPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
}

/// What the link does, and the button that does it.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, Query(query): Query<TokenForm>) -> web::Result {
    let Some(token) = SecretToken::parse(&query.token) else { return gone(layout) };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| ChangeLink::find(conn, now, EMAIL_UNDO, &of_link)).await? {
        Some(ChangeLink { to, .. }) => ok(LinkPage { text: text(Words::of(layout.locale)), layout, token, email: to }),
        None => gone(layout),
    }
}

/// Gives the account its old address back and shuts everybody out; the way back in is a mail.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    Request { app, layout, client }: Request,
    request: HttpRequest,
    mail: MailContext,
    form: Form<TokenForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(layout) };
    let (now, link) = (app.clock.now(), UsedLink { token, client, mail });
    let user = match app.db.write(move |conn| link.undo(conn, now)).await? {
        Outcome::Done(user) => user,
        Outcome::Taken => return taken(layout),
        Outcome::Gone => return gone(layout),
    };
    app.viewer_cache.invalidate(&user, now);
    let cookie = SessionCookie::of(&request);
    // The session has just ended: the next page would clear its cookie, and the message with it.
    if layout.viewer.is_some_and(|viewer| viewer.id == user) {
        cookie.clear();
    }
    cookie.set_flash(&Flash::success(Words::of(layout.locale).undone))?;
    see_other(paths::accounts::FORGOT_SENT)
}

/// 409: nothing was changed, and the link goes on working.
fn taken(layout: Layout) -> web::Result {
    let common = CommonWords::of(layout.locale);
    conflict(UndoTakenPage { t: Words::of(layout.locale), common, layout })
}

fn gone(layout: Layout) -> web::Result {
    link_gone::page(layout, paths::accounts::FORGOT)
}

fn text(t: &'static Words) -> LinkText {
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
