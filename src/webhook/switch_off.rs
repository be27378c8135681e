//! Switching an endpoint off, since it failed for long or wants nothing any more: the history says so, and admins are told.

use diesel::pg::PgConnection;
use diesel::result::QueryResult;
use serde_json::json;

use super::endpoint::Endpoint;
use super::letters::SwitchedOff;
use crate::audit::event::{Action, Actor};
use crate::mail::outbox;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::locale::Locale;

/// An admin who is told.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The address.
    pub email: EmailAddress,
    /// The language that the admin chose, if any.
    pub locale: Option<Locale>,
}

/// Finds whom to tell.
pub type FindReaders = fn(&mut PgConnection) -> QueryResult<Vec<Reader>>;

/// Tells these admins that the endpoint was switched off, in `locale` whoever chose none.
///
/// # Errors
/// When a statement or the letter's template fails.
pub fn tell(conn: &mut PgConnection, now: Timestamp, endpoint: &Endpoint, readers: &Readers) -> QueryResult<()> {
    let actor = Actor::application();
    Action::WebhookSwitchedOff.to_many(&actor).with(json!({ "webhook": endpoint.id })).record(conn, now)?;
    // With the reason, which it has only now.
    let Some(endpoint) = Endpoint::find(conn, &endpoint.id)? else { return Ok(()) };
    for reader in (readers.find)(conn)? {
        let letter = SwitchedOff::new(reader.locale.unwrap_or(readers.locale), &endpoint);
        outbox::enqueue(conn, now, &reader.email, &letter)?;
    }
    Ok(())
}

/// Whom to tell, and in which language.
#[derive(Clone, Copy, Debug)]
pub struct Readers {
    /// Finds them.
    pub find: FindReaders,
    /// The language of whoever chose none.
    pub locale: Locale,
}
