//! The admin's start page: how many joined.

use actix_web::web::Data;
use askama::Template;

use super::role::Role;
use super::totals::Totals;
use super::words::{Review, Words};
use crate::web::{self, Admin, App, Layout, page, paths};

#[derive(Template)]
#[template(path = "waitlist/overview.html")]
struct OverviewPage {
    t: &'static Review,
    layout: Layout,
    totals: Totals,
    figures: [Figure; 3],
}

/// A number and the list behind it.
struct Figure {
    path: String,
    label: &'static str,
    number: i64,
}

/// The totals, each leading to its list.
///
/// # Errors
/// When the database is away.
pub async fn show(_: Admin, app: Data<App>, layout: Layout) -> web::Result {
    let totals = app.db.read(|conn| Totals::between(conn, None, None)).await?;
    let t = &Words::of(layout.locale).review;
    let figures = figures(t, &totals);
    page::ok(OverviewPage { t, layout, totals, figures })
}

fn figures(t: &Review, totals: &Totals) -> [Figure; 3] {
    let list_of = |role: Role| paths::admin::waitlist(&[("role", role.as_str())]);
    [
        Figure { path: paths::admin::waitlist(&[]), label: t.everyone, number: totals.listed(None) },
        Figure { path: list_of(Role::Employee), label: t.employees, number: totals.listed(Some(Role::Employee)) },
        Figure {
            path: list_of(Role::Organization),
            label: t.organizations,
            number: totals.listed(Some(Role::Organization)),
        },
    ]
}
