//! Making links, with the letter that carries them.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Timestamptz};
use serde_json::Value;

use super::purpose::Purpose;
use super::stored_link::Link;
use crate::db::binds::prepared::Prepared;
use crate::values::clock::Timestamp;
use crate::values::id::LinkId;
use crate::values::secret_key::SecretKeys;
use crate::values::secret_token::SecretToken;

/// A link that is not made yet.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// What for.
    pub purpose: Purpose,
    /// Whom or what it is about.
    pub subject: String,
    /// What takes effect when it is used.
    pub pending: Option<Value>,
}

impl NewLink {
    /// Makes the link. Its token is derived when the mail is sent, and only its hash is stored.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn issue(self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<Link> {
        Self::issue_many(conn, now, keys, vec![self])?.pop().ok_or(QueryError::NotFound)
    }

    /// Makes several links in one statement, in their order.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn issue_many(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        links: Vec<Self>,
    ) -> QueryResult<Vec<Link>> {
        let made: Vec<_> = links.into_iter().map(|new| (new.purpose, new.at(now, keys))).collect();
        let identifiers: Vec<_> = made.iter().map(|(purpose, link)| purpose.identifier(&link.subject)).collect();
        let links = || made.iter().map(|(_, link)| link);
        Prepared::new(include_str!("new_link.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<Text>, _>(links().map(|link| link.id.as_str()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(identifiers)
            .bind::<Array<Text>, _>(links().map(|link| link.hash.as_str()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(links().map(|link| link.expires_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Jsonb>>, _>(links().map(|link| link.pending.as_ref()).collect::<Vec<_>>())
            .execute(conn)?;
        Ok(made.into_iter().map(|(_, link)| link).collect())
    }

    fn at(self, now: Timestamp, keys: &SecretKeys) -> Link {
        let id = LinkId::generate();
        let hash = SecretToken::of_link(&keys.current, &id).hash();
        Link { id, subject: self.subject, hash, expires_at: now + self.purpose.lasts, pending: self.pending }
    }
}
