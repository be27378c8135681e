//! People come here to join the waitlist by form or JSON and to confirm their address. Its nouns are the entry with its
//! role and state, its links, its mails, and the totals of all entries. It owns the tables `waitlist`, `waitlist_total` and
//! `waitlist_total_change`, and every other room of the waitlist stands on it. An erasure begins here for all of them, so
//! it owns `waitlist_erased` and `waitlist_import_line` too.

pub mod api;
pub mod confirm;
pub mod confirmation_request;
pub mod entry;
pub mod erasure;
pub mod home;
pub mod join;
pub mod letters;
pub mod link_gone;
pub mod links;
pub mod mail_outcome;
pub mod new_entry;
pub mod own_mail;
pub mod role;
pub mod signals;
pub mod state;
pub mod totals;
