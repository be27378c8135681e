//! What admins and operators do to an endpoint, with the event that the history keeps of it.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::result::QueryResult;
use serde_json::{Value, json};

use super::delivery::answer::Answer;
use super::endpoint::{Choice, Endpoint, State};
use super::past_delivery::{PastDelivery, unticked};
use super::signing_secret::SigningSecret;
use crate::audit::event::{Action, Actor};
use crate::values::clock::Timestamp;
use crate::values::id::{DeliveryId, WebhookId};
use crate::values::secret_key::SecretKeys;

mod sending;

/// Batches that are forgotten while the admin waits: a second's work at most. The rest is swept.
const FORGOTTEN_AT_ONCE: usize = 8;

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
    Rotate(Rotation),
    /// Has it told this from now on.
    Choose {
        /// What it is told then.
        choice: Choice,
        /// What it was told when the admin looked, where that is known: an address that was unticked since must not be ticked again
        /// unseen.
        seen: Option<Choice>,
    },
    /// Forgets what waits that is not ticked now, a batch of it.
    ForgetUnticked {
        /// What would be sent then or later.
        from: Timestamp,
        /// How many batches come after it.
        more: usize,
    },
    /// Sends at once what waits for a later time, another batch of it, after it was switched on.
    SendLate,
    /// Sends a delivery once more.
    Replay(DeliveryId),
    /// Sends at once what waits for a later time, a batch of it.
    SendWaiting {
        /// How many were made due by the batches before.
        before: usize,
    },
    /// Sends once more what failed of what happened since then, or waits after a try that failed, a batch of it.
    ReplayFailed {
        /// Since when.
        since: Timestamp,
        /// How many were sent once more by the batches before.
        before: usize,
    },
    /// Deletes it.
    Delete,
}

/// Replacing a secret.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The keys of which secrets are made.
    pub keys: SecretKeys,
    /// The secret that the admin saw in use, by its number: another one is not replaced.
    pub of: i32,
    /// Whether the admin knows that the one before still signs, and stops at once.
    pub is_sure: bool,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The probe was sent, and this came of it.
    Probed(Answer),
    /// It is on.
    SwitchedOn,
    /// The same, and more waits for a later time: [`Control::rest`] sends it.
    MoreToSend,
    /// It is paused.
    Paused,
    /// It has this secret.
    Rotated(SigningSecret),
    /// Its secret was replaced since the admin saw it.
    Outdated,
    /// The one before its secret still signs, which the admin did not see.
    SignsToo,
    /// It is told what was chosen.
    Chosen,
    /// Another choice was saved since the admin looked.
    ChosenMeanwhile,
    /// The same, and more may wait that was not chosen, from then on: [`Control::rest`] forgets it.
    MoreToForget(Timestamp),
    /// So many deliveries are sent once more.
    Replayed(usize),
    /// The same once it is on: until then nothing is sent to it.
    ReplayedLater(usize),
    /// So many until now, and there may be more: [`Control::rest`] does it.
    MoreToReplay(usize),
    /// It is deleted.
    Deleted,
    /// It was never on, and took no probe.
    NotProbed,
    /// Nothing is left to send once more.
    NothingToReplay,
    /// It is not on: what waits is sent when it is switched on.
    WaitsUntilOn,
    /// It is in that state already.
    TooLate,
    /// There is no such endpoint.
    NotFound,
}

