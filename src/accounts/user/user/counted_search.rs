//! Finding the user of an address in the statement that counts the attempt to log in.

use std::sync::LazyLock;

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Nullable, Text};

use super::{User, UserRow};
use crate::db::binds::prepared::Prepared;
use crate::db::sliding_window::{self, Full, Hits, Window};
use crate::values::email_address::EmailAddress;

static STATEMENT: LazyLock<String> =
    LazyLock::new(|| format!("WITH counted AS ({}) {}", sliding_window::COUNT, include_str!("counted_search.sql")));

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
    /// The user of an address, as [`User::find_by_email`] finds it, and what [`sliding_window::hit`] says of an attempt to
    /// log in.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find_counted(
        conn: &mut PgConnection,
        email: &EmailAddress,
        windows: &[Window],
    ) -> QueryResult<(Vec<Full>, Option<Self>)> {
        let hits: Hits<'_> = windows.iter().map(|window| (window, 1)).collect();
        let found: Found = Prepared::new(&STATEMENT)
            .bind::<Array<Text>, _>(hits.keys)
            .bind::<Array<Integer>, _>(hits.most)
            .bind::<Array<Integer>, _>(hits.seconds)
            .bind::<Array<Integer>, _>(hits.times)
            .bind::<Text, _>(email.lowercase())
            .bind::<Text, _>(email.as_str())
            .get_result(conn)?;
        let (full, password) = (sliding_window::settle(conn, windows, &found.admitted)?, found.password);
        Ok((full, found.user.map(|row| Self::with_password(row, password))))
    }
}
