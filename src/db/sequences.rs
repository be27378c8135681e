//! The sequences of ids. One that stands behind its table gives out ids that are taken: a restored backup or an import by
//! hand leaves it so.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

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

/// The sequences that stand behind their tables.
///
/// # Errors
/// When a statement fails.
pub fn behind(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    let sequences = all_behind(conn)?;
    Ok(sequences.into_iter().map(|it| it.name).collect())
}

/// Moves those sequences to where their tables end, in a transaction of the caller's; returns them.
///
/// # Errors
/// When a statement fails.
pub fn set_right(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    let sequences = all_behind(conn)?;
    for sequence in &sequences {
        sequence.set_right(conn)?;
    }
    Ok(sequences.into_iter().map(|it| it.name).collect())
}

fn all_behind(conn: &mut PgConnection) -> QueryResult<Vec<Sequence>> {
    let all: Vec<Sequence> = diesel::sql_query(include_str!("sequences/owned.sql")).load(conn)?;
    let mut behind = Vec::new();
    for sequence in all {
        if sequence.is_behind(conn)? {
            behind.push(sequence);
        }
    }
    Ok(behind)
}

impl Sequence {
    fn is_behind(&self, conn: &mut PgConnection) -> QueryResult<bool> {
        let Self { name, owner, id } = self;
        let next = format!("SELECT last_value + is_called::integer FROM {name}");
        let query = format!("SELECT ({next}) <= coalesce(max({id}), 0) AS is_behind FROM {owner}");
        Ok(diesel::sql_query(query).get_result::<Answer>(conn)?.is_behind)
    }

    /// Keeps writers away meanwhile: one of them could take an id beyond, and the sequence would be set back.
    fn set_right(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let Self { name, owner, id } = self;
        conn.batch_execute(&format!("LOCK TABLE {owner} IN SHARE ROW EXCLUSIVE MODE"))?;
        if self.is_behind(conn)? {
            let end = format!("SELECT setval($1::regclass, max({id})) FROM {owner}");
            diesel::sql_query(end).bind::<Text, _>(name).execute(conn)?;
        }
        Ok(())
    }
}
