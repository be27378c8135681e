//! Accounts: who people are, how they sign up, prove their address, log in and out.

pub mod account;
pub mod action;
pub mod activation;
pub mod activity;
pub mod admin;
pub mod change;
pub mod device_name;
pub mod event;
pub mod letters;
pub mod load_viewer;
pub mod log_in;
pub mod new_session;
pub mod new_user;
pub mod notice;
mod old_password;
pub mod password;
pub mod reauth;
pub mod session;
pub mod sessions;
pub mod sign_up;
pub mod user;
pub mod verify_email;
pub mod words;
