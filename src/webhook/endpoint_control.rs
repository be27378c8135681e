//! What admins and operators do to an endpoint, with the event that the history keeps of it.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::result::QueryResult;
use serde_json::{Value, json};

use super::delivery::answer::Answer;
use super::endpoint::{Choice, Endpoint, State};
use super::past_delivery::{self, PastDelivery};
use super::signing_secret::SigningSecret;
use crate::audit::event::{Action, Actor};
use crate::db::batch;
use crate::values::clock::Timestamp;
use crate::values::id::{DeliveryId, WebhookId};
use crate::values::secret_key::SecretKeys;

/// What is done.
#[derive(Clone, Debug)]
pub enum Act {
    /// Keeps what came of a probe.
    KeepProbe(Answer),
    /// Switches it on.
    SwitchOn,
    /// Pauses it.
    Pause,
    /// Replaces its secret.
    Rotate(SecretKeys),
    /// Has it told this from now on.
    Choose(Choice),
    /// Sends a delivery once more.
    Replay(DeliveryId),
    /// Sends once more what failed of what happened since then, a batch of it.
    ReplayFailed {
        /// Since when.
        since: Timestamp,
        /// How many were sent once more by the batches before.
        before: usize,
    },
    /// Deletes it.
    Delete,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The probe was sent.
    Probed {
        /// Whether the endpoint took it.
        was_taken: bool,
    },
    /// It is on.
    SwitchedOn,
    /// It is paused.
    Paused,
    /// It has this secret.
    Rotated(SigningSecret),
    /// It is told what was chosen.
    Chosen,
    /// So many deliveries are sent once more.
    Replayed(usize),
    /// So many until now, and there may be more: [`Control::rest`] does it.
    MoreToReplay(usize),
    /// It is deleted.
    Deleted,
    /// It was never on, and took no probe.
    NotProbed,
    /// Nothing is left to send once more.
    NothingToReplay,
    /// It is in that state already.
    TooLate,
    /// There is no such endpoint.
    NotFound,
}

impl Outcome {
    /// Whether anything was done.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        !matches!(self, Self::NotProbed | Self::NothingToReplay | Self::TooLate | Self::NotFound)
    }
}

/// An act on an endpoint, and who does it.
#[derive(Clone, Debug)]
pub struct Control {
    /// The endpoint.
    pub endpoint: WebhookId,
    /// Who acts.
    pub actor: Actor,
    /// How far a test has moved its clock.
    pub ahead: TimeDelta,
    /// What is done.
    pub act: Act,
}

impl Control {
    /// Does it, in the caller's transaction.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn apply(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Outcome> {
        let Some(endpoint) = Endpoint::lock(conn, &self.endpoint)? else { return Ok(Outcome::NotFound) };
        let outcome = match &self.act {
            Act::KeepProbe(answer) => {
                PastDelivery::keep_probe(conn, now, &endpoint.id, answer)?;
                Outcome::Probed { was_taken: answer.is_success() }
            }
            Act::SwitchOn => switch_on(conn, &endpoint)?,
            Act::Pause if endpoint.state != State::Active => Outcome::TooLate,
            Act::Pause => {
                endpoint.switch(conn, State::Paused)?;
                Outcome::Paused
            }
            Act::Rotate(keys) => Outcome::Rotated(endpoint.rotate(conn, now, keys)?),
            Act::Choose(choice) => {
                endpoint.choose(conn, choice)?;
                Outcome::Chosen
            }
            Act::Replay(delivery) => {
                let is_there = past_delivery::replay(conn, self.ahead, &endpoint.id, *delivery)?;
                if is_there { Outcome::Replayed(1) } else { Outcome::NothingToReplay }
            }
            Act::ReplayFailed { since, before } => {
                let batch = past_delivery::replay_failed(conn, self.ahead, &endpoint.id, *since)?;
                match before + batch {
                    all if batch::is_full(batch) => Outcome::MoreToReplay(all),
                    0 => Outcome::NothingToReplay,
                    all => Outcome::Replayed(all),
                }
            }
            Act::Delete => {
                endpoint.delete(conn)?;
                Outcome::Deleted
            }
        };
        if let Some((action, details)) = self.event(&endpoint, &outcome) {
            action.to_many(&self.actor).with(details).record(conn, now)?;
        }
        Ok(outcome)
    }

    /// What is left to do after this came of it, in a transaction of its own.
    #[must_use]
    pub fn rest(&self, outcome: &Outcome) -> Option<Self> {
        let (Act::ReplayFailed { since, .. }, Outcome::MoreToReplay(before)) = (&self.act, outcome) else {
            return None;
        };
        Some(Self { act: Act::ReplayFailed { since: *since, before: *before }, ..self.clone() })
    }

    /// What the history keeps of it. Of the address only the host: the rest may hold a key.
    fn event(&self, endpoint: &Endpoint, outcome: &Outcome) -> Option<(Action, Value)> {
        let about = json!({ "webhook": endpoint.id, "host": endpoint.host() });
        Some(match (outcome, &self.act) {
            (Outcome::Probed { .. }, _) => (Action::WebhookProbed, about),
            (Outcome::SwitchedOn, _) => (Action::WebhookSwitchedOn, about),
            (Outcome::Paused, _) => (Action::WebhookPaused, about),
            (Outcome::Rotated(_), _) => (Action::WebhookSecretReplaced, about),
            (Outcome::Chosen, Act::Choose(choice)) => {
                let change = json!({
                    "webhook": endpoint.id, "before": told(&endpoint.choice()), "after": told(choice)
                });
                (Action::WebhookChanged, change)
            }
            (Outcome::Replayed(all) | Outcome::MoreToReplay(all), act) => {
                // Each batch has its own event.
                let count = if let Act::ReplayFailed { before, .. } = act { all - before } else { *all };
                (Action::WebhookReplayed, json!({ "webhook": endpoint.id, "deliveries": count }))
            }
            (Outcome::Deleted, _) => (Action::WebhookDeleted, json!({ "host": endpoint.host() })),
            _ => return None,
        })
    }
}

/// One that was never on must have taken a probe: nothing is sent to an address by mistake.
fn switch_on(conn: &mut PgConnection, endpoint: &Endpoint) -> QueryResult<Outcome> {
    if endpoint.state == State::Active {
        return Ok(Outcome::TooLate);
    }
    if endpoint.state == State::New && !PastDelivery::was_probed(conn, &endpoint.id)? {
        return Ok(Outcome::NotProbed);
    }
    endpoint.switch(conn, State::Active)?;
    Ok(Outcome::SwitchedOn)
}

/// What the history says of a choice.
#[must_use]
pub fn told(choice: &Choice) -> Value {
    let events: Vec<_> = choice.events.iter().map(|event| event.as_str()).collect();
    json!({ "events": events, "with_address": choice.with_address })
}
