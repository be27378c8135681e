//! Erasing a place and all that is held about it.

use actix_web::HttpRequest;
use actix_web::web::Data;

use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::waitlist::words::Words;
use crate::web::page::flash::Flash;
use crate::web::page::response;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Form, Layout, paths};

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
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show(layout) };
    let (now, keys) = (app.clock.now(), app.keys.clone());
    if !app.db.write(move |conn| Entry::erase(conn, now, &keys, &token)).await? {
        return link_gone::show(layout);
    }
    SessionCookie::of(&request).leave(&Flash::success(Words::of(layout.locale).place.erased))?;
    response::see_other(paths::HOME)
}
