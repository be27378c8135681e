//! Accounts: who people are, how they sign up, prove their address, log in and out.

pub mod account;
pub mod admin;
pub mod change;
pub mod letters;
pub mod load_viewer;
pub mod log_in;
pub mod new_user;
mod old_password;
pub mod password;
pub mod session;
pub mod sign_up;
pub mod user;
pub mod verify_email;
pub mod words;
