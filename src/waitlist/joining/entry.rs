//! A place on the waitlist: taking it, confirming it, finding it again.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::links::{CONFIRM, PLACE, Standing};
use super::role::Role;
use super::state::{STATE, State};
use crate::db::coalesce;
use crate::mail::link::{Link, Purpose};
use crate::schema::{waitlist, waitlist_erased};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::erasure;
use crate::values::id::EntryId;
use crate::values::locale::Locale;
use crate::values::secret_key::SecretKeys;
use crate::values::secret_token::SecretToken;

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
    /// What spoke for a machine when it was taken.
    pub signals: Option<Vec<Option<String>>>,
    /// The import that brought it.
    pub import_id: Option<String>,
}

impl Entry {
    /// The place that this link would confirm.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find_to_confirm(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<Option<Self>> {
        Self::find_by(conn, now, CONFIRM, token)
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
        let row = waitlist::table.find(entry.id.as_i64()).filter(waitlist::deleted_at.is_null());
        // A letter that arrived shows that the address takes mail.
        let confirmed = (
            waitlist::confirmed_at.eq(coalesce(waitlist::confirmed_at, now).nullable()),
            waitlist::bounced_at.eq(None::<Timestamp>),
        );
        if diesel::update(row.filter(waitlist::left_at.is_null())).set(confirmed).execute(conn)? == 0 {
            return Ok(None);
        }
        // Whoever erased an address before is back by their own act, and by more than somebody's typing.
        let known = waitlist_erased::table.filter(waitlist_erased::key.eq_any(erasure::keys(keys, &entry.email)));
        diesel::delete(known).execute(conn)?;
        let Standing { place, .. } = Standing::of(conn, now, keys, entry.id)?;
        Ok(place.token(keys))
    }

    /// Locks the place that a standing link leads to; an unconfirmed one too.
    ///
    /// # Errors
    /// When a statement fails.
    pub(in crate::waitlist) fn lock(
        conn: &mut PgConnection,
        now: Timestamp,
        purpose: Purpose,
        token: &SecretToken,
    ) -> QueryResult<Option<Self>> {
        let link = Link::find(conn, now, purpose, token)?;
        let Some(id) = link.and_then(|link| link.subject.parse::<i64>().ok()) else { return Ok(None) };
        waitlist::table.find(id).select(Self::as_select()).for_update().first(conn).optional()
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
        Self::find_by(conn, now, PLACE, token)
    }

    /// The place that a link of this purpose is about.
    ///
    /// # Errors
    /// When a statement fails.
    pub(in crate::waitlist) fn find_by(
        conn: &mut PgConnection,
        now: Timestamp,
        purpose: Purpose,
        token: &SecretToken,
    ) -> QueryResult<Option<Self>> {
        let link = Link::find(conn, now, purpose, token)?;
        Self::of_link(conn, link.as_ref())
    }

    fn of_link(conn: &mut PgConnection, link: Option<&Link>) -> QueryResult<Option<Self>> {
        let Some(id) = link.and_then(|link| link.subject.parse::<i64>().ok()) else { return Ok(None) };
        waitlist::table.find(id).select(Self::as_select()).first(conn).optional()
    }
}
