//! Statements in SQL that are planned once. Diesel does not keep those of `sql_query`, since it cannot know whether their
//! text is the same each time; planning one takes longer than running it.

use diesel::expression::{AsExpression, TypedExpressionType};
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{Error as QueryError, QueryResult};
use diesel::sql_types::{SingleValue, SqlType, Untyped};
use diesel::{IntoSql, RunQueryDsl};

const NO_VALUE: &str = "a placeholder has no value";

/// A statement whose text never changes, with the values of `$1`, `$2` …; outside comments it has no other `$`.
pub struct Prepared<'a> {
    sql: &'static str,
    values: Vec<Box<dyn QueryFragment<Pg> + Send + 'a>>,
}

impl<'a> Prepared<'a> {
    /// Without values yet.
    #[must_use]
    pub const fn new(sql: &'static str) -> Self {
        Self { sql, values: vec![] }
    }

    /// Adds the next value.
    #[must_use]
    pub fn bind<Type, Value>(mut self, value: Value) -> Self
    where
        Type: SqlType + SingleValue + TypedExpressionType,
        Value: AsExpression<Type>,
        Value::Expression: QueryFragment<Pg> + Send + 'a,
    {
        self.values.push(Box::new(value.into_sql::<Type>()));
        self
    }
}

impl QueryFragment<Pg> for Prepared<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // Diesel numbers values itself, one after the other, so one that is used twice is sent twice.
        for line in self.sql.lines() {
            let mut pieces = line.split("-- ").next().unwrap_or_default().split('$');
            out.push_sql(pieces.next().unwrap_or_default());
            for piece in pieces {
                let rest = piece.trim_start_matches(|c: char| c.is_ascii_digit());
                let number: Option<usize> = piece.strip_suffix(rest).and_then(|number| number.parse().ok());
                let value = number.and_then(|number| self.values.get(number.checked_sub(1)?));
                value.ok_or_else(|| QueryError::QueryBuilderError(NO_VALUE.into()))?.walk_ast(out.reborrow())?;
                out.push_sql(rest);
            }
            out.push_sql("\n");
        }
        Ok(())
    }
}

impl QueryId for Prepared<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Prepared<'_> {
    type SqlType = Untyped;
}

impl RunQueryDsl<PgConnection> for Prepared<'_> {}
