//! The letters of the outbox as admins and operators see them: finding them, trying them again, giving them up.

use diesel::dsl::{self, sql};
use diesel::expression::SqlLiteral;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text, Timestamptz};

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

impl QueuedLetter {
    /// Up to `most` letters of a state, or of all states, that are older than a letter; without one, the newest. All states
    /// are walked by id, which begins with the time (UUIDv7): a second index by time would be written with every letter.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn older(
        conn: &mut PgConnection,
        state: Option<State>,
        than: Option<&Cursor<LetterId>>,
        most: i64,
    ) -> QueryResult<Vec<Self>> {
        let mut letters = outbox_letter::table.select(Self::as_select()).limit(most).into_boxed();
        let Some(state) = state else {
            if let Some(than) = than {
                letters = letters.filter(outbox_letter::id.lt(than.id.as_str()));
            }
            return letters.order(outbox_letter::id.desc()).load(conn);
        };
        if let Some(than) = than {
            let position = sql::<Bool>("(created_at, id) < (").bind::<Timestamptz, _>(than.created_at).sql(", ");
            letters = letters.filter(position.bind::<Text, _>(than.id.as_str()).sql(")"));
        }
        let letters = letters.filter(outbox_letter::status.eq(state.column()));
        letters.order((outbox_letter::created_at.desc(), outbox_letter::id.desc())).load(conn)
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
        let letters = outbox_letter::table.select(Self::as_select()).limit(most);
        let Some(state) = state else {
            let beyond = letters.filter(outbox_letter::id.gt(than.id.as_str()));
            return beyond.order(outbox_letter::id).load(conn);
        };
        let position = sql::<Bool>("(created_at, id) > (").bind::<Timestamptz, _>(than.created_at).sql(", ");
        let beyond = letters.filter(position.bind::<Text, _>(than.id.as_str()).sql(")"));
        let of_state = beyond.filter(outbox_letter::status.eq(state.column()));
        of_state.order((outbox_letter::created_at, outbox_letter::id)).load(conn)
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
