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
/// must not come back to the former one, nor to an address that names a language where none counts.
#[must_use]
pub fn without_language(request: &HttpRequest) -> String {
    without(request, &[paths::LANGUAGE_PARAMETER])
}

/// The path and query of the page itself, for whoever comes back to it: also without what showed its form unsent, or ticked all
/// that it lists, which its visitor may have unticked in part.
#[must_use]
pub fn of_page(request: &HttpRequest) -> String {
    without(request, &[paths::UNSENT_PARAMETER, paths::TICKED_PARAMETER, paths::LANGUAGE_PARAMETER])
}

fn without(request: &HttpRequest, left_out: &[&str]) -> String {
    if !parameters(request).any(|(name, _)| left_out.contains(&name.as_ref())) {
        return request.uri().to_string();
    }
    let others: Vec<_> = parameters(request).filter(|(name, _)| !left_out.contains(&name.as_ref())).collect();
    let others: Vec<_> = others.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    paths::with_query(request.path(), &others)
}

/// A form that comes only to be shown in another language: its handler does nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// As it is being filled in for the first time.
    FilledIn,
    /// As it is being corrected: what is wrong is told again.
    Corrected,
}

impl Unsent {
    /// What this request asks for, if it does.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<Self> {
        parameters(request).find(|(name, _)| name == paths::UNSENT_PARAMETER).map(|(_, how)| Self::parse(&how))
    }

    /// Reads its name. What has no other is being filled in, so that no address makes a form act that is not sent.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        if name == Self::Corrected.as_str() { Self::Corrected } else { Self::FilledIn }
    }

    /// Its name in an address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FilledIn => "filled-in",
            Self::Corrected => "corrected",
        }
    }
}

/// The parameters of a request's address.
pub(super) fn parameters(request: &HttpRequest) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(request.query_string().as_bytes())
}
