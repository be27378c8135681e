//! Leaving the waitlist, from the private page.

use actix_web::web::Data;

use super::confirm::TokenField;
use super::departure::LeavesBy;
use super::entry::Entry;
use super::gone;
use crate::values::secret_token::SecretToken;
use crate::web::client::Client;
use crate::web::event::Actor;
use crate::web::{self, App, Form, Layout, limits, page, paths};

/// Leaves, and goes back to the page, which says so.
///
/// # Errors
/// Too many, or when the database is away.
pub async fn create(app: Data<App>, layout: Layout, client: Client, form: Form<TokenField>) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone::show(layout) };
    let (now, actor, of) = (app.clock.now(), Actor::visitor(&client), token.clone());
    if app.db.write(move |conn| Entry::leave(conn, now, &actor, (LeavesBy::Place, &of))).await? {
        return page::see_other(paths::with_token(paths::waitlist::PLACE, &token));
    }
    gone::show(layout)
}
