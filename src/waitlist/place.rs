//! A person's own place on the waitlist, by the private link.

use actix_web::web::Data;
use askama::Template;

use super::confirm::TokenField;
use super::entry::Entry;
use super::gone;
use super::role::Role;
use super::words::Words;
use crate::values::secret_token::SecretToken;
use crate::web::query::Query;
use crate::web::{self, App, Layout, page};

#[derive(Template)]
#[template(path = "waitlist/place.html")]
struct PlacePage {
    t: &'static Words,
    layout: Layout,
    entry: Entry,
}

/// Where the place stands, and what is held about it.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, Query(field): Query<TokenField>) -> web::Result {
    let Some(token) = SecretToken::parse(&field.token) else { return gone::show(layout) };
    let now = app.clock.now();
    match app.db.read(move |conn| Entry::find(conn, now, &token)).await? {
        Some(entry) => page::ok(PlacePage { t: Words::of(layout.locale), layout, entry }),
        None => gone::show(layout),
    }
}

impl PlacePage {
    /// The answer as the form words it.
    fn role(&self) -> &'static str {
        match self.entry.role {
            Role::Employee => self.layout.t.role_employee,
            Role::Organization => self.layout.t.role_organization,
        }
    }
}
