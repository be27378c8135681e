//! What proves the second factor: a code of the owner's app, or a recovery code in its place. Its nouns are the secret
//! that the app holds, the recovery codes, what somebody typed, and the devices on which no code is asked for. It owns the
//! tables `second_factor`, `recovery_code` and `trusted_device`, stands on `user` alone, and has no route of its own.

pub mod app_secret;
pub mod authenticator;
pub mod recovery_code;
pub mod trusted_device;
pub mod typed_code;
pub mod words;
