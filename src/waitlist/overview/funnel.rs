//! The funnel: how many came how far from joining to signing up, and how many took each step in the last two weeks.

use chrono::{Days, NaiveDate};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};

use super::words::Words;
use crate::values::locale::Locale;
use crate::values::santiago_time;
use crate::waitlist::joining::state::State;
use crate::waitlist::joining::totals::{DayTotal, Totals};

/// Days of a week.
const WEEK: u64 = 7;
/// Counted at most of a step in a week: more are told as so many or more.
const MOST: i64 = 20_000;

/// How many took each step in the seven days until yesterday, and in the seven before, up to [`MOST`]. Today is left out: until it
/// is over, it would make the newer week the smaller one.
#[derive(Debug, QueryableByName)]
pub(super) struct Weeks {
    #[diesel(sql_type = BigInt)]
    confirmed: i64,
    #[diesel(sql_type = BigInt)]
    confirmed_before: i64,
    #[diesel(sql_type = BigInt)]
    invited: i64,
    #[diesel(sql_type = BigInt)]
    invited_before: i64,
    #[diesel(sql_type = BigInt)]
    signed_up: i64,
    #[diesel(sql_type = BigInt)]
    signed_up_before: i64,
}

/// How many joined in the same two weeks.
#[derive(Debug)]
pub(super) struct WeeklyJoins {
    this_week: i64,
    last_week: i64,
}

/// A step of the funnel.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) label: &'static str,
    /// Who took it, or a later one, and still has a place.
    pub(super) reached: i64,
    /// Who took the step before; nothing at the first.
    before: Option<i64>,
    this_week: i64,
    last_week: i64,
}

impl Weeks {
    /// Those before this day in Chile.
    ///
    /// # Errors
    /// When the statement fails.
    pub(super) fn of(conn: &mut PgConnection, today: NaiveDate) -> QueryResult<Self> {
        let [end, this, last] = [0, 1, 2].map(|weeks| santiago_time::start_of(before(today, weeks)));
        diesel::sql_query(include_str!("funnel/weeks.sql"))
            .bind::<Timestamptz, _>(this)
            .bind::<Timestamptz, _>(last)
            .bind::<BigInt, _>(MOST)
            .bind::<Timestamptz, _>(end)
            .get_result(conn)
    }

    /// The steps, with the numbers of all days and those of the joins in both weeks.
    pub(super) fn steps(&self, t: &Words, totals: &Totals, joins: &WeeklyJoins) -> [Step; 4] {
        let (everyone, confirmed) = (totals.listed(None), [State::Confirmed, State::Invited, State::SignedUp]);
        let [confirmed, invited, signed_up] =
            [&confirmed[..], &confirmed[1..], &confirmed[2..]].map(|s| totals.of(None, s));
        let step = |label, [before, reached]: [i64; 2], [this_week, last_week]: [i64; 2]| Step {
            label,
            reached,
            before: Some(before),
            this_week,
            last_week,
        };
        [
            Step {
                label: t.joined,
                reached: everyone,
                before: None,
                this_week: joins.this_week,
                last_week: joins.last_week,
            },
            step(t.funnel.confirmed, [everyone, confirmed], [self.confirmed, self.confirmed_before]),
            step(t.funnel.invited, [confirmed, invited], [self.invited, self.invited_before]),
            step(t.funnel.signed_up, [invited, signed_up], [self.signed_up, self.signed_up_before]),
        ]
    }
}

impl WeeklyJoins {
    /// By the joins of at least 15 days.
    pub(super) fn of(joined: &[DayTotal], today: NaiveDate) -> Self {
        let [this, last] = [1, 2].map(|weeks| before(today, weeks));
        let joined_from = |first, end| {
            let days = joined.iter().filter(|total| (first..end).contains(&total.day));
            days.map(|total| total.entries).sum()
        };
        Self { this_week: joined_from(this, today), last_week: joined_from(last, this) }
    }
}

impl Step {
    /// The share of those who took the step before: `64%`.
    pub(super) fn share(&self, locale: Locale) -> Option<String> {
        let before = self.before.filter(|before| *before > 0)?;
        Some(locale.percent((self.reached * 100 + before / 2) / before))
    }

    /// How many took it in the seven days until yesterday.
    pub(super) fn this_week(&self, locale: Locale) -> String {
        counted(self.this_week, locale)
    }

    /// How many took it in the seven days before.
    pub(super) fn last_week(&self, locale: Locale) -> String {
        counted(self.last_week, locale)
    }
}

/// A number that was counted up to a limit. Joins are counted in full: their number may pass it.
fn counted(number: i64, locale: Locale) -> String {
    let more = if number == MOST { "≥ " } else { "" };
    format!("{more}{}", locale.number(number))
}

fn before(today: NaiveDate, weeks: u64) -> NaiveDate {
    today - Days::new(weeks * WEEK)
}
