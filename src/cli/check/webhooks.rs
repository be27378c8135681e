//! What `biovity check` looks at in each webhook: whether its secret can be made, and whether it gets anything.

use std::fmt;

use chrono::TimeDelta;
use diesel::pg::PgConnection;

use crate::cli::secret_file;
use crate::cli::webhook::{remarks, utc};
use crate::config::Config;
use crate::values::clock::{Clock, Timestamp};
use crate::values::locale::Locale;
use crate::web::{paths, retention};
use crate::webhook::endpoint::{Endpoint, State};
use crate::webhook::past_delivery::counts;
use crate::webhook::words::Words;

/// How long messages of one that was paused may wait: its program may be in repair.
const PAUSED_TOO_LONG: TimeDelta = TimeDelta::days(1);

/// How many webhooks there are, if the secrets of all can be made.
pub(super) fn with_secrets(conn: &mut PgConnection, config: &Config) -> anyhow::Result<usize> {
    let endpoints = Endpoint::all(conn)?;
    if endpoints.is_empty() {
        return Ok(0);
    }
    let keys = secret_file::keys(config)?;
    let lost = endpoints.iter().filter(|endpoint| !endpoint.has_secret(&keys));
    let lost: Vec<_> = lost.map(|endpoint| format!("{} ({})", endpoint.host(), endpoint.id)).collect();
    anyhow::ensure!(lost.is_empty(), "no key of SECRET_KEY made the secret of {}", lost.join(", "));
    Ok(endpoints.len())
}

/// What is to be noted of each that was switched off after failures, has been failing for long, or was paused and has had
/// messages waiting for long.
pub(super) fn in_trouble(conn: &mut PgConnection, config: &Config) -> anyhow::Result<Vec<String>> {
    let now = Clock::default().now();
    let mut notes = Vec::new();
    for endpoint in Endpoint::all(conn)? {
        let waiting = Waiting::find(conn, now, &endpoint)?;
        let is_noted = match endpoint.state {
            State::New => false,
            State::Active => endpoint.fails_for_long(now),
            State::Paused => waiting.since.is_some_and(|since| since + PAUSED_TOO_LONG < now),
            State::Off => true,
        };
        if is_noted {
            let page = paths::with_id(paths::webhook::ENDPOINT, endpoint.id.as_str());
            let page = format!("{}{page}", config.base_url.origin());
            let paused = if endpoint.state == State::Paused { "; paused" } else { "" };
            let (host, id, next) = (endpoint.host(), &endpoint.id, next(&endpoint, &page));
            let remarks = remarks(&endpoint, now);
            notes.push(format!("{host} ({id}){paused}{remarks}; messages that wait: {waiting}; {next}"));
        }
    }
    Ok(notes)
}

/// What waits for an endpoint.
struct Waiting {
    count: i64,
    /// Since when, where nothing is sent.
    since: Option<Timestamp>,
}

impl Waiting {
    fn find(conn: &mut PgConnection, now: Timestamp, endpoint: &Endpoint) -> anyhow::Result<Self> {
        let count = counts::find(conn, now, &endpoint.id)?.waiting;
        let since = counts::waits_since(conn, &endpoint.id)?;
        Ok(Self { count, since: since.filter(|since| endpoint.state != State::Active && *since < now) })
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Words::of(Locale::En).count(self.count))?;
        let days = retention::DELIVERY.num_days();
        self.since.map_or(Ok(()), |since| write!(f, ", the first since {}, each for {days} days at most", utc(&since)))
    }
}

/// What to do about one. It is named by its host and its id: its address may hold a key.
fn next(endpoint: &Endpoint, page: &str) -> String {
    let id = &endpoint.id;
    match endpoint.state {
        State::Paused => format!("{page} switches it on, or deletes it"),
        State::Off => format!("`biovity webhook probe {id}` tries it; {page} switches it on when it works again"),
        _ => format!("`biovity webhook probe {id}` tries it; {page} shows what it answered"),
    }
}
