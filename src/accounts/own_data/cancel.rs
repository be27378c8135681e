//! Taking the deletion of one's account back, by the link of the mail.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::grace_period;
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::TokenForm;
use crate::accounts::user::words::Words;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{ok, see_other};
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Form, Layout, paths};

#[derive(Template)]
#[template(path = "accounts/own_data/cancel.html")]
struct CancelDeletePage {
    t: &'static Words,
    layout: Layout,
    email: EmailAddress,
    token: SecretToken,
}

/// A button. Looking changes nothing: mail scanners open every link before its reader does.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, Query(query): Query<TokenForm>) -> web::Result {
    let Some(token) = SecretToken::parse(&query.token) else { return gone(layout) };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| grace_period::find(conn, now, &of_link)).await? {
        Some(email) => ok(CancelDeletePage { t: Words::of(layout.locale), layout, email, token }),
        None => gone(layout),
    }
}

/// Keeps the account. Its owner logs in with the password, as nobody is signed in by this link.
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
    let Some(token) = SecretToken::parse(&form.token) else { return gone(layout) };
    let now = app.clock.now();
    let kept = app.db.write(move |conn| grace_period::cancel(conn, now, &token, &client)).await?;
    let Some(user) = kept else { return gone(layout) };
    tracing::info!(event = "deletion_cancelled", user = %user);
    SessionCookie::of(&request).leave(&Flash::success(Words::of(layout.locale).data.cancelled))?;
    see_other(paths::accounts::LOG_IN)
}

/// A log-in mails the link again, as long as there is an account.
fn gone(layout: Layout) -> web::Result {
    link_gone::page(layout, paths::accounts::LOG_IN)
}
