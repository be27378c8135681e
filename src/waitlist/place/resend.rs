//! Sending the email that confirms a place again, from one's own page.

use actix_web::HttpRequest;

use super::words::Words;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::waitlist::joining::links::{PLACE, PresentedLink};
use crate::web::protection::limits;
use crate::web::{self, Answer, Form, Request, paths};

/// Sends it, and goes back to the page, which says so, or that enough were sent. Where there is nothing to confirm any more, the
/// page says how far the place has come.
///
/// # Errors
/// Too many, or when the database is unavailable.
pub async fn create(request: Request, http: HttpRequest, form: Form<TokenField>) -> web::Result {
    let Request { app, layout, client, submission } = request;
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show_place(layout, &form.token) };
    let (now, keys, t) = (app.clock.now(), app.keys.clone(), Words::of(layout.locale));
    let link = PresentedLink { purpose: PLACE, token: token.clone(), keys: keys.clone() };
    let place = Answer::see_other(paths::with_token(paths::waitlist::PLACE, &token));
    let db = app.db.for_row(token.hash().as_str());
    let answer = db.write(move |conn| {
        let Some(entry) = Entry::lock_by_link(conn, now, &link)? else { return Ok(None) };
        let answer = if !entry.has_to_confirm() {
            place.clone()
        } else if entry.request_confirmation(conn, now, &keys)? {
            place.clone().with_flash(t.sent_again)
        } else {
            place.clone().with_problem(t.not_sent_again)
        };
        submission.record(conn, &answer)?;
        Ok(Some(answer))
    });
    match answer.await? {
        Some(answer) => answer.send(&http),
        None => link_gone::show_place(layout, &form.token),
    }
}
