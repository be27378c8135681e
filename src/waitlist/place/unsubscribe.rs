//! Stopping mail about an entry with one click of a mail program (RFC 8058), or with a button.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use askama::Template;

use super::words::Words;
use crate::audit::event::Actor;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::waitlist::joining::links::{PresentedLink, UNSUBSCRIBE};
use crate::waitlist::joining::words::Words as JoiningWords;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::protection::limits;
use crate::web::{self, App, Error, Layout, Request, paths};

#[derive(Template)]
#[template(path = "waitlist/place/unsubscribe.html")]
struct UnsubscribePage {
    t: &'static Words,
    joining: &'static JoiningWords,
    layout: Layout,
    /// Where the button leads; none when it was pressed.
    action: Option<String>,
}

/// The button. Opening the page changes nothing, because mail scanners open every link.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(app: Data<App>, layout: Layout, Query(field): Query<TokenField>) -> web::Result {
    let Some(token) = SecretToken::parse(&field.token) else { return link_gone::show_place(layout, &field.token) };
    let now = app.clock.now();
    let link = PresentedLink { purpose: UNSUBSCRIBE, token: token.clone(), keys: app.keys.clone() };
    let Some(entry) = app.db.read(move |conn| Entry::find_by_link(conn, now, &link)).await? else {
        return link_gone::show_place(layout, &field.token);
    };
    let action = (!entry.is_gone()).then(|| paths::with_token(paths::waitlist::UNSUBSCRIBE, &token));
    response::ok(UnsubscribePage::new(layout, action))
}

/// Leaves the waitlist; a second time changes nothing. Only the token is checked: mail programs send no cookie and any
/// body they like.
///
/// # Errors
/// Too many, a body that is too large, or when the database is unavailable.
pub async fn create(
    request: Request,
    Query(field): Query<TokenField>,
    body: Result<Bytes, actix_web::Error>,
) -> web::Result {
    let Request { app, layout, client, .. } = request;
    body.map_err(|_| Error::Refused(StatusCode::PAYLOAD_TOO_LARGE))?;
    app.limits.count(&app.db, &[limits::UNSUBSCRIBING.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&field.token) else { return link_gone::show_place(layout, &field.token) };
    let (now, actor, db) = (app.clock.now(), Actor::visitor(&client), app.db.for_row(token.hash().as_str()));
    let link = PresentedLink { purpose: UNSUBSCRIBE, token, keys: app.keys.clone() };
    let left = db.write(move |conn| {
        let entry = Entry::lock_by_link(conn, now, &link)?;
        entry.map(|entry| entry.leave(conn, now, &actor)).transpose()
    });
    match left.await? {
        Some(()) => response::ok(UnsubscribePage::new(layout, None)),
        None => link_gone::show_place(layout, &field.token),
    }
}

impl UnsubscribePage {
    fn new(layout: Layout, action: Option<String>) -> Self {
        Self { t: Words::of(layout.locale), joining: JoiningWords::of(layout.locale), layout, action }
    }
}
