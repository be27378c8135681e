//! What went wrong below `/api/`, as RFC 9457 has it (`application/problem+json`). Programs read it, so it is the same in every
//! language.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::page::field_errors::FieldErrors;

/// The content type.
pub const CONTENT_TYPE: &str = "application/problem+json";
/// The challenge of a 401 (RFC 6750).
pub const CHALLENGE: &str = "Bearer realm=\"Biovity\"";

/// A problem. It has no type of its own: what it is, its status says.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What it means here.
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: String,
    /// What is wrong with which parameter or member.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<String, String>,
}

impl Problem {
    /// The problem that an answer of this status has.
    #[must_use]
    pub fn of(status: StatusCode) -> Self {
        Self::new(status, detail(status))
    }

    /// A problem with this text.
    #[must_use]
    pub fn new(status: StatusCode, detail: &str) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self { kind: "about:blank", title, status: status.as_u16(), detail: detail.to_owned(), fields: BTreeMap::new() }
    }

    /// 422 with what is wrong, field by field.
    #[must_use]
    pub fn invalid(errors: &FieldErrors) -> Self {
        Self::in_members(errors.list().iter().map(|error| (error.field.to_owned(), error.text.to_string())).collect())
    }

    /// The same, by the names of the members as they were sent.
    #[must_use]
    pub fn in_members(fields: BTreeMap<String, String>) -> Self {
        Self { fields, ..Self::of(StatusCode::UNPROCESSABLE_ENTITY) }
    }

    /// 422 for an `Idempotency-Key` with which something else took effect.
    #[must_use]
    pub fn key_reused() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "This Idempotency-Key was used for another request within a day, so nothing was done: send a new key.",
        )
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The answer.
    #[must_use]
    pub fn response(&self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        HttpResponse::build(status).insert_header((header::CONTENT_TYPE, CONTENT_TYPE)).body(self.body())
    }
}

fn detail(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "The request cannot be read.",
        401 => "Send a key that works, as Authorization: Bearer bio_…",
        403 => "This key may only read.",
        404 => "There is nothing at this address.",
        405 => "This address takes other methods.",
        408 => "The body took too long to arrive.",
        412 => "It has changed since: read it again and send its ETag in If-Match.",
        413 => "The body is larger than 16 KiB.",
        415 => "Send the body as application/json; a change may also be application/merge-patch+json.",
        422 => "Some of it cannot be taken; fields says what.",
        428 => "Send the ETag of what you read in If-Match.",
        429 => "This key asks too often: wait as many seconds as Retry-After says.",
        503 => "Try again in as many seconds as Retry-After says.",
        500.. => "Something went wrong on our side.",
        _ => "",
    }
}
