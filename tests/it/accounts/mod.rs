//! Accounts, as people and operators meet them.

mod account;
mod activity;
mod admin;
mod cancel_delete;
mod change_email;
mod change_password;
mod confirm_email;
mod delete;
mod export;
mod forgot_password;
mod log_in;
mod organization;
mod picture;
mod purge;
mod reauth;
mod reset_password;
mod secure_account;
mod session;
mod sessions;
mod sign_up;
mod timing;
mod undo_email;
mod users;
mod verify_email;
