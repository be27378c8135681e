//! Confirming a place by the link of the letter.

use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::entry::Entry;
use super::link_gone;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::waitlist::words::Words;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::{self, App, Form, Layout, paths};

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

/// The button. Changes nothing: mail scanners open every link, and some run its scripts.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, Query(field): Query<TokenField>) -> web::Result {
    let Some(token) = SecretToken::parse(&field.token) else { return link_gone::show(layout) };
    let (now, of) = (app.clock.now(), token.clone());
    let Some(entry) = app.db.read(move |conn| Entry::find_to_confirm(conn, now, &of)).await? else {
        return link_gone::show(layout);
    };
    response::ok(ConfirmPage { t: Words::of(layout.locale), layout, address: mask(&entry.email), token })
}

/// Confirms the place and goes there.
///
/// # Errors
/// Too many, or when the database is away.
pub async fn create(app: Data<App>, layout: Layout, client: Client, form: Form<TokenField>) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show(layout) };
    let (now, keys) = (app.clock.now(), app.keys.clone());
    match app.db.write(move |conn| Entry::confirm(conn, now, &keys, &token)).await? {
        Some(place) => response::see_other(paths::with_token(paths::waitlist::PLACE, &place)),
        None => link_gone::show(layout),
    }
}

/// Enough for its owner to know it: a forwarded link must not give the address away.
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
