//! The page of the log: who did what to whom, filtered, each view with an address of its own.

use actix_web::web::Data;
use askama::Template;
use chrono::{Datelike, Days, NaiveDate};
use serde::Deserialize;

use super::action::Action;
use super::log::{self, EventFilter, LoggedEvent};
use super::words::{self, Words};
use crate::values::id::EventId;
use crate::values::santiago_time;
use crate::web::page::paging::{Paged, Pager, Position};
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::{Admin, App, Layout, paths};

/// Years that the form may ask for.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9_999;

/// The query of the page: filter and position. What cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    action: String,
    who: String,
    from: String,
    to: String,
    after: String,
    before: String,
}

/// The filter as the form shows it.
#[derive(Clone, Debug)]
struct FilterForm {
    action: Option<Action>,
    who: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

#[derive(Template)]
#[template(path = "audit/log_page.html")]
struct LogPage {
    t: &'static Words,
    layout: Layout,
    form: FilterForm,
    is_first: bool,
    events: Paged<LoggedEvent, EventId>,
}

/// One page of the log.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(view): Query<View>) -> crate::web::Result {
    let (form, position) = (FilterForm::of(&view), Position::parse(&view.after, &view.before));
    let (filter, is_first) = (form.filter(), position == Position::Start);
    let events = app.db.read(move |conn| log::page(conn, &filter, &position)).await?;
    response::ok(LogPage { t: Words::of(layout.locale), layout, form, is_first, events })
}

impl FilterForm {
    fn of(view: &View) -> Self {
        // PostgreSQL's calendar has fewer years than the one here.
        let day =
            |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| YEARS.contains(&day.year()));
        Self {
            action: Action::parse(&view.action),
            who: view.who.trim().to_owned(),
            from: day(&view.from),
            to: day(&view.to),
        }
    }

    /// The filter for the log. Days begin and end in Chile, and both are included.
    fn filter(&self) -> EventFilter {
        let until = self.to.and_then(|day| day.checked_add_days(Days::new(1)));
        EventFilter {
            action: self.action,
            who: self.who.clone(),
            from: self.from.map(santiago_time::start_of),
            until: until.map(santiago_time::start_of),
        }
    }

    const fn is_empty(&self) -> bool {
        self.action.is_none() && self.who.is_empty() && self.from.is_none() && self.to.is_none()
    }
}

impl LogPage {
    /// The values of the filter's field, with their words.
    fn actions(&self) -> Vec<(&'static str, &'static str)> {
        let all = ("", self.t.all_actions);
        let named =
            Action::ALL.iter().map(|action| (action.as_str(), words::action(self.layout.locale, Some(*action))));
        std::iter::once(all).chain(named).collect()
    }

    fn action(&self) -> &'static str {
        self.form.action.map_or("", Action::as_str)
    }

    fn from(&self) -> String {
        self.form.from.map(|day| day.to_string()).unwrap_or_default()
    }

    fn to(&self) -> String {
        self.form.to.map(|day| day.to_string()).unwrap_or_default()
    }

    /// The pages beside this one, with the same filter.
    fn pager(&self) -> Pager {
        let (from, to) = (self.from(), self.to());
        let filter = [("action", self.action()), ("who", self.form.who.as_str()), ("from", &from), ("to", &to)];
        self.events.pager(paths::audit::LOG, &filter)
    }
}