impl Outcome {
    /// Whether anything was done.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        use Outcome::{
            ChosenMeanwhile, NotFound, NotProbed, NothingToReplay, Outdated, SignsToo, TooLate, WaitsUntilOn,
        };
        let is_refused = matches!(self, ChosenMeanwhile | NotProbed | Outdated | SignsToo | TooLate | NotFound);
        !is_refused && !matches!(self, NothingToReplay | WaitsUntilOn)
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
            Act::KeepProbe(answer) => keep_probe(conn, now, &endpoint, answer)?,
            Act::SwitchOn => self.switch_on(conn, &endpoint)?,
            Act::Pause if endpoint.state != State::Active => Outcome::TooLate,
            Act::Pause => endpoint.switch(conn, State::Paused).map(|()| Outcome::Paused)?,
            Act::Rotate(rotation) => rotate(conn, now, &endpoint, rotation)?,
            Act::Choose { seen: Some(seen), choice } if ![seen, choice].contains(&&endpoint.choice()) => {
                Outcome::ChosenMeanwhile
            }
            Act::Choose { choice, .. } => choose(conn, &endpoint, choice)?,
            Act::ForgetUnticked { from, .. } => forget_unticked(conn, &endpoint, *from)?,
            Act::SendLate => self.send_late(conn, &endpoint)?,
            Act::Replay(_) | Act::SendWaiting { .. } | Act::ReplayFailed { .. } => self.replay(conn, now, &endpoint)?,
            Act::Delete => endpoint.delete(conn).map(|()| Outcome::Deleted)?,
        };
        if let Some((action, details)) = self.event(&endpoint, &outcome) {
            action.to_many(&self.actor).with(details).record(conn, now)?;
        }
        Ok(outcome)
    }

    /// What is left to do after this came of it, in a transaction of its own.
    #[must_use]
    pub fn rest(&self, outcome: &Outcome) -> Option<Self> {
        let act = match (&self.act, outcome) {
            (Act::ReplayFailed { since, .. }, Outcome::MoreToReplay(before)) => {
                Act::ReplayFailed { since: *since, before: *before }
            }
            (Act::SendWaiting { .. }, Outcome::MoreToReplay(before)) => Act::SendWaiting { before: *before },
            (Act::ForgetUnticked { more: 0, .. }, _) => return None,
            (Act::ForgetUnticked { more, .. }, Outcome::MoreToForget(from)) => {
                Act::ForgetUnticked { from: *from, more: more - 1 }
            }
            (_, Outcome::MoreToForget(from)) => Act::ForgetUnticked { from: *from, more: FORGOTTEN_AT_ONCE - 1 },
            (_, Outcome::MoreToSend) => Act::SendLate,
            _ => return None,
        };
        Some(Self { act, ..self.clone() })
    }

    /// What the history keeps of it. Of the address only the host: the rest may hold a key.
    fn event(&self, endpoint: &Endpoint, outcome: &Outcome) -> Option<(Action, Value)> {
        let about = json!({ "webhook": endpoint.id, "host": endpoint.host() });
        Some(match (outcome, &self.act) {
            (Outcome::Probed(_), _) => (Action::WebhookProbed, about),
            // The batches after the first change nothing more.
            (_, Act::ForgetUnticked { .. } | Act::SendLate) => return None,
            (Outcome::SwitchedOn | Outcome::MoreToSend, _) => (Action::WebhookSwitchedOn, about),
            (Outcome::Paused, _) => (Action::WebhookPaused, about),
            (Outcome::Rotated(_), _) => (Action::WebhookSecretReplaced, about),
            (Outcome::Chosen, Act::Choose { choice, .. }) if endpoint.choice() == *choice => return None,
            (Outcome::Chosen | Outcome::MoreToForget(_), Act::Choose { choice, .. }) => {
                let change = json!({
                    "webhook": endpoint.id, "before": told(&endpoint.choice()), "after": told(choice)
                });
                (Action::WebhookChanged, change)
            }
            (Outcome::Replayed(all) | Outcome::ReplayedLater(all) | Outcome::MoreToReplay(all), act) => {
                // Each batch has its own event.
                let before = match act {
                    Act::ReplayFailed { before, .. } | Act::SendWaiting { before } => *before,
                    _ => 0,
                };
                let count = all - before;
                (Action::WebhookReplayed, json!({ "webhook": endpoint.id, "deliveries": count }))
            }
            (Outcome::Deleted, _) => (Action::WebhookDeleted, json!({ "host": endpoint.host() })),
            _ => return None,
        })
    }
}

/// Keeps what came of a probe. One that was taken says that the endpoint works.
fn keep_probe(conn: &mut PgConnection, now: Timestamp, endpoint: &Endpoint, answer: &Answer) -> QueryResult<Outcome> {
    PastDelivery::keep_probe(conn, now, &endpoint.id, answer)?;
    if answer.is_success() {
        endpoint.works(conn)?;
    }
    Ok(Outcome::Probed(answer.clone()))
}

/// Has it told what was chosen. What is unticked is forgotten by the transactions after this one, which look at what is ticked
/// then: another admin may choose meanwhile.
fn choose(conn: &mut PgConnection, endpoint: &Endpoint, choice: &Choice) -> QueryResult<Outcome> {
    let is_unticked = endpoint.choice().events.iter().any(|event| !choice.events.contains(event));
    endpoint.choose(conn, choice)?;
    Ok(if is_unticked { Outcome::MoreToForget(Timestamp::UNIX_EPOCH) } else { Outcome::Chosen })
}

fn forget_unticked(conn: &mut PgConnection, endpoint: &Endpoint, from: Timestamp) -> QueryResult<Outcome> {
    let last = unticked::forget(conn, endpoint, from)?;
    Ok(last.map_or(Outcome::Chosen, Outcome::MoreToForget))
}

/// Replaces the secret that the admin saw. The one before it signs for 24 hours, so that one is not ended unawares.
fn rotate(conn: &mut PgConnection, now: Timestamp, endpoint: &Endpoint, rotation: &Rotation) -> QueryResult<Outcome> {
    if rotation.of != endpoint.generation {
        return Ok(Outcome::Outdated);
    }
    if !rotation.is_sure && endpoint.former_signs_until(now).is_some() {
        return Ok(Outcome::SignsToo);
    }
    Ok(Outcome::Rotated(endpoint.rotate(conn, now, &rotation.keys)?))
}

/// What the history says of a choice.
#[must_use]
pub fn told(choice: &Choice) -> Value {
    let events: Vec<_> = choice.events.iter().map(|event| event.as_str()).collect();
    json!({ "events": events, "with_address": choice.with_address })
}
