//! The circuit breaker: while the relay takes no letters it is left alone, and tried with one letter by and by. It is a row,
//! so that all workers keep to it, and admins and operators see it.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Interval, Text};

use super::lease::after;
use super::send_result::SendResult;
use crate::db::work_queue::LEASE;
use crate::mail::reply::Reply;
use crate::schema::outbox_breaker;

/// So many recipients in a row, for whom the relay takes nothing from us, open the breaker.
const MOST_REFUSED: usize = 3;
/// How far apart letters are due that waited for the relay: one that has just recovered is not flooded.
const APART: TimeDelta = TimeDelta::milliseconds(100);
/// The first pause is 5 s, each one after a trial that failed is twice as long, and none is longer than a minute.
const OPEN: &str = "INSERT INTO outbox_breaker (is_open, opened_at, tries, next_try_at, reply) \
                    VALUES (true, now() + $1, 0, now() + $1 + interval '5 s', $2) ON CONFLICT DO NOTHING";
const STAY_OPEN: &str = "UPDATE outbox_breaker SET tries = tries + 1, reply = $2, \
                         next_try_at = now() + $1 + interval '5 s' * least(12, 2 ^ least(tries + 1, 4))";

/// What a letter's result means for the breaker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The relay takes no letters.
    Open(Reply),
    /// The letter that tried the relay was not taken either.
    StayOpen(Reply),
    /// The relay answered the letter that tried it.
    Close,
    /// The letter that was to try the relay could not; the next one may at once.
    TryNext,
}

/// The recipients for whom the relay took nothing from us, since it last took anything.
#[derive(Debug, Default)]
pub(super) struct RefusedInARow(Vec<String>);

impl RefusedInARow {
    /// Learns what became of a letter to somebody; tells what that means for the breaker.
    pub(super) fn learn(&mut self, recipient: &str, is_trial: bool, result: &SendResult) -> Option<Change> {
        match result {
            SendResult::Sent | SendResult::BadRecipient(_) => self.0.clear(),
            SendResult::RelayRefuses(_) if !self.0.iter().any(|known| known == recipient) => {
                self.0.push(recipient.to_owned());
            }
            _ => {}
        }
        match result {
            SendResult::RelayDown(reply) | SendResult::RelayStops(reply) | SendResult::RelayRefuses(reply)
                if is_trial =>
            {
                Some(Change::StayOpen(reply.clone()))
            }
            SendResult::RelayDown(reply) | SendResult::RelayStops(reply) => Some(Change::Open(reply.clone())),
            SendResult::RelayRefuses(reply) if self.0.len() >= MOST_REFUSED => {
                self.0.clear();
                Some(Change::Open(reply.clone()))
            }
            SendResult::RelayRefuses(_) => None,
            SendResult::Unbuildable(_) => is_trial.then_some(Change::TryNext),
            SendResult::Sent | SendResult::BadRecipient(_) | SendResult::Later(_) => is_trial.then_some(Change::Close),
        }
    }
}

impl Change {
    /// Makes the change; tells whether it did, and no other worker.
    ///
    /// # Errors
    /// When the statement fails.
    pub(super) fn make(&self, conn: &mut PgConnection, ahead: TimeDelta) -> QueryResult<bool> {
        let told = |statement, reply: &Reply| {
            diesel::sql_query(statement).bind::<Interval, _>(ahead).bind::<Text, _>(reply.to_string())
        };
        let changed = match self {
            Self::Open(reply) => told(OPEN, reply).execute(conn)?,
            Self::StayOpen(reply) => told(STAY_OPEN, reply).execute(conn)?,
            Self::Close => diesel::delete(outbox_breaker::table).execute(conn)?,
            Self::TryNext => try_now(conn)?,
        };
        if changed > 0 {
            resume_letters(conn, ahead)?;
        }
        Ok(changed > 0)
    }

    /// Tells the operator.
    pub(super) fn log(&self) {
        match self {
            Self::Open(reason) => tracing::error!(%reason, "the mail relay takes no letters; they wait"),
            Self::StayOpen(reason) => tracing::warn!(%reason, "the mail relay still takes no letters"),
            Self::Close => tracing::info!("the mail relay takes letters again"),
            Self::TryNext => {}
        }
    }
}

/// Makes the letters due that were put off for the relay's sake. While it takes none, the breaker alone says when it is
/// tried, so that no pause of a letter delays that; once it takes letters, all of them go on.
fn resume_letters(conn: &mut PgConnection, ahead: TimeDelta) -> QueryResult<usize> {
    let statement = diesel::sql_query(include_str!("circuit_breaker/resume_letters.sql"));
    statement.bind::<Interval, _>(ahead).bind::<Interval, _>(APART).execute(conn)
}

/// Has the relay tried at once, if it is left alone.
///
/// # Errors
/// When the statement fails.
pub fn try_now(conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::update(outbox_breaker::table).set(outbox_breaker::next_try_at.eq(after(TimeDelta::zero()))).execute(conn)
}

/// Begins the trial of the relay with one letter; tells whether no other worker did. When this worker vanishes, the next
/// trial is as long away as a lease lasts.
///
/// # Errors
/// When the statement fails.
pub(super) fn begin_trial(conn: &mut PgConnection, ahead: TimeDelta) -> QueryResult<bool> {
    let due = outbox_breaker::table.filter(outbox_breaker::next_try_at.le(after(ahead)));
    Ok(diesel::update(due).set(outbox_breaker::next_try_at.eq(after(ahead + LEASE))).execute(conn)? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply() -> Reply {
        Reply::new("550 5.7.1 relaying denied")
    }

    #[test]
    fn three_recipients_in_a_row_open_it_and_a_letter_that_is_taken_begins_the_row_anew() {
        let (mut row, refuses) = (RefusedInARow::default(), SendResult::RelayRefuses(reply()));
        for recipient in ["ana", "ana", "bea"] {
            assert_eq!(row.learn(recipient, false, &refuses), None);
        }
        row.learn("cleo", false, &SendResult::Sent);
        for recipient in ["ana", "bea"] {
            assert_eq!(row.learn(recipient, false, &refuses), None);
        }
        assert_eq!(row.learn("dora", false, &SendResult::Later(reply())), None, "a letter put off changes nothing");
        assert_eq!(row.learn("cleo", false, &refuses), Some(Change::Open(reply())));
    }

    #[test]
    fn the_letter_that_tries_the_relay_decides() {
        let trial = |result| RefusedInARow::default().learn("ana", true, &result);
        for result in
            [SendResult::RelayDown(reply()), SendResult::RelayStops(reply()), SendResult::RelayRefuses(reply())]
        {
            assert_eq!(trial(result), Some(Change::StayOpen(reply())));
        }
        for result in [SendResult::Sent, SendResult::Later(reply()), SendResult::BadRecipient(reply())] {
            assert_eq!(trial(result), Some(Change::Close));
        }
        assert_eq!(trial(SendResult::Unbuildable(reply())), Some(Change::TryNext));
    }
}
