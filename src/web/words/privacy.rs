//! The words of the privacy page: what is held, why, for how long.

use std::fmt;

use Text::{Fixed, Timed};
use chrono::TimeDelta;

use crate::values::locale::Locale::{self, En, Es};
use crate::web::retention::COUNT_SECONDS;

pub(super) mod english;
pub(super) mod spanish;

/// How long a count of a limit is kept at most.
const COUNT: TimeDelta = TimeDelta::seconds(COUNT_SECONDS as i64);

/// The page.
#[derive(Debug)]
pub struct Privacy {
    /// Its heading.
    pub title: &'static str,
    /// Its first sentence.
    pub lead: &'static str,
    /// Its parts.
    pub sections: &'static [Section],
    /// Before the address of who answers people.
    pub contact: &'static str,
    /// Its last part.
    pub cookies: Cookies,
}

/// A part of the page.
#[derive(Debug)]
pub struct Section {
    /// Its heading.
    pub heading: &'static str,
    /// Its list, each point with its subject and its text.
    pub points: &'static [(&'static str, Text)],
    /// Its paragraph.
    pub text: Text,
}

/// The part about cookies: what each is for.
#[derive(Debug)]
pub struct Cookies {
    /// Its heading.
    pub heading: &'static str,
    /// Its first sentence.
    pub lead: &'static str,
    /// The session's cookie.
    pub session: Text,
    /// The device's cookie.
    pub device: Text,
    /// The language's cookie.
    pub language: Text,
    /// The cookie of the address that a form was given.
    pub given: Text,
    /// The cookie of the attempts to log in with another provider.
    pub attempts: Text,
    /// The cookie of whom a provider said to be here.
    pub identified: Text,
    /// The cookie of whom a provider said to be here, until they have logged in.
    pub waiting: Text,
}

/// A text of the page.
#[derive(Clone, Copy, Debug)]
pub enum Text {
    /// One without times.
    Fixed(&'static str),
    /// One with the times for which data is kept.
    Timed(fn() -> String),
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fixed(text) => f.write_str(text),
            Timed(text) => f.write_str(&text()),
        }
    }
}

/// A period in words.
fn period(locale: Locale, period: TimeDelta) -> String {
    match (locale, period.num_days(), period.num_hours()) {
        (En, 365, _) => "a year".to_owned(),
        (Es, 365, _) => "un año".to_owned(),
        (En, 1, _) => "a day".to_owned(),
        (Es, 1, _) => "un día".to_owned(),
        (En, 0, 1) => "an hour".to_owned(),
        (Es, 0, 1) => "una hora".to_owned(),
        (En, 0, 0) => format!("{} minutes", period.num_minutes()),
        (Es, 0, 0) => format!("{} minutos", period.num_minutes()),
        (En, 0, hours) => format!("{hours} hours"),
        (Es, 0, hours) => format!("{hours} horas"),
        (En, days, _) => format!("{days} days"),
        (Es, days, _) => format!("{days} días"),
    }
}
