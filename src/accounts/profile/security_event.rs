//! What happened to an account and matters for its security, as its pages tell it.

use diesel::pg::PgConnection;
use diesel::result::QueryResult;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::accounts::session::words::device_name::DeviceName;
use crate::audit::account_history::AccountEvent;
use crate::audit::event::Action;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::values::locale::Locale;

/// How many of them an account's page shows.
const SHOWN: i64 = 50;

/// Who did it, as seen from the account whose page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventActor {
    /// The account itself, to itself or to another.
    Owner,
    /// An admin, by name or address: to everybody but admins, Biovity.
    Admin(String),
    /// Another account, by name or address.
    Other(String),
    /// Another account, which is gone.
    Gone,
    /// The operator at the command line.
    Operator,
    /// Somebody who was not signed in and typed the address.
    Visitor,
    /// Somebody who got as far as the code.
    AtTheCode,
}

/// From which device and address something was done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EventOrigin {
    #[serde(rename = "d")]
    device: DeviceName,
    #[serde(rename = "i")]
    ip_address: String,
}

/// An event of an account.
#[derive(Clone, Debug)]
pub struct SecurityEvent {
    /// What happened; nothing when a later version wrote it.
    pub action: Option<Action>,
    /// When.
    pub happened_at: Timestamp,
    /// Who did it.
    pub by: EventActor,
    /// The name or address of the account that it concerned, when that is another one.
    pub concerned: Option<String>,
    /// The client's address.
    pub ip_address: Option<String>,
    /// Its `User-Agent`.
    pub user_agent: Option<String>,
    /// What else the event kept, such as the address that was invited.
    pub details: Option<Value>,
}

impl EventOrigin {
    /// Both in a language: `Chrome on Windows, 127.0.0.1`.
    #[must_use]
    pub fn in_words(&self, locale: Locale) -> String {
        format!("{}, {}", self.device.in_words(locale), self.ip_address)
    }
}

impl SecurityEvent {
    /// The last 50 things that happened to an account or that it did to others, newest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn recent_of(conn: &mut PgConnection, user: &UserId) -> QueryResult<Vec<Self>> {
        let events = AccountEvent::recent(conn, user, SHOWN)?;
        Ok(events.into_iter().map(|event| Self::seen_from(user, event)).collect())
    }

    /// From which device and address it was done.
    #[must_use]
    pub fn origin(&self) -> Option<EventOrigin> {
        let ip_address = self.ip_address.clone()?;
        Some(EventOrigin { device: DeviceName::of(self.user_agent.as_deref()), ip_address })
    }

    /// The provider by which somebody logged in, or that was connected or disconnected, by its name.
    #[must_use]
    pub fn provider(&self) -> Option<&str> {
        self.details.as_ref()?.get("provider")?.as_str()
    }

    fn seen_from(account: &UserId, event: AccountEvent) -> Self {
        let action = event.action();
        let by = match (event.actor_id, event.actor) {
            (None, _) if [Action::ResetRequested, Action::InvitationDeclined].map(Some).contains(&action) => {
                EventActor::Visitor
            }
            (None, _) if action == Some(Action::WrongCodes) => EventActor::AtTheCode,
            (None, _) => EventActor::Operator,
            (Some(id), _) if id == account.as_str() => EventActor::Owner,
            (_, Some(name)) if event.is_by_admin => EventActor::Admin(name),
            (_, Some(name)) => EventActor::Other(name),
            (_, None) => EventActor::Gone,
        };
        Self {
            action,
            happened_at: event.happened_at,
            by,
            concerned: event.concerned.filter(|_| event.user_id.as_deref() != Some(account.as_str())),
            ip_address: event.ip_address,
            user_agent: event.user_agent,
            details: event.details,
        }
    }
}
