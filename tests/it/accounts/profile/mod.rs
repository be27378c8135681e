//! What people are shown as, and what happened to their account.

mod account;
mod activity;
mod avatar;
