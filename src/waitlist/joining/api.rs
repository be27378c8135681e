//! Joining the waitlist by JSON, for programs: the same gates, limits and rules as the form.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use super::join::{self, JoinForm};
use super::new_entry::Joined;
use crate::values::locale::Locale;
use crate::waitlist::words::Words;
use crate::web::page::form::Json;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::{self, App, FieldErrors, Layout};

/// Takes a place.
///
/// # Errors
/// Too many, or when the database is away.
pub async fn create(app: Data<App>, layout: Layout, client: Client, Json(form): Json<JoinForm>) -> web::Result {
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
