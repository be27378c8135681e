//! Joining the waitlist by JSON, for programs, with the limits and rules of the form.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use serde_json::json;

use super::join::{self, JoinForm};
use super::new_entry::Joined;
use super::words::Words;
use crate::values::locale::Locale;
use crate::web::page::form::Json;
use crate::web::protection::limits;
use crate::web::{self, FieldErrors, Layout, Request};

/// Joins the waitlist.
///
/// # Errors
/// Too many, or when the database is unavailable.
pub async fn create(request: Request, Json(form): Json<JoinForm>) -> web::Result {
    let Request { app, layout, client, .. } = request;
    app.limits.count(&app.db, &[limits::WAITLIST.for_network(&client)]).await?;
    let entry = match form.parse(&layout) {
        Ok(entry) => entry,
        Err(errors) => return Ok(invalid(&layout, &errors)),
    };
    Ok(match join::join(&app, entry).await? {
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
