//! A new key: its row and its event.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::json;

use super::api_key::Access;
use super::key_secret::KeySecret;
use crate::audit::event::{Action, Actor};
use crate::schema::api_key;
use crate::values::clock::Timestamp;
use crate::values::id::{ApiKeyId, UserId};
use crate::values::single_line::SingleLine;

/// Keys that can work at a time: more than a site has programs, and few enough for one page.
pub const MOST_WORKING: i64 = 100;

/// What a key is called (at most 60 characters).
pub type KeyName = SingleLine<60>;

/// A key before it has its row.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What admins call it.
    pub name: KeyName,
    /// What it may do.
    pub access: Access,
    /// How long it works; nothing for ever.
    pub lifetime: Option<TimeDelta>,
    /// Its text.
    pub secret: KeySecret,
    /// Who makes it.
    pub actor: Actor,
}

impl NewKey {
    /// Makes the key; nothing when [`MOST_WORKING`] work already.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn make(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<()>> {
        let expired = api_key::expires_at.is_not_null().and(api_key::expires_at.le(now));
        let ended = api_key::revoked_at.is_not_null().or(expired);
        let working: i64 = api_key::table.filter(diesel::dsl::not(ended)).count().get_result(conn)?;
        if working >= MOST_WORKING {
            return Ok(None);
        }
        let expires_at = self.lifetime.map(|lifetime| now + lifetime);
        let row = (
            api_key::id.eq(ApiKeyId::generate().to_string()),
            api_key::name.eq(self.name.as_str()),
            api_key::beginning.eq(self.secret.beginning()),
            api_key::hash.eq(self.secret.hash()),
            api_key::access.eq(self.access.as_str()),
            api_key::made_at.eq(now),
            api_key::made_by.eq(self.actor.id.as_ref().map(UserId::as_str)),
            api_key::expires_at.eq(expires_at),
        );
        diesel::insert_into(api_key::table).values(row).execute(conn)?;
        let label = format!("{} ({}…)", self.name, self.secret.beginning());
        let details = json!({ "key": label, "access": self.access.as_str() });
        Action::ApiKeyMade.to_many(&self.actor).with(details).record(conn, now)?;
        Ok(Some(()))
    }
}
