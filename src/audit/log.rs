//! What happened, as admins read it: who did what to whom, any page of any filter within milliseconds.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz};
use serde_json::Value;

use super::action::Action;
use crate::values::clock::Timestamp;
use crate::values::id::{EntryId, EventId, UserId};
use crate::values::search_term::escape_like;
use crate::web::page::paging::{self, Cursor, Paged, Position};

/// Admins that part of an address finds at most.
const MOST_ACTORS: i64 = 20;
/// Longest part of an address that is searched for, in characters; no address is longer.
const LONGEST_WHO: usize = 254;

/// The account with this address, and the admins whose address has this in it. Part of an address is looked for among
/// admins alone: there are few of them, and no index finds the others within milliseconds whatever is typed.
const ACTORS: &str = r#"
    SELECT id FROM "user" WHERE lower(email) = lower($1)
    UNION
    SELECT id FROM (SELECT id FROM "user" WHERE type = 'admin' AND lower(email) LIKE lower($2) LIMIT $3) AS admins"#;

/// Which events.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Of this kind.
    pub action: Option<Action>,
    /// Done by whoever has this address, or this in it.
    pub who: String,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this one.
    pub until: Option<Timestamp>,
}

/// Somebody who did something, or to whom it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// Its name or address; none when it is gone.
    pub name: Option<String>,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct LoggedEvent {
    /// Its id.
    pub id: EventId,
    /// When.
    pub happened_at: Timestamp,
    /// What; nothing when a later version wrote it.
    pub action: Option<Action>,
    /// Who did it; nobody for the command line and for whoever has the link of a mail.
    pub actor: Option<Person>,
    /// Whose account it concerns.
    pub user: Option<Person>,
    /// Which place on the waitlist it concerns.
    pub entry: Option<EntryId>,
    /// The client's address; none for the command line, and when it was forgotten.
    pub ip_address: Option<String>,
    /// Before and after, or what else tells it from others.
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
    ip_address: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    details: Option<Value>,
}

#[derive(QueryableByName)]
struct ActorRow {
    #[diesel(sql_type = Text)]
    id: String,
}

/// The newest events, as many as these.
///
/// # Errors
/// When the statement fails.
pub fn latest(conn: &mut PgConnection, most: i64) -> QueryResult<Vec<LoggedEvent>> {
    Walk { filter: &EventFilter::default(), actors: None, position: &Position::Start, limit: most }.run(conn)
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
    let actors = actors(conn, &filter.who)?;
    if actors.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Paged { rows: Vec::new(), newer: None, older: None });
    }
    let walk = |position: &Position<EventId>| {
        Walk { filter, actors: actors.as_deref(), position, limit: paging::LIMIT }.run(conn)
    };
    Paged::read(position, walk, |event| Cursor { created_at: event.happened_at, id: event.id.clone() })
}

/// Whose events are looked for; nothing when everybody's are.
fn actors(conn: &mut PgConnection, who: &str) -> QueryResult<Option<Vec<String>>> {
    let who: String = who.trim().chars().filter(|c| !c.is_control()).take(LONGEST_WHO).collect();
    if who.is_empty() {
        return Ok(None);
    }
    let statement = diesel::sql_query(ACTORS).bind::<Text, _>(&who).bind::<Text, _>(format!("%{}%", escape_like(&who)));
    let rows: Vec<ActorRow> = statement.bind::<BigInt, _>(MOST_ACTORS).load(conn)?;
    Ok(Some(rows.into_iter().map(|row| row.id).collect()))
}

/// A way from a position on, towards older events, or before it towards newer ones.
struct Walk<'a> {
    filter: &'a EventFilter,
    actors: Option<&'a [String]>,
    position: &'a Position<EventId>,
    limit: i64,
}

impl Walk<'_> {
    fn run(&self, conn: &mut PgConnection) -> QueryResult<Vec<LoggedEvent>> {
        let cursor = match self.position {
            Position::Start => None,
            Position::After(cursor) | Position::Before(cursor) => Some(cursor),
        };
        let rows: Vec<Row> = diesel::sql_query(self.statement())
            .bind::<Nullable<Text>, _>(self.filter.action.map(Action::as_str))
            .bind::<Nullable<Timestamptz>, _>(self.filter.from)
            .bind::<Nullable<Timestamptz>, _>(self.filter.until)
            .bind::<Nullable<Timestamptz>, _>(cursor.map(|cursor| cursor.created_at))
            .bind::<Nullable<Text>, _>(cursor.map(|cursor| cursor.id.as_str()))
            .bind::<Array<Text>, _>(self.actors.unwrap_or_default())
            .bind::<BigInt, _>(self.limit)
            .load(conn)?;
        Ok(rows.into_iter().map(LoggedEvent::from).collect())
    }

    /// Each actor's events are walked on their own: of the rows of many, none but those of a page are read. Each is
    /// named on their own, too, so that the planner knows of whom there are many.
    fn statement(&self) -> String {
        let (conditions, order) = (self.conditions(), self.order());
        let walk = |whose: String| {
            format!("(SELECT * FROM audit_event WHERE {whose} AND {conditions} ORDER BY {order} LIMIT $7)")
        };
        let found = match self.actors {
            Some(actors) => {
                let walks = (1..=actors.len()).map(|number| walk(format!("actor_id = ($6)[{number}]")));
                let all = walks.collect::<Vec<_>>().join(" UNION ALL ");
                format!("SELECT * FROM ({all}) AS own ORDER BY {order} LIMIT $7")
            }
            // Every parameter has to be in the statement.
            None => walk("cardinality($6) = 0".to_owned()),
        };
        format!(
            r#"SELECT event.id, event.happened_at, event.action, event.actor_id, event.user_id, event.entry_id,
                 event.ip_address, event.details,
                 coalesce(nullif(actor.name, ''), actor.email) AS actor,
                 coalesce(nullif(concerned.name, ''), concerned.email) AS concerned
               FROM ({found}) AS event
               LEFT JOIN "user" AS actor ON actor.id = event.actor_id
               LEFT JOIN "user" AS concerned ON concerned.id = event.user_id
               ORDER BY {order}"#
        )
    }

    /// Only those that are asked for, so that the planner sees which index has them in order.
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
    /// Whether it was done with the link of a mail, and not at the command line. That these were, is sure even when
    /// the address was forgotten.
    #[must_use]
    pub fn is_by_visitor(&self) -> bool {
        let by_link = [Action::EntryRoleChanged, Action::EntryLeft, Action::EntryErased];
        self.ip_address.is_some() || self.action.is_some_and(|action| by_link.contains(&action))
    }

    /// Whether the application did it by itself, as it pauses a wave when mails bounce.
    #[must_use]
    pub fn is_by_itself(&self) -> bool {
        let paused_by = self.details.as_ref().and_then(|details| details.get("paused_by"));
        paused_by.is_some_and(|by| by == "bounces")
    }

    /// Whose account it concerns, when that is not the one who did it.
    #[must_use]
    pub fn concerned(&self) -> Option<&Person> {
        self.user.as_ref().filter(|user| self.actor.as_ref().is_none_or(|actor| actor.id != user.id))
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
            ip_address: row.ip_address,
            details: row.details,
        }
    }
}
