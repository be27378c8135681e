//! Who did what to whom: the event, the log that admins read, and its page. Every room above records events here; it
//! owns the table `audit_event`.

pub mod action;
pub mod event;
pub mod log;
pub mod page;
pub mod words;
