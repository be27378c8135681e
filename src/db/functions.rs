//! SQL functions that diesel does not have.

use diesel::sql_types::{Nullable, SingleValue, SqlType, Text};

diesel::define_sql_function! {
    /// `lower(text)`, as the indexes of addresses have it.
    fn lower(text: Text) -> Text;
}

diesel::define_sql_function! {
    /// `coalesce(value, otherwise)`: the value, or the other one where it is NULL.
    fn coalesce<T: SqlType + SingleValue>(value: Nullable<T>, otherwise: T) -> T;
}
