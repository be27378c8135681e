//! What `biovity check` looks at in each webhook: whether its secret can be made, and whether it gets anything.

use diesel::pg::PgConnection;

use crate::cli::database::Database;
use crate::cli::secret_file;
use crate::cli::webhook::remarks;
use crate::config::Config;
use crate::server;
use crate::values::clock::{Clock, Timestamp};
use crate::values::locale::Locale;
use crate::web::paths;
use crate::webhook::endpoint::{Endpoint, State};
use crate::webhook::past_delivery::counts;
use crate::webhook::words::Words;

/// How many webhooks there are, if the secrets of all can be made.
pub(super) fn with_secrets(config: &Config, database: &Database) -> anyhow::Result<usize> {
    let endpoints = Endpoint::all(&mut server::connect(&database.url)?)?;
    if endpoints.is_empty() {
        return Ok(0);
    }
    let keys = secret_file::keys(config)?;
    let lost = endpoints.iter().filter(|endpoint| !endpoint.has_secret(&keys));
    let lost: Vec<_> = lost.map(|endpoint| format!("{} ({})", endpoint.host(), endpoint.id)).collect();
    anyhow::ensure!(lost.is_empty(), "no key of SECRET_KEY made the secret of {}", lost.join(", "));
    Ok(endpoints.len())
}

/// What is to be noted of each that was switched off after failures, or has been failing for long.
pub(super) fn in_trouble(config: &Config, database: &Database) -> anyhow::Result<Vec<String>> {
    let (mut conn, now) = (server::connect(&database.url)?, Clock::default().now());
    let troubled = Endpoint::in_trouble(&mut conn)?.into_iter();
    let troubled = troubled.filter(|endpoint| endpoint.state == State::Off || endpoint.fails_for_long(now));
    troubled.map(|endpoint| note(&mut conn, config, &endpoint, now)).collect()
}

/// What is wrong with one, and what to do. It is named by its host and its id: its address may hold a key.
fn note(conn: &mut PgConnection, config: &Config, endpoint: &Endpoint, now: Timestamp) -> anyhow::Result<String> {
    let (host, id) = (endpoint.host(), &endpoint.id);
    let waiting = Words::of(Locale::En).count(counts::find(conn, now, id)?.waiting);
    let page = format!("{}{}", config.base_url.origin(), paths::with_id(paths::webhook::ENDPOINT, id.as_str()));
    let next = match endpoint.state {
        State::Off => format!("`biovity webhook probe {id}` tries it; {page} switches it on when it works again"),
        _ => format!("`biovity webhook probe {id}` tries it; {page} shows what it answered"),
    };
    Ok(format!("{host} ({id}){}; messages that wait: {waiting}; {next}", remarks(endpoint, now)))
}
