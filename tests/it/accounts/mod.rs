//! Accounts, as people and operators meet them.

mod directory;
mod email_change;
mod mail_language;
mod organization;
mod own_data;
mod profile;
pub mod provider;
mod recovery;
pub mod second_factor;
mod session;
mod sign_up;
mod timing;
mod used_link;
