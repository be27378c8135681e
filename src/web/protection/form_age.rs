//! The signed time at which a form was shown. A form that comes back within seconds, or after a day, is probably sent by
//! a bot.

use chrono::{DateTime, TimeDelta};

use super::abuse_counters::Reason;
use crate::values::clock::Timestamp;
use crate::values::secret_key::{SecretKey, SecretKeys};

/// Nobody reads a form and types an address in less than this.
const FASTEST: TimeDelta = TimeDelta::seconds(2);
/// A form that was open for longer was probably stored and sent by a program.
const LONGEST: TimeDelta = TimeDelta::hours(24);
const PURPOSE: &str = "form rendered";

/// The value of the hidden field in a form that is shown now.
#[must_use]
pub fn signed_time(keys: &SecretKeys, now: Timestamp) -> String {
    let seconds = now.timestamp().to_string();
    format!("{seconds}.{}", signature(&keys.current, &seconds))
}

/// What in the field that came back suggests a bot, if anything.
#[must_use]
pub fn signal(keys: &SecretKeys, now: Timestamp, field: &str) -> Option<Reason> {
    let Some(shown_at) = read(keys, field) else { return Some(Reason::Unsigned) };
    match now - shown_at {
        age if age < FASTEST => Some(Reason::Fast),
        age if age > LONGEST => Some(Reason::Stale),
        _ => None,
    }
}

/// The comparison need not take constant time: a forged field has no other effect than to mark what was sent.
fn read(keys: &SecretKeys, field: &str) -> Option<Timestamp> {
    let (seconds, signed) = field.split_once('.')?;
    keys.iter().any(|key| signature(key, seconds) == signed).then_some(())?;
    DateTime::from_timestamp(seconds.parse().ok()?, 0)
}

fn signature(key: &SecretKey, seconds: &str) -> String {
    hex::encode(key.hmac(PURPOSE, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_known_by_its_age_and_its_key() {
        let keys = SecretKeys { current: SecretKey::generate().unwrap(), former: vec![] };
        let rotated = SecretKeys { current: SecretKey::generate().unwrap(), former: vec![keys.current.clone()] };
        let foreign = SecretKeys { current: SecretKey::generate().unwrap(), former: vec![] };
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let field = signed_time(&keys, now);
        let after = |seconds| signal(&rotated, now + TimeDelta::seconds(seconds), &field);
        assert_eq!(
            [after(0), after(2), after(86_400), after(86_401)],
            [Some(Reason::Fast), None, None, Some(Reason::Stale)]
        );
        for (keys, field) in [(&foreign, field.as_str()), (&keys, ""), (&keys, "1."), (&keys, "x"), (&keys, ".")] {
            assert_eq!(signal(keys, now + TimeDelta::minutes(1), field), Some(Reason::Unsigned), "{field}");
        }
    }
}
