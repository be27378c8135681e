//! The link of a mail: a row of the seed's verification table, found by the hash of its token.

use chrono::TimeDelta;
use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text};
use serde_json::Value;

use super::purpose::{OF_ACCOUNTS, OF_WAITLIST, Purpose, identifiers};
use super::suspension::SUSPENDED;
use crate::db::BATCH;
use crate::schema::verification;
use crate::values::clock::Timestamp;
use crate::values::id::LinkId;
use crate::values::secret_key::SecretKeys;
use crate::values::secret_token::{SecretToken, TokenHash};
use crate::web::{Subject, Submission, retention};

/// A link that works.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What the token is derived from.
    pub id: LinkId,
    /// Whom or what it is about: a user's id, an entry's id.
    pub subject: String,
    /// The hash of its token.
    pub hash: TokenHash,
    /// When it ends.
    pub expires_at: Timestamp,
    /// What takes effect when it is used.
    pub pending: Option<Value>,
}

/// Links are kept this long after they ended: an expired sign-up may still be asked for again.
const KEPT: TimeDelta = retention::ENDED_LINK;

/// A row of the table.
#[derive(Queryable, Selectable)]
#[diesel(table_name = verification)]
struct Row {
    id: String,
    identifier: String,
    value: String,
    expires_at: Timestamp,
    pending: Option<Value>,
}

impl Row {
    fn into_link(self, purpose: Purpose) -> Link {
        let subject = self.identifier.strip_prefix(purpose.name).and_then(|rest| rest.strip_prefix(':'));
        Link {
            subject: subject.unwrap_or_default().to_owned(),
            id: LinkId::from(self.id),
            hash: TokenHash::from(self.value),
            expires_at: self.expires_at,
            pending: self.pending,
        }
    }
}

/// A link that is ended, and what it was about.
#[derive(Queryable, Selectable)]
#[diesel(table_name = verification)]
struct Ended {
    id: String,
    identifier: String,
}

/// A link that is ended only if it belongs to this subject.
#[derive(Clone, Copy, Debug)]
pub struct OwnedLink<'a> {
    /// What for.
    pub purpose: Purpose,
    /// Whom or what it must be about.
    pub subject: &'a str,
    /// Its id.
    pub id: &'a LinkId,
}

impl OwnedLink<'_> {
    /// The link, whether it works or has expired.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(self, conn: &mut PgConnection) -> QueryResult<Option<Link>> {
        let of = verification::identifier.eq(self.purpose.identifier(self.subject));
        let row = verification::table.find(self.id.as_str()).filter(of).select(Row::as_select()).first::<Row>(conn);
        Ok(row.optional()?.map(|row| row.into_link(self.purpose)))
    }

    /// Ends it; returns whether it still worked.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn end(self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        let identifier = self.purpose.identifier(self.subject);
        let of = verification::identifier.eq(identifier).and(verification::expires_at.gt(now));
        let own = diesel::delete(verification::table.find(self.id.as_str()).filter(of));
        let ended = own.returning(Ended::as_returning()).get_results(conn)?;
        Ok(!forget_sending(conn, ended)?.is_empty())
    }
}

impl Link {
    /// Its token; none when the key that made it is gone.
    #[must_use]
    pub fn token(&self, keys: &SecretKeys) -> Option<SecretToken> {
        SecretToken::of_known_link(keys, &self.id, &self.hash)
    }

