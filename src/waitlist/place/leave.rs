//! Leaving the waitlist, from one's own page.

use actix_web::HttpRequest;

use crate::audit::event::Actor;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::waitlist::joining::links::{PLACE, PresentedLink};
use crate::web::protection::limits;
use crate::web::{self, Answer, Form, Request, paths};

/// Leaves, and goes back to the page, which says so.
///
/// # Errors
/// Too many, or when the database is unavailable.
pub async fn create(request: Request, http: HttpRequest, form: Form<TokenField>) -> web::Result {
    let Request { app, layout, client, submission } = request;
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show_place(layout, &form.token) };
    let (now, actor) = (app.clock.now(), Actor::visitor(&client));
    let link = PresentedLink { purpose: PLACE, token: token.clone(), keys: app.keys.clone() };
    let answer = Answer::see_other(paths::with_token(paths::waitlist::PLACE, &token));
    let db = app.db.for_row(token.hash().as_str());
    let left = submission.write(&db, &answer, move |conn| {
        let entry = Entry::lock_by_link(conn, now, &link)?;
        entry.map(|entry| entry.leave(conn, now, &actor)).transpose()
    });
    match left.await? {
        Some(()) => answer.send(&http),
        None => link_gone::show_place(layout, &form.token),
    }
}
