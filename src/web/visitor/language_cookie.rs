//! The cookie that holds the language that a visitor chose.

use actix_web::cookie::{Cookie, SameSite, time};

use crate::config::Config;
use crate::values::locale::Locale;
use crate::web::retention;

/// Its name.
pub const COOKIE: &str = "lang";

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
