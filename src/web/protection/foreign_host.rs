//! Requests for a host that is not ours, as behind a proxy that does not pass `Host` on: then everybody is refused, and the
//! log says so.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::header;
use actix_web::http::uri::Authority;

use crate::config::Config;
use crate::values::clock::Stopwatch;

/// Between two lines of the log: anybody may ask for any host, as often as they like.
const PAUSE: Duration = Duration::from_mins(1);
/// So much of a host is told; the longest name of the DNS has 253.
const MOST_TOLD: usize = 100;

/// The last line of this process.
static LAST_LINE: Mutex<Option<Stopwatch>> = Mutex::new(None);

/// Whether it is for another host. A site that answers for any `Host` can be stored in shared caches and password managers
/// under a foreign name.
pub(super) fn is_foreign(request: &ServiceRequest, config: &Config) -> bool {
    named(request).map(canonical) != Some(canonical(config.base_url.authority()))
}

/// Says in the log which host was asked for, and which is ours.
pub(super) fn tell(request: &ServiceRequest, config: &Config) {
    if !is_due(&mut LAST_LINE.lock().unwrap_or_else(PoisonError::into_inner)) {
        return;
    }
    let (host, base_url) = (readable(named(request).unwrap_or_default()), config.base_url.origin());
    tracing::warn!(
        "a request for the host \"{host}\" was refused, since BASE_URL is {base_url}; a proxy must pass Host on (told at most \
         once a minute)"
    );
}

fn is_due(last: &mut Option<Stopwatch>) -> bool {
    let is_due = last.is_none_or(|last| last.elapsed() >= PAUSE);
    if is_due {
        *last = Some(Stopwatch::start());
    }
    is_due
}

/// The host as it was asked for. A target in absolute form names it, whatever the field says (RFC 9112 §3.2.2).
fn named(request: &ServiceRequest) -> Option<&str> {
    let field = || request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    request.uri().authority().map(Authority::as_str).or_else(field)
}

/// A host without the port that https has anyway and without the final dot of a complete name.
fn canonical(authority: &str) -> String {
    let authority = authority.strip_suffix(":443").unwrap_or(authority);
    let (host, port) = authority.split_once(':').map_or((authority, ""), |(host, port)| (host, port));
    format!("{}:{port}", host.strip_suffix('.').unwrap_or(host)).to_ascii_lowercase()
}

/// What of a host belongs into a log: whoever asked may have written anything.
fn readable(host: &str) -> String {
    host.chars().filter(|c| c.is_ascii_alphanumeric() || ".-:[]_".contains(*c)).take(MOST_TOLD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_due_once_a_minute_and_holds_a_host_without_anything_else() {
        let mut last = None;
        assert!(is_due(&mut last) && !is_due(&mut last));
        assert_eq!(readable("evil.example\" level=warn\t<b>"), "evil.examplelevelwarnb");
        assert_eq!(readable("[2001:db8::1]:8080"), "[2001:db8::1]:8080");
        assert_eq!(readable(&"x".repeat(4_000)).len(), MOST_TOLD);
    }
}
