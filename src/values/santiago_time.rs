//! Days in Chile, where the people of Biovity are: totals, charts and filters count them.

use chrono::{MappedLocalTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::America::Santiago;

use super::clock::Timestamp;

/// The day in Chile at this moment.
#[must_use]
pub fn day_of(at: Timestamp) -> NaiveDate {
    at.with_timezone(&Santiago).date_naive()
}

/// Whether the clock in Chile shows one o'clock and some minutes: the hour that Spanish names in the singular.
#[must_use]
pub fn is_within_one_oclock(at: Timestamp) -> bool {
    at.with_timezone(&Santiago).hour() == 1
}

/// The first moment of a day in Chile. Summer time begins at midnight, so that one day a year begins at one o'clock.
#[must_use]
pub fn start_of(day: NaiveDate) -> Timestamp {
    let midnight = day.and_time(NaiveTime::MIN);
    let mut hours = (0..3).map(|hour| Santiago.from_local_datetime(&(midnight + TimeDelta::hours(hour))));
    let first = hours.find_map(MappedLocalTime::earliest);
    first.map_or_else(|| midnight.and_utc(), |moment| moment.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_its_midnight_or_where_summer_time_leaves_it_out() {
        for (of, first) in [
            ("2026-11-23", "2026-11-23T03:00:00Z"),
            ("2026-07-01", "2026-07-01T04:00:00Z"),
            // The clocks go from 23:59 to 1:00.
            ("2026-09-06", "2026-09-06T04:00:00Z"),
            ("2026-09-07", "2026-09-07T03:00:00Z"),
            // From 23:59 back to 23:00.
            ("2026-04-04", "2026-04-04T03:00:00Z"),
            ("2026-04-05", "2026-04-05T04:00:00Z"),
        ] {
            let first: Timestamp = first.parse().unwrap();
            assert_eq!((start_of(day(of)), day_of(first)), (first, day(of)));
            assert_eq!(day_of(first - TimeDelta::seconds(1)), day(of).pred_opt().unwrap());
        }
    }
}
