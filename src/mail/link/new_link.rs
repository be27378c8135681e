//! Making links, with the letter that carries them.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::Value;

use super::purpose::Purpose;
use super::stored_link::Link;
use crate::schema::verification;
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
        let [link] = Self::issue_all(conn, now, keys, [self])?;
        Ok(link)
    }

    /// Makes several links in one statement, in their order.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn issue_all<const COUNT: usize>(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        links: [Self; COUNT],
    ) -> QueryResult<[Link; COUNT]> {
        let made = links.map(|new| (new.purpose, new.at(now, keys)));
        let rows: Vec<_> = made.iter().map(|(purpose, link)| NewRow::of(link, now, *purpose)).collect();
        diesel::insert_into(verification::table).values(rows).execute(conn)?;
        Ok(made.map(|(_, link)| link))
    }

    /// The same for any number, at most some thousands: a statement takes 65,535 values.
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
        let rows: Vec<_> = made.iter().map(|(purpose, link)| NewRow::of(link, now, *purpose)).collect();
        diesel::insert_into(verification::table).values(rows).execute(conn)?;
        Ok(made.into_iter().map(|(_, link)| link).collect())
    }

    fn at(self, now: Timestamp, keys: &SecretKeys) -> Link {
        let id = LinkId::generate();
        let hash = SecretToken::of_link(&keys.current, &id).hash();
        Link { id, subject: self.subject, hash, expires_at: now + self.purpose.lasts, pending: self.pending }
    }
}

/// A row to insert.
#[derive(Insertable)]
#[diesel(table_name = verification)]
struct NewRow<'a> {
    id: &'a str,
    identifier: String,
    value: &'a str,
    expires_at: Timestamp,
    created_at: Timestamp,
    updated_at: Timestamp,
    pending: Option<&'a Value>,
}

impl<'a> NewRow<'a> {
    fn of(link: &'a Link, now: Timestamp, purpose: Purpose) -> Self {
        Self {
            id: link.id.as_str(),
            identifier: purpose.identifier(&link.subject),
            value: link.hash.as_str(),
            expires_at: link.expires_at,
            created_at: now,
            updated_at: now,
            pending: link.pending.as_ref(),
        }
    }
}
