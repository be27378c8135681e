//! The right to send one letter for a while, and what the outbox learns when it was tried.

use std::fmt;
use std::time::Duration;

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::schema::outbox_letter;
use crate::values::clock::Timestamp;
use crate::values::id::LetterId;

pub(super) const QUEUED: &str = "queued";
pub(super) const SENDING: &str = "sending";
pub(super) const DEAD: &str = "dead";
pub(super) const EXPIRED: &str = "expired";
pub(super) const SENT: &str = "sent";
pub(super) const CANCELLED: &str = "cancelled";

/// Which letters were refused and still have their text: as in `outbox_letter_refused_idx`.
pub(super) const KEPT: &str = "(status = 'dead' AND text_body <> '')";

/// How long a worker may take: longer than the longest attempt, so that no two workers send one letter.
pub const LASTS: Duration = Duration::from_mins(3);
/// Tries before a letter that the relay keeps putting off is given up; with these pauses, most of a day later.
const MOST_ATTEMPTS: i32 = 8;
/// The longest pause after each attempt, in seconds: 30 s, 2 min, 8 min, 30 min, 2 h, 6 h, 12 h.
const PAUSES: [u64; 7] = [30, 120, 480, 1_800, 7_200, 21_600, 43_200];
/// Longest reply that is kept, in characters.
const REPLY_CHARACTERS: usize = 300;

/// What a relay said, or why it could not be asked: one line without addresses, links and controls, for rows and logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply(String);

impl Reply {
    /// Takes what may be kept of a text. Relays repeat addresses, and filters repeat links with their tokens.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let personal = |word: &str| word.contains('@') || word.contains("://") || word.contains("token=");
        let words: Vec<_> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .map(|word| if personal(word) { "…" } else { word })
            .collect();
        Self(words.join(" ").chars().take(REPLY_CHARACTERS).collect())
    }
}

impl std::error::Error for Reply {}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The right to send one letter until [`LASTS`] has passed. Every answer is refused once another worker has taken the
/// letter over: it then returns `false`, and that worker's answer counts.
#[derive(Clone, Debug)]
pub struct Lease {
    /// The letter.
    pub letter: LetterId,
    pub(super) token: String,
    pub(super) attempts: i32,
    pub(super) not_after: Option<Timestamp>,
}

impl Lease {
    /// The relay has taken the letter over.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn sent(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        let changes = (
            Ended::with(SENT),
            outbox_letter::attempts.eq(self.attempts + 1),
            outbox_letter::sent_at.eq(now),
            outbox_letter::last_reply.eq(None::<String>),
        );
        Ok(diesel::update(outbox_letter::table.filter(self.held())).set(changes).execute(conn)? > 0)
    }

    /// The relay put the letter off: tried again after a pause, until it was tried too often or its link has expired.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn retry(&self, conn: &mut PgConnection, now: Timestamp, reply: &Reply) -> QueryResult<bool> {
        if self.attempts + 1 >= MOST_ATTEMPTS {
            return self.dead(conn, reply);
        }
        let next = now + pause(self.attempts, getrandom::u64().unwrap_or(u64::MAX));
        let changes = (
            outbox_letter::status.eq(QUEUED),
            outbox_letter::claims.eq(0),
            outbox_letter::attempts.eq(self.attempts + 1),
            // At the end of its link the letter is looked at once more, and expires.
            outbox_letter::next_attempt_at.eq(self.not_after.map_or(next, |end| end.min(next))),
            outbox_letter::lease_token.eq(None::<String>),
            outbox_letter::last_reply.eq(reply.to_string()),
        );
        Ok(diesel::update(outbox_letter::table.filter(self.held())).set(changes).execute(conn)? > 0)
    }

    /// The letter was refused for good. It keeps its text while it may be tried again: the relay may have been wrong.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn dead(&self, conn: &mut PgConnection, reply: &Reply) -> QueryResult<bool> {
        let changes = (
            outbox_letter::status.eq(DEAD),
            outbox_letter::lease_token.eq(None::<String>),
            outbox_letter::attempts.eq(self.attempts + 1),
            outbox_letter::last_reply.eq(reply.to_string()),
        );
        Ok(diesel::update(outbox_letter::table.filter(self.held())).set(changes).execute(conn)? > 0)
    }

    /// The letter was not tried, since the relay is down: back into the queue as if nobody had taken it, behind those
    /// that wait already, so that no single letter keeps the others from being tried.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn release(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        let changes = (
            outbox_letter::status.eq(QUEUED),
            outbox_letter::claims.eq(outbox_letter::claims - 1),
            outbox_letter::next_attempt_at.eq(now),
            outbox_letter::lease_token.eq(None::<String>),
        );
        Ok(diesel::update(outbox_letter::table.filter(self.held())).set(changes).execute(conn)? > 0)
    }

    #[diesel::dsl::auto_type(no_type_alias)]
    fn held<'a>(&'a self) -> _ {
        let letter: &'a str = self.letter.as_str();
        let token: &'a str = self.token.as_str();
        let sending: &'static str = SENDING;
        outbox_letter::id.eq(letter).and(outbox_letter::lease_token.eq(token)).and(outbox_letter::status.eq(sending))
    }
}

