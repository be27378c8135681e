//! Links that were used a moment ago, so that who comes after is told what was done.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::purpose::{Purpose, effect_of, identifiers};
use super::stored_link::Link;
use crate::db::BATCH;
use crate::schema::used_link;
use crate::values::clock::Timestamp;
use crate::values::secret_token::SecretToken;
use crate::web::{Subject, Submission};

/// For how long it is told.
const TOLD: TimeDelta = TimeDelta::minutes(10);

impl Link {
    /// Remembers that the link did what it is for, and whom or what it was about.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn record_use(&self, conn: &mut PgConnection, now: Timestamp, purpose: Purpose) -> QueryResult<()> {
        let row = (
            used_link::token.eq(self.hash.as_str()),
            used_link::purpose.eq(purpose.name),
            used_link::used_at.eq(now),
            used_link::identifier.eq(purpose.identifier(&self.subject)),
        );
        diesel::insert_into(used_link::table).values(row).on_conflict_do_nothing().execute(conn)?;
        Ok(())
    }

    /// What the link of this token was about, if it did what it is for a moment ago.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find_just_used(
        conn: &mut PgConnection,
        now: Timestamp,
        purpose: Purpose,
        token: &SecretToken,
    ) -> QueryResult<Option<String>> {
        let recent = used_link::purpose.eq(purpose.name).and(used_link::used_at.gt(now - TOLD));
        let of = used_link::table.find(token.hash().as_str().to_owned()).filter(recent).select(used_link::identifier);
        let identifier: Option<Option<String>> = of.first(conn).optional()?;
        let subject = |identifier: String| Some(identifier.split_once(':')?.1.to_owned());
        Ok(identifier.flatten().and_then(subject))
    }

    /// Forgets that links of these purposes and subjects were used, and how the forms were answered that used them, since
    /// what they did is taken back.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn forget_uses(conn: &mut PgConnection, purposes: &[&str], subjects: &[String]) -> QueryResult<()> {
        let of = used_link::identifier.eq_any(identifiers(purposes, subjects));
        diesel::delete(used_link::table.filter(of)).execute(conn)?;
        let of_purpose = |purpose| subjects.iter().map(move |subject| effect_of(purpose, subject));
        Submission::forget(conn, &purposes.iter().copied().flat_map(of_purpose).collect::<Vec<Subject>>())
    }

    /// Whether the link of this token did what it is for a moment ago.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn was_just_used(
        conn: &mut PgConnection,
        now: Timestamp,
        purpose: Purpose,
        token: &SecretToken,
    ) -> QueryResult<bool> {
        let recent = used_link::purpose.eq(purpose.name).and(used_link::used_at.gt(now - TOLD));
        let of = used_link::table.find(token.hash().as_str().to_owned()).filter(recent);
        diesel::select(diesel::dsl::exists(of)).get_result(conn)
    }

    /// Forgets the uses that are told no more, a batch at a time.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn sweep_used(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
        let over = used_link::table.filter(used_link::used_at.lt(now - TOLD)).select(used_link::token);
        let batch: Vec<String> = over.limit(BATCH).load(conn)?;
        diesel::delete(used_link::table.filter(used_link::token.eq_any(batch))).execute(conn)
    }
}
