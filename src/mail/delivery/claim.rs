//! Claiming letters: each letter that is due goes to one worker, for as long as a lease lasts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Interval};
use uuid::Uuid;

use super::circuit_breaker;
use super::due_letter::{DueLetter, FurtherLink, KnownLink, UnsubscribeLink};
use super::lease::{Lease, after};
use crate::db::work_queue::LEASE;
use crate::mail::ending;
use crate::mail::letter_text::{self, LetterText, SharedText};
use crate::mail::link::{self, StandingLink};
use crate::mail::state::{BY_LETTER, EXPIRED, QUEUED, SENDING};
use crate::schema::{outbox_letter, verification};
use crate::values::clock::Timestamp;
use crate::values::id::{LetterId, LinkId};
use crate::values::secret_token::TokenHash;

/// A letter that was claimed this often without a result rests: each time, its worker ended before it had one.
const MOST_CLAIMS: i32 = 5;
/// How long it rests. So does a letter whose link is set aside, unless the link works again before.
const RESTS: TimeDelta = TimeDelta::hours(12);
/// After the end of a lease, how long its worker may still record a result. It may have one that it could not record, because
/// the database was away; the letter must not be sent again then.
const GRACE: TimeDelta = TimeDelta::seconds(20);

/// What one claim brought.
#[derive(Debug, Default)]
pub struct Claimed {
    /// Letters to send before their lease ends.
    pub letters: Vec<DueLetter>,
    /// How many letters were due, with those that are not sent now.
    pub found: usize,
    /// Letters that will not be sent: their link no longer works.
    pub ended: usize,
    /// Letters that rest, since every attempt to send them stopped the sender.
    pub resting: usize,
}

/// What letters take from other tables: the hashes of their links' tokens by the links' ids, and shared texts.
struct Sources {
    links: HashMap<String, String>,
    shared: Vec<SharedText>,
}

#[derive(QueryableByName)]
#[diesel(table_name = outbox_letter)]
struct Row {
    id: String,
    kind: String,
    recipient: String,
    subject: String,
    text_body: String,
    html_body: String,
    text_id: Option<Vec<u8>>,
    link_id: Option<String>,
    manage_link_id: Option<String>,
    unsubscribe_link_id: Option<String>,
    unsubscribe_path: Option<String>,
    claims: i32,
    attempts: i32,
    created_at: Timestamp,
    /// Whether the time has passed until which it may be sent.
    #[diesel(sql_type = Bool)]
    is_over: bool,
    /// Whether a worker has it whose lease has just run out.
    #[diesel(sql_type = Bool)]
    is_leased: bool,
    /// Whether the relay takes no letters, and this one is to try it.
    #[diesel(sql_type = Bool)]
    is_trial: bool,
}

/// Claims up to `most` letters that are due, new ones and those whose worker vanished, each for one worker only. `ahead` is
/// how far a test has moved its clock.
///
/// # Errors
/// When a statement fails.
pub fn claim(conn: &mut PgConnection, ahead: TimeDelta, most: usize) -> QueryResult<Claimed> {
    let due = diesel::sql_query(include_str!("claim.sql")).bind::<Interval, _>(ahead);
    let rows: Vec<Row> = due.bind::<BigInt, _>(i64::try_from(most).unwrap_or(i64::MAX)).load(conn)?;
    if rows.is_empty() {
        return Ok(Claimed::default());
    }
    let found = rows.len();
    let (leased, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.is_leased);
    mark_overdue(conn, ahead, &ids(&leased))?;
    let suspended = suspended_links(conn, &rows)?;
    let (suspended, rows): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| row.links().any(|link| suspended.contains(link)));
    put_off(conn, ahead, &ids(&suspended))?;
    let links = token_hashes(conn, &rows)?;
    let (current, expired): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.is_current(&links));
    ending::end(conn, &ids(&expired), EXPIRED)?;
    let (sendable, resting): (Vec<_>, Vec<_>) = current.into_iter().partition(|row| row.claims < MOST_CLAIMS);
    rest(conn, ahead, &ids(&resting))?;
    let mut claimed = Claimed { letters: Vec::new(), found, ended: expired.len(), resting: resting.len() };
    let is_trial = sendable.iter().any(|row| row.is_trial);
    if sendable.is_empty() || is_trial && !circuit_breaker::begin_trial(conn, ahead)? {
        return Ok(claimed);
    }
    let token = Uuid::now_v7().to_string();
    mark_leased(conn, ahead, &ids(&sendable), &token)?;
    let shared = sendable.iter().filter_map(|row| row.text_id.clone()).collect::<HashSet<_>>();
    let sources = Sources { links, shared: letter_text::find(conn, shared.into_iter().collect())? };
    claimed.letters = sendable.into_iter().map(|row| row.into_due_letter(&token, &sources)).collect();
    Ok(claimed)
}

/// Those links of these letters that are set aside.
fn suspended_links(conn: &mut PgConnection, rows: &[Row]) -> QueryResult<HashSet<String>> {
    let ids: Vec<_> = rows.iter().flat_map(Row::links).collect();
    let suspended = verification::identifier.like(link::suspended_pattern());
    let known = verification::table.filter(verification::id.eq_any(ids).and(suspended));
    Ok(known.select(verification::id).load(conn)?.into_iter().collect())
}

