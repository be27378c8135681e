//! Choosing the language: the form at the foot of every page, and the cookie that holds the choice.

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::form::Form;
use crate::config::Config;
use crate::values::locale::Locale;
use crate::values::site_path::{self, SitePath};
use crate::web::app::App;
use crate::web::error::{Error, Result};
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

/// Stores the choice in a cookie for a year, and with the account of whoever is signed in; then redirects to the page where it
/// was made. On the page of a form whose fields came back wrong, the choice carries the fields but the passwords, and the
/// browser sends them there once more: they are as wrong as before.
///
/// # Errors
/// Bad request, for a language that the site does not have.
pub async fn update(app: Data<App>, http: HttpRequest, form: Form<LanguageForm>) -> Result {
    let locale = Locale::parse(&form.lang).ok_or(Error::BAD_REQUEST)?;
    if let Visitor::SignedIn(viewer) = Visitor::of(&http) {
        let chosen = app.language_chosen;
        // The cookie alone is enough for the pages: they can be read while the database takes no writes.
        if let Err(error) = app.db.write(move |conn| chosen(conn, &viewer.id, locale)).await {
            tracing::warn!("the language of an account is not kept: {error}");
        }
    }
    let (status, next) = match &form.page {
        Some(page) => (StatusCode::TEMPORARY_REDIRECT, page.as_str()),
        None => (StatusCode::SEE_OTHER, paths::page_or(form.next.as_ref(), paths::HOME)),
    };
    Ok(HttpResponse::build(status).cookie(cookie(&app.config, locale)).insert_header((header::LOCATION, next)).finish())
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
