//! Answers that take the same time whatever they found.

use std::time::Duration;

use crate::values::clock::Stopwatch;

/// Answers leave at multiples of this, counted from the start of the request.
const STEP: Duration = Duration::from_millis(100);

/// Waits for the next step. What differs between a known and an unknown address is a few milliseconds of database
/// work, which disappears within it; no place is held while waiting.
pub async fn pad_to_constant_time(watch: Stopwatch) {
    let step = STEP.as_micros();
    let left = step - watch.elapsed().as_micros() % step;
    tokio::time::sleep(Duration::from_micros(u64::try_from(left).unwrap_or_default())).await;
}
