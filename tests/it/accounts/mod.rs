//! Accounts, as people and operators meet them.

mod account;
mod admin;
mod log_in;
mod session;
mod sign_up;
mod timing;
mod verify_email;
