//! People come here to join the waitlist by form or JSON and to confirm their address; the start page has the form too.
//! Its nouns are the entry with its role and state, its links, its mails, and the totals of all entries. It owns the
//! tables `waitlist`, `waitlist_erased`, `waitlist_total` and `waitlist_change`, and every other room of the waitlist
//! stands on it. It also owns tables that more than one of those rooms needs: `waitlist_import` and `waitlist_import_line`,
//! whose rows `importing` writes and `place` erases, and `waitlist_invitation`, whose rows `waves` writes and `importing`
//! reads.

pub mod api;
pub mod confirm;
pub mod confirmation_request;
pub mod entry;
pub mod entry_mail;
pub mod home;
pub mod join;
pub mod letters;
pub mod link_gone;
pub mod links;
pub mod new_entry;
pub mod role;
pub mod state;
pub mod thank_you;
pub mod totals;
pub mod words;
