//! The link of a mail: a row of the seed's verification table, known by the hash of its token.

use chrono::TimeDelta;
use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};
use serde_json::Value;

use crate::db::BATCH;
use crate::schema::verification;
use crate::values::clock::Timestamp;
use crate::values::id::LinkId;
use crate::values::secret_key::SecretKeys;
use crate::values::secret_token::{SecretToken, TokenHash};

/// What a link is for: a token of one purpose opens nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// Stands before the subject in `identifier`.
    pub name: &'static str,
    /// How long the link works.
    pub lasts: TimeDelta,
}

/// Opens an account with the address of a place on the waitlist, which writes the mail; accounts answer it. What is
/// pending names the address and the role.
pub const WAITLIST_INVITATION: Purpose = Purpose { name: "waitlist-invitation", lasts: TimeDelta::days(30) };

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

/// A link to be.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// What for.
    pub purpose: Purpose,
    /// Whom or what it is about.
    pub subject: String,
    /// What takes effect when it is used.
    pub pending: Option<Value>,
}

/// Every purpose of ours whose subject is an account: other rows were written by the old application, and are not ours
/// to sweep.
pub const OF_ACCOUNTS: [&str; 7] = [
    "email-verification",
    "password-reset",
    "email-change",
    "email-undo",
    "account-securing",
    "deletion-cancel",
    "organization-invitation",
];
/// Every purpose of ours whose subject is a place on the waitlist.
pub const OF_WAITLIST: [&str; 4] =
    ["waitlist-confirm", "waitlist-place", "waitlist-unsubscribe", "waitlist-invitation"];

/// Links are kept this long after they ended: an expired sign-up may still be asked for again.
const KEPT: TimeDelta = TimeDelta::days(7);

type Row = (String, String, String, Timestamp, Option<Value>);
type Columns =
    (verification::id, verification::identifier, verification::value, verification::expires_at, verification::pending);
const COLUMNS: Columns =
    (verification::id, verification::identifier, verification::value, verification::expires_at, verification::pending);

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
        let rows: Vec<_> = made.iter().map(|(purpose, link)| link.row(now, *purpose)).collect();
        diesel::insert_into(verification::table).values(rows).execute(conn)?;
        Ok(made.map(|(_, link)| link))
    }

    fn at(self, now: Timestamp, keys: &SecretKeys) -> Link {
        let id = LinkId::generate();
        let hash = SecretToken::of_link(&keys.current, &id).hash();
        Link { id, subject: self.subject, hash, expires_at: now + self.purpose.lasts, pending: self.pending }
    }
}

/// A row to be.
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
        let row = verification::table.filter(works(now, purpose, &hash)).select(COLUMNS).first::<Row>(conn);
        Ok(row.optional()?.map(|row| Self::from_row(row, purpose)))
    }

    /// Uses the link up: of fifty requests at once, exactly one gets it.
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
        let used = diesel::delete(verification::table.filter(works(now, purpose, &hash))).returning(COLUMNS);
        Ok(used.get_result::<Row>(conn).optional()?.map(|row| Self::from_row(row, purpose)))
    }

    /// Ends every link of this purpose and subject.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn end_all(conn: &mut PgConnection, purpose: Purpose, subject: &str) -> QueryResult<usize> {
        diesel::delete(verification::table.filter(verification::identifier.eq(purpose.identifier(subject))))
            .execute(conn)
    }

    /// Ends this link, and every one of its purpose and subject that was made after it.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn end_since(conn: &mut PgConnection, purpose: Purpose, first: &Self) -> QueryResult<usize> {
        let all = verification::identifier.eq(purpose.identifier(&first.subject));
        let since = verification::table.filter(all.and(verification::expires_at.ge(first.expires_at)));
        diesel::delete(since).execute(conn)
    }

    /// Ends every link of these purposes and subjects; gives their ids.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn end_all_of(conn: &mut PgConnection, purposes: &[&str], subjects: &[String]) -> QueryResult<Vec<String>> {
        let of = verification::table.filter(verification::identifier.eq_any(identifiers(purposes, subjects)));
        diesel::delete(of).returning(verification::id).get_results(conn)
    }

    /// Ends one link of this purpose and subject; tells whether it still worked.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn end_one(
        conn: &mut PgConnection,
        now: Timestamp,
        (purpose, subject): (Purpose, &str),
        id: &LinkId,
    ) -> QueryResult<bool> {
        let of = verification::identifier.eq(purpose.identifier(subject)).and(verification::expires_at.gt(now));
        Ok(diesel::delete(verification::table.find(id.as_str()).filter(of)).execute(conn)? == 1)
    }

    /// Every link of this purpose and subject, whether it works or has expired.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all_of(conn: &mut PgConnection, purpose: Purpose, subject: &str) -> QueryResult<Vec<Self>> {
        let of = verification::table.filter(verification::identifier.eq(purpose.identifier(subject)));
        let rows = of.order(verification::created_at).select(COLUMNS).load::<Row>(conn)?;
        Ok(rows.into_iter().map(|row| Self::from_row(row, purpose)).collect())
    }

    /// How many links of this purpose and subject work.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn count(conn: &mut PgConnection, now: Timestamp, purpose: Purpose, subject: &str) -> QueryResult<i64> {
        let of = verification::identifier.eq(purpose.identifier(subject)).and(verification::expires_at.gt(now));
        verification::table.filter(of).count().get_result(conn)
    }

    /// Deletes our links some time after they ended, a batch at a time. Rows of other purposes are not ours.
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

    fn row(&self, now: Timestamp, purpose: Purpose) -> NewRow<'_> {
        NewRow {
            id: self.id.as_str(),
            identifier: purpose.identifier(&self.subject),
            value: self.hash.as_str(),
            expires_at: self.expires_at,
            created_at: now,
            updated_at: now,
            pending: self.pending.as_ref(),
        }
    }

    fn from_row((id, identifier, hash, expires_at, pending): Row, purpose: Purpose) -> Self {
        let subject = identifier.strip_prefix(purpose.name).and_then(|rest| rest.strip_prefix(':')).unwrap_or_default();
        Self { id: LinkId::from(id), subject: subject.to_owned(), hash: TokenHash::from(hash), expires_at, pending }
    }
}

/// Hash, purpose and time in one condition: nobody can tell a used link from an expired or a foreign one.
#[diesel::dsl::auto_type(no_type_alias)]
fn works<'a>(now: Timestamp, purpose: Purpose, hash: &'a TokenHash) -> _ {
    let value: &'a str = hash.as_str();
    let pattern: String = purpose.pattern();
    verification::value.eq(value).and(verification::identifier.like(pattern)).and(verification::expires_at.gt(now))
}

/// How the rows of these purposes and subjects are called.
#[must_use]
pub fn identifiers(purposes: &[&str], subjects: &[String]) -> Vec<String> {
    purposes.iter().flat_map(|name| subjects.iter().map(move |subject| format!("{name}:{subject}"))).collect()
}

impl Purpose {
    fn identifier(self, subject: &str) -> String {
        format!("{}:{subject}", self.name)
    }

    /// Purposes are our own words without `%` or `_`.
    fn pattern(self) -> String {
        format!("{}:%", self.name)
    }
}
