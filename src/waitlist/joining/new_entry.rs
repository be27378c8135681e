//! A new entry, and how it joins: with a new address, or once more with one that had left.

use std::collections::HashMap;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bytea, Nullable, Text, Timestamptz};

use super::entry::{Entry, address, forget};
use super::letters::{ConfirmPlace, RequestedBy};
use super::links::{EntryLinks, LinkedEntry};
use super::role::Role;
use super::words::CONSENT;
use crate::db::binds::prepared::Prepared;
use crate::mail::outbox::{self, Addressed};
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::locale::Locale;
use crate::values::secret_key::SecretKeys;
use crate::web::Submission;
use crate::web::protection::abuse_counters::Reason;
use crate::web::visitor::source::Source;

pub mod arrival;
mod held_addresses;
pub mod join_queue;

/// The check by `lower` is for rows of the old application, whose addresses may hold capitals; of the others, and of two
/// who join at once, the constraint lets one through. An address that is likely another spelling of a listed one, or of one that joins with
/// it, is marked.
const INSERT: &str = include_str!("new_entry.sql");
/// When many join once more with one address at the same time, one of them makes the entry; the others find it when they
/// try again.
const ATTEMPTS: usize = 3;
/// The plan for a list of a few dozen would scan it for each address, and be kept while the list grows by thousands. Counted
/// as ten addresses, the plan for any would look dearer than one made anew for each batch of fewer, which takes twice as
/// long as the rest.
const LOOK_UP: &str = "SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan";

/// An entry before it has its row.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// When it was asked for.
    pub at: Timestamp,
    /// The address that joins.
    pub email: EmailAddress,
    /// Whether its owner looks for work or hires.
    pub role: Role,
    /// The language of its mails.
    pub locale: Locale,
    /// What suggests a bot.
    pub signals: Vec<Reason>,
    /// Where its owner came from.
    pub source: Option<Source>,
    /// The form that was sent.
    pub submission: Submission,
}

/// The outcome of a [`NewEntry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// It has its row.
    New,
    /// The address is listed already; its entry stays as it was.
    AlreadyListed,
}

#[derive(QueryableByName)]
struct NewRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    generation: i64,
    #[diesel(sql_type = Text)]
    email: String,
}

impl NewEntry {
    /// Makes the entry and queues the letter that confirms it, in the caller's transaction. When the address is listed
    /// but not confirmed, its owner is asked once more; when it left or was deleted, it gets a new entry.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn join(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<Joined> {
        for _ in 0..ATTEMPTS {
            if !Self::add_new(conn, now, keys, &[self])?.is_empty() {
                return Ok(Joined::New);
            }
            let known = self.lock_known(conn)?;
            if let Some(listed) = known.iter().find(|entry| !entry.is_gone()) {
                // The same form made the entry: the second of a double click is answered like the first.
                if self.submission.id().is_some() && listed.submission == self.submission_id() {
                    return Ok(Joined::New);
                }
                listed.request_confirmation(conn, now, keys)?;
                return Ok(Joined::AlreadyListed);
            }
            forget(conn, &known.iter().map(|entry| entry.id.as_i64()).collect::<Vec<_>>())?;
        }
        Ok(Joined::AlreadyListed)
    }

    /// Makes those entries whose address has none, each with its links and its letter; returns them. No two have the same
    /// address.
    fn add_new<'a>(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        entries: &[&'a Self],
    ) -> QueryResult<Vec<&'a Self>> {
        if entries.is_empty() {
            return Ok(vec![]);
        }
        let by_address: HashMap<_, _> = entries.iter().map(|entry| (entry.email.as_str(), *entry)).collect();
        let rows = Self::insert(conn, entries)?;
        let new: Vec<_> = rows.iter().filter_map(|row| by_address.get(row.email.as_str()).copied()).collect();
        if new.is_empty() {
            return Ok(new);
        }
        let linked = rows.iter().map(|row| LinkedEntry { id: row.id.into(), generation: row.generation });
        let links = EntryLinks::issue_first(conn, now, keys, &linked.collect::<Vec<_>>())?;
        let letters = new.iter().zip(links).map(|(entry, (link, links))| {
            let letter = ConfirmPlace { link, links, requested_by: RequestedBy::Reader, locale: entry.locale };
            Addressed { to: &entry.email, letter }
        });
        outbox::enqueue_all(conn, now, &letters.collect::<Vec<_>>())?;
        Ok(new)
    }

    fn insert(conn: &mut PgConnection, entries: &[&Self]) -> QueryResult<Vec<NewRow>> {
        let signals = entries.iter().map(|entry| {
            let names: Vec<_> = entry.signals.iter().map(|signal| signal.as_str()).collect();
            names.join(" ")
        });
        conn.batch_execute(LOOK_UP)?;
        Prepared::new(INSERT)
            .bind::<Text, _>(CONSENT)
            .bind::<Text, _>(Reason::SameMailbox.as_str())
            .bind::<Array<Text>, _>(entries.iter().map(|entry| entry.email.as_str()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(entries.iter().map(|entry| entry.role.as_str()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(entries.iter().map(|entry| entry.at).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(entries.iter().map(|entry| entry.locale.code()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(signals.collect::<Vec<_>>())
            .bind::<Array<Nullable<Bytea>>, _>(entries.iter().map(|entry| entry.submission_id()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(entries.iter().map(|entry| entry.source()).collect::<Vec<_>>())
            .load(conn)
    }

    /// The id as its column holds it.
    fn submission_id(&self) -> Option<Vec<u8>> {
        self.submission.id().map(|id| id.as_bytes().to_vec())
    }

    fn source(&self) -> Option<&str> {
        self.source.as_ref().map(Source::as_str)
    }

    /// Every row of the address: two of the old application may differ by capitals alone.
    fn lock_known(&self, conn: &mut PgConnection) -> QueryResult<Vec<Entry>> {
        let known = waitlist::table.filter(address::is_of(self.email.as_str()));
        known.order(waitlist::id).select(Entry::as_select()).for_update().load(conn)
    }
}