fn token_hashes(conn: &mut PgConnection, rows: &[Row]) -> QueryResult<HashMap<String, String>> {
    let ids: Vec<_> = rows.iter().flat_map(Row::links).collect();
    let known = verification::table.filter(verification::id.eq_any(ids));
    Ok(known.select((verification::id, verification::value)).load(conn)?.into_iter().collect())
}

/// What the letter is about may come back, and the letter with it: it is neither sent nor ended.
fn put_off(conn: &mut PgConnection, ahead: TimeDelta, ids: &[&str]) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let changes = (
        outbox_letter::status.eq(QUEUED),
        outbox_letter::next_attempt_at.eq(after(ahead + RESTS)),
        outbox_letter::lease_token.eq(None::<String>),
        outbox_letter::deferral_cause.eq(None::<String>),
    );
    diesel::update(outbox_letter::table.filter(outbox_letter::id.eq_any(ids))).set(changes).execute(conn)?;
    Ok(())
}

/// The lease has run out; its worker has a moment left.
fn mark_overdue(conn: &mut PgConnection, ahead: TimeDelta, ids: &[&str]) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let changes = (outbox_letter::is_overdue.eq(true), outbox_letter::next_attempt_at.eq(after(ahead + GRACE)));
    diesel::update(outbox_letter::table.filter(outbox_letter::id.eq_any(ids))).set(changes).execute(conn)?;
    Ok(())
}

/// The letter is a danger to its senders: our fault, and nobody else's. It stays in the queue and says so.
fn rest(conn: &mut PgConnection, ahead: TimeDelta, ids: &[&str]) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let changes = (
        outbox_letter::status.eq(QUEUED),
        outbox_letter::claims.eq(0),
        outbox_letter::next_attempt_at.eq(after(ahead + RESTS)),
        outbox_letter::lease_token.eq(None::<String>),
        outbox_letter::last_reply.eq("every attempt to send it stopped the sender"),
        outbox_letter::deferral_cause.eq(BY_LETTER),
    );
    diesel::update(outbox_letter::table.filter(outbox_letter::id.eq_any(ids))).set(changes).execute(conn)?;
    Ok(())
}

/// While a letter is leased, `next_attempt_at` is the end of its lease: a worker that vanished makes it due again.
fn mark_leased(conn: &mut PgConnection, ahead: TimeDelta, ids: &[&str], token: &str) -> QueryResult<()> {
    let changes = (
        outbox_letter::status.eq(SENDING),
        outbox_letter::claims.eq(outbox_letter::claims + 1),
        outbox_letter::next_attempt_at.eq(after(ahead + LEASE)),
        outbox_letter::is_overdue.eq(false),
        outbox_letter::lease_token.eq(token),
    );
    diesel::update(outbox_letter::table.filter(outbox_letter::id.eq_any(ids))).set(changes).execute(conn)?;
    Ok(())
}

impl Row {
    /// The links that must have a row.
    fn links(&self) -> impl Iterator<Item = &str> {
        let all = [&self.link_id, &self.manage_link_id, &self.unsubscribe_link_id];
        all.into_iter().filter_map(|id| id.as_deref()).filter(|id| StandingLink::parse(id).is_none())
    }

    /// Whether the letter is still worth sending: a link that was used, replaced or has expired would only confuse.
    fn is_current(&self, links: &HashMap<String, String>) -> bool {
        !self.is_over && self.links().all(|link| links.contains_key(link))
    }

    fn into_due_letter(self, token: &str, sources: &Sources) -> DueLetter {
        let shared = self.text_id.as_ref().map(|id| sources.shared.iter().find(|text| text.id[..] == id[..]));
        let own = || Some(Arc::new(LetterText { text: self.text_body, html: self.html_body }));
        let text = shared.map_or_else(own, |shared| shared.map(|text| Arc::clone(&text.parts)));

        let known = |id: Option<String>| {
            let hash = id.as_ref().and_then(|link| sources.links.get(link)).cloned();
            id.map(LinkId::from).zip(hash.map(TokenHash::from)).map(|(id, hash)| KnownLink { id, hash })
        };
        let further = |id: Option<String>| match id.as_deref().and_then(StandingLink::parse) {
            Some(link) => Some(FurtherLink::Standing(link)),
            None => known(id).map(FurtherLink::Known),
        };
        DueLetter {
            link: known(self.link_id),
            manage: further(self.manage_link_id),
            unsubscribe: further(self.unsubscribe_link_id)
                .zip(self.unsubscribe_path)
                .map(|(link, path)| UnsubscribeLink { link, path }),
            lease: Lease { letter: LetterId::from(self.id), token: token.to_owned(), attempts: self.attempts },
            is_trial: self.is_trial,
            kind: self.kind,
            recipient: self.recipient,
            subject: self.subject,
            text,
            created_at: self.created_at,
        }
    }
}

fn ids(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}
