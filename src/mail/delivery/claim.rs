//! Claiming letters: each letter that is due goes to one worker, for as long as a lease lasts.

use std::collections::HashMap;

use diesel::dsl::{exists, not};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use uuid::Uuid;

use super::due_letter::{DueLetter, KnownLink, UnsubscribeLink};
use super::lease::{LASTS, Lease};
use crate::mail::ending;
use crate::mail::reply::Reply;
use crate::mail::state::{EXPIRED, QUEUED, REFUSED, SENDING};
use crate::schema::{outbox_letter, outbox_pause, verification};
use crate::values::clock::Timestamp;
use crate::values::id::{LetterId, LinkId};
use crate::values::secret_token::TokenHash;

/// A letter that was claimed this often without a result is given up: each time, its worker ended before it had one.
const MOST_CLAIMS: i32 = 5;

/// What one claim brought.
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

/// Claims up to `most` letters that are due, new ones and those whose worker vanished, each for one worker only.
///
/// # Errors
/// When a statement fails.
pub fn claim(conn: &mut PgConnection, now: Timestamp, most: usize) -> QueryResult<Claimed> {
    let rows = due(conn, now, most)?;
    if rows.is_empty() {
        return Ok(Claimed::default());
    }
    let found = rows.len();
    let links = token_hashes(conn, &rows)?;
    let (sendable, expired): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.is_current(now, &links));
    let (sendable, given_up): (Vec<_>, Vec<_>) = sendable.into_iter().partition(|row| row.claims < MOST_CLAIMS);
    ending::end(conn, &ids(&expired), EXPIRED, None)?;
    ending::end(conn, &ids(&given_up), REFUSED, Some(&Reply::new("every attempt to send it stopped the sender")))?;
    let token = Uuid::now_v7().to_string();
    mark_leased(conn, now, &ids(&sendable), &token)?;
    let letters: Vec<_> = sendable.into_iter().map(|row| row.into_due_letter(&token, &links)).collect();
    Ok(Claimed { ended: found - letters.len(), letters })
}

/// The letters that are due, the oldest first; none while an admin has stopped all mail. Rows that another worker has
/// locked are skipped.
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

fn token_hashes(conn: &mut PgConnection, rows: &[Row]) -> QueryResult<HashMap<String, String>> {
    let ids: Vec<_> = rows.iter().flat_map(Row::links).collect();
    let known = verification::table.filter(verification::id.eq_any(ids));
    Ok(known.select((verification::id, verification::value)).load(conn)?.into_iter().collect())
}

/// While a letter is leased, `next_attempt_at` is the end of its lease: a worker that vanished makes it due again.
fn mark_leased(conn: &mut PgConnection, now: Timestamp, ids: &[&str], token: &str) -> QueryResult<()> {
    let changes = (
        outbox_letter::status.eq(SENDING),
        outbox_letter::claims.eq(outbox_letter::claims + 1),
        outbox_letter::next_attempt_at.eq(now + LASTS),
        outbox_letter::lease_token.eq(token),
    );
    diesel::update(outbox_letter::table.filter(outbox_letter::id.eq_any(ids))).set(changes).execute(conn)?;
    Ok(())
}

impl Row {
    fn links(&self) -> impl Iterator<Item = &str> {
        [&self.link_id, &self.manage_link_id, &self.unsubscribe_link_id].into_iter().filter_map(|id| id.as_deref())
    }

    /// Whether the letter is still worth sending: a link that was used, replaced or has expired would only confuse.
    fn is_current(&self, now: Timestamp, links: &HashMap<String, String>) -> bool {
        let in_time = self.not_after.is_none_or(|end| end > now);
        in_time && self.links().all(|link| links.contains_key(link))
    }

    fn into_due_letter(self, token: &str, links: &HashMap<String, String>) -> DueLetter {
        let known = |id: Option<String>| {
            let hash = id.as_ref().and_then(|link| links.get(link)).cloned();
            id.map(LinkId::from).zip(hash.map(TokenHash::from)).map(|(id, hash)| KnownLink { id, hash })
        };
        DueLetter {
            link: known(self.link_id),
            manage: known(self.manage_link_id),
            unsubscribe: known(self.unsubscribe_link_id)
                .zip(self.unsubscribe_path)
                .map(|(link, path)| UnsubscribeLink { link, path }),
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
