//! The chart of who joined on each day: its bars and axis in the units of its picture, and the same numbers as a table.

use std::iter;

use chrono::{Days, NaiveDate};

use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::totals::DayTotal;

/// The picture's size, and the field of the bars in it.
pub const WIDTH: f64 = 960.0;
/// See [`WIDTH`].
pub const HEIGHT: f64 = 260.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 952.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 228.0;
/// Of a day's width, what its bar takes.
const BAR: f64 = 0.72;
/// Days between two that are named, for so many days.
const NAMED: [(usize, usize); 2] = [(30, 5), (90, 15)];

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
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// From edge to edge.
    pub width: f64,
    /// From its upper edge down.
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
    /// How high.
    pub y: f64,
    /// How many.
    pub entries: i64,
}

/// The whole chart.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Every day of it, the oldest first, those too on which nobody joined.
    pub days: Vec<Day>,
}

impl Chart {
    /// The days from `first` on, as many as these.
    #[must_use]
    pub fn of(first: NaiveDate, days: u64, totals: &[DayTotal]) -> Self {
        let on = |day: NaiveDate, role: Role| {
            totals.iter().find(|total| total.day == day && total.role == role).map_or(0, |total| total.entries.max(0))
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

    /// Organizations stand on employees; what is zero has no bar.
    #[must_use]
    pub fn bars(&self) -> Vec<Bar> {
        let (step, top) = (self.step(), self.top());
        let bars = self.days.iter().enumerate().flat_map(|(number, day)| {
            let x = LEFT + step * (position(number) + (1.0 - BAR) / 2.0);
            let bar = move |role, below| {
                let (entries, height) = (day.of(role), height(day.of(role), top));
                let y = BOTTOM - height - below;
                Bar { x, y, width: step * BAR, height, entries, day: day.date, role }
            };
            [bar(Role::Employee, 0.0), bar(Role::Organization, height(day.employees, top))]
        });
        bars.filter(|bar| bar.entries > 0).collect()
    }

    /// The numbers at the axis, from zero to above the highest bar.
    #[must_use]
    pub fn ticks(&self) -> Vec<Tick> {
        let (pace, top) = (self.pace(), self.top());
        let numbers = iter::successors(Some(0), move |number| Some(number + pace)).take_while(|number| *number <= top);
        numbers.map(|entries| Tick { y: BOTTOM - height(entries, top), entries }).collect()
    }

    /// The days that are named below, with the middle of their bars.
    #[must_use]
    pub fn named(&self) -> Vec<(f64, NaiveDate)> {
        let every = NAMED.iter().find(|(days, _)| self.days.len() <= *days).map_or(15, |(_, every)| *every);
        // Counted from today backwards: today is always named.
        let last = self.days.len().saturating_sub(1);
        let named = self.days.iter().enumerate().filter(|(number, _)| (last - number).is_multiple_of(every));
        named.map(|(number, day)| (LEFT + self.step() * (position(number) + 0.5), day.date)).collect()
    }

    /// The edges of the field.
    #[must_use]
    #[expect(clippy::unused_self, reason = "templates ask what they have")]
    pub const fn field(&self) -> (f64, f64, f64) {
        (LEFT, RIGHT, BOTTOM)
    }

    fn step(&self) -> f64 {
        (RIGHT - LEFT) / position(self.days.len().max(1))
    }

    /// What the axis counts by: 1, 2 or 5 with zeros, so that there are at most six numbers.
    fn pace(&self) -> i64 {
        let most = self.days.iter().map(|day| day.employees + day.organizations).max().unwrap_or_default();
        let paces = (0..18).flat_map(|zeros| [1, 2, 5].map(|digit| digit * 10_i64.pow(zeros)));
        paces.into_iter().find(|pace| pace * 5 >= most).unwrap_or(i64::MAX)
    }

    fn top(&self) -> i64 {
        let most = self.days.iter().map(|day| day.employees + day.organizations).max().unwrap_or_default();
        let pace = self.pace();
        most.max(1).div_euclid(pace) * pace + if most.max(1) % pace == 0 { 0 } else { pace }
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
        let named: Vec<_> = chart.named().into_iter().map(|(_, day)| day.to_string()).collect();
        assert_eq!(named.last().map(String::as_str), Some("2026-09-30"));
        assert_eq!(named.len(), 6);
        assert_eq!((chart.sum(Role::Employee), chart.sum(Role::Organization)), (30, 0));
    }
}
