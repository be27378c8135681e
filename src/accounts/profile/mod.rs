//! People come here to see and change what they are shown as, name, profession and picture, and what happened to their
//! account. Its nouns are the change of a profile and the security event. It may touch `session` and `user`, and owns
//! no table: names, professions and pictures are the user's, and events are of `audit`.

pub mod account;
pub mod account_summary;
pub mod activity;
pub mod avatar;
pub mod profile;
pub mod security_event;
pub mod words;
