//! The log of all events, as admins read it: any page of any filter within milliseconds.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz};
use serde_json::Value;

use self::whose::Whose;
use super::account_name;
use super::action::Action;
use crate::values::clock::Timestamp;
use crate::values::id::{EntryId, EventId, UserId};
use crate::web::page::paging::{self, Cursor, Paged, Position};

mod whose;

/// The filter of the log.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Events of this action.
    pub action: Option<Action>,
    /// Events by the account that has this address or had it before, about it or about the place with this address, or by
    /// admins whose address has this in it.
    pub who: String,
    /// Events from this moment on.
    pub from: Option<Timestamp>,
    /// Events before this moment.
    pub until: Option<Timestamp>,
}

/// Somebody who did something, or to whom it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// Its name, or its address when it has no name; nothing when the account is gone.
    pub name: Option<String>,
}

/// An event, as the log shows it.
#[derive(Clone, Debug)]
pub struct LoggedEvent {
    /// Its id.
    pub id: EventId,
    /// When.
    pub happened_at: Timestamp,
    /// What; nothing when a later version wrote it.
    pub action: Option<Action>,
    /// Who did it; nobody for the command line, for the application itself, and for a visitor with the link of a mail.
    pub actor: Option<Person>,
    /// The key of the API by which a program did it.
    pub key_name: Option<String>,
    /// The account that it concerns.
    pub user: Option<Person>,
    /// The place on the waitlist that it concerns.
    pub entry: Option<EntryId>,
    /// The address of that place, while it is there.
    pub entry_email: Option<String>,
    /// The client's network address; nothing for the command line, and after anonymization.
    pub ip_address: Option<String>,
    /// The values before and after, or what else belongs to the event.
    pub details: Option<Value>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Timestamptz)]
    happened_at: Timestamp,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Nullable<Text>)]
    actor_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    actor: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    user_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    concerned: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    entry_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    entry_email: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    organization: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    key_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    ip_address: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    details: Option<Value>,
}

/// The newest events, at most `most` of them.
///
/// # Errors
/// When the statement fails.
pub fn latest(conn: &mut PgConnection, most: i64) -> QueryResult<Vec<LoggedEvent>> {
    Walk { filter: &EventFilter::default(), whose: None, position: &Position::Start, limit: most }.run(conn)
}

/// One page of the events, newest first.
///
/// # Errors
/// When a statement fails.
pub fn page(
    conn: &mut PgConnection,
    filter: &EventFilter,
    position: &Position<EventId>,
) -> QueryResult<Paged<LoggedEvent, EventId>> {
    let whose = Whose::find(conn, &filter.who)?;
    if whose.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Paged { rows: Vec::new(), newer: None, older: None });
    }
    let walk = |position: &Position<EventId>| {
        Walk { filter, whose: whose.as_deref(), position, limit: paging::LIMIT }.run(conn)
    };
    Paged::read(position, walk, |event| Cursor { created_at: event.happened_at, id: event.id.clone() })
}

/// Reads the events from a position on towards older ones, or before it towards newer ones.
struct Walk<'a> {
    filter: &'a EventFilter,
    whose: Option<&'a [Whose]>,
    position: &'a Position<EventId>,
    limit: i64,
}

