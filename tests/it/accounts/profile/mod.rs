//! What people are shown as, and what happened to their account.

mod account;
mod account_summary;
mod activity;
mod avatar;
