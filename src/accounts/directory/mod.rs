//! Admins come here to find a user among a million and to help: deactivate, end sessions, send a mail again. Operators
//! make and revoke admins through it. Its nouns are the search, the user's record, and the admin; it stands on every other
//! room of accounts.

pub mod admin;
pub mod user_filter;
pub mod user_list;
pub mod user_page;
pub mod user_record;
pub mod user_search;
