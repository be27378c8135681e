//! The outbox: every mail is a row, written in the transaction of what it tells about.

use std::collections::HashMap;

use chrono::TimeDelta;
use diesel::dsl::{exists, not, sql};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use diesel::sql_types::Bool;
use uuid::Uuid;

use super::lease::{self, CANCELLED, DEAD, EXPIRED, Lease, QUEUED, Reply, SENDING};
use super::letter::Letter;
use crate::db::BATCH;
use crate::schema::{outbox_letter, outbox_pause, verification};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::{LetterId, LinkId};
use crate::values::secret_token::TokenHash;

/// How long it is kept what was sent to whom, as the privacy page says.
const KEPT: TimeDelta = TimeDelta::days(90);
/// A letter without a link is not sent after this; by then nobody waits for it.
const STALE: TimeDelta = TimeDelta::days(3);
/// A letter that ended the process this often before anyone learned what became of it is not tried again.
const MOST_CLAIMS: i32 = 5;

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
    let id = LetterId::generate();
    let row = (
        outbox_letter::id.eq(id.as_str()),
        outbox_letter::kind.eq(letter.kind()),
        outbox_letter::recipient.eq(to.as_str()),
        outbox_letter::subject.eq(letter.subject()),
        outbox_letter::text_body.eq(rendered(letter.text())?),
        outbox_letter::html_body.eq(rendered(letter.html())?),
        outbox_letter::link_id.eq(letter.link().map(|link| link.id.as_str())),
        outbox_letter::manage_link_id.eq(letter.manage().map(|link| link.id.as_str())),
        outbox_letter::unsubscribe_link_id.eq(letter.unsubscribe().map(|(link, _)| link.id.as_str())),
        outbox_letter::unsubscribe_path.eq(letter.unsubscribe().map(|(_, path)| path)),
        outbox_letter::not_after.eq(letter.link().map_or(now + STALE, |link| link.expires_at)),
        outbox_letter::next_attempt_at.eq(now),
        outbox_letter::created_at.eq(now),
    );
    diesel::insert_into(outbox_letter::table).values(row).execute(conn)?;
    Ok(id)
}

/// Queues a letter unless one of its kind went to this address within that time; tells whether it did.
///
/// # Errors
/// When a statement or a template fails.
pub fn enqueue_unless_recent(
    conn: &mut PgConnection,
    now: Timestamp,
    (to, within): (&EmailAddress, TimeDelta),
    letter: &impl Letter,
) -> QueryResult<bool> {
    let same = outbox_letter::recipient.eq(to.as_str()).and(outbox_letter::kind.eq(letter.kind()));
    let recent = outbox_letter::table.filter(same.and(outbox_letter::created_at.gt(now - within)));
    let queued = !diesel::select(exists(recent)).get_result::<bool>(conn)?;
    if queued {
        enqueue(conn, now, to, letter)?;
    }
    Ok(queued)
}

/// How many letters of a kind were written to this address since then.
///
/// # Errors
/// When the statement fails.
pub fn count_since(conn: &mut PgConnection, since: Timestamp, to: &EmailAddress, kind: &str) -> QueryResult<i64> {
    let same = outbox_letter::recipient.eq(to.as_str()).and(outbox_letter::kind.eq(kind));
    outbox_letter::table.filter(same.and(outbox_letter::created_at.gt(since))).count().get_result(conn)
}

/// Deletes letters that ended long ago, and empties refused ones that cannot be tried again, a batch of each at a time.
///
/// # Errors
/// When a statement fails.
pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let refused = sql::<Bool>(lease::KEPT).and(outbox_letter::not_after.le(now));
    let batch: Vec<String> = outbox_letter::table.filter(refused).select(outbox_letter::id).limit(BATCH).load(conn)?;
    let emptied = lease::empty(conn, &batch)?;
    let over = outbox_letter::created_at.lt(now - KEPT).and(outbox_letter::status.ne_all([QUEUED, SENDING]));
    let batch: Vec<String> = outbox_letter::table.filter(over).select(outbox_letter::id).limit(BATCH).load(conn)?;
    let deleted = diesel::delete(outbox_letter::table.filter(outbox_letter::id.eq_any(batch))).execute(conn)?;
    Ok(emptied.max(deleted))
}

