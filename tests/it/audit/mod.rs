//! Who did what to whom.

mod log_page;
