//! Cancelling the deletion of one's account, by the link of the mail.

use actix_web::HttpRequest;

use super::grace_period;
use super::words::Words;
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::{LinkPage, LinkText, TokenForm};
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{ok, see_other};
use crate::web::protection::limits;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Form, Layout, Request, paths};

/// What the link does, and the button that does it.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, Query(query): Query<TokenForm>) -> web::Result {
    let Some(token) = SecretToken::parse(&query.token) else { return gone(layout) };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| grace_period::find(conn, now, &of_link)).await? {
        Some(email) => ok(LinkPage { text: text(Words::of(layout.locale)), layout, token, email }),
        None => gone(layout),
    }
}

/// Keeps the account. Its owner logs in with the password, as nobody is signed in by this link.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    Request { app, layout, client }: Request,
    request: HttpRequest,
    form: Form<TokenForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(layout) };
    let now = app.clock.now();
    let kept = app.db.write(move |conn| grace_period::cancel(conn, now, &token, &client)).await?;
    let Some(user) = kept else { return gone(layout) };
    tracing::info!(event = "deletion_cancelled", user = %user);
    SessionCookie::of(&request).set_flash(&Flash::success(Words::of(layout.locale).cancelled))?;
    see_other(paths::accounts::LOG_IN)
}

/// A log-in mails the link again, as long as there is an account.
fn gone(layout: Layout) -> web::Result {
    link_gone::page(layout, paths::accounts::LOG_IN)
}

fn text(t: &Words) -> LinkText {
    LinkText {
        title: t.cancel_title,
        before_email: t.cancel_lead,
        after_email: String::new(),
        steps: &[],
        button: t.keep,
        path: paths::accounts::CANCEL_DELETE,
        hint: Some(t.cancel_hint),
    }
}
