//! A place on the waitlist: taking it, confirming it, finding it again.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text, Timestamptz};

use super::letters::ConfirmPlace;
use super::links::{CONFIRM, PLACE, Standing};
use super::role::Role;
use super::state::{STATE, State};
use crate::mail::link::{Link, NewLink};
use crate::mail::outbox;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::EntryId;
use crate::values::locale::Locale;
use crate::values::secret_key::SecretKeys;
use crate::values::secret_token::SecretToken;
use crate::web::paged::{self, Cursor, Paged, Position};

/// Rows of the old application may hold mixed case; the constraint decides between two who join at once.
const JOIN: &str = "INSERT INTO waitlist (email, role, created_at, locale) SELECT $1, $2, $3, $4 \
                    WHERE NOT EXISTS (SELECT FROM waitlist WHERE lower(email) = $1) \
                    ON CONFLICT ON CONSTRAINT waitlist_email_key DO NOTHING RETURNING id";

/// A place on the waitlist.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = waitlist, check_for_backend(Pg))]
pub struct Entry {
    /// Its id.
    #[diesel(deserialize_as = i64)]
    pub id: EntryId,
    /// Whose it is.
    #[diesel(deserialize_as = String)]
    pub email: EmailAddress,
    /// What they are here for.
    #[diesel(deserialize_as = String)]
    pub role: Role,
    /// How far it has come.
    #[diesel(deserialize_as = String, select_expression = sql::<Text>(STATE), select_expression_type = SqlLiteral<Text>)]
    pub state: State,
    /// When they joined.
    pub created_at: Timestamp,
    /// The language to write to them in; none in rows of the old application.
    pub locale: Option<String>,
    /// Which text they agreed to.
    pub consent: Option<String>,
    /// When they were last asked to confirm their address.
    pub asked_at: Option<Timestamp>,
    /// When they confirmed it.
    pub confirmed_at: Option<Timestamp>,
    /// When the relay took their invitation over.
    pub invited_at: Option<Timestamp>,
    /// When their address had an account.
    pub signed_up_at: Option<Timestamp>,
    /// When mail to them was refused.
    pub bounced_at: Option<Timestamp>,
    /// When they left.
    pub left_at: Option<Timestamp>,
    /// When an admin deleted the place.
    pub deleted_at: Option<Timestamp>,
}

/// A place to be.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Whose it will be.
    pub email: EmailAddress,
    /// What they are here for.
    pub role: Role,
    /// The language to write to them in.
    pub locale: Locale,
}

/// What became of a [`NewEntry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// It has its place.
    New,
    /// The address had one before, which stays as it was.
    AlreadyListed,
}

/// Which entries of the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct EntryFilter {
    /// Those of this role, or of both.
    pub role: Option<Role>,
}

#[derive(QueryableByName)]
struct NewId {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl NewEntry {
    /// Takes a place and queues the letter that confirms it, in the caller's transaction.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn join(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<Joined> {
        let Some(id) = self.insert(conn, now)? else { return Ok(Joined::AlreadyListed) };
        let link = NewLink { purpose: CONFIRM, subject: id.to_string(), pending: None }.issue(conn, now, keys)?;
        let standing = Standing::of(conn, now, keys, id)?;
        outbox::enqueue(conn, now, &self.email, &ConfirmPlace { link, standing, locale: self.locale })?;
        Ok(Joined::New)
    }

    fn insert(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<EntryId>> {
        let row = diesel::sql_query(JOIN)
            .bind::<Text, _>(self.email.as_str())
            .bind::<Text, _>(self.role.as_str())
            .bind::<Timestamptz, _>(now)
            .bind::<Text, _>(self.locale.code())
            .get_result::<NewId>(conn);
        Ok(row.optional()?.map(|row| EntryId::from(row.id)))
    }
}

impl Entry {
    /// The place that this link would confirm.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find_to_confirm(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        let link = Link::find(conn, now, CONFIRM, token)?;
        Self::of_link(conn, link.as_ref())
    }

