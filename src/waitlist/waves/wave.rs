//! A wave: places that are invited together, little by little, and what became of it.

use diesel::dsl::sql;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};

use crate::schema::{user, waitlist_wave};
use crate::values::clock::Timestamp;
use crate::values::id::WaveId;
use crate::waitlist::joining::role::Role;
use crate::web::page::paging::{self, Cursor, Paged, Position};

/// Bounces that its page shows.
const MOST_BOUNCES: i64 = 10;

/// How many of a wave stand where.
const TALLY: &str = "SELECT wave_id, role, \
                       count(*) FILTER (WHERE state = 'waiting') AS waiting, \
                       count(*) FILTER (WHERE state = 'queued') AS queued, \
                       count(*) FILTER (WHERE state = 'sent') AS sent, \
                       count(*) FILTER (WHERE state = 'bounced') AS bounced, \
                       count(*) FILTER (WHERE state = 'skipped') AS skipped, \
                       count(signed_up_at) AS signed_up \
                     FROM waitlist_invitation WHERE wave_id = ANY ($1) GROUP BY wave_id, role";

/// The last ones whose mail was refused, and what the relay said.
const BOUNCES: &str = "SELECT waitlist.email, waitlist_invitation.bounced_at, outbox_letter.last_reply AS reply \
                       FROM waitlist_invitation \
                       LEFT JOIN waitlist ON waitlist.id = entry_id \
                       LEFT JOIN outbox_letter ON outbox_letter.id = letter_id \
                       WHERE wave_id = $1 AND state = 'bounced' \
                       ORDER BY waitlist_invitation.bounced_at DESC NULLS LAST LIMIT $2";

/// How far a wave has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaveState {
    /// Its letters go out.
    Sending,
    /// An admin stopped it.
    Paused,
    /// It stopped by itself, since too many mails were refused.
    Bouncing,
    /// Everybody was written to.
    Done,
    /// An admin gave up what was not sent.
    Cancelled,
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
    /// When it was done or given up.
    pub ended_at: Option<Timestamp>,
    /// Of each role.
    pub counts: [(Role, WaveCounts); 2],
}

/// How many invitations of a wave stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaveCounts {
    /// Not written yet.
    pub waiting: i64,
    /// In the outbox.
    pub queued: i64,
    /// Taken over by the relay.
    pub sent: i64,
    /// Refused.
    pub bounced: i64,
    /// Not written to after all: they left, have an account, or the wave was given up.
    pub skipped: i64,
    /// Their address has an account since.
    pub signed_up: i64,
}

/// A mail that was refused.
#[derive(Clone, Debug, QueryableByName)]
pub struct Bounce {
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

#[derive(QueryableByName)]
struct CountsRow {
    #[diesel(sql_type = BigInt)]
    wave_id: i64,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = BigInt)]
    waiting: i64,
    #[diesel(sql_type = BigInt)]
    queued: i64,
    #[diesel(sql_type = BigInt)]
    sent: i64,
    #[diesel(sql_type = BigInt)]
    bounced: i64,
    #[diesel(sql_type = BigInt)]
    skipped: i64,
    #[diesel(sql_type = BigInt)]
    signed_up: i64,
}

/// Id, state, why it is paused, when and by whom it was made, when it ended.
type Row = (i64, String, Option<String>, Timestamp, Option<String>, Option<Timestamp>);

impl Wave {
    /// One page of the waves, newest first.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn page(conn: &mut PgConnection, position: Position<WaveId>) -> QueryResult<Paged<Self, WaveId>> {
        Paged::read(&position, |position| walk(conn, position), Self::cursor)
    }

    /// One wave.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, id: WaveId) -> QueryResult<Option<Self>> {
        let row = rows().filter(waitlist_wave::id.eq(id.as_i64())).first::<Row>(conn).optional()?;
        Ok(with_counts(conn, row.into_iter().collect())?.pop())
    }

    /// The last of its mails that were refused.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn bounces(conn: &mut PgConnection, id: WaveId) -> QueryResult<Vec<Bounce>> {
        diesel::sql_query(BOUNCES).bind::<BigInt, _>(id.as_i64()).bind::<BigInt, _>(MOST_BOUNCES).load(conn)
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

impl WaveCounts {
    /// All that the wave took in.
    #[must_use]
    pub const fn invited(&self) -> i64 {
        self.waiting + self.queued + self.sent + self.bounced + self.skipped
    }

    /// Those whom nothing happens to any more.
    #[must_use]
    pub const fn settled(&self) -> i64 {
        self.sent + self.bounced + self.skipped
    }

    /// How many of a hundred who were written to signed up.
    #[must_use]
    pub const fn percent(&self) -> Option<i64> {
        (self.signed_up * 100 + self.sent / 2).checked_div(self.sent)
    }

    const fn plus(self, other: Self) -> Self {
        Self {
            waiting: self.waiting + other.waiting,
            queued: self.queued + other.queued,
            sent: self.sent + other.sent,
            bounced: self.bounced + other.bounced,
            skipped: self.skipped + other.skipped,
            signed_up: self.signed_up + other.signed_up,
        }
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn rows() -> _ {
    waitlist_wave::table.left_join(user::table.on(user::id.nullable().eq(waitlist_wave::made_by))).select((
        waitlist_wave::id,
        waitlist_wave::state,
        waitlist_wave::paused_by,
        waitlist_wave::made_at,
        user::email.nullable(),
        waitlist_wave::ended_at,
    ))
}

fn walk(conn: &mut PgConnection, position: &Position<WaveId>) -> QueryResult<Vec<Wave>> {
    let newest_first = (waitlist_wave::made_at.desc(), waitlist_wave::id.desc());
    let all = rows().limit(paging::LIMIT).into_boxed::<Pg>();
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

type Beyond = Box<
    dyn BoxableExpression<
            diesel::dsl::LeftJoinQuerySource<
                waitlist_wave::table,
                user::table,
                diesel::dsl::Eq<diesel::dsl::Nullable<user::id>, waitlist_wave::made_by>,
            >,
            Pg,
            SqlType = Bool,
        >,
>;

/// Compares both columns as one value.
fn beyond(comparison: &str, cursor: &Cursor<WaveId>) -> Beyond {
    let made_at = sql::<Bool>(comparison).bind::<Timestamptz, _>(cursor.created_at);
    Box::new(made_at.sql(", ").bind::<BigInt, _>(cursor.id.as_i64()).sql(")"))
}

fn with_counts(conn: &mut PgConnection, rows: Vec<Row>) -> QueryResult<Vec<Wave>> {
    let ids: Vec<i64> = rows.iter().map(|(id, ..)| *id).collect();
    let counts: Vec<CountsRow> = diesel::sql_query(TALLY).bind::<Array<BigInt>, _>(ids).load(conn)?;
    let waves = rows.into_iter().map(|(id, state, paused_by, made_at, made_by, ended_at)| Wave {
        id: id.into(),
        state: WaveState::of(&state, paused_by.as_deref()),
        made_at,
        made_by,
        ended_at,
        counts: [Role::Employee, Role::Organization].map(|role| (role, counts_of(&counts, id, role))),
    });
    Ok(waves.collect())
}

fn counts_of(rows: &[CountsRow], wave: i64, of: Role) -> WaveCounts {
    let row = rows.iter().find(|row| row.wave_id == wave && row.role == of.as_str());
    row.map_or_else(WaveCounts::default, |&CountsRow { waiting, queued, sent, bounced, skipped, signed_up, .. }| {
        WaveCounts { waiting, queued, sent, bounced, skipped, signed_up }
    })
}
