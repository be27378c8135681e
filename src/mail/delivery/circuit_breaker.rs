//! The circuit breaker: it leaves a relay alone that is down, and bounds how many letters are in flight.

use std::time::Duration;

use tokio::task::JoinError;

use super::send_result::SendResult;
use crate::mail::reply::Reply;
use crate::values::clock::Stopwatch;

/// Letters in flight at once. No more are claimed than are sent right away, so that no lease runs out while its letter
/// waits, and a relay that stalls one letter does not stall the others.
pub(super) const AT_ONCE: usize = 4;
/// The first pause after the relay went down.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Open while the relay is down. It then pauses, longer each time, and tries the relay with one letter.
#[derive(Debug, Default)]
pub(super) struct CircuitBreaker(Option<Pause>);

#[derive(Debug)]
struct Pause {
    lasts: Duration,
    since: Stopwatch,
    /// Whether one letter is trying the relay.
    is_half_open: bool,
}

impl CircuitBreaker {
    /// How many more letters may be claimed while so many are in flight.
    pub(super) fn capacity(&mut self, in_flight: usize) -> usize {
        match &mut self.0 {
            None => AT_ONCE.saturating_sub(in_flight),
            Some(pause) if in_flight == 0 && pause.since.elapsed() >= pause.lasts => {
                pause.is_half_open = true;
                1
            }
            Some(_) => 0,
        }
    }

    /// Records the result of a letter.
    pub(super) fn record(&mut self, ended: Result<SendResult, JoinError>) {
        match ended {
            Ok(SendResult::RelayDown(reason)) => self.open(&reason),
            Ok(_) => self.close(),
            Err(error) => tracing::error!(%error, "sending a letter failed; it is tried again when its lease ends"),
        }
    }

    /// Opens when it was closed. When the one letter that tried the relay failed, the pause is doubled. Letters that were in
    /// flight when the relay went down change nothing.
    fn open(&mut self, reason: &Reply) {
        match &mut self.0 {
            None => {
                tracing::warn!(%reason, "the mail relay is down; letters wait");
                self.0 = Some(Pause { lasts: FIRST_PAUSE, since: Stopwatch::start(), is_half_open: false });
            }
            Some(pause) if pause.is_half_open => {
                *pause =
                    Pause { lasts: LONGEST_PAUSE.min(pause.lasts * 2), since: Stopwatch::start(), is_half_open: false };
            }
            Some(_) => {}
        }
    }

    fn close(&mut self) {
        if self.0.take().is_some() {
            tracing::info!("the mail relay is back");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn down() -> Result<SendResult, JoinError> {
        Ok(SendResult::RelayDown(Reply::new("421 closing")))
    }

    fn pause(breaker: &mut CircuitBreaker) -> &mut Pause {
        breaker.0.as_mut().unwrap()
    }

    #[test]
    fn a_relay_that_is_down_is_left_alone_and_then_tried_with_one_letter() {
        let mut breaker = CircuitBreaker::default();
        assert_eq!(breaker.capacity(1), AT_ONCE - 1);
        breaker.record(down());
        breaker.record(down());
        assert_eq!(pause(&mut breaker).lasts, FIRST_PAUSE, "those under way count once");
        assert_eq!(breaker.capacity(0), 0);
        pause(&mut breaker).lasts = Duration::ZERO;
        assert_eq!(breaker.capacity(2), 0);
        assert_eq!(breaker.capacity(0), 1);
    }

    #[test]
    fn pauses_grow_up_to_a_minute_and_end_with_the_first_answer() {
        let mut breaker = CircuitBreaker::default();
        breaker.record(down());
        for seconds in [10, 20, 40, 60, 60] {
            pause(&mut breaker).is_half_open = true;
            breaker.record(down());
            assert_eq!(pause(&mut breaker).lasts, Duration::from_secs(seconds));
        }
        breaker.record(Ok(SendResult::Deferred(Reply::new("451 later"))));
        assert_eq!(breaker.capacity(0), AT_ONCE);
    }
}
