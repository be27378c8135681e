//! Users, as admins find and help them.

mod admin;
mod user_list;
mod user_page;
mod user_search;
