//! The links of mails: secret tokens that do one thing once, for whoever reads the mail. The table `verification` holds the
//! hash of a token; the token itself is derived when the mail is sent. A standing link has no row, and is used any number of
//! times.

mod new_link;
mod pending_link;
mod purpose;
mod standing_link;
mod stored_link;
mod suspension;
mod used_link;

pub use new_link::NewLink;
pub use pending_link::PendingLink;
pub use purpose::{OF_ACCOUNTS, OF_WAITLIST, Purpose, WAITLIST_INVITATION, identifiers};
pub use standing_link::StandingLink;
pub use stored_link::{Link, OwnedLink};
pub use suspension::{resume_all_sql, suspend_all_sql, suspended_pattern};
