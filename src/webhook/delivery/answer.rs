//! What came of a call: the answer of the endpoint, or why there is none.

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use thiserror::Error;

use crate::values::clock::Timestamp;
use crate::webhook::endpoint_url::UrlProblem;

/// Bytes of an answer that are read, and kept, at most.
pub(super) const KEPT: usize = 64 * 1024;
/// Longest pause that an endpoint may ask for.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(24);

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// The address leads into a private network.
    #[error("private")]
    Private,
    /// The address is none that may be called.
    #[error("address")]
    Address,
    /// The name stands for no address.
    #[error("name")]
    Name,
    /// It took too long.
    #[error("timeout")]
    Timeout,
    /// The certificate is not trusted, or TLS failed in another way.
    #[error("tls")]
    Tls,
    /// There was no connection, or it was closed.
    #[error("connection")]
    Connection,
    /// No key of `SECRET_KEY` made the endpoint's secret.
    #[error("secret")]
    Secret,
}

impl From<UrlProblem> for Problem {
    fn from(problem: UrlProblem) -> Self {
        match problem {
            UrlProblem::Private => Self::Private,
            _ => Self::Address,
        }
    }
}

/// What came of a call.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status, if an answer came.
    pub status: Option<i32>,
    /// Why none came.
    pub problem: Option<Problem>,
    /// How long it took.
    pub milliseconds: i32,
    /// What it said, up to 64 KiB.
    pub text: String,
    /// How long the endpoint wants to be left alone.
    pub retry_after: TimeDelta,
}

impl Answer {
    /// Whether the endpoint took it: by a status of 2xx alone.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether the endpoint wants nothing any more.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.status == Some(410)
    }

    /// Whether the endpoint wants nothing more for now.
    #[must_use]
    pub fn asks_to_stop(&self) -> bool {
        self.is_gone() || !self.is_success() && self.retry_after > TimeDelta::zero()
    }

    /// The word under which it is counted.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match (self.status, self.problem) {
            (Some(200..300), _) => "delivered",
            (Some(_), _) => "refused",
            (None, Some(Problem::Timeout)) => "timeout",
            (None, Some(Problem::Private | Problem::Address)) => "not_allowed",
            (None, _) => "no_answer",
        }
    }
}

/// The text of an answer, up to [`KEPT`], without what a page or the database could not hold.
#[must_use]
pub(super) fn text_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut text: String = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    text.truncate(text.floor_char_boundary(KEPT));
    text
}

/// The pause that a header `Retry-After` asks for, in seconds or as a date; none when it cannot be read.
#[must_use]
pub(super) fn pause(header: &str, now: Timestamp) -> TimeDelta {
    let seconds = header.trim().parse::<i64>().ok().and_then(TimeDelta::try_seconds);
    let until = || date(header.trim()).map(|until| until - now);
    seconds.or_else(until).unwrap_or_default().clamp(TimeDelta::zero(), LONGEST_PAUSE)
}

/// A date in one of the three forms that a recipient must read (RFC 9110 §5.6.7).
fn date(text: &str) -> Option<Timestamp> {
    let former = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let former = || former.into_iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let usual = DateTime::parse_from_rfc2822(text).ok().map(|date| date.to_utc());
    usual.or_else(|| former().map(|date| date.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_read_in_seconds_or_as_a_date_and_is_a_day_at_most() {
        let now = "2026-11-27T08:00:00Z".parse().unwrap();
        let pause = |header| pause(header, now).num_seconds();
        assert_eq!(pause("120"), 120);
        assert_eq!(pause("Fri, 27 Nov 2026 08:01:30 GMT"), 90);
        assert_eq!((pause("Friday, 27-Nov-26 08:01:30 GMT"), pause("Fri Nov 27 08:01:30 2026")), (90, 90));
        assert_eq!(pause("999999999999999999"), 0, "no number of seconds that there is");
        assert_eq!(pause("99999999"), 86_400);
        assert_eq!((pause("-5"), pause("soon"), pause("Fri, 27 Nov 2026 07:00:00 GMT")), (0, 0, 0));
    }

    #[test]
    fn an_answer_is_kept_up_to_64_kib_and_without_controls() {
        assert_eq!(text_of(b"a\0b\xff\x1b[1m\nc"), "a b\u{fffd} [1m\nc");
        assert_eq!(text_of(&vec![b'x'; 65_536]).len(), 65_536);
        assert_eq!(text_of(&vec![b'x'; 65_537]).len(), 65_536);
        // Each byte that is no text takes three.
        assert_eq!(text_of(&vec![0xff; 65_536]).len(), 65_535);
    }
}
