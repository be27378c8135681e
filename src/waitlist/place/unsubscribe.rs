//! Stopping mail about a place with one click of a mail program (RFC 8058), or with a button.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use askama::Template;

use super::removal::LeavesBy;
use crate::audit::event::Actor;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::waitlist::joining::links::UNSUBSCRIBE;
use crate::waitlist::words::Words;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::{self, App, Error, Layout};

#[derive(Template)]
#[template(path = "waitlist/place/unsubscribe.html")]
struct UnsubscribePage {
    t: &'static Words,
    layout: Layout,
    action: Option<String>,
}

/// The button. Changes nothing: mail scanners open every link.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, Query(field): Query<TokenField>) -> web::Result {
    let Some(token) = SecretToken::parse(&field.token) else { return link_gone::show(layout) };
    let (now, of) = (app.clock.now(), token.clone());
    if app.db.read(move |conn| Entry::find_by(conn, now, UNSUBSCRIBE, &of)).await?.is_none() {
        return link_gone::show(layout);
    }
    let action = Some(web::paths::with_token(web::paths::waitlist::UNSUBSCRIBE, &token));
    response::ok(UnsubscribePage { t: Words::of(layout.locale), layout, action })
}

/// Leaves the waitlist; a second time changes nothing. The token alone decides: mail programs send no cookie and any
/// body they like.
///
/// # Errors
/// Too many, a body that is too large, or when the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    client: Client,
    (Query(field), body): (Query<TokenField>, Result<Bytes, actix_web::Error>),
) -> web::Result {
    body.map_err(|_| Error::Refused(StatusCode::PAYLOAD_TOO_LARGE))?;
    app.limits.count(&app.db, &[limits::UNSUBSCRIBING.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&field.token) else { return link_gone::show(layout) };
    let (now, actor) = (app.clock.now(), Actor::visitor(&client));
    if app.db.write(move |conn| Entry::leave(conn, now, &actor, (LeavesBy::Unsubscribe, &token))).await? {
        return response::ok(UnsubscribePage { t: Words::of(layout.locale), layout, action: None });
    }
    link_gone::show(layout)
}
