//! Statements in SQL that are planned once. Diesel does not keep those of `sql_query`, since it cannot know whether their
//! text is the same each time; planning one takes longer than running it.

use diesel::expression::{AsExpression, TypedExpressionType};
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{SingleValue, SqlType, Untyped};
use diesel::{IntoSql, RunQueryDsl};

/// A statement whose text never changes, with its values: each of `$1`, `$2` … stands in it once, in this order, and
/// nowhere else has it a `$`.
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
        let mut values = self.values.iter();
        for (number, piece) in self.sql.split('$').enumerate() {
            if number > 0 {
                values.next().map_or(Ok(()), |value| value.walk_ast(out.reborrow()))?;
            }
            out.push_sql(piece.trim_start_matches(|c: char| number > 0 && c.is_ascii_digit()));
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
