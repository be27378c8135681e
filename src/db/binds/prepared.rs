//! Statements in SQL that are planned once. Diesel does not keep those of `sql_query`, since it cannot know whether their
//! text is the same each time; planning one takes longer than running it.

use diesel::expression::{AsExpression, TypedExpressionType};
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{SingleValue, SqlType, Untyped};
use diesel::{IntoSql, RunQueryDsl};

/// A statement whose text never changes, with its values: `$1`, `$2` … stand in it for the first time in this order, and
/// it has no other `$`.
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
        let mut pieces = self.sql.split('$');
        out.push_sql(pieces.next().unwrap_or_default());
        let mut values = (1..).zip(&self.values).peekable();
        for piece in pieces {
            let text = piece.trim_start_matches(|c: char| c.is_ascii_digit());
            let number = piece.strip_suffix(text).unwrap_or_default();
            // Diesel writes the placeholder of a value. One that comes again has its number.
            if let Some((_, value)) = values.next_if(|(next, _)| number.parse() == Ok(*next)) {
                value.walk_ast(out.reborrow())?;
            } else {
                out.push_sql("$");
                out.push_sql(number);
            }
            out.push_sql(text);
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