/// Takes back those of these letters that nobody has begun to send, and ends their links; gives their ids.
///
/// # Errors
/// When a statement fails.
pub fn take_back(conn: &mut PgConnection, ids: &[String]) -> QueryResult<Vec<String>> {
    let waiting = outbox_letter::id.eq_any(ids).and(outbox_letter::status.eq(QUEUED));
    let locked = outbox_letter::table.filter(waiting).select((outbox_letter::id, outbox_letter::link_id)).for_update();
    let rows: Vec<(String, Option<String>)> = locked.load(conn)?;
    let (taken, links): (Vec<String>, Vec<Option<String>>) = rows.into_iter().unzip();
    lease::end(conn, &taken.iter().map(String::as_str).collect::<Vec<_>>(), CANCELLED, None)?;
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

/// The same for letters whose kind begins so; their links are the caller's.
///
/// # Errors
/// When the statement fails.
pub fn erase_kinds(conn: &mut PgConnection, addresses: &[String], kinds: &str) -> QueryResult<()> {
    let of = outbox_letter::recipient.eq_any(addresses).and(outbox_letter::kind.like(format!("{kinds}%")));
    diesel::delete(outbox_letter::table.filter(of)).execute(conn)?;
    Ok(())
}

/// Deletes the letters to these addresses that are done, and those with one of these links, which end with them.
///
/// # Errors
/// When the statement fails.
pub fn erase_ended(conn: &mut PgConnection, addresses: &[String], links: &[String]) -> QueryResult<()> {
    let ended = outbox_letter::status.ne_all([QUEUED, SENDING]).or(outbox_letter::link_id.eq_any(links));
    diesel::delete(outbox_letter::table.filter(outbox_letter::recipient.eq_any(addresses).and(ended))).execute(conn)?;
    Ok(())
}

/// A link and the hash of its token.
pub type KnownLink = (LinkId, TokenHash);

/// A letter to be sent now, and the right to do so.
#[derive(Clone, Debug)]
pub struct DueLetter {
    /// The right to send it, and what its row must learn.
    pub lease: Lease,
    /// Its kind, such as `verify-email`.
    pub kind: String,
    /// The address as stored.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// The text part, with its placeholders.
    pub text: String,
    /// The HTML part, with its placeholders.
    pub html: String,
    /// The link whose token it carries, and the hash of that token.
    pub link: Option<KnownLink>,
    /// The same of the link to the page where its reader manages what is held.
    pub manage: Option<KnownLink>,
    /// The same of the link that stops such mail, and the path of its page.
    pub unsubscribe: Option<(KnownLink, String)>,
    /// When it was written: its `Date`.
    pub created_at: Timestamp,
}

/// What a look at the queue brought.
#[derive(Debug, Default)]
pub struct Claimed {
    /// Letters to send before their lease ends.
    pub letters: Vec<DueLetter>,
    /// Letters that were due but will not be sent: their link no longer works, or they failed too often.
    pub ended: usize,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox_letter)]
struct Row {
    id: String,
    kind: String,
    recipient: String,
    subject: String,
    text_body: String,
    html_body: String,
    link_id: Option<String>,
    manage_link_id: Option<String>,
    unsubscribe_link_id: Option<String>,
    unsubscribe_path: Option<String>,
    claims: i32,
    attempts: i32,
    not_after: Option<Timestamp>,
    created_at: Timestamp,
}

