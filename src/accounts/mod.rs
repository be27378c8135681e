//! Accounts: who people are, how they sign up, prove their address, log in and out.

pub mod directory;
pub mod email_change;
pub mod organization;
pub mod own_data;
pub mod profile;
pub mod recovery;
pub mod session;
pub mod sign_up;
pub mod user;
