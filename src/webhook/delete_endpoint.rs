//! Deleting an endpoint, after asking.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::endpoint::Endpoint;
use super::endpoint_acts::PressedButton;
use super::endpoint_control::Act;
use super::words::Words;
use crate::values::id::WebhookId;
use crate::web::page::response;
use crate::web::{self, Admin, App, Error, Layout, PathId, Request, paths};

#[derive(Template)]
#[template(path = "webhook/delete_endpoint.html")]
struct DeletePage {
    t: &'static Words,
    layout: Layout,
    endpoint: Endpoint,
}

/// Asks whether to delete it.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, PathId(id): PathId<WebhookId>) -> web::Result {
    let endpoint = app.db.read(move |conn| Endpoint::find(conn, &id)).await?.ok_or(Error::NOT_FOUND)?;
    response::ok(DeletePage { t: Words::of(layout.locale), layout, endpoint })
}

/// Deletes it, with all that it was told.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn delete(
    admin: Admin,
    context: Request,
    http: HttpRequest,
    PathId(endpoint): PathId<WebhookId>,
) -> web::Result {
    PressedButton { admin, context, endpoint, act: Act::Delete }.apply(&http).await
}

impl DeletePage {
    fn path(&self, pattern: &str) -> String {
        paths::with_id(pattern, self.endpoint.id.as_str())
    }
}
