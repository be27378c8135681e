//! The public pages: those that a guest can open without the link of a mail. Each takes a language in its address.

use std::borrow::Cow;

use super::parameters::with_query;
use super::{accounts, site, waitlist};
use crate::values::locale::Locale;
use crate::web::visitor::source;

/// The parameter by which the address of a public page names its language.
pub const LANGUAGE_PARAMETER: &str = "lang";

/// The parameter by which the address of a form asks for what it was given a moment ago.
pub const FILLED_PARAMETER: &str = "correct";

/// Its value for what was given as it was.
const AS_GIVEN: &str = "yes";

/// Its value for the address that was meant, most likely, and all else as it was.
pub const AS_MEANT: &str = "meant";

/// The parameter by which a form comes back without being sent, and how.
pub const UNSENT_PARAMETER: &str = "unsent";
/// The parameter that shows every place of a list's page ticked.
pub const TICKED_PARAMETER: &str = "ticked";

/// Those that search engines may list, in both languages.
pub const LISTED: [&str; 9] = [
    site::HOME,
    waitlist::JOIN,
    accounts::SIGN_UP,
    accounts::SIGN_UP_EMPLOYEE,
    accounts::SIGN_UP_ORGANIZATION,
    accounts::LOG_IN,
    accounts::FORGOT,
    site::PRIVACY,
    waitlist::API_DOCS,
];

/// Those that say something only to whoever has sent a form.
const UNLISTED: [&str; 4] = [waitlist::THANK_YOU, accounts::CHECK_EMAIL, accounts::RESEND, accounts::FORGOT_SENT];

/// Whether it is the path of a public page.
#[must_use]
pub fn is_public(path: &str) -> bool {
    LISTED.contains(&path) || UNLISTED.contains(&path)
}

/// The whole addresses of a public page in each language, by what `hreflang` calls it; `x-default` is in the language of
/// the visitor.
#[must_use]
pub fn alternates(origin: &str, path: &str) -> [(&'static str, String); 3] {
    let languages = [(Locale::Es.code(), Some(Locale::Es)), (Locale::En.code(), Some(Locale::En)), ("x-default", None)];
    languages.map(|(name, language)| (name, [origin, &in_language(path, language)].concat()))
}

/// The address of a public page in this language; without one, the language is the visitor's.
#[must_use]
pub fn in_language(path: &str, language: Option<Locale>) -> Cow<'_, str> {
    let named = |language: Locale| with_query(path, &[(LANGUAGE_PARAMETER, language.code())]).into();
    language.map_or(path.into(), named)
}

/// The address of a public page, which may name a language already, with where the visitor came from.
#[must_use]
pub fn with_source(path: &str, source: &str) -> String {
    with_parameter(path, source::PARAMETER, source)
}

/// The address of a form, which may have a query already, that comes filled with what it was given a moment ago.
#[must_use]
pub fn filled_again(path: &str) -> String {
    with_parameter(path, FILLED_PARAMETER, AS_GIVEN)
}

/// The address of such a form with the address that was meant, most likely; none of a form that never comes filled.
#[must_use]
pub fn filled_as_meant(filled_again: &str) -> Option<String> {
    let (form, how) = filled_again.rsplit_once('=')?;
    let is_filled = form.ends_with(FILLED_PARAMETER) && how == AS_GIVEN;
    is_filled.then(|| format!("{form}={AS_MEANT}"))
}

/// The address of a form, which may have a query already, that only comes back in this way, and does nothing.
#[must_use]
pub fn unsent(path: &str, how: &str) -> String {
    with_parameter(path, UNSENT_PARAMETER, how)
}

/// An address, which may have a query already, with another parameter.
#[must_use]
pub fn with_parameter(path: &str, name: &str, value: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{}", with_query("", &[(name, value)]).trim_start_matches('?'))
}
