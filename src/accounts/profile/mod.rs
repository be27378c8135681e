//! People come here to see and change what they are shown as, name, profession and picture, and what happened to their
//! account. Its nouns are the change of a profile and the security event. It stands on `session` and `user`.

pub mod account;
pub mod activity;
pub mod picture;
pub mod profile;
pub mod security_event;
