//! Joining the waitlist by JSON, for programs, with the limits and rules of the form.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use super::join::JoinForm;
use super::new_entry::Joined;
use super::new_entry::join_queue::JoinQueue;
use super::words::Words;
use crate::values::locale::Locale;
use crate::web::page::form::Json;
use crate::web::protection::limits;
use crate::web::{self, FieldErrors, Layout, Request};

/// Joins the waitlist.
///
/// # Errors
/// Too many, or when the database is unavailable.
#[utoipa::path(
    post, path = "/api/waitlist", operation_id = "join", tag = "waitlist", security(()),
    request_body = JoinForm,
    responses(
        (status = 201, description = "Joined; a mail asks for a confirmation"),
        (status = 400, description = "The body cannot be read"),
        (status = 409, description = "The address is listed already"),
        (status = 413, description = "The body is too large"),
        (status = 415, description = "The body is no JSON"),
        (status = 422, description = "The address or the role is none"),
        (status = 429, description = "Too many requests of one network"),
    ),
)]
pub async fn create(request: Request, queue: Data<JoinQueue>, Json(form): Json<JoinForm>) -> web::Result {
    let Request { app, layout, client, .. } = request;
    let count = limits::WAITLIST.for_network(&client);
    let entry = match form.parse(&layout, app.clock.now()) {
        Ok(entry) => entry,
        Err(errors) => {
            app.limits.count(&app.db, &[count]).await?;
            return Ok(invalid(&layout, &errors));
        }
    };
    Ok(match queue.join(&app, entry, &count).await? {
        Joined::New => HttpResponse::Created().json(json!({ "success": true })),
        // Programs compare these words, so they stay the same in every language.
        Joined::AlreadyListed => {
            HttpResponse::Conflict().json(json!({ "error": Words::of(Locale::En).already_listed }))
        }
    })
}

fn invalid(layout: &Layout, errors: &FieldErrors) -> HttpResponse {
    let fields: BTreeMap<_, _> = errors.list().iter().map(|error| (error.field, error.text.as_ref())).collect();
    let body = json!({ "error": layout.t.there_is_a_problem, "fields": fields });
    HttpResponse::UnprocessableEntity().json(body)
}
