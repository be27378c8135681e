//! A statement written by hand that each connection prepares once. Diesel prepares its `sql_query` anew each time, because
//! the text of such a statement may change from one time to the next. That of this one does not.

use std::marker::PhantomData;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};

/// A statement, with its values so far.
#[derive(Clone, Copy, Debug)]
pub struct Prepared<Values = ()> {
    sql: &'static str,
    values: Values,
}

/// A value and those before it.
#[derive(Clone, Copy, Debug)]
pub struct With<Before, Type, Value> {
    before: Before,
    value: Value,
    sql_type: PhantomData<Type>,
}

/// A statement with placeholders for the values that [`Prepared::bind`] gives it in order.
#[must_use]
pub const fn prepared(sql: &'static str) -> Prepared {
    Prepared { sql, values: () }
}

impl<Values> Prepared<Values> {
    /// Gives the next placeholder its value.
    #[must_use]
    pub fn bind<Type, Value>(self, value: Value) -> Prepared<With<Values, Type, Value>> {
        Prepared { sql: self.sql, values: With { before: self.values, value, sql_type: PhantomData } }
    }
}

impl<Values: QueryFragment<Pg>> QueryFragment<Pg> for Prepared<Values> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.sql);
        // Diesel writes a placeholder wherever it takes a value. The statement has its own, some of them twice.
        out.push_sql("\n/*");
        self.values.walk_ast(out.reborrow())?;
        out.push_sql(" */");
        Ok(())
    }
}

impl<Before: QueryFragment<Pg>, Type, Value: ToSql<Type, Pg>> QueryFragment<Pg> for With<Before, Type, Value>
where
    Pg: HasSqlType<Type>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.before.walk_ast(out.reborrow())?;
        out.push_sql(" ");
        out.push_bind_param::<Type, Value>(&self.value)
    }
}

impl<Values> QueryId for Prepared<Values> {
    type QueryId = ();

    // It is known by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Values> Query for Prepared<Values> {
    type SqlType = Untyped;
}

impl<Conn, Values> RunQueryDsl<Conn> for Prepared<Values> {}