impl Walk<'_> {
    fn run(&self, conn: &mut PgConnection) -> QueryResult<Vec<LoggedEvent>> {
        let cursor = match self.position {
            Position::Start => None,
            Position::After(cursor) | Position::Before(cursor) => Some(cursor),
        };
        let ids: Vec<&str> = self.whose.unwrap_or_default().iter().map(|whose| whose.id.as_str()).collect();
        let rows: Vec<Row> = diesel::sql_query(self.statement())
            .bind::<Nullable<Text>, _>(self.filter.action.map(Action::as_str))
            .bind::<Nullable<Timestamptz>, _>(self.filter.from)
            .bind::<Nullable<Timestamptz>, _>(self.filter.until)
            .bind::<Nullable<Timestamptz>, _>(cursor.map(|cursor| cursor.created_at))
            .bind::<Nullable<Text>, _>(cursor.map(|cursor| cursor.id.as_str()))
            .bind::<Array<Text>, _>(ids)
            .bind::<BigInt, _>(self.limit)
            .load(conn)?;
        Ok(rows.into_iter().map(LoggedEvent::from).collect())
    }

    /// The events of each way in which they are somebody's are read by a query of their own, so that no more rows than
    /// those of a page are read of an actor with many. Each query names its id by itself, so that the planner can tell
    /// those with many events. What somebody did to their own account is found in two ways, and told once.
    fn statement(&self) -> String {
        let (conditions, order) = (self.conditions(), self.order());
        let walk = |whose: String| {
            format!("(SELECT * FROM audit_event WHERE {whose} AND {conditions} ORDER BY {order} LIMIT $7)")
        };
        let found = match self.whose {
            Some(all) => {
                let walks = (1..).zip(all).map(|(number, whose)| walk(whose.condition(&format!("($6)[{number}]"))));
                let all = walks.collect::<Vec<_>>().join(" UNION ALL ");
                format!("SELECT DISTINCT ON (happened_at, id) * FROM ({all}) AS own ORDER BY {order} LIMIT $7")
            }
            // PostgreSQL wants every parameter to be used in the statement.
            None => walk("cardinality($6) = 0".to_owned()),
        };
        let [actor, concerned, organization] =
            ["event.actor_id", "event.user_id", "(event.details ->> 'organization')"].map(account_name::name_of);
        format!(
            include_str!("log/events.sql"),
            actor = actor,
            concerned = concerned,
            organization = organization,
            found = found,
            order = order
        )
    }

    /// Only the conditions that are asked for, so that the planner finds the index that has the rows in order.
    fn conditions(&self) -> String {
        let EventFilter { action, from, until, .. } = self.filter;
        let all = [
            if action.is_some() { "action = $1" } else { "$1 IS NULL" },
            if from.is_some() { "happened_at >= $2" } else { "$2 IS NULL" },
            if until.is_some() { "happened_at < $3" } else { "$3 IS NULL" },
            match self.position {
                Position::Start => "$4 IS NULL AND $5 IS NULL",
                Position::After(_) => "(happened_at, id) < ($4, $5)",
                Position::Before(_) => "(happened_at, id) > ($4, $5)",
            },
        ];
        all.join(" AND ")
    }

    const fn order(&self) -> &'static str {
        match self.position {
            Position::Before(_) => "happened_at, id",
            _ => "happened_at DESC, id DESC",
        }
    }
}

impl LoggedEvent {
    /// Whether it was done with the link of a mail, and not at the command line. Some actions are always done by link,
    /// so that this is known after anonymization too.
    #[must_use]
    pub fn is_by_visitor(&self) -> bool {
        self.ip_address.is_some() || self.action.is_some_and(Action::is_by_link)
    }

    /// Whether anybody could do it who typed the address of the account.
    #[must_use]
    pub fn is_by_whoever_typed(&self) -> bool {
        self.action == Some(Action::ResetRequested) && self.actor.is_none()
    }

    /// Whether somebody did it who got as far as the code of a second factor.
    #[must_use]
    pub fn is_at_the_code(&self) -> bool {
        self.action == Some(Action::WrongCodes) && self.actor.is_none()
    }

    /// Whether the application itself did it, as it pauses a wave when mails bounce.
    #[must_use]
    pub fn is_by_application(&self) -> bool {
        let paused_by = self.details.as_ref().and_then(|details| details.get("paused_by"));
        self.action == Some(Action::WebhookSwitchedOff) || paused_by.is_some_and(|by| by == "bounces")
    }

    /// The account that it concerns, unless it is the account that did it.
    #[must_use]
    pub fn concerned(&self) -> Option<&Person> {
        self.user.as_ref().filter(|user| self.actor.as_ref().is_none_or(|actor| actor.id != user.id))
    }

    /// Whether it is about anybody else than the account that did it.
    #[must_use]
    pub fn is_about_another(&self) -> bool {
        self.concerned().is_some() || self.entry.is_some()
    }

    /// Writes the name of a provider as people read it.
    pub(super) fn name_provider(&mut self, label: impl Fn(&str) -> String) {
        let name = self.details.as_mut().and_then(|details| details.get_mut("provider"));
        if let Some(Value::String(name)) = name {
            *name = label(name);
        }
    }
}

impl From<Row> for LoggedEvent {
    fn from(row: Row) -> Self {
        let person = |id: Option<String>, name| id.map(|id| Person { id: id.into(), name });
        Self {
            id: row.id.into(),
            happened_at: row.happened_at,
            action: Action::parse(&row.action),
            actor: person(row.actor_id, row.actor),
            user: person(row.user_id, row.concerned),
            entry: row.entry_id.map(EntryId::from),
            entry_email: row.entry_email,
            key_name: row.key_name,
            ip_address: row.ip_address,
            details: named(row.details, row.organization),
        }
    }
}

/// Details that hold the id of an organization get its name instead; nothing, when it is gone.
fn named(details: Option<Value>, organization: Option<String>) -> Option<Value> {
    let Some(Value::Object(mut details)) = details else { return details };
    if let Some(id) = details.get_mut("organization") {
        *id = organization.into();
    }
    Some(Value::Object(details))
}
