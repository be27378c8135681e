//! The letters of the outbox as admins and operators see them: finding them, trying them again, giving them up.

use diesel::dsl::{self, sql};
use diesel::expression::SqlLiteral;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text, Timestamptz};

use crate::db::BATCH;
use crate::mail::delivery::circuit_breaker;
use crate::mail::ending::Ended;
use crate::mail::state::{BY_LETTER, CANCELLED, QUEUED, REFUSED_WITH_TEXT, State};
use crate::mail::{letter, letter_text};
use crate::schema::outbox_letter;
use crate::values::clock::Timestamp;
use crate::values::id::LetterId;
use crate::web::page::paging::Cursor;

/// Letters with a reply that the page shows.
const REPLIES: i64 = 10;
/// Later than every letter.
const END: Timestamp = Timestamp::MAX_UTC;

/// A letter as lists show it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox_letter, check_for_backend(Pg))]
pub struct QueuedLetter {
    /// Its id.
    #[diesel(deserialize_as = String)]
    pub id: LetterId,
    /// Its kind, such as `verify-email`.
    pub kind: String,
    /// The address as stored.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// What has become of it.
    #[diesel(column_name = status, deserialize_as = String)]
    pub state: State,
    /// How often the relay was asked.
    pub attempts: i32,
    /// When it is due, while it waits.
    pub next_attempt_at: Timestamp,
    /// When its link ends; it is not sent after that.
    pub not_after: Option<Timestamp>,
    /// What the relay said last, or what is wrong with the letter.
    pub last_reply: Option<String>,
    deferral_cause: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the relay took it over.
    pub sent_at: Option<Timestamp>,
}

/// A walk through the letters of a state, or of all, in the order of their time.
struct Walk<'a> {
    state: Option<State>,
    at: Timestamp,
    id: &'a str,
    most: i64,
}

impl Walk<'_> {
    /// Whether a letter is one of those that come next. Each state is walked by its own index: one over all letters would be
    /// written with every letter.
    fn finds(self, than: &str, order: &str) -> Box<dyn BoxableExpression<outbox_letter::table, Pg, SqlType = Bool>> {
        let states: Vec<_> =
            State::ALL.into_iter().filter(|state| self.state.is_none_or(|one| one == *state)).collect();
        let next = sql::<Bool>("outbox_letter.id = ANY (ARRAY(SELECT letter.id FROM unnest(")
            .bind::<Array<Text>, _>(states.into_iter().map(State::column).collect::<Vec<_>>())
            .sql(") AS state (status), LATERAL (SELECT id, created_at FROM outbox_letter WHERE status = state.status")
            .sql(&format!(" AND (created_at, id) {than} ("))
            .bind::<Timestamptz, _>(self.at)
            .sql(", ")
            .bind::<Text, _>(self.id.to_owned())
            .sql(&format!(") ORDER BY created_at {order}, id {order} LIMIT "))
            .bind::<BigInt, _>(self.most)
            .sql(&format!(") AS letter ORDER BY letter.created_at {order}, letter.id {order} LIMIT "))
            .bind::<BigInt, _>(self.most);
        Box::new(next.sql("))"))
    }
}

