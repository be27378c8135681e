//! The description of the API, made from its types.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Content, OpenApi as Description, PathItem, Ref, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::{list, messages, one_entry, start_wave, totals};
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
    components(schemas(
        messages::EntryMessage,
        messages::ErasedEntryMessage,
        messages::AccountMessage,
        messages::DeletedAccountMessage,
        messages::ProbeMessage,
    )),
    modifiers(&Bearer, &Refusals),
    security(("key" = [])),
)]
struct Api;

/// The description with the messages of webhooks, for which the crate has no place.
#[derive(Serialize)]
struct Described {
    #[serde(flatten)]
    api: Description,
    webhooks: BTreeMap<&'static str, PathItem>,
}

/// The key, which every address takes.
struct Bearer;

/// What every address may answer, and every one that reads a body.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, api: &mut Description) {
        for item in api.paths.paths.values_mut() {
            let operations = [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete];
            for operation in operations.into_iter().flatten() {
                let mut add = |status: &str, description| {
                    let known = &mut operation.responses.responses;
                    known.entry(status.to_owned()).or_insert_with(|| refusal(description).into());
                };
                add("503", "Try again after the seconds in Retry-After");
                if operation.request_body.is_some() {
                    add("408", "The body did not come in time");
                    add("413", "The body is too large");
                }
            }
        }
    }
}

fn refusal(description: &str) -> Response {
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().description(description).content("application/problem+json", problem).build()
}

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
    serde_json::to_string_pretty(&Described { api: Api::openapi(), webhooks: messages::all() })
}
