//! What happened to one account: for the pages about it, for its owner's export, and for its erasure.

use diesel::dsl::{max, min};
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Jsonb, Nullable, Text, Timestamptz};
use serde::Serialize;
use serde_json::Value;

use super::account_name;
use super::action::Action;
use crate::schema::audit_event;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;

/// An event of an account, with the names of those in it.
#[derive(Clone, Debug, QueryableByName)]
pub struct AccountEvent {
    #[diesel(sql_type = Text)]
    action: String,
    /// When it happened.
    #[diesel(sql_type = Timestamptz)]
    pub happened_at: Timestamp,
    /// The account that did it, if any did.
    #[diesel(sql_type = Nullable<Text>)]
    pub actor_id: Option<String>,
    /// That account's name or address, while there is such an account.
    #[diesel(sql_type = Nullable<Text>)]
    pub actor: Option<String>,
    /// Whether that account is an admin's.
    #[diesel(sql_type = Bool)]
    pub is_by_admin: bool,
    /// The account that it concerned, if any.
    #[diesel(sql_type = Nullable<Text>)]
    pub user_id: Option<String>,
    /// That account's name or address, while there is such an account.
    #[diesel(sql_type = Nullable<Text>)]
    pub concerned: Option<String>,
    /// The client's network address.
    #[diesel(sql_type = Nullable<Text>)]
    pub ip_address: Option<String>,
    /// Its `User-Agent`.
    #[diesel(sql_type = Nullable<Text>)]
    pub user_agent: Option<String>,
    /// What else the event kept.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub details: Option<Value>,
}

/// An event of an account, as its owner's export shows it.
#[derive(Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = audit_event, check_for_backend(Pg))]
pub struct ExportedEvent {
    happened_at: Timestamp,
    action: String,
    /// Whose act it was: the owner's, another account's, or nobody's (the system's).
    actor_id: Option<String>,
    /// Which account it was about.
    user_id: Option<String>,
    ip_address: Option<String>,
    user_agent: Option<String>,
    details: Option<Value>,
}

impl AccountEvent {
    /// What happened to an account or what it did to others, the newest first, at most `most` events.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn recent(conn: &mut PgConnection, user: &UserId, most: i64) -> QueryResult<Vec<Self>> {
        let (actor, concerned) = (account_name::name_of("event.actor_id"), account_name::name_of("event.user_id"));
        let statement = format!(include_str!("account_history.sql"), actor = actor, concerned = concerned);
        diesel::sql_query(statement).bind::<Text, _>(user.as_str()).bind::<BigInt, _>(most).load(conn)
    }

    /// What happened; nothing when a later version wrote it.
    #[must_use]
    pub fn action(&self) -> Option<Action> {
        Action::parse(&self.action)
    }
}

impl ExportedEvent {
    /// What happened to an account or what it did, the newest first, at most `most` events.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn of_account(conn: &mut PgConnection, user: &UserId, most: i64) -> QueryResult<Vec<Self>> {
        let id = user.as_str();
        let own = audit_event::table.filter(audit_event::user_id.eq(id).or(audit_event::actor_id.eq(id)));
        let newest_first = (audit_event::happened_at.desc(), audit_event::id.desc());
        let mut rows: Vec<Self> = own.order(newest_first).select(Self::as_select()).limit(most).load(conn)?;
        // The address and the device of somebody else are not the owner's to know.
        for act in rows.iter_mut().filter(|act| act.actor_id.as_deref() != Some(id)) {
            (act.ip_address, act.user_agent) = (None, None);
        }
        Ok(rows)
    }
}

/// The log-ins of an account that tell whether a stranger may have got in.
#[derive(Clone, Copy, Debug)]
pub struct LogIns {
    /// The first of all.
    pub first: Option<Timestamp>,
    /// The last on a device that was new to the account.
    pub last_on_new_device: Option<Timestamp>,
}

impl LogIns {
    /// Those of this account, however many came since.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn of(conn: &mut PgConnection, user: &UserId) -> QueryResult<Self> {
        let times = |actions: &[Action]| {
            let actions: Vec<_> = actions.iter().map(|action| action.as_str()).collect();
            audit_event::table.filter(audit_event::user_id.eq(user.as_str()).and(audit_event::action.eq_any(actions)))
        };
        let all = times(&[Action::LoggedIn, Action::LoggedInFromNewDevice]);
        let first = all.select(min(audit_event::happened_at)).first(conn)?;
        let on_new_device = times(&[Action::LoggedInFromNewDevice]);
        let last_on_new_device = on_new_device.select(max(audit_event::happened_at)).first(conn)?;
        Ok(Self { first, last_on_new_device })
    }
}

#[derive(QueryableByName)]
struct FormerOwner {
    #[diesel(sql_type = Text)]
    user_id: String,
}

/// Accounts that had this address before, some ten at most.
///
/// # Errors
/// When the statement fails.
pub fn former_owners(conn: &mut PgConnection, address: &str) -> QueryResult<Vec<UserId>> {
    let statement = diesel::sql_query(include_str!("account_history/former_owners.sql"));
    let owners: Vec<FormerOwner> = statement.bind::<Text, _>(address).load(conn)?;
    Ok(owners.into_iter().map(|owner| owner.user_id.into()).collect())
}

/// The addresses that these accounts had before.
///
/// # Errors
/// When the statement fails.
pub fn former_addresses(conn: &mut PgConnection, users: &[String]) -> QueryResult<Vec<String>> {
    let changes = [Action::EmailChanged, Action::EmailChangeUndone].map(Action::as_str);
    let changes =
        audit_event::table.filter(audit_event::user_id.eq_any(users).and(audit_event::action.eq_any(changes)));
    let from: Vec<Option<String>> = changes.select(audit_event::details.retrieve_as_text("from")).load(conn)?;
    Ok(from.into_iter().flatten().collect())
}
