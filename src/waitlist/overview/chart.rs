//! The chart of who joined on each day: its bars and axis, and the numbers themselves. Its picture is as wide as the page lets it
//! be, so that what lies across is in hundredths of its width (the letters keep their size), and what lies upwards is in pixels.

use std::iter;

use chrono::{Days, NaiveDate};

use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::totals::DayTotal;

/// The height of the picture, in pixels.
pub const HEIGHT: f64 = 260.0;
/// The lower end of the bars, in pixels from the top.
pub const BOTTOM: f64 = 228.0;
/// The upper end of the highest bar, in pixels from the top.
const TOP: f64 = 12.0;
/// The part of a day's width that its bar takes.
const BAR: f64 = 0.72;
/// How many days lie between two labels, by the length of the chart: its longest length, and the days between.
const LABELLED: [(usize, usize); 2] = [(30, 5), (90, 15)];

/// A day, and how many joined on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day, in Chile.
    pub date: NaiveDate,
    /// Employees who joined.
    pub employees: i64,
    /// Organizations that joined.
    pub organizations: i64,
}

/// A part of a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Its left edge, in hundredths of the picture's width.
    pub x: f64,
    /// Its upper edge, in pixels.
    pub y: f64,
    /// Its width, in hundredths of the picture's.
    pub width: f64,
    /// Its height, in pixels.
    pub height: f64,
    /// How many it stands for.
    pub entries: i64,
    /// On which day.
    pub day: NaiveDate,
    /// Of which role.
    pub role: Role,
}

/// A number at the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// Its place, in pixels from the top.
    pub y: f64,
    /// The number.
    pub entries: i64,
}

/// The whole chart.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Every day, the oldest first; also those on which nobody joined.
    pub days: Vec<Day>,
}

impl Chart {
    /// The chart of so many days, from `first` on.
    #[must_use]
    pub fn of(first: NaiveDate, days: u64, totals: &[DayTotal]) -> Self {
        let on = |day: NaiveDate, role: Role| {
            // The old application spelled roles in several ways: each has a total of its own.
            let totals = totals.iter().filter(|total| total.day == day && total.role == role);
            totals.map(|total| total.entries).sum::<i64>().max(0)
        };
        let days = (0..days).filter_map(|number| first.checked_add_days(Days::new(number)));
        let day = |date| Day { date, employees: on(date, Role::Employee), organizations: on(date, Role::Organization) };
        Self { days: days.map(day).collect() }
    }

    /// How many joined on all of its days.
    #[must_use]
    pub fn sum(&self, role: Role) -> i64 {
        self.days.iter().map(|day| day.of(role)).sum()
    }

    /// The bars: organizations are stacked on employees, and zero has no bar.
    #[must_use]
    pub fn bars(&self) -> Vec<Bar> {
        let (width, top) = (self.day_width(), self.axis_top());
        let bars = self.days.iter().enumerate().flat_map(|(number, day)| {
            let x = width * (position(number) + (1.0 - BAR) / 2.0);
            let bar = move |role, below| {
                let (entries, height) = (day.of(role), height(day.of(role), top));
                let y = BOTTOM - height - below;
                Bar { x, y, width: width * BAR, height, entries, day: day.date, role }
            };
            [bar(Role::Employee, 0.0), bar(Role::Organization, height(day.employees, top))]
        });
        bars.filter(|bar| bar.entries > 0).collect()
    }

    /// The numbers at the axis, from zero to above the highest bar.
    #[must_use]
    pub fn ticks(&self) -> Vec<Tick> {
        let (interval, top) = (self.tick_interval(), self.axis_top());
        let numbers =
            iter::successors(Some(0), move |number| Some(number + interval)).take_while(|number| *number <= top);
        numbers.map(|entries| Tick { y: BOTTOM - height(entries, top), entries }).collect()
    }

    /// The days that have a label below, with the middle of their bars in hundredths of the picture's width.
    #[must_use]
    pub fn labelled_days(&self) -> Vec<(f64, NaiveDate)> {
        let every = LABELLED.iter().find(|(days, _)| self.days.len() <= *days).map_or(15, |(_, every)| *every);
        // Counted from today backwards: today always has a label.
        let last = self.days.len().saturating_sub(1);
        let labelled = self.days.iter().enumerate().filter(|(number, _)| (last - number).is_multiple_of(every));
        labelled.map(|(number, day)| (self.day_width() * (position(number) + 0.5), day.date)).collect()
    }

