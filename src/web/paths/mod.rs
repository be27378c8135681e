//! Every path of the site, used by routes, templates, mails and tests: no other place spells one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::values::secret_token::SecretToken;

pub mod accounts;
pub mod audit;
pub mod mail;
pub mod waitlist;

/// Begins an id that could not stand in a path as it is.
const ENCODED: char = '~';

/// What Biovity is, with the waitlist form.
pub const HOME: &str = "/";
/// Chooses the language.
pub const LANGUAGE: &str = "/language";
/// What we hold and why.
pub const PRIVACY: &str = "/privacy";
/// Where the static files are.
pub const STATIC_FOLDER: &str = "/static/";
/// One of them; `{name}` is a route's parameter.
pub const STATIC: &str = "/static/{name}";
/// Where the pictures of people are.
pub const AVATAR_FOLDER: &str = "/avatar/";
/// The icon that browsers ask for unasked.
pub const FAVICON: &str = "/favicon.ico";
/// For crawlers.
pub const ROBOTS: &str = "/robots.txt";
/// For crawlers.
pub const SITEMAP: &str = "/sitemap.xml";
/// Where password managers look for the page that changes a password (W3C "A Well-Known URL for Changing Passwords").
pub const WELL_KNOWN_PASSWORD: &str = "/.well-known/change-password";
/// The process is alive.
pub const HEALTHZ: &str = "/healthz";
/// The process can serve.
pub const READYZ: &str = "/readyz";

/// Where only forms go: nobody can come back to them.
pub const FORMS_ONLY: &[&str] = &[
    LANGUAGE,
    waitlist::LEAVE,
    waitlist::ERASE,
    accounts::LOG_OUT,
    accounts::NOT_ME,
    accounts::END_SESSION,
    accounts::END_OTHERS,
    accounts::EMAIL_CANCEL,
    accounts::LEAVE,
    accounts::REMOVE_AVATAR,
    accounts::MEMBER_DEACTIVATE,
    accounts::MEMBER_REACTIVATE,
    accounts::MEMBER_RELEASE,
    accounts::INVITATION_REVOKE,
    waitlist::WAVE_PAUSE,
    waitlist::WAVE_RESUME,
    waitlist::DELETION_UNDO,
    accounts::USER_DEACTIVATE,
    accounts::USER_REACTIVATE,
    accounts::USER_END_SESSIONS,
    accounts::USER_RESEND,
    accounts::USER_RESET,
    waitlist::IMPORT_START,
    waitlist::IMPORT_CANCEL,
    waitlist::IMPORT_UNDO,
    mail::QUEUE_PAUSE,
    mail::QUEUE_RESUME,
    mail::RETRY,
    mail::CANCEL,
];

/// One of a kind of pages: `{id}` of its pattern, filled in. Ids of the old application may be any text, and no address
/// of ours has an escape: such a one stands there in other letters.
#[must_use]
pub fn with_id(pattern: &str, id: &str) -> String {
    let is_plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let written = if is_plain { id.to_owned() } else { format!("{ENCODED}{}", URL_SAFE_NO_PAD.encode(id)) };
    pattern.replace("{id}", &written)
}

/// The id that [`with_id`] wrote; nothing for what it never writes.
#[must_use]
pub fn id_in(segment: &str) -> Option<String> {
    let id = match segment.strip_prefix(ENCODED) {
        Some(encoded) => String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?,
        None => segment.to_owned(),
    };
    // PostgreSQL takes no NUL in a text.
    (!id.contains('\0') && with_id("{id}", &id) == segment).then_some(id)
}

/// A path with what is given of these parameters: a view of a list is its filter and its page.
#[must_use]
pub fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A path with the token of a link.
#[must_use]
pub fn with_token(path: &str, token: &SecretToken) -> String {
    format!("{path}?token={}", token.reveal())
}

fn form_urlencoded_pair(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

#[cfg(test)]
mod tests;
