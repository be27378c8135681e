//! The page of the log: who did what to whom, filtered, each view with an address of its own.

use actix_web::web::Data;
use askama::Template;
use chrono::{Datelike, Days, NaiveDate};
use serde::Deserialize;

use super::action::Action;
use super::log::{self, EventFilter, LoggedEvent};
use super::words::{self, Words};
use crate::config::provider_label;
use crate::values::id::EventId;
use crate::values::santiago_time;
use crate::web::page::paging::{Paged, Pager, Position};
use crate::web::page::query::{self, Query, given};
use crate::web::page::response;
use crate::web::page::search::set_field::{Chip, SetField};
use crate::web::{Admin, App, FieldErrors, Layout, paths};

/// Years that the form may ask for.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9_999;

/// The query of the page: filter and position. A position that cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    #[serde(deserialize_with = "query::filter")]
    action: String,
    #[serde(deserialize_with = "query::filter")]
    who: String,
    #[serde(deserialize_with = "query::filter")]
    from: String,
    #[serde(deserialize_with = "query::filter")]
    to: String,
    #[serde(deserialize_with = "query::filter")]
    after: String,
    #[serde(deserialize_with = "query::filter")]
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
    view: View,
    errors: FieldErrors,
    form: FilterForm,
    is_first: bool,
    events: Paged<LoggedEvent, EventId>,
}

/// The form with what is wrong with the filter, and no list.
#[derive(Template)]
#[template(path = "audit/filter_refused.html")]
struct RefusedPage {
    t: &'static Words,
    layout: Layout,
    view: View,
    errors: FieldErrors,
}

/// One page of the log.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(view): Query<View>) -> crate::web::Result {
    let (t, layout) = (Words::of(layout.locale), layout.with_typed_filter(paths::audit::LOG));
    let form = match FilterForm::of(&view, &layout) {
        Ok(form) => form,
        Err(errors) => return response::invalid(RefusedPage { t, layout, view, errors }),
    };
    let position = Position::parse(&view.after, &view.before);
    let (filter, is_first) = (form.filter(), position == Position::Start);
    let mut events = app.db.read(move |conn| log::page(conn, &filter, &position)).await?;
    for event in &mut events.rows {
        event.name_provider(|name| provider_label(&app.config.providers, name));
    }
    response::ok(LogPage { t, layout, view, errors: FieldErrors::default(), form, is_first, events })
}

impl View {
    /// Whether anything of the filter was typed.
    fn is_filtered(&self) -> bool {
        [&self.who, &self.action, &self.from, &self.to].into_iter().any(|typed| !typed.is_empty())
    }
}

impl FilterForm {
    /// What the query asks for, or what of it cannot be read, field by field.
    fn of(view: &View, layout: &Layout) -> Result<Self, FieldErrors> {
        // PostgreSQL's calendar has fewer years than the one here.
        let day =
            |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| YEARS.contains(&day.year()));
        let who = |text: &str| (!text.trim().contains(char::is_control)).then(|| text.trim().to_owned());
        let (mut errors, t, own) = (FieldErrors::default(), &layout.t.admin, Words::of(layout.locale));
        let day = |typed: &str, name| given(typed, day, ()).map_err(|()| format!("{name}: {}", t.no_day));
        let form = Self {
            action: errors.take("action", given(&view.action, Action::parse, t.no_choice)).flatten(),
            who: errors.take("who", given(&view.who, who, t.no_search)).flatten().unwrap_or_default(),
            from: errors.take("from", day(&view.from, own.from)).flatten(),
            to: errors.take("to", day(&view.to, own.to)).flatten(),
        };
        if form.from.zip(form.to).is_some_and(|(from, to)| to < from) {
            errors.add("to", t.days_reversed);
        }
        if errors.is_empty() { Ok(form) } else { Err(errors) }
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

    /// Its parameters, as an address has them.
    fn parameters(&self) -> [(&'static str, String); 4] {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let action = self.action.map_or("", Action::as_str).to_owned();
        [("action", action), ("who", self.who.clone()), ("from", day(self.from)), ("to", day(self.to))]
    }

    const fn is_empty(&self) -> bool {
        self.action.is_none() && self.who.is_empty() && self.from.is_none() && self.to.is_none()
    }
}

impl LogPage {
    /// Whether the form has the link to the list without a filter. Where nothing matches, the box below has it.
    fn is_cleared_in_form(&self) -> bool {
        let is_in_box = self.events.rows.is_empty() && self.is_first && !self.form.is_empty();
        self.view.is_filtered() && !is_in_box
    }

    /// What is set beside the search, each as a link that takes it away.
    fn chips(&self) -> Vec<Chip> {
        let Self { t, layout, form, .. } = self;
        let day = |day| layout.locale.day(day);
        let fields = [
            SetField::new("action", t.what, form.action.map(|action| words::action(layout.locale, Some(action)))),
            SetField::new("from", t.from, form.from.map(day)),
            SetField::new("to", t.to, form.to.map(day)),
        ];
        let parameters = form.parameters();
        let pairs = parameters.each_ref().map(|(name, value)| (*name, value.as_str()));
        fields.into_iter().flatten().map(|field| field.chip(paths::audit::LOG, &pairs)).collect()
    }

    /// The pages beside this one, with the same filter.
    fn pager(&self) -> Pager {
        let parameters = self.form.parameters();
        let pairs = parameters.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.events.pager(paths::audit::LOG, &pairs)
    }
}
