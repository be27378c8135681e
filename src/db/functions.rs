//! SQL functions that diesel does not have.

use diesel::sql_types::{Nullable, SingleValue, SqlType, Text};

diesel::define_sql_function! {
    /// `clock_timestamp()`: the server's time at this very moment, while `now()` is when the transaction began.
    fn clock_timestamp() -> Timestamptz;
}

diesel::define_sql_function! {
    /// `lower(text)`, as the indexes of addresses have it.
    fn lower(text: Text) -> Text;
}

diesel::define_sql_function! {
    /// `coalesce(value, otherwise)`: the value, or the other one where it is NULL.
    fn coalesce<T: SqlType + SingleValue>(value: Nullable<T>, otherwise: T) -> T;
}

/// SQL for whether a text names one of these addresses, whose spellings in lower case the placeholder holds. `text` is SQL
/// too, such as `details::text`.
#[must_use]
pub fn names_any(text: &str, spellings: &str) -> String {
    // An address may have a `=` or a `&`; then it stands alone between quotation marks, or is encoded.
    format!(
        r#"EXISTS (SELECT FROM unnest(regexp_split_to_array(lower({text}), '\.?[\s"&=,;:<>()]+|\.$')
           || string_to_array(lower({text}), '"')) AS word WHERE word = ANY ({spellings}))"#
    )
}