impl QueuedLetter {
    /// Up to `most` letters of a state, or of all states, that are older than a letter; without one, the newest.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn older(
        conn: &mut PgConnection,
        state: Option<State>,
        than: Option<&Cursor<LetterId>>,
        most: i64,
    ) -> QueryResult<Vec<Self>> {
        let (at, id) = than.map_or((END, ""), |than| (than.created_at, than.id.as_str()));
        let older = outbox_letter::table.filter(Walk { state, at, id, most }.finds("<", "DESC"));
        let newest_first = (outbox_letter::created_at.desc(), outbox_letter::id.desc());
        older.order(newest_first).select(Self::as_select()).load(conn)
    }

    /// The letters to these addresses, the newest first, at most `most` letters.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn to(conn: &mut PgConnection, addresses: &[String], most: i64) -> QueryResult<Vec<Self>> {
        let letters = outbox_letter::table.filter(outbox_letter::recipient.eq_any(addresses));
        letters.order(outbox_letter::created_at.desc()).select(Self::as_select()).limit(most).load(conn)
    }

    /// Up to `most` letters that are newer than a letter, the oldest of them first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn newer(
        conn: &mut PgConnection,
        state: Option<State>,
        than: &Cursor<LetterId>,
        most: i64,
    ) -> QueryResult<Vec<Self>> {
        let walk = Walk { state, at: than.created_at, id: than.id.as_str(), most };
        let newer = outbox_letter::table.filter(walk.finds(">", "ASC"));
        newer.order((outbox_letter::created_at, outbox_letter::id)).select(Self::as_select()).load(conn)
    }

    /// The newest letters that a relay said something about.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn replied(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        let by_relay = outbox_letter::deferral_cause.is_distinct_from(BY_LETTER);
        let replied = outbox_letter::table.filter(outbox_letter::last_reply.is_not_null().and(by_relay));
        let newest = replied.order((outbox_letter::created_at.desc(), outbox_letter::id.desc()));
        newest.select(Self::as_select()).limit(REPLIES).load(conn)
    }

    /// One letter, and its text while it is kept.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, id: &LetterId) -> QueryResult<Option<(Self, String)>> {
        let letter = outbox_letter::table.find(id.as_str());
        let found = letter.select((Self::as_select(), outbox_letter::text_body, outbox_letter::text_id));
        let found: Option<(Self, String, Option<Vec<u8>>)> = found.first(conn).optional()?;
        let Some((row, own, shared)) = found else { return Ok(None) };
        let shared = letter_text::find(conn, shared.into_iter().collect())?.pop();
        let text = shared.as_ref().map_or(&own, |shared| &shared.parts.text);
        Ok(Some((row, letter::without_links(text))))
    }

    /// Whether it waits through a fault of ours, which `last_reply` then says: no relay was asked.
    #[must_use]
    pub fn is_own_fault(&self) -> bool {
        self.deferral_cause.as_deref() == Some(BY_LETTER)
    }

    /// Whether it can be tried again: a refused one has to have its text, and a link that still works.
    #[must_use]
    pub fn can_be_retried(&self, now: Timestamp, text: &str) -> bool {
        let works = !text.is_empty() && self.not_after.is_some_and(|end| end > now);
        self.state == State::Waiting || self.state == State::Refused && works
    }
}

/// Has a letter tried at once, as if it never had been tried, and with it the relay, if that is left alone. Returns its
/// kind; none when it neither waits nor was refused in a way that allows another attempt.
///
/// # Errors
/// When the statement fails.
pub fn retry(conn: &mut PgConnection, now: Timestamp, id: &LetterId) -> QueryResult<Option<String>> {
    let letter = outbox_letter::table.filter(outbox_letter::id.eq(id.as_str()));
    let waiting = letter.filter(
        outbox_letter::status.eq(QUEUED).or(sql::<Bool>(REFUSED_WITH_TEXT).and(outbox_letter::not_after.gt(now))),
    );
    let kind = diesel::update(waiting).set(restarted()).returning(outbox_letter::kind).get_result(conn).optional()?;
    if kind.is_some() {
        circuit_breaker::try_now(conn)?;
    }
    Ok(kind)
}

/// Has refused letters tried again that can be sent, a batch at a time; returns how many.
///
/// # Errors
/// When a statement fails.
pub fn retry_refused(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let refused =
        outbox_letter::table.filter(sql::<Bool>(REFUSED_WITH_TEXT).and(outbox_letter::not_after.gt(now))).limit(BATCH);
    let batch: Vec<String> = refused.select(outbox_letter::id).for_update().skip_locked().load(conn)?;
    circuit_breaker::try_now(conn)?;
    diesel::update(outbox_letter::table.filter(outbox_letter::id.eq_any(batch))).set(restarted()).execute(conn)
}

/// Cancels a letter that waits. Returns its kind; none when it does not wait.
///
/// # Errors
/// When the statement fails.
pub fn cancel(conn: &mut PgConnection, id: &LetterId) -> QueryResult<Option<String>> {
    let letter = outbox_letter::id.eq(id.as_str()).and(outbox_letter::status.eq(QUEUED));
    let cancelled = diesel::update(outbox_letter::table.filter(letter)).set(Ended::with(CANCELLED));
    cancelled.returning(outbox_letter::kind).get_result(conn).optional()
}

#[derive(AsChangeset)]
#[diesel(table_name = outbox_letter, treat_none_as_null = true)]
struct Restarted {
    status: &'static str,
    claims: i32,
    attempts: i32,
    /// What should have followed from the verdict before follows no more.
    outcome_due_at: Option<Timestamp>,
}

/// What the row of a letter holds when it starts again. It is due by the database's clock.
fn restarted() -> (Restarted, dsl::Eq<outbox_letter::next_attempt_at, SqlLiteral<Timestamptz>>) {
    let restarted = Restarted { status: QUEUED, claims: 0, attempts: 0, outcome_due_at: None };
    (restarted, outbox_letter::next_attempt_at.eq(sql("now()")))
}