    /// The link of this token, which stays as it is.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(
        conn: &mut PgConnection,
        now: Timestamp,
        purpose: Purpose,
        token: &SecretToken,
    ) -> QueryResult<Option<Self>> {
        let hash = token.hash();
        let row: QueryResult<Row> =
            verification::table.filter(works(now, purpose, &hash)).select(Row::as_select()).first(conn);
        Ok(row.optional()?.map(|row| row.into_link(purpose)))
    }

    /// Deletes the link and returns it: of many requests at once, exactly one gets it.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn redeem(
        conn: &mut PgConnection,
        now: Timestamp,
        purpose: Purpose,
        token: &SecretToken,
    ) -> QueryResult<Option<Self>> {
        let hash = token.hash();
        let used =
            diesel::delete(verification::table.filter(works(now, purpose, &hash))).returning(Row::as_returning());
        let Some(row) = used.get_result::<Row>(conn).optional()? else { return Ok(None) };
        forget_sending(conn, vec![Ended { id: row.id.clone(), identifier: row.identifier.clone() }])?;
        let link = row.into_link(purpose);
        link.record_use(conn, now, purpose)?;
        Ok(Some(link))
    }

    /// Ends every link of this purpose and subject.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn end_all(conn: &mut PgConnection, purpose: Purpose, subject: &str) -> QueryResult<usize> {
        let all = diesel::delete(verification::table.filter(verification::identifier.eq(purpose.identifier(subject))));
        let ended = all.returning(Ended::as_returning()).get_results(conn)?;
        Ok(forget_sending(conn, ended)?.len())
    }

    /// Ends this link, and every one of its purpose and subject that was made after it.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn end_since(conn: &mut PgConnection, purpose: Purpose, first: &Self) -> QueryResult<usize> {
        let all = verification::identifier.eq(purpose.identifier(&first.subject));
        let since = verification::table.filter(all.and(verification::expires_at.ge(first.expires_at)));
        let ended = diesel::delete(since).returning(Ended::as_returning()).get_results(conn)?;
        Ok(forget_sending(conn, ended)?.len())
    }

    /// Ends every link of these purposes and subjects, also those that are set aside; returns their ids.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn end_all_of(conn: &mut PgConnection, purposes: &[&str], subjects: &[String]) -> QueryResult<Vec<String>> {
        let working = identifiers(purposes, subjects);
        let suspended: Vec<_> = working.iter().map(|identifier| format!("{SUSPENDED}{identifier}")).collect();
        let of = verification::table.filter(verification::identifier.eq_any([working, suspended].concat()));
        let ended = diesel::delete(of).returning(Ended::as_returning()).get_results(conn)?;
        forget_sending(conn, ended)
    }

    /// Ends every link that would give an account one of these addresses, or invite it: their owner is erased.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn end_all_naming(conn: &mut PgConnection, addresses: &[String]) -> QueryResult<usize> {
        // The key is a literal, as in `verification_pending_email_idx`.
        let email = sql::<Nullable<Text>>("pending ->> 'email'");
        let naming = diesel::delete(verification::table.filter(email.eq_any(addresses)));
        let ended = naming.returning(Ended::as_returning()).get_results(conn)?;
        Ok(forget_sending(conn, ended)?.len())
    }

    /// Every link of this purpose and subject, whether it works or has expired, the oldest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all_of(conn: &mut PgConnection, purpose: Purpose, subject: &str) -> QueryResult<Vec<Self>> {
        let of = verification::table.filter(verification::identifier.eq(purpose.identifier(subject)));
        let rows: Vec<Row> = of.order(verification::created_at).select(Row::as_select()).load(conn)?;
        Ok(rows.into_iter().map(|row| row.into_link(purpose)).collect())
    }

    /// Those of this purpose and subject that keep something, whether they work or have expired: the last to end first, at
    /// most `most`.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn latest_pending(
        conn: &mut PgConnection,
        purpose: Purpose,
        subject: &str,
        most: i64,
    ) -> QueryResult<Vec<Self>> {
        let of = verification::identifier.eq(purpose.identifier(subject)).and(verification::pending.is_not_null());
        let latest_first = (verification::expires_at.desc(), verification::created_at.desc());
        let rows: Vec<Row> =
            verification::table.filter(of).order(latest_first).limit(most).select(Row::as_select()).load(conn)?;
        Ok(rows.into_iter().map(|row| row.into_link(purpose)).collect())
    }

    /// One of this purpose and subject that keeps `part`, whether it works or has expired.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find_pending(
        conn: &mut PgConnection,
        purpose: Purpose,
        subject: &str,
        part: &Value,
    ) -> QueryResult<Option<Self>> {
        let of = verification::identifier.eq(purpose.identifier(subject)).and(verification::pending.contains(part));
        let row = verification::table.filter(of).select(Row::as_select()).first::<Row>(conn);
        Ok(row.optional()?.map(|row| row.into_link(purpose)))
    }

    /// How many links of this purpose and subject work.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn count(conn: &mut PgConnection, now: Timestamp, purpose: Purpose, subject: &str) -> QueryResult<i64> {
        let of = verification::identifier.eq(purpose.identifier(subject)).and(verification::expires_at.gt(now));
        verification::table.filter(of).count().get_result(conn)
    }

    /// Deletes links of our purposes some time after they ended, a batch at a time. Other rows belong to the old application.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
        let patterns: Vec<_> = OF_ACCOUNTS.iter().chain(&OF_WAITLIST).map(|name| format!("{name}:%")).collect();
        let ours = sql::<Bool>("identifier LIKE ANY (").bind::<Array<Text>, _>(patterns).sql(")");
        let over = verification::expires_at.lt(now - KEPT).and(ours);
        let batch: Vec<String> = verification::table.filter(over).select(verification::id).limit(BATCH).load(conn)?;
        diesel::delete(verification::table.filter(verification::id.eq_any(batch))).execute(conn)
    }
}

/// Nobody is told any more that these links were sent, since they have ended: forgets the answers of the forms that sent
/// them, which are about the link or about its subject. Returns the ids. A form that ends links to send another asks
/// [`Submission::refuse_equal`] first.
fn forget_sending(conn: &mut PgConnection, ended: Vec<Ended>) -> QueryResult<Vec<String>> {
    let about = |Ended { id, identifier }: &Ended| {
        let (purpose, subject) = identifier.strip_prefix(SUSPENDED).unwrap_or(identifier).split_once(':')?;
        Some([Subject::new(purpose, subject), Subject::new(purpose, id)])
    };
    let sent: Vec<Subject> = ended.iter().filter_map(about).flatten().collect();
    if !sent.is_empty() {
        Submission::forget(conn, &sent)?;
    }
    Ok(ended.into_iter().map(|link| link.id).collect())
}

/// Hash, purpose and time are one condition: nobody can tell a used link from an expired one, or from one of another
/// purpose.
#[diesel::dsl::auto_type(no_type_alias)]
fn works<'a>(now: Timestamp, purpose: Purpose, hash: &'a TokenHash) -> _ {
    let value: &'a str = hash.as_str();
    let pattern: String = purpose.pattern();
    verification::value.eq(value).and(verification::identifier.like(pattern)).and(verification::expires_at.gt(now))
}
