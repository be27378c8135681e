//! The sequences of ids. One that stands behind its table gives out ids that are taken: a restored backup or an import by
//! hand leaves it so.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

/// Ids that were taken from the sequence of a table before its rows are written.
#[derive(Clone, Copy, Debug)]
pub struct Promises {
    /// The table.
    pub of: &'static str,
    /// The table in which they wait.
    pub kept_in: &'static str,
    /// The greatest of them, as SQL.
    pub greatest: &'static str,
}

/// A sequence and the column that takes its ids, as SQL names them.
#[derive(QueryableByName)]
struct Sequence {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    id: String,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    is_behind: bool,
}

/// The sequences that stand behind their tables, or behind what is promised.
///
/// # Errors
/// When a statement fails.
pub fn behind(conn: &mut PgConnection, promises: &Promises) -> QueryResult<Vec<String>> {
    let sequences = all_behind(conn, promises)?;
    Ok(sequences.into_iter().map(|it| it.name).collect())
}

/// Moves those sequences to where these end, in a transaction of the caller's; returns them.
///
/// # Errors
/// When a statement fails.
pub fn set_right(conn: &mut PgConnection, promises: &Promises) -> QueryResult<Vec<String>> {
    let sequences = all_behind(conn, promises)?;
    for sequence in &sequences {
        sequence.set_right(conn, promises)?;
    }
    Ok(sequences.into_iter().map(|it| it.name).collect())
}

fn all_behind(conn: &mut PgConnection, promises: &Promises) -> QueryResult<Vec<Sequence>> {
    let all: Vec<Sequence> = diesel::sql_query(include_str!("sequences/owned.sql")).load(conn)?;
    let mut behind = Vec::new();
    for sequence in all {
        if sequence.is_behind(conn, promises)? {
            behind.push(sequence);
        }
    }
    Ok(behind)
}

impl Sequence {
    fn is_behind(&self, conn: &mut PgConnection, promises: &Promises) -> QueryResult<bool> {
        let Self { name, owner, .. } = self;
        let next = format!("SELECT last_value + is_called::integer FROM {name}");
        let query = format!("SELECT ({next}) <= coalesce({}, 0) AS is_behind FROM {owner}", self.end(promises));
        Ok(diesel::sql_query(query).get_result::<Answer>(conn)?.is_behind)
    }

    /// Keeps writers away meanwhile, also those who take ids for later: one of them could take an id beyond, and the sequence
    /// would be set back. Ids are taken for later before rows are written, so that table is locked first.
    fn set_right(&self, conn: &mut PgConnection, promises: &Promises) -> QueryResult<()> {
        let Self { name, owner, .. } = self;
        let kept_in = if promises.of == owner { format!("{}, ", promises.kept_in) } else { String::new() };
        conn.batch_execute(&format!("LOCK TABLE {kept_in}{owner} IN SHARE ROW EXCLUSIVE MODE"))?;
        if self.is_behind(conn, promises)? {
            let end = format!("SELECT setval($1::regclass, {}) FROM {owner}", self.end(promises));
            diesel::sql_query(end).bind::<Text, _>(name).execute(conn)?;
        }
        Ok(())
    }

    /// The greatest id that was taken, as SQL.
    fn end(&self, promises: &Promises) -> String {
        let Self { owner, id, .. } = self;
        if promises.of == owner {
            format!("greatest(max({id}), ({}))", promises.greatest)
        } else {
            format!("max({id})")
        }
    }
}
