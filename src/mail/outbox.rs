//! The outbox: every mail is a row, written in the transaction of the change that the mail reports.

use std::collections::HashMap;

use chrono::TimeDelta;
use diesel::dsl::{count_star, exists, sql};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text, Timestamptz};

use super::ending;
use super::letter::Letter;
use super::letter_text;
use super::new_letters::NewLetters;
use super::state::{CANCELLED, QUEUED, REFUSED_WITH_TEXT, SENDING};
use crate::db::{BATCH, names_any};
use crate::schema::{outbox_letter, verification};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::LetterId;
use crate::web::retention;

/// How long rows are kept, which tell what was sent to whom. The privacy page names this time.
const KEPT: TimeDelta = retention::MAIL;
/// A letter without a link is not sent after this; by then nobody waits for it.
const STALE: TimeDelta = TimeDelta::days(3);

/// Queues a letter in the caller's transaction.
///
/// # Errors
/// When the statement or a template fails.
pub fn enqueue(
    conn: &mut PgConnection,
    now: Timestamp,
    to: &EmailAddress,
    letter: &impl Letter,
) -> QueryResult<LetterId> {
    let mut new = NewLetters::default();
    let id = new.add(to, letter, last_moment(now, letter))?;
    new.write(conn, now)?;
    Ok(id)
}

/// A letter and whom it goes to.
#[derive(Clone, Debug)]
pub struct Addressed<'a, L> {
    /// Whom to write to.
    pub to: &'a EmailAddress,
    /// What.
    pub letter: L,
}

/// Queues several letters in one statement: some thousands at most.
///
/// # Errors
/// When the statement or a template fails.
pub fn enqueue_all<L: Letter>(
    conn: &mut PgConnection,
    now: Timestamp,
    letters: &[Addressed<'_, L>],
) -> QueryResult<usize> {
    let mut new = NewLetters::default();
    for Addressed { to, letter } in letters {
        new.add(to, letter, last_moment(now, letter))?;
    }
    new.write(conn, now)
}

/// When the letter is of no use any more.
fn last_moment(now: Timestamp, letter: &impl Letter) -> Timestamp {
    letter.link().map_or(now + STALE, |link| link.expires_at)
}

/// Queues a letter unless one of its kind went to the same address a short time ago.
#[derive(Clone, Copy, Debug)]
pub struct Throttled<'a> {
    /// Whom to write to.
    pub to: &'a EmailAddress,
    /// How long no second letter of the kind goes there.
    pub interval: TimeDelta,
}

impl Throttled<'_> {
    /// Queues it; returns whether it did.
    ///
    /// # Errors
    /// When a statement or a template fails.
    pub fn enqueue(self, conn: &mut PgConnection, now: Timestamp, letter: &impl Letter) -> QueryResult<bool> {
        let queued = self.takes(conn, now, letter.kind())?;
        if queued {
            enqueue(conn, now, self.to, letter)?;
        }
        Ok(queued)
    }

    /// Whether a letter of this kind may go there now: for one whose link is made only when it goes.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn takes(self, conn: &mut PgConnection, now: Timestamp, kind: &str) -> QueryResult<bool> {
        let same = outbox_letter::recipient.eq(self.to.as_str()).and(outbox_letter::kind.eq(kind));
        let recent = outbox_letter::table.filter(same.and(outbox_letter::created_at.gt(now - self.interval)));
        Ok(!diesel::select(exists(recent)).get_result::<bool>(conn)?)
    }
}

/// How many letters of a kind were written since then to each of these addresses that got any.
///
/// # Errors
/// When the statement fails.
pub fn counts_since(
    conn: &mut PgConnection,
    since: Timestamp,
    addresses: &[&str],
    kind: &str,
) -> QueryResult<HashMap<String, i64>> {
    let same = outbox_letter::recipient.eq_any(addresses).and(outbox_letter::kind.eq(kind));
    let recent = outbox_letter::table.filter(same.and(outbox_letter::created_at.gt(since)));
    let counts = recent.group_by(outbox_letter::recipient).select((outbox_letter::recipient, count_star()));
    Ok(counts.load::<(String, i64)>(conn)?.into_iter().collect())
}

/// When a letter of a kind was written to an address, of which there are so many newer ones; nothing when there is none.
///
/// # Errors
/// When the statement fails.
pub fn written_at(conn: &mut PgConnection, address: &str, kind: &str, newer: i64) -> QueryResult<Option<Timestamp>> {
    let same = outbox_letter::table.filter(outbox_letter::recipient.eq(address).and(outbox_letter::kind.eq(kind)));
    let newest_first = same.order(outbox_letter::created_at.desc()).select(outbox_letter::created_at);
    newest_first.offset(newer).first(conn).optional()
}

/// How many bulk letters of a kind are due, by the database's clock, or being sent. Those that wait for another attempt are
/// not among them. States and priority are literals, as in `claim.sql`.
///
/// # Errors
/// When the statement fails.
pub fn count_due_bulk(conn: &mut PgConnection, kind: &str) -> QueryResult<i64> {
    let open = sql::<Bool>("status IN ('queued', 'sending') AND priority = 2");
    let due = outbox_letter::next_attempt_at.le(sql::<Timestamptz>("now()")).or(outbox_letter::status.eq(SENDING));
    outbox_letter::table.filter(open.and(outbox_letter::kind.eq(kind)).and(due)).count().get_result(conn)
}

