//! Erasing an entry and all that is held about it, from one's own page.

use actix_web::HttpRequest;

use super::words::Words;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::waitlist::joining::links::{PLACE, PresentedLink};
use crate::web::protection::limits;
use crate::web::{self, Answer, Form, Request, paths};

/// Erases it and says so on the start page.
///
/// # Errors
/// Too many, or when the database is unavailable.
pub async fn delete(request: Request, http: HttpRequest, form: Form<TokenField>) -> web::Result {
    let Request { app, layout, client, submission } = request;
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show_place(layout, &form.token) };
    let (now, db) = (app.clock.now(), app.db.for_row(token.hash().as_str()));
    let link = PresentedLink { purpose: PLACE, token, keys: app.keys.clone() };
    let answer = Answer::see_other(paths::HOME).with_flash(Words::of(layout.locale).erased);
    let erased = submission.write(&db, &answer, move |conn| {
        let entry = Entry::lock_by_link(conn, now, &link)?;
        entry.map(|entry| entry.erase(conn, now, &link.keys)).transpose()
    });
    let Some(()) = erased.await? else { return link_gone::show_place(layout, &form.token) };
    answer.send(&http)
}
