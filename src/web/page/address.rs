//! The address of a page, and the language and the source that it may name: `/waitlist?lang=es&from=newsletter`.

use actix_web::HttpRequest;

use crate::values::locale::Locale;
use crate::web::paths;
use crate::web::visitor::source::Source;

/// The language that the address of a public page names, which wins for that page alone. Other pages name none, and a
/// language that the site does not have counts as not named.
#[must_use]
pub fn named_language(request: &HttpRequest) -> Option<Locale> {
    if !paths::is_public(request.path()) {
        return None;
    }
    parameters(request).find(|(name, _)| name == paths::LANGUAGE_PARAMETER).and_then(|(_, value)| Locale::parse(&value))
}

/// Where the visitor came from, as the address of a public page says.
#[must_use]
pub fn named_source(request: &HttpRequest) -> Option<Source> {
    Some(request.query_string()).filter(|_| paths::is_public(request.path())).and_then(Source::of_query)
}

/// The path and query of a request without the language that they name: whoever chooses another language on that page
/// must not come back to the former one.
#[must_use]
pub fn without_language(request: &HttpRequest) -> String {
    let is_language = |name: &str| name == paths::LANGUAGE_PARAMETER;
    if !paths::is_public(request.path()) || !parameters(request).any(|(name, _)| is_language(&name)) {
        return request.uri().to_string();
    }
    let others: Vec<_> = parameters(request).filter(|(name, _)| !is_language(name)).collect();
    let others: Vec<_> = others.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    paths::with_query(request.path(), &others)
}

/// Whether a form comes only to be shown in another language, as it is being filled in.
#[must_use]
pub fn is_unsent(request: &HttpRequest) -> bool {
    parameters(request).any(|(name, _)| name == paths::UNSENT_PARAMETER)
}

fn parameters(request: &HttpRequest) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(request.query_string().as_bytes())
}
