//! A wave: places that are invited together, a few at a time.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};

use super::wave_counts::{CountsRow, WaveCounts};
use crate::audit::account_name;
use crate::mail::letter_history;
use crate::schema::waitlist_wave;
use crate::values::clock::Timestamp;
use crate::values::id::WaveId;
use crate::waitlist::joining::role::Role;
use crate::web::page::paging::{self, Cursor, Paged, Position};

/// Bounces that a wave's page shows.
const MOST_BOUNCES: i64 = 10;
/// Stopped waves that are named at most.
const MOST_STOPPED: i64 = 10;
/// Whether a wave took several people, literally as in the index `waitlist_wave_several_idx`. A trigger keeps the number
/// (migration 073).
const TOOK_SEVERAL: &str = "people > 1";

/// How far a wave has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaveState {
    /// Its letters go out.
    Sending,
    /// An admin paused it.
    Paused,
    /// It was paused by itself, since too many mails bounced.
    Bouncing,
    /// Everybody was written to.
    Done,
    /// An admin cancelled what was not sent.
    Cancelled,
}

/// Which waves are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All of them.
    Any,
    /// Those that took several people: the button of a place makes a wave of one.
    OfSeveral,
}

/// A wave.
#[derive(Clone, Debug)]
pub struct Wave {
    /// Its id.
    pub id: WaveId,
    /// How far it has come.
    pub state: WaveState,
    /// When it was made.
    pub made_at: Timestamp,
    /// The address of the admin who made it, while there is such an account.
    pub made_by: Option<String>,
    /// When it was done or cancelled.
    pub ended_at: Option<Timestamp>,
    /// Of each role.
    pub counts: [(Role, WaveCounts); 2],
}

/// A mail that was refused.
#[derive(Clone, Debug, QueryableByName)]
pub struct Bounce {
    /// The place that it was about, while it is there.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub entry_id: Option<i64>,
    /// Whose it was, while the place is there.
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<String>,
    /// When.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub bounced_at: Option<Timestamp>,
    /// What the relay said, while the letter is there.
    #[diesel(sql_type = Nullable<Text>)]
    pub reply: Option<String>,
}

#[derive(Queryable)]
struct Row {
    id: i64,
    state: String,
    paused_by: Option<String>,
    made_at: Timestamp,
    made_by: Option<String>,
    ended_at: Option<Timestamp>,
}

impl Wave {
    /// One page of the waves, newest first.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn page(conn: &mut PgConnection, position: Position<WaveId>, of: Kind) -> QueryResult<Paged<Self, WaveId>> {
        Paged::read(&position, |position| walk(conn, position, of), Self::cursor)
    }

    /// One wave.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, id: WaveId) -> QueryResult<Option<Self>> {
        let row = rows().filter(waitlist_wave::id.eq(id.as_i64())).first::<Row>(conn).optional()?;
        Ok(with_counts(conn, row.into_iter().collect())?.pop())
    }

    /// Those that stopped by themselves and were neither resumed nor cancelled, newest first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn stopped(conn: &mut PgConnection) -> QueryResult<Vec<WaveId>> {
        let stopped = waitlist_wave::state.eq("paused").and(waitlist_wave::paused_by.eq("bounces"));
        let newest = waitlist_wave::table.filter(stopped).order(waitlist_wave::id.desc()).limit(MOST_STOPPED);
        let ids = newest.select(waitlist_wave::id).load::<i64>(conn)?;
        Ok(ids.into_iter().map(WaveId::from).collect())
    }

    /// The last of its mails that were refused.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn bounces(conn: &mut PgConnection, id: WaveId) -> QueryResult<Vec<Bounce>> {
        let reply = letter_history::last_reply_to("waitlist_invitation.letter_id");
        let bounces = diesel::sql_query(format!(include_str!("wave/last_bounces.sql"), reply = reply));
        bounces.bind::<BigInt, _>(id.as_i64()).bind::<BigInt, _>(MOST_BOUNCES).load(conn)
    }

    /// Of both roles.
    #[must_use]
    pub fn total(&self) -> WaveCounts {
        let [(_, one), (_, other)] = self.counts;
        one.plus(other)
    }

    const fn cursor(&self) -> Cursor<WaveId> {
        Cursor { created_at: self.made_at, id: self.id }
    }
}

impl WaveState {
    /// Whether it can go on.
    #[must_use]
    pub const fn is_paused(self) -> bool {
        matches!(self, Self::Paused | Self::Bouncing)
    }

    /// Whether it is over.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }

    fn of(state: &str, paused_by: Option<&str>) -> Self {
        match (state, paused_by) {
            ("sending", _) => Self::Sending,
            ("paused", Some("bounces")) => Self::Bouncing,
            ("paused", _) => Self::Paused,
            ("cancelled", _) => Self::Cancelled,
            _ => Self::Done,
        }
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn rows() -> _ {
    let made_by: SqlLiteral<Nullable<Text>> = sql(&account_name::address_of("waitlist_wave.made_by"));
    waitlist_wave::table.select((
        waitlist_wave::id,
        waitlist_wave::state,
        waitlist_wave::paused_by,
        waitlist_wave::made_at,
        made_by,
        waitlist_wave::ended_at,
    ))
}

fn walk(conn: &mut PgConnection, position: &Position<WaveId>, of: Kind) -> QueryResult<Vec<Wave>> {
    let newest_first = (waitlist_wave::made_at.desc(), waitlist_wave::id.desc());
    let all = rows().limit(paging::LIMIT).into_boxed::<Pg>();
    let all = if of == Kind::OfSeveral { all.filter(sql::<Bool>(TOOK_SEVERAL)) } else { all };
    let rows = match position {
        Position::Start => all.order(newest_first),
        Position::After(cursor) => all.filter(beyond("(made_at, waitlist_wave.id) < (", cursor)).order(newest_first),
        Position::Before(cursor) => all
            .filter(beyond("(made_at, waitlist_wave.id) > (", cursor))
            .order((waitlist_wave::made_at, waitlist_wave::id)),
    };
    let rows = rows.load::<Row>(conn)?;
    with_counts(conn, rows)
}

/// Compares both columns as one value.
fn beyond(
    comparison: &str,
    cursor: &Cursor<WaveId>,
) -> Box<dyn BoxableExpression<waitlist_wave::table, Pg, SqlType = Bool>> {
    let made_at = sql::<Bool>(comparison).bind::<Timestamptz, _>(cursor.created_at);
    Box::new(made_at.sql(", ").bind::<BigInt, _>(cursor.id.as_i64()).sql(")"))
}

fn with_counts(conn: &mut PgConnection, rows: Vec<Row>) -> QueryResult<Vec<Wave>> {
    let counts = CountsRow::load(conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let waves = rows.into_iter().map(|row| Wave {
        id: row.id.into(),
        state: WaveState::of(&row.state, row.paused_by.as_deref()),
        made_at: row.made_at,
        made_by: row.made_by,
        ended_at: row.ended_at,
        counts: [Role::Employee, Role::Organization].map(|role| (role, WaveCounts::find(&counts, row.id, role))),
    });
    Ok(waves.collect())
}
