//! Joining the waitlist: the form, its corrections, the page that says what comes next.

use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::new_entry::{Joined, NewEntry};
use super::role::Role;
use super::signals;
use crate::waitlist::words::Words;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::protection::abuse_counters::Reason;
use crate::web::protection::form_age;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::{self, App, Error, FieldErrors, Form, Layout, paths};

/// The form, as typed.
#[derive(Debug, Default, Deserialize)]
pub struct JoinForm {
    #[serde(default)]
    pub(in crate::waitlist) email: String,
    #[serde(default)]
    pub(in crate::waitlist) role: String,
    /// When the form was given out, signed.
    #[serde(default)]
    pub(in crate::waitlist) rendered: String,
}

/// What a link to the form may choose beforehand.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    role: String,
}

#[derive(Template)]
#[template(path = "waitlist/joining/join.html")]
struct JoinPage {
    t: &'static Words,
    layout: Layout,
    form: JoinForm,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "waitlist/joining/joined.html")]
struct JoinedPage {
    t: &'static Words,
    layout: Layout,
}

#[derive(Template)]
#[template(path = "waitlist/joining/already_listed.html")]
struct AlreadyListedPage {
    t: &'static Words,
    layout: Layout,
}

/// The form.
///
/// # Errors
/// When the template fails.
pub async fn show(app: Data<App>, layout: Layout, Query(Chosen { role }): Query<Chosen>) -> web::Result {
    let form = JoinForm { role, ..JoinForm::given_out(&app) };
    response::ok(JoinPage { t: Words::of(layout.locale), layout, form, errors: FieldErrors::default() })
}

/// Takes a place, and goes on to what comes next.
///
/// # Errors
/// Too many, or when the database is away.
pub async fn create(app: Data<App>, layout: Layout, client: Client, form: Form<JoinForm>) -> web::Result {
    app.limits.count(&app.db, &[limits::WAITLIST.for_network(&client)]).await?;
    if form.is_honeypot_filled() {
        app.abuse_counters.count(Reason::Trapped);
        return response::see_other(paths::waitlist::JOINED);
    }
    let t = Words::of(layout.locale);
    let entry = match form.parse(&layout) {
        Ok(mut entry) => {
            entry.signals.extend(form_age::signal(&app.keys, app.clock.now(), &form.rendered));
            entry
        }
        Err(errors) => return response::invalid(JoinPage { t, layout, form: form.into_inner(), errors }),
    };
    match join(&app, entry).await? {
        Joined::New => response::see_other(paths::waitlist::JOINED),
        Joined::AlreadyListed => response::conflict(AlreadyListedPage { t, layout }),
    }
}

/// What comes next.
///
/// # Errors
/// When the template fails.
pub async fn joined(layout: Layout) -> web::Result {
    response::ok(JoinedPage { t: Words::of(layout.locale), layout })
}

/// Writes the entry and its letter in one transaction.
pub(in crate::waitlist) async fn join(app: &App, entry: NewEntry) -> Result<Joined, Error> {
    let (now, keys) = (app.clock.now(), app.keys.clone());
    entry.signals.iter().for_each(|signal| app.abuse_counters.count(*signal));
    Ok(app.db.write(move |conn| entry.join(conn, now, &keys)).await?)
}

impl JoinForm {
    /// An empty form, given out now.
    pub(in crate::waitlist) fn given_out(app: &App) -> Self {
        Self { rendered: form_age::stamp(&app.keys, app.clock.now()), ..Self::default() }
    }

    /// The entry, or what is wrong with each field in the language of the page.
    pub(in crate::waitlist) fn parse(&self, layout: &Layout) -> Result<NewEntry, FieldErrors> {
        let mut errors = FieldErrors::default();
        let role = Role::parse(&self.role).ok_or(Words::of(layout.locale).role_missing);
        let role = errors.take("role", role);
        let email = errors.email(layout, "email", &self.email);
        match (role, email) {
            (Some(role), Some(email)) => {
                let signals = signals::is_disposable(&email).then_some(Reason::Disposable).into_iter().collect();
                Ok(NewEntry { email, role, locale: layout.locale, signals })
            }
            _ => Err(errors),
        }
    }
}
