//! Logging in and out, and the sessions of an account.

mod log_in;
mod reauth;
mod session;
mod session_list;
