//! Constant-time answers: the time that an answer takes must not tell whether an address has an account.

use std::time::Duration;

use crate::values::clock::Stopwatch;

/// Answers are sent at multiples of this, counted from the start of the request.
const STEP: Duration = Duration::from_millis(100);

/// Waits until the next multiple of the step. A known and an unknown address differ by a few milliseconds of database
/// work, which the step hides. The request uses no database connection while it waits.
pub async fn pad_to_constant_time(watch: Stopwatch) {
    let step = STEP.as_micros();
    let left = step - watch.elapsed().as_micros() % step;
    tokio::time::sleep(Duration::from_micros(u64::try_from(left).unwrap_or_default())).await;
}