    /// Uses the link up, confirms the place and returns the token of the private link to it.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn confirm(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        token: &SecretToken,
    ) -> QueryResult<Option<SecretToken>> {
        let link = Link::redeem(conn, now, CONFIRM, token)?;
        let Some(entry) = Self::of_link(conn, link.as_ref())? else { return Ok(None) };
        diesel::update(waitlist::table.find(entry.id.as_i64()).filter(waitlist::confirmed_at.is_null()))
            .set(waitlist::confirmed_at.eq(now))
            .execute(conn)?;
        let Standing { place, .. } = Standing::of(conn, now, keys, entry.id)?;
        Ok(place.token(keys))
    }

    /// The language to write to them in: that of Chile, when it was never asked.
    #[must_use]
    pub fn written_in(&self) -> Locale {
        self.locale.as_deref().and_then(Locale::parse).unwrap_or(Locale::Es)
    }

    /// The place that this private link leads to.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        let link = Link::find(conn, now, PLACE, token)?;
        Self::of_link(conn, link.as_ref())
    }

    /// One page of the list, newest first.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn page(
        conn: &mut PgConnection,
        filter: EntryFilter,
        position: Position<EntryId>,
    ) -> QueryResult<Paged<Self, EntryId>> {
        Paged::read(&position, |position| walk(conn, filter, *position), Self::cursor)
    }

    fn cursor(&self) -> Cursor<EntryId> {
        Cursor { created_at: self.created_at, id: self.id }
    }

    fn of_link(conn: &mut PgConnection, link: Option<&Link>) -> QueryResult<Option<Self>> {
        let Some(id) = link.and_then(|link| link.subject.parse::<i64>().ok()) else { return Ok(None) };
        waitlist::table.find(id).select(Self::as_select()).first(conn).optional()
    }
}

/// The rows nearest to a position, in the order of walking away from it. Each value of `role` is walked for itself,
/// since an index gives its order only for one.
fn walk(conn: &mut PgConnection, filter: EntryFilter, position: Position<EntryId>) -> QueryResult<Vec<Entry>> {
    let mut rows = match filter.role {
        None => walk_role(conn, None, position)?,
        Some(role) => {
            let walks = role.columns().iter().map(|column| walk_role(conn, Some(column), position));
            walks.collect::<QueryResult<Vec<_>>>()?.concat()
        }
    };
    rows.sort_unstable_by_key(Entry::cursor);
    if !matches!(position, Position::Before(_)) {
        rows.reverse();
    }
    Ok(rows)
}

fn walk_role(conn: &mut PgConnection, role: Option<&str>, position: Position<EntryId>) -> QueryResult<Vec<Entry>> {
    let mut rows = waitlist::table.select(Entry::as_select()).limit(paged::LIMIT).into_boxed::<Pg>();
    if let Some(role) = role {
        rows = rows.filter(waitlist::role.eq(role));
    }
    let newest_first = (waitlist::created_at.desc(), waitlist::id.desc());
    let rows = match position {
        Position::Start => rows.order(newest_first),
        Position::After(cursor) => rows.filter(beyond("(created_at, id) < (", cursor)).order(newest_first),
        Position::Before(cursor) => {
            rows.filter(beyond("(created_at, id) > (", cursor)).order((waitlist::created_at, waitlist::id))
        }
    };
    rows.load(conn)
}

/// Compares both columns as one value, which is how their index is ordered.
fn beyond(
    comparison: &str,
    cursor: Cursor<EntryId>,
) -> Box<dyn BoxableExpression<waitlist::table, Pg, SqlType = Bool>> {
    let created_at = sql::<Bool>(comparison).bind::<Timestamptz, _>(cursor.created_at);
    Box::new(created_at.sql(", ").bind::<BigInt, _>(cursor.id.as_i64()).sql(")"))
}
