//! Leaving the waitlist, from one's own page.

use crate::audit::event::Actor;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::waitlist::joining::links::{PLACE, PresentedLink};
use crate::web::page::response;
use crate::web::protection::limits;
use crate::web::{self, Form, Request, paths};

/// Leaves, and goes back to the page, which says so.
///
/// # Errors
/// Too many, or when the database is unavailable.
pub async fn create(request: Request, form: Form<TokenField>) -> web::Result {
    let Request { app, layout, client, .. } = request;
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show(layout, &form.token) };
    let (now, actor) = (app.clock.now(), Actor::visitor(&client));
    let link = PresentedLink { purpose: PLACE, token: token.clone(), keys: app.keys.clone() };
    let left = app.db.write(move |conn| {
        let entry = Entry::lock_by_link(conn, now, &link)?;
        entry.map(|entry| entry.leave(conn, now, &actor)).transpose()
    });
    match left.await? {
        Some(()) => response::see_other(paths::with_token(paths::waitlist::PLACE, &token)),
        None => link_gone::show(layout, &form.token),
    }
}
