//! An attempt to log in with a provider: begun by a browser, brought back by the same one, and used once.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::db::BATCH;
use crate::schema::provider_attempt;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::values::site_path::SitePath;

/// How long an attempt may take.
pub const LASTS: TimeDelta = TimeDelta::minutes(10);
/// Attempts of one browser at a time, such as in several tabs; beyond it the oldest ends.
const MOST: usize = 4;
/// Bytes of the hash of the state that name the cookie.
const COOKIE_ID_BYTES: usize = 4;
/// Longest path to go on to, in bytes: four attempts must fit into the head of a request.
const LONGEST_NEXT: usize = 256;

/// An attempt. It stands in a cookie of its own, which only this site can read: two tabs do not write over each other's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// What the provider hands back with its answer, so that nobody brings an answer that this browser did not ask for.
    pub state: SecretToken,
    /// What the provider repeats in its token.
    pub nonce: SecretToken,
    /// What redeems the code (PKCE).
    pub verifier: SecretToken,
    /// The provider's name.
    pub provider: String,
    /// Where to go on.
    next: Option<String>,
    /// The account that the provider is to open from now on; nobody's for a log-in.
    pub owner: Option<UserId>,
    /// Who is signed in and proves to be there still; nobody at any other log-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<UserId>,
    /// The kind of account that a newcomer chose before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AccountKind>,
    /// When it began.
    pub started_at: Timestamp,
}

impl Attempt {
    /// A new one, for a log-in that goes on to `next`.
    ///
    /// # Errors
    /// When the operating system has no random bytes to give.
    pub fn start(now: Timestamp, provider: &str, next: Option<&SitePath>) -> Result<Self, getrandom::Error> {
        let next = next.map(|next| next.as_str().to_owned()).filter(|next| next.len() <= LONGEST_NEXT);
        let [state, nonce, verifier] = [SecretToken::generate()?, SecretToken::generate()?, SecretToken::generate()?];
        let (provider, owner, again, kind) = (provider.to_owned(), None, None, None);
        Ok(Self { state, nonce, verifier, provider, next, owner, again, kind, started_at: now })
    }

    /// The same, to connect the account of this user.
    #[must_use]
    pub fn connecting(self, owner: &UserId) -> Self {
        Self { owner: Some(owner.clone()), ..self }
    }

    /// The same, for who is signed in and proves to be there still, and for a newcomer who chose a kind of account.
    #[must_use]
    pub fn asked_by(self, again: Option<UserId>, kind: Option<AccountKind>) -> Self {
        Self { again, kind, ..self }
    }

    /// Where to go on.
    #[must_use]
    pub fn next(&self) -> Option<SitePath> {
        SitePath::parse(self.next.as_deref()?)
    }

    /// Whether its time is over.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.started_at + LASTS <= now
    }

    /// Whether this state came back, from this provider.
    #[must_use]
    pub fn is_answered_by(&self, provider: &str, state: &str) -> bool {
        bool::from(self.state.reveal().as_bytes().ct_eq(state.as_bytes())) && self.provider == provider
    }

    /// Which of a browser's new attempts end, with one more: the oldest, beyond four.
    #[must_use]
    pub fn beyond(mut known: Vec<Self>) -> Vec<Self> {
        known.sort_by_key(|attempt| attempt.started_at);
        known.truncate((known.len() + 1).saturating_sub(MOST));
        known
    }

    /// Uses it up. False when it was used before: a state works once, whether the provider has a nonce and PKCE or not.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn redeem(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        let state = Sha256::digest(self.state.reveal()).to_vec();
        let row = (provider_attempt::state.eq(state), provider_attempt::used_at.eq(now));
        let used = diesel::insert_into(provider_attempt::table).values(row).on_conflict_do_nothing();
        Ok(used.execute(conn)? == 1)
    }
}

/// What the cookie of the attempt with this state is known by. It tells nothing of the state.
#[must_use]
pub fn cookie_id(state: &str) -> String {
    hex::encode(&Sha256::digest(state)[..COOKIE_ID_BYTES])
}

/// Deletes the attempts that cannot come back any more, a batch at a time.
///
/// # Errors
/// When the statement fails.
pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    let over = provider_attempt::table.filter(provider_attempt::used_at.lt(now - LASTS));
    let batch: Vec<Vec<u8>> = over.select(provider_attempt::state).limit(BATCH).load(conn)?;
    diesel::delete(provider_attempt::table.filter(provider_attempt::state.eq_any(batch))).execute(conn)
}
