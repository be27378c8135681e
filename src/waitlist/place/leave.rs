//! Leaving the waitlist, from the private page.

use actix_web::web::Data;

use super::removal::LeavesBy;
use crate::audit::event::Actor;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::web::page::response;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::{self, App, Form, Layout, paths};

/// Leaves, and goes back to the page, which says so.
///
/// # Errors
/// Too many, or when the database is away.
pub async fn create(app: Data<App>, layout: Layout, client: Client, form: Form<TokenField>) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show(layout) };
    let (now, actor, of) = (app.clock.now(), Actor::visitor(&client), token.clone());
    if app.db.write(move |conn| Entry::leave(conn, now, &actor, (LeavesBy::Place, &of))).await? {
        return response::see_other(paths::with_token(paths::waitlist::PLACE, &token));
    }
    link_gone::show(layout)
}
