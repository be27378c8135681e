//! Who did what to whom: the event, the log of all events, and the page on which admins read it. Every room above
//! records its events here. It owns the table `audit_event`; of accounts it reads the names and addresses that pages show
//! of those who acted, for every other room too.

pub mod account_history;
pub mod account_name;
pub mod action;
pub mod entry_history;
pub mod event;
pub mod log;
pub mod log_page;
pub mod words;
