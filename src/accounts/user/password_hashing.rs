//! Hashing a password and checking one, on the threads of the hasher and before a connection is held.

use super::password::{Match, Password, PasswordHash, Problem};
use super::user::User;
use crate::db::Memory;
use crate::web::error::Unavailable;
use crate::web::protection::network_shares::Share;
use crate::web::visitor::client::Client;
use crate::web::{App, Error};

/// Reads a new password, or says what is wrong with it. Its strength is estimated on the threads of the hasher, since
/// some passwords take milliseconds, in which an async thread would answer nobody.
///
/// # Errors
/// When too many wait already.
pub(in crate::accounts) async fn read_new(
    app: &App,
    client: &Client,
    typed: &str,
    about: &[&str],
) -> Result<Result<Password, Problem>, Error> {
    if let Err(problem) = Password::parse_length(typed) {
        return Ok(Err(problem));
    }
    let (typed, about) = (typed.to_owned(), about.iter().map(ToString::to_string).collect::<Vec<_>>());
    let share = share(app, client)?;
    let parse = move || {
        let _share = share;
        Password::parse(&typed, &about.iter().map(String::as_str).collect::<Vec<_>>())
    };
    Ok(app.hasher.estimate(parse).await?)
}

/// Hashes a new password.
///
/// # Errors
/// When too many wait already.
pub async fn hash(app: &App, client: &Client, password: Password) -> Result<PasswordHash, Error> {
    let hashed = run(app, client, move |memory| password.hash(memory)).await?;
    hashed.map_err(|error| Error::Internal(error.into()))
}

/// The first of these hashes whose password was typed. Each is a job of its own, so that log-ins come in between.
///
/// # Errors
/// When too many wait already.
pub(in crate::accounts) async fn find_match(
    app: &App,
    client: &Client,
    hashes: Vec<PasswordHash>,
    typed: &str,
) -> Result<Option<PasswordHash>, Error> {
    for hash in hashes {
        let (password, checked) = (Password::typed(typed), hash.clone());
        if run(app, client, move |memory| password.matches(Some(&checked), memory)).await? {
            return Ok(Some(hash));
        }
    }
    Ok(None)
}

/// The user, if the typed password is theirs. It takes as long when there is no such user.
///
/// # Errors
/// When too many wait already.
pub(in crate::accounts) async fn check(
    app: &App,
    client: &Client,
    found: Option<User>,
    typed: &str,
) -> Result<Option<User>, Error> {
    Ok(find_owner(app, client, found, typed).await?.map(|owner| owner.user))
}

/// Somebody who typed their password.
pub(in crate::accounts) struct Owner {
    /// Who it is.
    pub(in crate::accounts) user: User,
    /// How it matched their hash.
    pub(in crate::accounts) matched: Match,
}

/// The same, with how the password matched.
///
/// # Errors
/// When too many wait already.
pub(in crate::accounts) async fn find_owner(
    app: &App,
    client: &Client,
    found: Option<User>,
    typed: &str,
) -> Result<Option<Owner>, Error> {
    let (password, hash) = (Password::typed(typed), found.as_ref().and_then(|user| user.password.clone()));
    let matched = run(app, client, move |memory| password.find_match(hash.as_ref(), memory)).await?;
    Ok(found.zip(matched).map(|(user, matched)| Owner { user, matched }))
}

/// Runs a hash within the share of the client's network.
async fn run<T: Send + 'static>(
    app: &App,
    client: &Client,
    hash: impl FnOnce(&mut Memory) -> T + Send + 'static,
) -> Result<T, Error> {
    let share = share(app, client)?;
    let hash = move |memory: &mut Memory| {
        // Given back when the hash ends, also when the client has gone away meanwhile: it still takes its turn.
        let _share = share;
        hash(memory)
    };
    Ok(app.hasher.run(hash).await?)
}

/// One more hash or estimate for the client's network, unless it has its share. Load tests are exempt.
fn share(app: &App, client: &Client) -> Result<Option<Share>, Error> {
    if !app.config.rate_limits {
        return Ok(None);
    }
    let share = app.hash_shares.take(client.address);
    share.map(Some).ok_or(Error::Unavailable(Unavailable::HashShare))
}
