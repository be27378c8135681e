//! Choosing the language: the form at the foot of every page, and the cookie that holds the choice.

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::address::Unsent;
use super::form::{Form, KeptBody};
use super::query::Query;
use crate::config::Config;
use crate::values::locale::Locale;
use crate::values::site_path::{self, SitePath};
use crate::web::app::App;
use crate::web::error::{Error, Result};
use crate::web::submission::form_key;
use crate::web::visitor::viewer::Visitor;
use crate::web::{paths, retention};

/// The cookie that holds the choice.
pub const COOKIE: &str = "lang";

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
    #[serde(default, deserialize_with = "site_path::lenient")]
    next: Option<SitePath>,
}

/// The fields of such a form that nobody typed.
const NOT_TYPED: [&str; 7] = [form_key::FIELD, "lang", "rendered", "source", "token", "next", "username"];

/// Stores the choice in a cookie for a year, and with the account of whoever is signed in; then redirects to the page where it
/// was made. On the page of a form whose fields came back wrong, the choice carries the fields but the passwords, and the
/// browser sends them there once more: they are as wrong as before. A form that is being filled in goes to its page only to be
/// shown there.
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
    if let Visitor::SignedIn(viewer) = Visitor::of(&http) {
        let chosen = app.language_chosen;
        // The cookie alone is enough for the pages: they can be read while the database takes no writes.
        if let Err(error) = app.db.write(move |conn| chosen(conn, &viewer.id, locale)).await {
            tracing::warn!("the language of an account is not kept: {error}");
        }
    }
    let how = Unsent::parse(&query.how);
    let typed = query.typed.filter(|_| how == Unsent::Corrected || is_typed(&http));
    let typed = typed.map(|page| paths::unsent(page.as_str(), how.as_str()));
    // A form that is being filled in may say itself where it leads on to; the choice comes back to its page.
    let next = query.next.as_ref().or(form.next.as_ref());
    let (status, next) = match form.page.as_ref().map(SitePath::as_str).or(typed.as_deref()) {
        Some(page) => (StatusCode::TEMPORARY_REDIRECT, page),
        None => (StatusCode::SEE_OTHER, paths::page_or(next, paths::HOME)),
    };
    Ok(HttpResponse::build(status).cookie(cookie(&app.config, locale)).insert_header((header::LOCATION, next)).finish())
}

/// Whether anything was typed but passwords, which no page repeats.
fn is_typed(http: &HttpRequest) -> bool {
    let fields = KeptBody::fields(http).unwrap_or_default();
    fields.iter().any(|(name, _)| !NOT_TYPED.contains(&name.as_str()))
}

/// The cookie that holds this choice.
#[must_use]
pub fn cookie(config: &Config, locale: Locale) -> Cookie<'static> {
    Cookie::build(COOKIE, locale.code())
        .path("/")
        .max_age(time::Duration::seconds(retention::LANGUAGE_COOKIE.num_seconds()))
        .same_site(SameSite::Lax)
        .secure(config.is_production())
        .http_only(true)
        .finish()
}
