//! What proves the second factor: a code of the owner's app, or a recovery code in its place. Its nouns are the secret
//! that the app holds, the recovery codes, and what somebody typed. It owns the tables `second_factor` and
//! `recovery_code`, stands on `user` alone, and has no route of its own.

pub mod app_secret;
pub mod authenticator;
pub mod recovery_code;
pub mod typed_code;
pub mod words;
