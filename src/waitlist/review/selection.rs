//! The entries of a bulk act: some that were ticked, or all that a filter leaves.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text, Timestamptz};
use serde_json::json;

use super::entry_filter::EntryFilter;
use crate::audit::event::{Action, Actor};
use crate::schema::waitlist;
use crate::values::clock::Timestamp;
use crate::values::id::DeletionId;
use crate::values::search_term::SearchTerm;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::entry::Entry;

/// Entries that a confirmation shows.
const SAMPLES: i64 = 10;

/// What can be done to many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Deletes them, for a while.
    Delete,
    /// Asks them for their confirmation again.
    Ask,
}

/// Which entries.
#[derive(Clone, Debug)]
pub struct Selection {
    /// What is done to them: only those to whom it can be done are chosen.
    pub act: Act,
    /// Those that were ticked; when there is none, all that the filter leaves.
    pub ids: Vec<i64>,
    /// The filter.
    pub filter: EntryFilter,
}

/// How many are chosen, and some of them.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Exactly how many.
    pub count: i64,
    /// The addresses of the newest.
    pub samples: Vec<String>,
}

#[derive(QueryableByName)]
struct Sample {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    email: String,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl Act {
    /// The most that it is done to at once, so that it ends within the time that a request has.
    #[must_use]
    pub const fn most(self) -> i64 {
        match self {
            Self::Delete => 20_000,
            Self::Ask => 1_000,
        }
    }

    const fn condition(self) -> &'static str {
        match self {
            Self::Delete => "deleted_at IS NULL",
            Self::Ask => {
                "confirmed_at IS NULL AND invited_at IS NULL AND signed_up_at IS NULL AND left_at IS NULL \
                 AND deleted_at IS NULL"
            }
        }
    }
}

impl Selection {
    /// What it holds.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn preview(&self, conn: &mut PgConnection) -> QueryResult<Preview> {
        let statement = format!(
            "WITH chosen AS MATERIALIZED (SELECT id, email, created_at FROM waitlist WHERE {}) \
             SELECT (SELECT count(*) FROM chosen) AS number, email FROM chosen \
             ORDER BY created_at DESC, id DESC LIMIT $6",
            self.condition()
        );
        let rows: Vec<Sample> = self.bind(statement, None, SAMPLES).load(conn)?;
        let count = rows.first().map_or(0, |row| row.number);
        Ok(Preview { count, samples: rows.into_iter().map(|row| row.email).collect() })
    }

    /// Asks them again, as far as each may be asked, if they are as many as expected; tells how many were asked.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn ask(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        (actor, keys, expected): (&Actor, &SecretKeys, i64),
    ) -> QueryResult<Option<i64>> {
        let statement = format!("SELECT id FROM waitlist WHERE {} ORDER BY id LIMIT $6 FOR UPDATE", self.condition());
        let ids: Vec<Id> = self.bind(statement, None, Act::Ask.most() + 1).load(conn)?;
        if i64::try_from(ids.len()).ok() != Some(expected) {
            return Ok(None);
        }
        let ids: Vec<i64> = ids.into_iter().map(|row| row.id).collect();
        let chosen = waitlist::table.filter(waitlist::id.eq_any(ids)).select(Entry::as_select());
        let mut asked = 0;
        for entry in chosen.load(conn)? {
            asked += i64::from(entry.request_confirmation(conn, now, keys)?);
        }
        let details = json!({ "filter": self.filter.as_query(), "ticked": self.ids.len(), "count": asked });
        Action::EntriesAsked.to_many(actor).with(details).record(conn, now)?;
        Ok(Some(asked))
    }

    /// What a row has to meet, for [`Self::bind`].
    pub(in crate::waitlist) fn condition(&self) -> String {
        let which = if self.ids.is_empty() { self.filter.search("").matching() } else { "id = ANY ($3)".to_owned() };
        format!("{which} AND {}", self.act.condition())
    }

    /// The statement with what the condition needs, the deletion as `$4` and `$5`, and a limit as `$6`.
    pub(in crate::waitlist) fn bind(
        &self,
        statement: String,
        deletion: Option<(Timestamp, &DeletionId)>,
        limit: i64,
    ) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        let (term, ids) = (self.filter.term.as_ref(), self.ids.clone());
        diesel::sql_query(statement)
            .into_boxed()
            .bind::<Nullable<Text>, _>(term.map(SearchTerm::pattern))
            .bind::<Nullable<Text>, _>(term.map(SearchTerm::letters))
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Nullable<Timestamptz>, _>(deletion.map(|(now, _)| now))
            .bind::<Nullable<Text>, _>(deletion.map(|(_, id)| id.to_string()))
            .bind::<BigInt, _>(limit)
            .bind::<Nullable<Date>, _>(self.filter.from)
            .bind::<Nullable<Date>, _>(self.filter.to)
    }
}
