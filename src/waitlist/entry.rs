//! A place on the waitlist: taking it, confirming it, finding it again.

use chrono::TimeDelta;
use diesel::dsl::{count, count_star, sql};
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text, Timestamptz};

use super::letters::ConfirmPlace;
use super::role::Role;
use crate::mail::link::{Link, NewLink, Purpose};
use crate::mail::outbox;
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::EntryId;
use crate::values::locale::Locale;
use crate::values::secret_key::SecretKeys;
use crate::values::secret_token::SecretToken;
use crate::web::paged::{self, Cursor, Paged, Position};

/// The link that confirms a place.
const CONFIRM: Purpose = Purpose { name: "waitlist-confirm", lasts: TimeDelta::days(14) };
/// The private link to a place, which lasts as long as anyone waits.
const PLACE: Purpose = Purpose { name: "waitlist-place", lasts: TimeDelta::days(3_650) };

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
    /// When they joined.
    pub created_at: Timestamp,
    /// When they confirmed their address.
    pub confirmed_at: Option<Timestamp>,
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

/// How many places there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Of people who look for work.
    pub employees: i64,
    /// Of companies.
    pub organizations: i64,
    /// Of both, with a confirmed address.
    pub confirmed: i64,
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
        outbox::enqueue(conn, now, &self.email, &ConfirmPlace { link, locale: self.locale })?;
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
        let place = NewLink { purpose: PLACE, subject: entry.id.to_string(), pending: None };
        let place = place.issue(conn, now, keys)?;
        Ok(Some(SecretToken::of_link(&keys.current, &place.id)))
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

    /// How many places there are.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn count(conn: &mut PgConnection) -> QueryResult<Totals> {
        let of_roles = waitlist::table.group_by(waitlist::role).select((
            waitlist::role,
            count_star(),
            count(waitlist::confirmed_at),
        ));
        let mut totals = Totals::default();
        for (role, places, confirmed) in of_roles.load::<(String, i64, i64)>(conn)? {
            match Role::from(role) {
                Role::Employee => totals.employees += places,
                Role::Organization => totals.organizations += places,
            }
            totals.confirmed += confirmed;
        }
        Ok(totals)
    }

    fn cursor(&self) -> Cursor<EntryId> {
        Cursor { created_at: self.created_at, id: self.id }
    }

    fn of_link(conn: &mut PgConnection, link: Option<&Link>) -> QueryResult<Option<Self>> {
        let Some(id) = link.and_then(|link| link.subject.parse::<i64>().ok()) else { return Ok(None) };
        waitlist::table.find(id).select(Self::as_select()).first(conn).optional()
    }
}

impl Totals {
    /// Of both roles.
    #[must_use]
    pub const fn all(&self) -> i64 {
        self.employees + self.organizations
    }

    /// Those that a filter leaves.
    #[must_use]
    pub const fn of(&self, filter: EntryFilter) -> i64 {
        match filter.role {
            None => self.all(),
            Some(Role::Employee) => self.employees,
            Some(Role::Organization) => self.organizations,
        }
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
