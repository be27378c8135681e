//! Confirming an entry with the link of the letter.

use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::entry::Entry;
use super::link_gone;
use super::links::CONFIRM;
use super::words::Words;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::protection::limits;
use crate::web::{self, App, Form, Layout, Request, paths};

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
    let Some(token) = SecretToken::parse(&field.token) else { return link_gone::show(layout) };
    let (now, of) = (app.clock.now(), token.clone());
    let Some(entry) = app.db.read(move |conn| Entry::find_by_link(conn, now, CONFIRM, &of)).await? else {
        return link_gone::show(layout);
    };
    response::ok(ConfirmPage { t: Words::of(layout.locale), layout, address: mask(&entry.email), token })
}

/// Confirms the entry and goes on to its own page.
///
/// # Errors
/// Too many, or when the database is unavailable.
pub async fn create(request: Request, form: Form<TokenField>) -> web::Result {
    let Request { app, layout, client } = request;
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show(layout) };
    let (now, keys) = (app.clock.now(), app.keys.clone());
    match app.db.write(move |conn| Entry::confirm(conn, now, &keys, &token)).await? {
        Some(place) => response::see_other(paths::with_token(paths::waitlist::PLACE, &place)),
        None => link_gone::show(layout),
    }
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
