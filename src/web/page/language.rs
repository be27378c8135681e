//! Choosing the language: the form at the foot of every page.

use std::collections::HashMap;

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::address::Unsent;
use super::error_page;
use super::form::{FilledForm, Form, KeptBody};
use super::layout::{BY_FILTER, BY_QUERY, Layout};
use super::query::Query;
use crate::values::locale::Locale;
use crate::values::site_path::{self, SitePath};
use crate::web::app::App;
use crate::web::error::{Error, Result};
use crate::web::paths;
use crate::web::submission::form_key::{self, ShownTo};
use crate::web::visitor::language_cookie::cookie;
use crate::web::visitor::viewer::{Viewer, Visitor};

/// The two buttons at the foot of every page.
#[derive(Debug, Deserialize)]
pub struct LanguageForm {
    #[serde(default)]
    lang: String,
    #[serde(default, deserialize_with = "site_path::lenient")]
    next: Option<SitePath>,
    /// Where the form was sent that the page answers.
    #[serde(default, deserialize_with = "site_path::lenient")]
    page: Option<SitePath>,
}

/// What the buttons say that send the form of their page, as it is being filled in.
#[derive(Debug, Default, Deserialize)]
pub struct TypedQuery {
    /// Where that form is sent.
    #[serde(default, deserialize_with = "site_path::lenient")]
    typed: Option<SitePath>,
    /// How it is shown there.
    #[serde(default)]
    how: String,
    /// Whether that page takes the fields in its address.
    #[serde(default)]
    by: String,
    #[serde(default, deserialize_with = "site_path::lenient")]
    next: Option<SitePath>,
    /// Where the form goes that a limit refused, and how many seconds to wait.
    #[serde(default, deserialize_with = "site_path::lenient")]
    limited: Option<SitePath>,
    #[serde(default)]
    seconds: String,
}

/// The fields of a page that takes them in its address which are not its own.
const OF_THE_CHOICE: [&str; 2] = [form_key::FIELD, "lang"];
/// The fields of such a form that nobody typed.
const NOT_TYPED: [&str; 7] = [form_key::FIELD, "lang", "rendered", "source", "token", "next", "username"];

/// Stores the choice in a cookie for a year, and with the account of whoever is signed in; then redirects to the page where it
/// was made. On the page of a form whose fields came back wrong, the choice carries the fields but the passwords, and the
/// browser sends them there once more: they are as wrong as before. A form that is being filled in goes to its page only to be
/// shown there, and what is typed into the filter of a list into the address of the list. The page of a limit is shown at once, with the form that it keeps.
///
/// # Errors
/// Bad request, for a language that the site does not have.
pub async fn update(
    app: Data<App>,
    http: HttpRequest,
    Query(query): Query<TypedQuery>,
    form: Form<LanguageForm>,
) -> Result {
    let locale = Locale::parse(&form.lang).ok_or(Error::BAD_REQUEST)?;
    if let Visitor::SignedIn(viewer) = Visitor::of(&http)
        && !is_of_another(&app, &http, &viewer)
    {
        let chosen = app.language_chosen;
        // The cookie alone is enough for the pages: they can be read while the database takes no writes.
        if let Err(error) = app.db.write(move |conn| chosen(conn, &viewer.id, locale)).await {
            tracing::warn!("the language of an account is not kept: {error}");
        }
    }
    let mut answer = match query.limited.as_ref().zip(FilledForm::of(&http)) {
        Some((action, kept)) => {
            let kept = FilledForm { action: action.clone(), ..kept };
            error_page::limited(Layout::of(&http, None).in_language(locale), kept, query.seconds.parse().unwrap_or(1))?
        }
        None => go_on(&http, &query, &form),
    };
    answer.add_cookie(&cookie(&app.config, locale)).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// Whether the page was shown to another account, whose owner chose for that one.
fn is_of_another(app: &App, http: &HttpRequest, viewer: &Viewer) -> bool {
    let fields = KeptBody::fields(http).unwrap_or_default();
    let key = fields.iter().find(|(name, _)| name == form_key::FIELD);
    key.is_some_and(|(_, key)| matches!(form_key::shown_to(&app.keys, key, &viewer.id), ShownTo::Other))
}

/// Where the choice leads.
fn go_on(http: &HttpRequest, query: &TypedQuery, form: &LanguageForm) -> HttpResponse {
    let how = Unsent::parse(&query.how);
    // A form that is being filled in may say itself where it leads on to; the choice comes back to its page.
    let next = query.next.as_ref().or(form.next.as_ref());
    let is_said =
        if query.by == BY_FILTER { !is_in_address(next, http) } else { how == Unsent::Corrected || is_typed(http) };
    let (status, next) = match (&form.page, query.typed.as_ref().filter(|_| is_said)) {
        (Some(page), _) => (StatusCode::TEMPORARY_REDIRECT, page.to_string()),
        (None, Some(page)) if query.by == BY_FILTER => (StatusCode::SEE_OTHER, with_fields(page, http)),
        (None, Some(page)) if query.by == BY_QUERY => {
            (StatusCode::SEE_OTHER, paths::unsent(&with_fields(page, http), how.as_str()))
        }
        (None, Some(page)) => (StatusCode::TEMPORARY_REDIRECT, paths::unsent(page.as_str(), how.as_str())),
        (None, None) => (StatusCode::SEE_OTHER, paths::page_or(next, paths::HOME).to_owned()),
    };
    HttpResponse::build(status).insert_header((header::LOCATION, next)).finish()
}

/// The address of a page that takes what was typed.
fn with_fields(page: &SitePath, http: &HttpRequest) -> String {
    let fields = KeptBody::fields(http).unwrap_or_default();
    let typed = fields.iter().filter(|(name, _)| !OF_THE_CHOICE.contains(&name.as_str()));
    typed.fold(page.to_string(), |page, (name, value)| paths::with_parameter(&page, name, value))
}

/// Whether the address of a list says all that its filter does, as it was typed. An empty field says as much as none.
fn is_in_address(list: Option<&SitePath>, http: &HttpRequest) -> bool {
    let query = list.and_then(|list| list.as_str().split_once('?')).map_or("", |(_, query)| query);
    let said: HashMap<_, _> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let fields = KeptBody::all_fields(http).unwrap_or_default();
    let mut typed = fields.iter().filter(|(name, _)| !OF_THE_CHOICE.contains(&name.as_str()));
    typed.all(|(name, value)| said.get(name).map_or("", String::as_str) == value.trim())
}

/// Whether anything was typed but passwords, which no page repeats.
fn is_typed(http: &HttpRequest) -> bool {
    let fields = KeptBody::fields(http).unwrap_or_default();
    fields.iter().any(|(name, _)| !NOT_TYPED.contains(&name.as_str()))
}
