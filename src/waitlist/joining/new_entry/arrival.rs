//! Joins that arrived at about the same time, written in one transaction: what they count, then those that are simply new.

use std::collections::{HashMap, HashSet};

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use super::{Joined, NewEntry};
use crate::db::sliding_window::{self, Full, Window};
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;

/// A join that waits to be written.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The entry to make.
    pub entry: NewEntry,
    /// What counts the request; nothing when nothing does, or when it has been counted.
    pub window: Option<Window>,
}

/// What became of an [`Arrival`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was counted, and this is what came of it.
    Joined(Joined),
    /// It was one too many. Nothing was written for it.
    Limited(Full),
}

impl Arrival {
    /// Counts all of them, and makes the entries of those whose address is new, in the caller's transaction. Of several with
    /// one address the first one joins, and for the others it is listed. Whose address is known already is counted and has
    /// no outcome yet: it joins by [`NewEntry::join`].
    ///
    /// # Errors
    /// When a statement or a letter's template fails.
    pub fn write_all(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        arrivals: &[Self],
    ) -> QueryResult<Vec<Option<Outcome>>> {
        let windows: Vec<_> = arrivals.iter().map(|arrival| arrival.window.as_ref()).collect();
        let limited = sliding_window::hit_in_turn(conn, &windows)?;
        let admitted = arrivals.iter().zip(&limited).filter(|(_, limited)| limited.is_none());
        let mut addresses = HashSet::new();
        let firsts = admitted.map(|(arrival, _)| &arrival.entry).filter(|entry| addresses.insert(entry.email.as_str()));
        let new = NewEntry::add_new(conn, now, keys, &firsts.collect::<Vec<_>>())?;
        let new: HashMap<_, _> = new.into_iter().map(|entry| (entry.email.as_str(), entry)).collect();
        let outcome = |entry: &NewEntry| {
            let made_by = new.get(entry.email.as_str())?;
            let is_same_form = entry.submission.id().is_some() && entry.submission.id() == made_by.submission.id();
            let is_new = is_same_form || std::ptr::eq(*made_by, entry);
            Some(Outcome::Joined(if is_new { Joined::New } else { Joined::AlreadyListed }))
        };
        let of = |(arrival, limited): (&Self, Option<Full>)| {
            limited.map(Outcome::Limited).or_else(|| outcome(&arrival.entry))
        };
        Ok(arrivals.iter().zip(limited).map(of).collect())
    }
}
