//! The admin's list, as JSON: the same filters, cursors and counts.

use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use serde::Serialize;
use utoipa::ToSchema;

use super::entry_body::EntryBody;
use crate::api_key::bearer::Reader;
use crate::values::locale::Locale;
use crate::waitlist::review::entry_list::View;
use crate::waitlist::review::entry_search;
use crate::web::page::form::WrongMembers;
use crate::web::page::query::Query;
use crate::web::page::search::Count;
use crate::web::{self, Answer, App, FieldErrors, Layout, Problem};

/// The parameters that the list takes, but for `sort`.
const PARAMETERS: [&str; 8] = ["q", "role", "state", "from", "to", "source", "after", "before"];
/// The orders of the list; the newest come first when none is named.
const SORTS: [&str; 3] = ["", "newest", "oldest"];

/// What a wrong parameter should have been.
const EXPECTED: [(&str, &str); 7] = [
    ("role", "It is employee or organization."),
    ("state", "It is joined, confirmed, invited, signed_up, bounced, left, deleted or review."),
    ("from", "It is a day such as 2026-11-01. For where people came from, use source."),
    ("to", "It is a day such as 2026-11-01."),
    ("source", "It has letters without accents, digits, dots, hyphens and underscores, up to 64."),
    ("after", "Take it from after in an answer."),
    ("before", "Take it from before in an answer."),
];

/// A page of the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EntryList)]
pub struct ListBody {
    /// Its entries, in the order that was asked for.
    entries: Vec<EntryBody>,
    /// How many match.
    count: CountBody,
    /// The value of `before` for the page before this one.
    before: Option<String>,
    /// The value of `after` for the page that follows.
    after: Option<String>,
}

/// A number of entries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Count)]
pub struct CountBody {
    /// The number.
    number: i64,
    /// Whether there are no more: with a search or a source, counting stops at 5,000.
    is_exact: bool,
}

/// One page of the list.
///
/// # Errors
/// When the key is refused, or the database is unavailable.
#[utoipa::path(
    get, path = "/api/waitlist", operation_id = "list_entries", tag = "waitlist",
    params(
        ("q" = Option<String>, Query, description = "Any part of the address"),
        ("role" = Option<String>, Query, pattern = "^(employee|organization)?$", description = "`employee` or `organization`"),
        ("state" = Option<String>, Query, pattern = "^(joined|confirmed|invited|signed_up|bounced|left|deleted|review)?$", description = "`joined`, `confirmed`, `invited`, `signed_up`, `bounced`, `left` or `deleted`, or `review` for those to review; without it, all but the deleted"),
        ("from" = Option<String>, Query, pattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", description = "Joined on this day or later, such as 2026-11-01"),
        ("to" = Option<String>, Query, pattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", description = "Joined on this day or earlier"),
        ("source" = Option<String>, Query, pattern = "^[A-Za-z0-9._-]{0,64}$", description = "Came from this source"),
        ("sort" = Option<String>, Query, pattern = "^(oldest|newest)?$", description = "`oldest`: the oldest first; else the newest"),
        ("after" = Option<String>, Query, description = "The cursor of the page before"),
        ("before" = Option<String>, Query, description = "The cursor of the page that follows"),
    ),
    responses(
        (status = 200, description = "A page of at most 25 entries", body = ListBody),
        (status = 401, description = "No key that works", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A filter or cursor cannot be read, or a parameter is unknown", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn show(_: Reader, app: Data<App>, http: HttpRequest) -> web::Result {
    let unknown = unknown_parameters(&http);
    if !unknown.is_empty() {
        return Ok(Problem::in_members(unknown).response());
    }
    let Query(view) = Query::<View>::extract(&http).await.unwrap_or_default();
    // What is wrong is told in one language, whoever wrote the program.
    let layout = Layout::of(&http, None).in_language(Locale::En);
    let (filter, position) = match view.filter(&layout).and_then(|filter| Ok((filter, view.position(&layout)?))) {
        Ok(asked) => asked,
        Err(errors) => return Ok(Problem::in_members(expected(&errors)).response()),
    };
    let found = app.db.read(move |conn| entry_search::page(conn, &filter, &position)).await?;
    let (number, is_exact) = match found.count {
        Count::Exactly(number) => (number, true),
        Count::MoreThan(number) => (number, false),
    };
    let entries = found.entries;
    let body = ListBody {
        before: entries.newer.map(|cursor| cursor.to_string()),
        after: entries.older.map(|cursor| cursor.to_string()),
        entries: entries.rows.into_iter().map(EntryBody::from).collect(),
        count: CountBody { number, is_exact },
    };
    Answer::json(&body)?.send(&http)
}

/// What is wrong with each parameter; of forms, as the admin's list has it, nothing is said.
fn expected(errors: &FieldErrors) -> WrongMembers {
    let text = |field| EXPECTED.iter().find(|(known, _)| *known == field).map(|(_, text)| (*text).to_owned());
    let wrong = errors.list().iter();
    wrong.map(|error| (error.field.to_owned(), text(error.field).unwrap_or_else(|| error.text.to_string()))).collect()
}

/// What a program asks for that the list does not have, names twice or leaves blank: to leave it out would list everybody.
/// Each parameter is read once: to look at all the others for each of them, a long address would take half a minute.
fn unknown_parameters(http: &HttpRequest) -> WrongMembers {
    let (mut known, mut wrong) = (Vec::new(), WrongMembers::new());
    for (name, value) in form_urlencoded::parse(http.query_string().as_bytes()) {
        let problem = match value.as_ref() {
            _ if name != "sort" && !PARAMETERS.contains(&name.as_ref()) => "There is no such parameter.",
            _ if known.contains(&name) => "It is given twice.",
            value => {
                known.push(name.clone());
                match value {
                    value if !value.is_empty() && value.trim().is_empty() => "It is blank.",
                    value if name == "sort" && !SORTS.contains(&value) => "It is oldest or newest.",
                    _ => continue,
                }
            }
        };
        wrong.insert(name.into_owned(), problem.to_owned());
    }
    wrong
}
