//! Replacing the secret of an endpoint: at once while no other one signs beside it, else after asking.

use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use askama::Template;
use serde::Deserialize;

use super::endpoint::Endpoint;
use super::endpoint_acts::PressedButton;
use super::endpoint_control::{Act, Rotation};
use super::words::Words;
use crate::values::clock::Timestamp;
use crate::values::id::WebhookId;
use crate::web::page::response;
use crate::web::{self, Admin, App, Error, Form, Layout, PathId, Request, paths};

/// Which secret is replaced, and whether the admin was asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RotateForm {
    generation: String,
    sure: String,
}

#[derive(Template)]
#[template(path = "webhook/rotate_secret.html")]
struct RotatePage {
    t: &'static Words,
    layout: Layout,
    now: Timestamp,
    endpoint: Endpoint,
}

/// Asks whether to replace it.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, PathId(id): PathId<WebhookId>) -> web::Result {
    let endpoint = app.db.read(move |conn| Endpoint::find(conn, &id)).await?.ok_or(Error::NOT_FOUND)?;
    response::ok(RotatePage { t: Words::of(layout.locale), layout, now: app.clock.now(), endpoint })
}

/// Replaces it, and shows the new one once.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn create(admin: Admin, context: Request, http: HttpRequest, form: Form<RotateForm>) -> web::Result {
    let PathId(endpoint) = PathId::<WebhookId>::extract(&http).await?;
    // No secret has the number 0: a form that does not say which one it saw replaces none.
    let of = form.generation.parse().unwrap_or_default();
    let rotation = Rotation { keys: context.app.keys.clone(), of, is_sure: !form.sure.is_empty() };
    PressedButton { admin, context, endpoint, act: Act::Rotate(rotation) }.apply(&http).await
}

impl RotatePage {
    fn path(&self, pattern: &str) -> String {
        paths::with_id(pattern, self.endpoint.id.as_str())
    }
}
