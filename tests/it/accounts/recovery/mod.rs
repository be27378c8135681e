//! Getting back into an account, and shutting others out.

mod change_password;
mod forgot_password;
mod reset_password;
mod secure_account;
