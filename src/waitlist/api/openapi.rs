//! The description of the API, made from its types.

use actix_web::HttpResponse;
use utoipa::openapi::OpenApi as Description;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{list, one_entry, start_wave, totals};
use crate::waitlist::joining;
use crate::web;

#[derive(OpenApi)]
#[openapi(
    info(title = "Biovity", version = "1", description = "The waitlist of Biovity, for programs."),
    paths(
        joining::api::create,
        list::show,
        one_entry::show,
        one_entry::update,
        one_entry::delete,
        start_wave::create,
        totals::show,
    ),
    modifiers(&Bearer),
    security(("key" = [])),
)]
struct Api;

/// The key, which every address takes.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut Description) {
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// The description as a file, for whoever writes a program; it needs no key.
///
/// # Errors
/// When it cannot be written as JSON.
pub async fn show() -> web::Result {
    Ok(HttpResponse::Ok().content_type("application/json").body(text()?))
}

/// The description as JSON.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn text() -> serde_json::Result<String> {
    Api::openapi().to_pretty_json()
}
