//! The secret of an endpoint, and the signatures of what it is sent.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz};

use super::Endpoint;
use crate::schema::webhook;
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;
use crate::webhook::signing_secret::{SigningSecret, Unsigned};

/// How long the former secret signs beside the new one.
const FORMER_SIGNS: TimeDelta = TimeDelta::hours(24);

/// By what the secrets of an endpoint are known, as its row has them at this moment.
#[derive(Clone, Debug, QueryableByName)]
pub struct Secrets {
    #[diesel(sql_type = Integer)]
    generation: i32,
    #[diesel(sql_type = Text)]
    secret_hash: String,
    #[diesel(sql_type = Nullable<Integer>)]
    former_generation: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    former_hash: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    former_until: Option<Timestamp>,
}

impl Endpoint {
    /// The same endpoint with the secrets that it has by now.
    #[must_use]
    pub fn with_secrets(&self, secrets: &Secrets) -> Self {
        let Secrets { generation, secret_hash, former_generation, former_hash, former_until } = secrets.clone();
        Self { generation, secret_hash, former_hash, former_generation, former_until, ..self.clone() }
    }

    /// Until when the secret before this one signs too, while it does.
    #[must_use]
    pub fn former_signs_until(&self, now: Timestamp) -> Option<&Timestamp> {
        self.former_until.as_ref().filter(|until| now < **until)
    }

    /// Replaces its secret by one that nobody has had, although a backup may have been restored; the one before signs for a
    /// while too. Returns the new one.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn rotate(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<SigningSecret> {
        let minutes = i32::try_from(now.timestamp() / 60).unwrap_or_default();
        let generation = self.generation.saturating_add(1).max(minutes);
        let secret = SigningSecret::derive(&keys.current, &self.id, generation);
        let rotated = (
            webhook::generation.eq(generation),
            webhook::secret_hash.eq(secret.hash()),
            webhook::former_hash.eq(&self.secret_hash),
            webhook::former_generation.eq(self.generation),
            webhook::former_until.eq(now + FORMER_SIGNS),
        );
        diesel::update(webhook::table.find(self.id.as_str())).set(rotated).execute(conn)?;
        Ok(secret)
    }

    /// The secret, while the page with this mark shows it.
    #[must_use]
    pub fn shown_secret(&self, keys: &SecretKeys, now: Timestamp, mark: &str) -> Option<SigningSecret> {
        self.secret(keys).filter(|secret| secret.is_marked(now, mark))
    }

    /// Whether one of these keys made its secret: nothing can be signed for it otherwise.
    #[must_use]
    pub fn has_secret(&self, keys: &SecretKeys) -> bool {
        self.secret(keys).is_some()
    }

    fn secret(&self, keys: &SecretKeys) -> Option<SigningSecret> {
        SigningSecret::known(keys, &self.id, self.generation, &self.secret_hash)
    }

    /// The signatures of a message: of its secret, and of the former one while that signs too. Nothing when no key of
    /// `SECRET_KEY` made its secret.
    #[must_use]
    pub fn sign(&self, keys: &SecretKeys, now: Timestamp, message: Unsigned<'_>) -> Option<String> {
        let Unsigned { id, body } = message;
        let of = |generation, hash: &str| {
            let secret = SigningSecret::known(keys, &self.id, generation, hash)?;
            Some(secret.sign(id, now.timestamp(), body))
        };
        let signature = of(self.generation, &self.secret_hash)?;
        // A version that knows no number of it may have replaced the secret: then it is the one before.
        let numbers = [self.former_generation.unwrap_or_default(), self.generation - 1];
        let former = self
            .former_signs_until(now)
            .and(self.former_hash.as_deref())
            .and_then(|hash| numbers.into_iter().find_map(|number| of(number, hash)));
        Some(former.map_or(signature.clone(), |former| format!("{signature} {former}")))
    }
}
