//! Hashing a password and checking one, on the threads of the hasher and before a connection is held.

use super::password::{Password, PasswordHash};
use super::user::User;
use crate::web::{App, Error};

/// Hashes a new password.
///
/// # Errors
/// When too many wait already.
pub async fn hash(app: &App, password: Password) -> Result<PasswordHash, Error> {
    let hashed = app.hasher.run(move |memory| password.hash(memory)).await?;
    hashed.map_err(|error| Error::Internal(error.into()))
}

/// The first of these hashes whose password was typed. Each is a job of its own, so that log-ins come in between.
///
/// # Errors
/// When too many wait already.
pub(in crate::accounts) async fn find_match(
    app: &App,
    hashes: Vec<PasswordHash>,
    typed: &str,
) -> Result<Option<PasswordHash>, Error> {
    for hash in hashes {
        let (password, checked) = (Password::typed(typed), hash.clone());
        if app.hasher.run(move |memory| password.matches(Some(&checked), memory)).await? {
            return Ok(Some(hash));
        }
    }
    Ok(None)
}

/// The user, if the typed password is theirs. It takes as long when there is no such user.
///
/// # Errors
/// When too many wait already.
pub(in crate::accounts) async fn check(app: &App, found: Option<User>, typed: &str) -> Result<Option<User>, Error> {
    let (password, hash) = (Password::typed(typed), found.as_ref().and_then(|user| user.password.clone()));
    let matches = app.hasher.run(move |memory| password.matches(hash.as_ref(), memory)).await?;
    Ok(found.filter(|_| matches))
}
