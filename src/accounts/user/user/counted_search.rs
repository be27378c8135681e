//! Finding the user of an address in the statement that counts the attempt to log in.

use std::sync::LazyLock;

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Nullable, Text};

use super::{User, UserRow};
use crate::db::binds::prepared;
use crate::db::sliding_window::{self, Hits, Window};
use crate::values::email_address::EmailAddress;

static STATEMENT: LazyLock<String> =
    LazyLock::new(|| format!("WITH counted AS ({}) {}", sliding_window::HIT, include_str!("counted_search.sql")));

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Array<Text>)]
    admitted: Vec<String>,
    #[diesel(embed)]
    user: Option<UserRow>,
    #[diesel(sql_type = Nullable<Text>)]
    password: Option<String>,
}

impl User {
    /// The user of an address, as [`User::find_by_email`] finds it, and the keys of those windows that had room for one
    /// more attempt, where it is counted.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find_counted(
        conn: &mut PgConnection,
        email: &EmailAddress,
        windows: &[Window],
    ) -> QueryResult<(Vec<String>, Option<Self>)> {
        let hits = Hits::of(windows);
        let found: Found = prepared(&STATEMENT)
            .bind::<Array<Text>, _>(hits.keys)
            .bind::<Array<Integer>, _>(hits.most)
            .bind::<Array<Integer>, _>(hits.seconds)
            .bind::<Text, _>(email.lowercase())
            .bind::<Text, _>(email.as_str())
            .get_result(conn)?;
        let password = found.password;
        Ok((found.admitted, found.user.map(|row| Self::with_password(row, password))))
    }
}