/// Deletes letters that ended long ago, and empties refused ones that cannot be tried again, a batch of each at a time. Deletes
/// the shared texts that none needs.
///
/// # Errors
/// When a statement fails.
pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let refused = sql::<Bool>(REFUSED_WITH_TEXT).and(outbox_letter::not_after.le(now));
    let batch: Vec<String> = outbox_letter::table.filter(refused).select(outbox_letter::id).limit(BATCH).load(conn)?;
    let emptied = ending::empty(conn, &batch)?;
    let over = outbox_letter::created_at.lt(now - KEPT).and(outbox_letter::status.ne_all([QUEUED, SENDING]));
    let batch: Vec<String> = outbox_letter::table.filter(over).select(outbox_letter::id).limit(BATCH).load(conn)?;
    let deleted = diesel::delete(outbox_letter::table.filter(outbox_letter::id.eq_any(batch))).execute(conn)?;
    letter_text::sweep(conn, now)?;
    Ok(emptied.max(deleted))
}

/// SQL that makes the letters due again that waited while their links were set aside. `links` is the table of the links
/// that work again, with their `id` and `expires_at`. A letter is sent as long as its shared text is surely kept.
#[must_use]
pub fn resume_letters_sql(links: &str) -> String {
    let days = KEPT.num_days();
    format!(
        "UPDATE outbox_letter SET next_attempt_at = now(), \
           not_after = least({links}.expires_at, outbox_letter.created_at + interval '{days} days') FROM {links} \
         WHERE outbox_letter.status = '{QUEUED}' AND outbox_letter.link_id = {links}.id"
    )
}

/// Cancels those of these letters that no worker has begun to send, and ends their links; returns their ids.
///
/// # Errors
/// When a statement fails.
pub fn cancel_unsent(conn: &mut PgConnection, ids: &[String]) -> QueryResult<Vec<String>> {
    let waiting = outbox_letter::id.eq_any(ids).and(outbox_letter::status.eq(QUEUED));
    let locked = outbox_letter::table.filter(waiting).select((outbox_letter::id, outbox_letter::link_id)).for_update();
    let rows: Vec<(String, Option<String>)> = locked.load(conn)?;
    let (taken, links): (Vec<String>, Vec<Option<String>>) = rows.into_iter().unzip();
    ending::end(conn, &taken.iter().map(String::as_str).collect::<Vec<_>>(), CANCELLED)?;
    let links: Vec<String> = links.into_iter().flatten().collect();
    diesel::delete(verification::table.filter(verification::id.eq_any(links))).execute(conn)?;
    Ok(taken)
}

/// Deletes every letter to these addresses and ends the links in them: their owner is gone.
///
/// # Errors
/// When a statement fails.
pub fn erase(conn: &mut PgConnection, addresses: &[String]) -> QueryResult<()> {
    let letters = outbox_letter::table.filter(outbox_letter::recipient.eq_any(addresses));
    let links: Vec<Option<String>> = diesel::delete(letters).returning(outbox_letter::link_id).get_results(conn)?;
    let links: Vec<String> = links.into_iter().flatten().collect();
    diesel::delete(verification::table.filter(verification::id.eq_any(links))).execute(conn)?;
    Ok(())
}

/// Empties the refused letters to anybody that name one of these addresses, whose spellings are given, and what the relay
/// said of one of them when it stopped to take letters.
///
/// # Errors
/// When the statement fails.
pub fn forget_addresses(conn: &mut PgConnection, spellings: &[String]) -> QueryResult<usize> {
    let reply = format!("UPDATE outbox_breaker SET reply = '' WHERE {}", names_any("reply", "$1"));
    diesel::sql_query(reply).bind::<Array<Text>, _>(spellings).execute(conn)?;
    let names = names_any("text_body", "$1");
    let refused = format!("SELECT id FROM outbox_letter WHERE {REFUSED_WITH_TEXT} AND {names}");
    let rows: Vec<Refused> = diesel::sql_query(refused).bind::<Array<Text>, _>(spellings).load(conn)?;
    ending::empty(conn, &rows.into_iter().map(|row| row.id).collect::<Vec<_>>())
}

/// Deletes every letter to these addresses whose kind begins with `kinds`. Their links are left to the caller.
///
/// # Errors
/// When the statement fails.
pub fn erase_kinds(conn: &mut PgConnection, addresses: &[String], kinds: &str) -> QueryResult<()> {
    let of = outbox_letter::recipient.eq_any(addresses).and(outbox_letter::kind.like(format!("{kinds}%")));
    diesel::delete(outbox_letter::table.filter(of)).execute(conn)?;
    Ok(())
}

/// Deletes the letters to these addresses that have ended, and those that carry one of these links: the links end with the
/// account.
///
/// # Errors
/// When the statement fails.
pub fn erase_ended(conn: &mut PgConnection, addresses: &[String], links: &[String]) -> QueryResult<()> {
    let ended = outbox_letter::status.ne_all([QUEUED, SENDING]).or(outbox_letter::link_id.eq_any(links));
    diesel::delete(outbox_letter::table.filter(outbox_letter::recipient.eq_any(addresses).and(ended))).execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Refused {
    #[diesel(sql_type = Text)]
    id: String,
}
