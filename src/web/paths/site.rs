//! Paths of what belongs to no room: the start page, files, health checks, and what crawlers and browsers look for.

use super::waitlist;

/// The start page, with the waitlist form.
pub const HOME: &str = "/";
/// Chooses the language.
pub const LANGUAGE: &str = "/language";
/// The privacy page: what we hold and why.
pub const PRIVACY: &str = "/privacy";
/// The folder of the static files.
pub const STATIC_FOLDER: &str = "/static/";
/// One static file; `{name}` is a route's parameter.
pub const STATIC: &str = "/static/{name}";
/// The folder of people's pictures.
pub const AVATAR_FOLDER: &str = "/avatar/";
/// The icon that browsers ask for unasked.
pub const FAVICON: &str = "/favicon.ico";
/// Tells crawlers what they may read.
pub const ROBOTS: &str = "/robots.txt";
/// Lists the public pages for crawlers.
pub const SITEMAP: &str = "/sitemap.xml";
/// Where password managers look for the page that changes a password (W3C "A Well-Known URL for Changing Passwords").
pub const WELL_KNOWN_PASSWORD: &str = "/.well-known/change-password";
/// Returns whether the process is alive.
pub const HEALTHZ: &str = "/healthz";
/// Returns whether the process can serve.
pub const READYZ: &str = "/readyz";

/// Whether a key alone opens it: everything for programs but joining by JSON.
#[must_use]
pub fn takes_key(path: &str) -> bool {
    is_api(path) && path != waitlist::API
}

/// Whether programs are answered there: in JSON, with errors as RFC 9457 has them.
#[must_use]
pub fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}
