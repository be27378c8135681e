//! Erasing a place and all that is held about it.

use actix_web::HttpRequest;
use actix_web::web::Data;

use super::confirm::TokenField;
use super::entry::Entry;
use super::gone;
use super::words::Words;
use crate::values::secret_token::SecretToken;
use crate::web::client::Client;
use crate::web::cookie::SessionCookie;
use crate::web::flash::Flash;
use crate::web::{self, App, Form, Layout, limits, page, paths};

/// Erases it and says so on the start page.
///
/// # Errors
/// Too many, or when the database is away.
pub async fn delete(
    app: Data<App>,
    layout: Layout,
    client: Client,
    (request, form): (HttpRequest, Form<TokenField>),
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone::show(layout) };
    let (now, keys) = (app.clock.now(), app.keys.clone());
    if !app.db.write(move |conn| Entry::erase(conn, now, &keys, &token)).await? {
        return gone::show(layout);
    }
    SessionCookie::of(&request).leave(&Flash::success(Words::of(layout.locale).place.erased))?;
    page::see_other(paths::HOME)
}
