//! Switching an endpoint on, and sending deliveries once more or before their time.

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use super::{Act, Control, Outcome};
use crate::db::batch;
use crate::values::clock::Timestamp;
use crate::webhook::endpoint::{Endpoint, State};
use crate::webhook::past_delivery::{PastDelivery, replay};

impl Control {
    /// Switches it on; what waits for a later time is sent at once. One that was never on must have taken a probe: nothing is
    /// sent to an address by mistake.
    pub(super) fn switch_on(&self, conn: &mut PgConnection, endpoint: &Endpoint) -> QueryResult<Outcome> {
        if endpoint.state == State::Active {
            return Ok(Outcome::TooLate);
        }
        if endpoint.state == State::New && !PastDelivery::was_probed(conn, &endpoint.id)? {
            return Ok(Outcome::NotProbed);
        }
        endpoint.switch(conn, State::Active)?;
        self.send_late(conn, endpoint)
    }

    /// Sends at once what waits for a later time, a batch of it.
    pub(super) fn send_late(&self, conn: &mut PgConnection, endpoint: &Endpoint) -> QueryResult<Outcome> {
        let batch = replay::make_due(conn, self.ahead, &endpoint.id, Timestamp::UNIX_EPOCH)?;
        Ok(if batch::is_full(batch) { Outcome::MoreToSend } else { Outcome::SwitchedOn })
    }

    /// Sends deliveries once more, or before their time, and ends the rest of the endpoint.
    pub(super) fn replay(&self, conn: &mut PgConnection, now: Timestamp, endpoint: &Endpoint) -> QueryResult<Outcome> {
        let (before, batch) = match &self.act {
            Act::ReplayFailed { since, before } => {
                let failed = replay::failed(conn, self.ahead, &endpoint.id, *since)?;
                if batch::is_full(failed) {
                    return Ok(Outcome::MoreToReplay(before + failed));
                }
                (before + failed, replay::make_due(conn, self.ahead, &endpoint.id, *since)?)
            }
            Act::SendWaiting { before } => {
                (*before, replay::make_due(conn, self.ahead, &endpoint.id, Timestamp::UNIX_EPOCH)?)
            }
            Act::Replay(delivery) => {
                let is_there = replay::one(conn, self.ahead, &endpoint.id, *delivery)?;
                (0, usize::from(is_there))
            }
            _ => (0, 0),
        };
        let all = before + batch;
        if all == 0 && !self.is_held_up(conn, now, endpoint)? {
            return self.nothing_to_replay(conn, endpoint);
        }
        endpoint.end_rest(conn)?;
        Ok(match endpoint.state {
            _ if batch::is_full(batch) => Outcome::MoreToReplay(all),
            State::Active => Outcome::Replayed(all),
            State::New | State::Paused | State::Off => Outcome::ReplayedLater(all),
        })
    }

    /// Whether what was asked for is due already and waits for the end of the rest alone.
    fn is_held_up(&self, conn: &mut PgConnection, now: Timestamp, endpoint: &Endpoint) -> QueryResult<bool> {
        match &self.act {
            _ if endpoint.is_left_alone_until(now).is_none() => Ok(false),
            Act::SendWaiting { .. } => Ok(true),
            Act::ReplayFailed { since, .. } => replay::anything_refused_waits(conn, &endpoint.id, *since),
            _ => Ok(false),
        }
    }

    /// Why nothing is sent.
    fn nothing_to_replay(&self, conn: &mut PgConnection, endpoint: &Endpoint) -> QueryResult<Outcome> {
        let waits = endpoint.state != State::Active
            && match &self.act {
                Act::SendWaiting { .. } => replay::anything_waits(conn, &endpoint.id)?,
                Act::ReplayFailed { since, .. } => replay::anything_refused_waits(conn, &endpoint.id, *since)?,
                _ => false,
            };
        Ok(if waits { Outcome::WaitsUntilOn } else { Outcome::NothingToReplay })
    }
}
