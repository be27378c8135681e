//! Confirming an entry with the link of the letter.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::entry::Entry;
use super::link_gone;
use super::words::Words;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::protection::limits;
use crate::web::{self, Answer, App, Form, Layout, Request, paths};

/// The token of a link, in its address or in the form behind the button.
#[derive(Default, Deserialize)]
pub struct TokenField {
    #[serde(default)]
    pub(in crate::waitlist) token: String,
}

#[derive(Template)]
#[template(path = "waitlist/joining/confirm.html")]
struct ConfirmPage {
    t: &'static Words,
    layout: Layout,
    address: String,
    token: SecretToken,
}

/// The button. Opening the page changes nothing, because mail scanners open every link and some run its scripts.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(app: Data<App>, layout: Layout, Query(field): Query<TokenField>) -> web::Result {
    let Some(token) = SecretToken::parse(&field.token) else { return link_gone::show(layout, &field.token) };
    let (now, of) = (app.clock.now(), token.clone());
    let Some(entry) = app.db.read(move |conn| Entry::find_unconfirmed(conn, now, &of)).await? else {
        return gone(&app, layout, &field.token).await;
    };
    response::ok(ConfirmPage { t: Words::of(layout.locale), layout, address: mask(&entry.email), token })
}

/// Confirms the entry and goes on to its own page.
///
/// # Errors
/// Too many, or when the database is unavailable.
pub async fn create(request: Request, http: HttpRequest, form: Form<TokenField>) -> web::Result {
    let Request { app, layout, client, submission } = request;
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show(layout, &form.token) };
    let (now, keys, db) = (app.clock.now(), app.keys.clone(), app.db.for_row(token.hash().as_str()));
    let (verified_addresses, address_proved) = (app.verified_addresses, app.address_proved);
    let answer = db.write(move |conn| {
        let Some(entry) = Entry::confirm(conn, now, &keys, &token)? else { return Ok(None) };
        // There is nobody left to invite.
        if !verified_addresses(conn, &[entry.email.to_string()])?.is_empty() {
            address_proved(conn, now, &entry.email)?;
        }
        let place = entry.links().place.token(&keys.current);
        let answer = Answer::see_other(paths::with_token(paths::waitlist::PLACE, &place));
        submission.record(conn, &answer)?;
        Ok(Some(answer))
    });
    match answer.await? {
        Some(answer) => answer.send(&http),
        None => gone(&app, layout, &form.token).await,
    }
}

/// 410: for some minutes it says that the link confirmed the entry, unless its place is gone.
async fn gone(app: &App, layout: Layout, token: &str) -> web::Result {
    let (now, of) = (app.clock.now(), SecretToken::parse(token));
    let confirmed = move |conn: &mut _| of.as_ref().map_or(Ok(false), |of| Entry::was_just_confirmed(conn, now, of));
    if app.db.read(confirmed).await? { link_gone::show_confirmed(layout) } else { link_gone::show(layout, token) }
}

/// Enough of the address for its owner to know it. A link that was forwarded must not reveal the rest.
fn mask(address: &EmailAddress) -> String {
    let (local, domain) = address.as_str().split_once('@').unwrap_or_default();
    let first: String = local.chars().take(1).collect();
    format!("{first}•••@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_address_keeps_its_first_letter_and_its_domain() {
        assert_eq!(mask(&EmailAddress::parse("ana.rojas@udd.cl").unwrap()), "a•••@udd.cl");
        assert_eq!(mask(&EmailAddress::parse("a@udd.cl").unwrap()), "a•••@udd.cl");
    }
}
