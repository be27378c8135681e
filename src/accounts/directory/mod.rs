//! Admins come here to find a user among a million and to help: deactivate, end sessions, send a mail again. Operators
//! make and revoke admins through it. Its nouns are the search with its filter, the user's record, the action on a
//! user, and the admin. It may touch every other room of accounts, and owns no table.

pub mod admin;
pub mod letters;
pub mod user_action;
pub mod user_filter;
pub mod user_list;
pub mod user_page;
pub mod user_record;
pub mod user_search;
pub mod words;
