//! When a delivery that failed is sent again.

use chrono::TimeDelta;

/// The pause after each attempt, in seconds: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. Then it has failed for good.
const PAUSES: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// The pause after so many attempts, up to a tenth longer, so that what failed together comes back apart; nothing when the
/// delivery has failed for good.
pub(super) fn pause(attempts: i32) -> Option<TimeDelta> {
    let seconds = usize::try_from(attempts).ok()?.checked_sub(1).and_then(|done| PAUSES.get(done))?;
    let jitter = getrandom::u32().map_or(0, |random| i64::from(random) % (seconds * 100 + 1));
    Some(TimeDelta::seconds(*seconds) + TimeDelta::milliseconds(jitter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_are_made_over_three_days() {
        let pauses: Vec<_> = (1..).map_while(pause).collect();
        assert_eq!(pauses.len(), 9);
        for (pause, least) in pauses.iter().zip(PAUSES) {
            let least = TimeDelta::seconds(least);
            assert!(*pause >= least && *pause <= least + least / 10, "{pause}");
        }
        let all = pauses.into_iter().sum::<TimeDelta>().num_hours();
        assert!((75..84).contains(&all), "{all} hours");
    }
}