/// Takes up to `most` letters that are due, new ones and those whose worker vanished, each for one worker only.
///
/// # Errors
/// When a statement fails.
pub fn claim(conn: &mut PgConnection, now: Timestamp, most: usize) -> QueryResult<Claimed> {
    let rows = due(conn, now, most)?;
    if rows.is_empty() {
        return Ok(Claimed::default());
    }
    let found = rows.len();
    let links = hashes(conn, &rows)?;
    let (sendable, expired): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.works(now, &links));
    let (sendable, dead): (Vec<_>, Vec<_>) = sendable.into_iter().partition(|row| row.claims < MOST_CLAIMS);
    lease::end(conn, &ids(&expired), EXPIRED, None)?;
    lease::end(conn, &ids(&dead), DEAD, Some(&Reply::new("every attempt to send it stopped the sender")))?;
    let token = Uuid::now_v7().to_string();
    lend(conn, now, &ids(&sendable), &token)?;
    let letters: Vec<_> = sendable.into_iter().map(|row| row.lent(&token, &links)).collect();
    Ok(Claimed { ended: found - letters.len(), letters })
}

/// The oldest first; none while an admin has stopped all mail. Another worker's rows are passed over, not waited for.
fn due(conn: &mut PgConnection, now: Timestamp, most: usize) -> QueryResult<Vec<Row>> {
    outbox_letter::table
        .filter(outbox_letter::status.eq_any([QUEUED, SENDING]).and(outbox_letter::next_attempt_at.le(now)))
        .filter(not(exists(outbox_pause::table.select(outbox_pause::is_paused))))
        .order(outbox_letter::next_attempt_at)
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select(Row::as_select())
        .for_update()
        .skip_locked()
        .load(conn)
}

fn hashes(conn: &mut PgConnection, rows: &[Row]) -> QueryResult<HashMap<String, String>> {
    let ids: Vec<_> = rows.iter().flat_map(Row::links).collect();
    let known = verification::table.filter(verification::id.eq_any(ids));
    Ok(known.select((verification::id, verification::value)).load(conn)?.into_iter().collect())
}

/// While a letter is lent, `next_attempt_at` is the end of its lease: a worker that vanished makes it due again.
fn lend(conn: &mut PgConnection, now: Timestamp, ids: &[&str], token: &str) -> QueryResult<()> {
    let changes = (
        outbox_letter::status.eq(SENDING),
        outbox_letter::claims.eq(outbox_letter::claims + 1),
        outbox_letter::next_attempt_at.eq(now + lease::LASTS),
        outbox_letter::lease_token.eq(token),
    );
    diesel::update(outbox_letter::table.filter(outbox_letter::id.eq_any(ids))).set(changes).execute(conn)?;
    Ok(())
}

impl Row {
    fn links(&self) -> impl Iterator<Item = &str> {
        [&self.link_id, &self.manage_link_id, &self.unsubscribe_link_id].into_iter().filter_map(|id| id.as_deref())
    }

    /// Whether the letter still is of use: a link that was used, replaced or has expired would only confuse.
    fn works(&self, now: Timestamp, links: &HashMap<String, String>) -> bool {
        let in_time = self.not_after.is_none_or(|end| end > now);
        in_time && self.links().all(|link| links.contains_key(link))
    }

    fn lent(self, token: &str, links: &HashMap<String, String>) -> DueLetter {
        let known = |id: Option<String>| {
            let hash = id.as_ref().and_then(|link| links.get(link)).cloned();
            id.map(LinkId::from).zip(hash.map(TokenHash::from))
        };
        DueLetter {
            link: known(self.link_id),
            manage: known(self.manage_link_id),
            unsubscribe: known(self.unsubscribe_link_id).zip(self.unsubscribe_path),
            lease: Lease {
                letter: LetterId::from(self.id),
                token: token.to_owned(),
                attempts: self.attempts,
                not_after: self.not_after,
            },
            kind: self.kind,
            recipient: self.recipient,
            subject: self.subject,
            text: self.text_body,
            html: self.html_body,
            created_at: self.created_at,
        }
    }
}

fn ids(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

fn rendered(part: askama::Result<String>) -> QueryResult<String> {
    part.map_err(|error| QueryError::SerializationError(Box::new(error)))
}