/// What an ended letter's row holds: its text is kept no longer than it is needed.
#[derive(AsChangeset)]
#[diesel(table_name = outbox_letter, treat_none_as_null = true)]
pub(super) struct Ended {
    status: &'static str,
    text_body: &'static str,
    html_body: &'static str,
    lease_token: Option<String>,
}

impl Ended {
    pub(super) fn with(status: &'static str) -> Self {
        Self { status, text_body: "", html_body: "", lease_token: None }
    }
}

/// Ends letters that are due but will not be tried; without a `reply` they keep the relay's last one.
///
/// # Errors
/// When the statement fails.
pub(super) fn end(
    conn: &mut PgConnection,
    ids: &[&str],
    status: &'static str,
    reply: Option<&Reply>,
) -> QueryResult<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    let letters = outbox_letter::table.filter(outbox_letter::id.eq_any(ids));
    let reply = reply.map(|reply| outbox_letter::last_reply.eq(reply.to_string()));
    diesel::update(letters).set((Ended::with(status), reply)).execute(conn)
}

/// Empties refused letters, unless one of them is tried again meanwhile; tells how many.
///
/// # Errors
/// When the statement fails.
pub(super) fn empty(conn: &mut PgConnection, ids: &[String]) -> QueryResult<usize> {
    let refused = outbox_letter::id.eq_any(ids).and(outbox_letter::status.eq(DEAD));
    diesel::update(outbox_letter::table.filter(refused)).set(Ended::with(DEAD)).execute(conn)
}

/// Full jitter: anything between one second and the longest pause, so that letters put off together come back apart.
fn pause(attempts: i32, chance: u64) -> Duration {
    let [.., last] = PAUSES;
    let longest = usize::try_from(attempts).ok().and_then(|done| PAUSES.get(done)).unwrap_or(&last);
    Duration::from_secs(1 + chance % longest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_reply_keeps_no_address_no_link_and_no_control() {
        let reply = Reply::new("550 5.1.1 <ana@example.cl>:\r\n\u{7} no such user, see https://r.test/x?token=abc");
        assert_eq!(reply.to_string(), "550 5.1.1 … no such user, see …");
        assert_eq!(Reply::new(&"ñ".repeat(1_000)).to_string().chars().count(), REPLY_CHARACTERS);
    }

    #[test]
    fn pauses_grow_to_half_a_day() {
        let longest: Vec<_> = (0..7).zip(PAUSES).map(|(attempts, most)| pause(attempts, most - 1).as_secs()).collect();
        assert_eq!(longest, PAUSES);
    }

    proptest! {
        #[test]
        fn a_pause_is_never_zero_and_never_longer_than_half_a_day(attempts in -2..20_i32, chance: u64) {
            let pause = pause(attempts, chance).as_secs();
            prop_assert!((1..=43_200).contains(&pause));
        }

        #[test]
        fn any_reply_is_one_short_line(text in "\\PC{0,400}|[a-z@:/=\\r\\n\\t\0 ]{0,60}") {
            let reply = Reply::new(&text).to_string();
            prop_assert!(reply.chars().count() <= REPLY_CHARACTERS);
            prop_assert!(!reply.contains('@') && !reply.contains("token=") && !reply.chars().any(char::is_control));
        }
    }
}
