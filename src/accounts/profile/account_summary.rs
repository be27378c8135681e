//! What the account page tells beside the profile: the place on the waitlist, who manages the account, what waits for its
//! owner, and the last log-in.

use std::sync::Arc;

use chrono::serde::ts_microseconds;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::security_event::{EventActor, EventOrigin, SecurityEvent};
use crate::accounts::user::link_purposes::EMAIL_CHANGE;
use crate::audit::event::Action;
use crate::mail::link::Link;
use crate::schema::{session, user};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::web::app::PlaceOfAddress;
use crate::web::waitlist_place::WaitlistPlace;
use crate::web::{App, Viewer};

/// The summary of an account. The session cookie keeps it beside the viewer, so that the page costs no query while that copy
/// is valid; under short names and moments as numbers, as it keeps the viewer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountSummary {
    /// The place on the waitlist, if the address has one.
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub place: Option<WaitlistPlace>,
    /// The name of the organization that manages the account, or its address.
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Whether a change of the address waits for the new one to be confirmed.
    #[serde(rename = "c")]
    pub is_email_change_pending: bool,
    /// The last log-in but that of this session.
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub last_log_in: Option<LogIn>,
    /// When the viewer was read that it goes with.
    #[serde(rename = "r", with = "ts_microseconds")]
    viewer_read_at: Timestamp,
}

/// A log-in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LogIn {
    /// When.
    #[serde(rename = "t", with = "ts_microseconds")]
    pub at: Timestamp,
    /// From which device and address: in no language, since whoever looks may choose another one meanwhile.
    #[serde(rename = "f")]
    pub origin: Option<EventOrigin>,
}

/// Whose summary is asked for.
#[derive(Clone, Debug)]
pub struct SummaryRequest {
    /// The account.
    pub viewer: Arc<Viewer>,
    /// Finds the place on the waitlist.
    place_of_address: PlaceOfAddress,
}

impl AccountSummary {
    /// Whether it was read for this copy of the viewer: whatever makes that one be read again outdates it as well.
    #[must_use]
    pub fn goes_with(&self, viewer: &Viewer) -> bool {
        // The cookie keeps no more of the viewer's.
        self.viewer_read_at.timestamp_micros() == viewer.read_at.timestamp_micros()
    }
}

impl SummaryRequest {
    /// Of whoever is signed in.
    #[must_use]
    pub fn new(app: &App, viewer: &Arc<Viewer>) -> Self {
        Self { viewer: Arc::clone(viewer), place_of_address: app.place_of_address }
    }

    /// Reads it.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn read(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<AccountSummary> {
        let Self { viewer, place_of_address, .. } = self;
        let waits = Link::count(conn, now, EMAIL_CHANGE, viewer.id.as_str())?;
        Ok(AccountSummary {
            place: place_of_address(conn, now, &EmailAddress::from(viewer.email.clone()))?,
            organization: if viewer.is_managed { self.organization(conn)? } else { None },
            is_email_change_pending: waits > 0,
            last_log_in: self.last_log_in(conn)?,
            viewer_read_at: viewer.read_at,
        })
    }

    fn organization(&self, conn: &mut PgConnection) -> QueryResult<Option<String>> {
        let manages = user::table.find(self.viewer.id.as_str()).select(user::organization_id);
        let Some(organization) = manages.first::<Option<String>>(conn).optional()?.flatten() else { return Ok(None) };
        let named = user::table.find(organization).select((user::name, user::email));
        let named = named.first::<(Option<String>, String)>(conn).optional()?;
        Ok(named.map(|(name, email)| name.filter(|name| !name.is_empty()).unwrap_or(email)))
    }

    fn last_log_in(&self, conn: &mut PgConnection) -> QueryResult<Option<LogIn>> {
        let own = session::table.find(self.viewer.session.as_str()).select(session::created_at);
        let own: Option<Timestamp> = own.first(conn).optional()?;
        let is_log_in = |event: &SecurityEvent| {
            let actions = [Action::LoggedIn, Action::LoggedInFromNewDevice].map(Some);
            event.by == EventActor::Owner && actions.contains(&event.action) && Some(event.happened_at) != own
        };
        let last = SecurityEvent::recent_of(conn, &self.viewer.id)?.into_iter().find(is_log_in);
        Ok(last.map(|event| LogIn { at: event.happened_at, origin: event.origin() }))
    }
}
