//! Accounts, as people and operators meet them.

mod account;
mod activity;
mod admin;
mod log_in;
mod reauth;
mod session;
mod sessions;
mod sign_up;
mod timing;
mod verify_email;
