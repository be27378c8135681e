//! A key of the API: its row, how a request finds it, and how it ends.

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz};
use serde_json::json;

use super::key_secret::KeySecret;
use crate::audit::account_name;
use crate::audit::event::{Action, Actor};
use crate::schema::api_key;
use crate::values::clock::Timestamp;
use crate::values::id::{ApiKeyId, UserId};
use crate::values::santiago_time;
use crate::web::visitor::client::Client;

/// Keys that the page lists: all that can work ([`MOST_WORKING`](super::new_key::MOST_WORKING)), and those that ended last.
const MOST_LISTED: i64 = 200;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read.
    Read,
    /// Read and change.
    Write,
}

impl Access {
    /// The access as its column and its form hold it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// Reads a form's field.
    #[must_use]
    pub fn parse(field: &str) -> Option<Self> {
        [Self::Read, Self::Write].into_iter().find(|access| access.as_str() == field)
    }
}

/// Whatever is not known may only read.
impl From<String> for Access {
    fn from(column: String) -> Self {
        Self::parse(&column).unwrap_or(Self::Read)
    }
}

/// A key.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = api_key, check_for_backend(Pg))]
pub struct ApiKey {
    /// Its id.
    #[diesel(deserialize_as = String)]
    pub id: ApiKeyId,
    /// What admins call it.
    pub name: String,
    /// Its first characters.
    pub beginning: String,
    /// What it may do.
    #[diesel(deserialize_as = String)]
    pub access: Access,
    /// When it was made.
    pub made_at: Timestamp,
    /// The address of the admin who made it, while there is such an account.
    #[diesel(select_expression = sql(&account_name::address_of("api_key.made_by")),
             select_expression_type = SqlLiteral<Nullable<Text>>)]
    pub made_by: Option<String>,
    /// Whether that is an admin still, who can log in.
    #[diesel(select_expression = sql(&account_name::is_admins("api_key.made_by")),
             select_expression_type = SqlLiteral<Bool>)]
    pub has_admin: bool,
    /// When it stops working by itself.
    pub expires_at: Option<Timestamp>,
    /// The day, in Chile, on which it was used last.
    pub last_used_on: Option<NaiveDate>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// The key of this text, if it works. Its use today is noted. Every request asks the database, so that a revoked key is
    /// dead at once on every replica.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find_working(conn: &mut PgConnection, now: Timestamp, hash: &str) -> QueryResult<Option<Self>> {
        let key = api_key::table.filter(api_key::hash.eq(hash)).select(Self::as_select());
        let key: Option<Self> = key.first(conn).optional()?;
        let Some(key) = key.filter(|key| key.works(now)) else { return Ok(None) };
        let today = santiago_time::day_of(now);
        if key.last_used_on != Some(today) {
            diesel::update(api_key::table.find(key.id.as_str())).set(api_key::last_used_on.eq(today)).execute(conn)?;
        }
        Ok(Some(key))
    }

    /// The database's time, which is one for all replicas.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn database_time(conn: &mut PgConnection) -> QueryResult<Timestamp> {
        diesel::select(sql::<Timestamptz>("now()")).get_result(conn)
    }

    /// The key of this text, for the page that shows it once.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find_by_secret(conn: &mut PgConnection, secret: &KeySecret) -> QueryResult<Option<Self>> {
        api_key::table.filter(api_key::hash.eq(secret.hash())).select(Self::as_select()).first(conn).optional()
    }

    /// The key of this id.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, id: &ApiKeyId) -> QueryResult<Option<Self>> {
        api_key::table.find(id.as_str()).select(Self::as_select()).first(conn).optional()
    }

    /// The keys: those that were neither revoked nor have expired first, the newest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        let is_over = sql::<Bool>("(revoked_at IS NOT NULL OR coalesce(expires_at <= now(), false))");
        let order = (is_over, api_key::made_at.desc(), api_key::id.desc());
        api_key::table.order(order).select(Self::as_select()).limit(MOST_LISTED).load(conn)
    }

    /// Whether it works. That of somebody who is no admin any more does not: they may have kept it, or made it while another
    /// replica still took them for one.
    #[must_use]
    pub fn works(&self, now: Timestamp) -> bool {
        self.can_be_revoked(now) && self.has_admin
    }

    /// Whether there is anything to revoke.
    #[must_use]
    pub fn can_be_revoked(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && !self.has_expired(now)
    }

    /// Whether its time is over.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// Revokes it; false when it was revoked before. Lock nothing first: of two who revoke it, one does.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn revoke(&self, conn: &mut PgConnection, now: Timestamp, actor: &Actor) -> QueryResult<bool> {
        let working = api_key::table.find(self.id.as_str()).filter(api_key::revoked_at.is_null());
        if diesel::update(working).set(api_key::revoked_at.eq(now)).execute(conn)? == 0 {
            return Ok(false);
        }
        Action::ApiKeyRevoked.to_many(actor).with(json!({ "key": self.label() })).record(conn, now)?;
        Ok(true)
    }

    /// Revokes all that this admin made, who may use the admin pages no more: for good, although the account may be an admin's
    /// again later.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn revoke_all_of(conn: &mut PgConnection, now: Timestamp, admin: &UserId, actor: &Actor) -> QueryResult<()> {
        let made = api_key::table.filter(api_key::made_by.eq(admin.as_str())).filter(api_key::revoked_at.is_null());
        let made: Vec<Self> = made.order(api_key::id).select(Self::as_select()).load(conn)?;
        made.iter().try_for_each(|key| key.revoke(conn, now, actor).map(|_| ()))
    }

    /// The key as the history names it: `CRM (bio_x7k2…)`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} ({}…)", self.name, self.beginning)
    }

    /// The key as somebody who acts.
    #[must_use]
    pub fn actor(&self, client: &Client) -> Actor {
        Actor::key(self.label(), client)
    }
}