    fn day_width(&self) -> f64 {
        100.0 / position(self.days.len().max(1))
    }

    /// From one number of the axis to the next: 1, 2 or 5 with zeros, so that there are at most six numbers.
    fn tick_interval(&self) -> i64 {
        let most = self.most_on_a_day();
        let intervals = (0..18).flat_map(|zeros| [1, 2, 5].map(|digit| digit * 10_i64.pow(zeros)));
        intervals.into_iter().find(|interval| interval * 5 >= most).unwrap_or(i64::MAX)
    }

    /// The number at the upper end of the axis.
    fn axis_top(&self) -> i64 {
        let (most, interval) = (self.most_on_a_day().max(1), self.tick_interval());
        most.div_euclid(interval) * interval + if most % interval == 0 { 0 } else { interval }
    }

    fn most_on_a_day(&self) -> i64 {
        self.days.iter().map(|day| day.employees + day.organizations).max().unwrap_or_default()
    }
}

impl Day {
    /// How many of a role joined.
    #[must_use]
    pub const fn of(&self, role: Role) -> i64 {
        match role {
            Role::Employee => self.employees,
            Role::Organization => self.organizations,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a picture has fewer points than a float has digits")]
fn height(entries: i64, top: i64) -> f64 {
    (BOTTOM - TOP) * entries as f64 / top.max(1) as f64
}

#[expect(clippy::cast_precision_loss, reason = "there are 90 days at most")]
fn position(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(counts: &[(i64, i64)]) -> Chart {
        let first: NaiveDate = "2026-09-01".parse().unwrap();
        let totals = counts.iter().zip(0..).flat_map(|((employees, organizations), number)| {
            let total = |role, entries| DayTotal { day: first + Days::new(number), role, entries };
            [total(Role::Employee, *employees), total(Role::Organization, *organizations)]
        });
        Chart::of(first, counts.len() as u64, &totals.collect::<Vec<_>>())
    }

    #[test]
    fn bars_are_as_high_as_their_numbers_and_stand_on_each_other() {
        let chart = chart(&[(3, 1), (0, 0), (0, 2)]);
        let bars = chart.bars();
        assert_eq!(bars.iter().map(|bar| bar.entries).collect::<Vec<_>>(), [3, 1, 2]);
        let unit = (BOTTOM - TOP) / 4.0;
        for bar in &bars {
            assert!((bar.height - unit * f64::from(i32::try_from(bar.entries).unwrap())).abs() < 1e-9, "{bar:?}");
        }
        assert!((bars[0].y - (bars[1].y + bars[1].height)).abs() < 1e-9);
        assert!((bars[2].y + bars[2].height - BOTTOM).abs() < 1e-9);
    }

    #[test]
    fn all_spellings_of_a_role_count() {
        let day: NaiveDate = "2026-09-01".parse().unwrap();
        let totals = [2, 5, -1].map(|entries| DayTotal { day, role: Role::Employee, entries });
        assert_eq!(Chart::of(day, 1, &totals).sum(Role::Employee), 6);
    }

    #[test]
    fn the_axis_ends_above_the_highest_bar_in_round_numbers() {
        let ticks = |most| chart(&[(most, 0)]).ticks().iter().map(|tick| tick.entries).collect::<Vec<_>>();
        assert_eq!(ticks(0), [0, 1]);
        assert_eq!(ticks(4), [0, 1, 2, 3, 4]);
        assert_eq!(ticks(7), [0, 2, 4, 6, 8]);
        assert_eq!(ticks(1_000_000), [0, 200_000, 400_000, 600_000, 800_000, 1_000_000]);
        assert_eq!(ticks(1_000_001), [0, 500_000, 1_000_000, 1_500_000]);
    }

    #[test]
    fn today_is_named_and_a_day_is_never_left_out() {
        let chart = chart(&[(1, 0); 30]);
        assert_eq!(chart.days.len(), 30);
        let named: Vec<_> = chart.labelled_days().into_iter().map(|(_, day)| day.to_string()).collect();
        assert_eq!(named.last().map(String::as_str), Some("2026-09-30"));
        assert_eq!(named.len(), 6);
        assert_eq!((chart.sum(Role::Employee), chart.sum(Role::Organization)), (30, 0));
    }
}
