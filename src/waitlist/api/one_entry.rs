//! One entry, by its id: to read, to change and to delete.

use std::future::{Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};

use super::entry_body::EntryBody;
use super::entry_patch::{self, ChangeOutcome, EntryChange, EntryPatch, ReadEntry};
use super::if_match::IfMatch;
use crate::api_key::bearer::{Reader, Writer};
use crate::values::id::EntryId;
use crate::waitlist::joining::entry::{Entry, told_of};
use crate::web::page::form::{self, WrongMembers};
use crate::web::submission::sent_form;
use crate::web::visitor::client::Client;
use crate::web::{self, Answer, App, Error, PathId, Problem};

/// What a change of an entry needs: a key that may change it, how the program read it, and what it sent.
#[derive(Debug)]
pub struct Change<T> {
    read: ReadEntry,
    body: T,
}

/// No body, whatever was sent.
#[derive(Debug)]
pub struct Nothing;

impl FromRequest for Nothing {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self))
    }
}

/// A patch as it was sent, or what is wrong with it.
#[derive(Debug)]
pub struct SentPatch(Result<EntryPatch, WrongMembers>);

impl FromRequest for SentPatch {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = form::json_object(request, payload, &[form::JSON, form::MERGE_PATCH]);
        Box::pin(async move { body.await.map(Self) })
    }
}

impl<T: FromRequest<Error = Error> + 'static> FromRequest for Change<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let key = Writer::from_request(request, payload);
        let client = Client::from_request(request, payload).into_inner();
        let id = PathId::from_request(request, payload).into_inner();
        let precondition = IfMatch::from_request(request, payload).into_inner();
        let body = T::from_request(request, payload);
        Box::pin(async move {
            let Writer(key) = key.await?;
            let client = client.map_err(|error| Error::Internal(anyhow::Error::msg(error.to_string())))?;
            let (PathId(id), precondition) = (id?, precondition?);
            Ok(Self { read: ReadEntry { id, precondition, actor: key.actor(&client) }, body: body.await? })
        })
    }
}

/// The entry, with its `ETag`.
///
/// # Errors
/// When the key is refused, there is no such entry, or the database is unavailable.
#[utoipa::path(
    get, path = "/api/waitlist/{id}", operation_id = "read_entry", tag = "waitlist",
    params(("id" = i64, Path, minimum = 1, description = "The id of the entry")),
    responses(
        (status = 200, description = "The entry", body = EntryBody, headers(("ETag" = String))),
        (status = 401, description = "No key that works", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such entry", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn show(_: Reader, app: Data<App>, http: HttpRequest, PathId(id): PathId<EntryId>) -> web::Result {
    let entry = app.db.read(move |conn| entry_patch::find(conn, id)).await?.ok_or(Error::NOT_FOUND)?;
    tagged(&entry)?.send(&http)
}

/// Changes it, if it is still as it was read.
///
/// # Errors
/// When the key is refused, or the database is unavailable.
#[utoipa::path(
    patch, path = "/api/waitlist/{id}", operation_id = "change_entry", tag = "waitlist",
    params(
        ("id" = i64, Path, minimum = 1, description = "The id of the entry"),
        ("If-Match" = String, Header, pattern = r#"^(\*|"[0-9a-f]{32}")$"#, description = "The ETag of the entry as it was read"),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, description = "Equal requests of one method to one address with this key take effect once within a day; one that asks for something else is refused (422)"),
    ),
    request_body(content((EntryPatch = "application/json"), (EntryPatch = "application/merge-patch+json"))),
    responses(
        (status = 200, description = "The entry as it is now", body = EntryBody, headers(("ETag" = String))),
        (status = 400, description = "The body cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No key that works", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key may only read", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such entry", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Not in this state of the entry", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It has changed since it was read", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is no JSON", body = Problem, content_type = "application/problem+json", headers(("Accept-Patch" = String))),
        (status = 422, description = "A member cannot be taken, or the Idempotency-Key was used for another change", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn update(Change { read, body }: Change<SentPatch>, app: Data<App>, http: HttpRequest) -> web::Result {
    match body {
        SentPatch(Ok(patch)) => answer(&app, &http, EntryChange::Patched(read, patch)).await,
        SentPatch(Err(wrong)) => Ok(Problem::in_members(wrong).response()),
    }
}

/// Deletes it, if it is still as it was read. An admin can undo that for 30 days.
///
/// # Errors
/// When the key is refused, or the database is unavailable.
#[utoipa::path(
    delete, path = "/api/waitlist/{id}", operation_id = "delete_entry", tag = "waitlist",
    params(
        ("id" = i64, Path, minimum = 1, description = "The id of the entry"),
        ("If-Match" = String, Header, pattern = r#"^(\*|"[0-9a-f]{32}")$"#, description = "The ETag of the entry as it was read"),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, description = "Equal requests to one address with this key take effect once within a day"),
    ),
    responses(
        (status = 204, description = "It is deleted"),
        (status = 400, description = "The Idempotency-Key cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No key that works", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key may only read", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such entry", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is deleted already", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It has changed since it was read", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn delete(Change { read, .. }: Change<Nothing>, app: Data<App>, http: HttpRequest) -> web::Result {
    answer(&app, &http, EntryChange::Deleted(read)).await
}

/// Does the change in one transaction with its answer, which an equal request gets again.
async fn answer(app: &App, http: &HttpRequest, change: EntryChange) -> web::Result {
    let (submission, now) = (sent_form::understand(http, change.meaning()), app.clock.now());
    let written = app.db.write(move |conn| {
        let outcome = change.apply(conn, now)?;
        let answered = match &outcome {
            ChangeOutcome::Patched(entry) => tagged(entry).map(|answer| answer.about(told_of(entry.id))),
            ChangeOutcome::Deleted => Ok(Answer::no_content()),
            _ => return Ok(Err(outcome)),
        };
        if let Ok(answer) = &answered {
            submission.record(conn, answer)?;
        }
        Ok(Ok(answered))
    });
    match written.await? {
        Ok(answer) => answer?.send(http),
        Err(ChangeOutcome::Missing) => Err(Error::NOT_FOUND),
        Err(ChangeOutcome::Moved) => Err(Error::Refused(StatusCode::PRECONDITION_FAILED)),
        Err(_) => Ok(impossible()),
    }
}

fn impossible() -> HttpResponse {
    Problem::new(StatusCode::CONFLICT, "This cannot be done to an entry in this state.").response()
}

fn tagged(entry: &Entry) -> Result<Answer, Error> {
    let body = EntryBody::from(entry);
    Ok(Answer::json(&body)?.with_etag(body.etag()?))
}
