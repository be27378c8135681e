//! People and organizations come here to open an account, log in, recover it, change it and delete it; admins come to
//! look after the accounts of others. Each room stands on those to its left: `user` ← `one_time_code` ← `session` ←
//! `recovery` ← `provider` ← `sign_up` · `email_change` · `second_factor` · `profile` · `own_data` · `organization` ←
//! `directory`. Nothing here knows the waitlist.

pub mod directory;
pub mod email_change;
pub mod one_time_code;
pub mod organization;
pub mod own_data;
pub mod profile;
pub mod provider;
pub mod recovery;
pub mod second_factor;
pub mod session;
pub mod sign_up;
pub mod user;
