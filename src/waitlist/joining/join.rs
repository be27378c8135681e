//! Joining the waitlist: the form, its errors, and the page for an address that is listed already.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;
use utoipa::ToSchema;

use super::new_entry::join_queue::JoinQueue;
use super::new_entry::{Joined, NewEntry};
use super::role::Role;
use super::words::Words;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::web::page::address::Unsent;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::protection::abuse_counters::Reason;
use crate::web::protection::{disposable_address, form_age, limits};
use crate::web::visitor::given_address::GivenAddress;
use crate::web::visitor::source::{self, Source};
use crate::web::{self, Answer, App, FieldErrors, Form, Layout, Request, Submission, paths};

/// The form, as typed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewEntry)]
pub struct JoinForm {
    /// The address that joins.
    #[serde(default)]
    #[schema(required)]
    pub(super) email: String,
    /// `employee` or `organization`.
    #[serde(default)]
    #[schema(required)]
    pub(super) role: String,
    /// The signed time at which the form was shown.
    #[serde(default)]
    #[schema(ignore)]
    pub(super) rendered: String,
    /// Where its sender came from; what is no source counts as nothing.
    #[serde(default, deserialize_with = "source::lenient")]
    #[schema(value_type = serde_json::Value)]
    pub(super) source: Option<Source>,
}

/// What the address of a page with the form can choose beforehand.
#[derive(Debug, Default, Deserialize)]
pub struct Prefilled {
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
#[template(path = "waitlist/joining/already_listed.html")]
struct AlreadyListedPage {
    t: &'static Words,
    layout: Layout,
    address: EmailAddress,
}

/// The form.
///
/// # Errors
/// When the template fails.
pub async fn show(
    app: Data<App>,
    http: HttpRequest,
    layout: Layout,
    Query(prefilled): Query<Prefilled>,
) -> web::Result {
    let empty = JoinForm { role: prefilled.role, ..JoinForm::empty(&app, &layout) };
    let form = match GivenAddress::to_correct(&app, &http) {
        Some(given) => JoinForm { role: given.typed("role"), email: given.address.to_string(), ..empty },
        None => empty,
    };
    response::ok(JoinPage::new(layout, form, FieldErrors::default()))
}

/// Joins, and goes on to what comes next.
///
/// # Errors
/// Too many, or when the database is unavailable.
pub async fn create(request: Request, http: HttpRequest, queue: Data<JoinQueue>, form: Form<JoinForm>) -> web::Result {
    let Request { app, layout, client, submission } = request;
    if let Some(unsent) = layout.unsent {
        return show_unsent(layout, form.into_inner(), unsent, app.clock.now());
    }
    if form.is_honeypot_filled() {
        app.abuse_counters.count(Reason::Honeypot);
        let given = EmailAddress::parse(&form.email).ok().map(|address| form.given(&layout, &address, app.clock.now()));
        return thank(&http, &layout, given);
    }
    let (t, now, count) = (Words::of(layout.locale), app.clock.now(), limits::WAITLIST.for_network(&client));
    let mut entry = match form.parse(&layout, now) {
        Ok(entry) => entry,
        Err(errors) => {
            app.limits.count(&app.db, &[count]).await?;
            return response::invalid(JoinPage::new(layout, form.into_inner(), errors));
        }
    };
    entry.submission = submission;
    entry.signals.extend(form_age::signal(&app.keys, now, &form.rendered));
    let address = entry.email.clone();
    match queue.join(&app, entry, &count).await? {
        Joined::New => thank(&http, &layout, Some(form.given(&layout, &address, now))),
        Joined::AlreadyListed => response::conflict(AlreadyListedPage { t, layout: layout.without_form(), address }),
    }
}

/// The form in another language, as it is filled in or corrected.
fn show_unsent(layout: Layout, form: JoinForm, unsent: Unsent, now: Timestamp) -> web::Result {
    match form.parse(&layout, now) {
        Err(errors) if unsent == Unsent::Corrected => response::invalid(JoinPage::new(layout, form, errors)),
        _ => response::ok(JoinPage::new(layout, form, FieldErrors::default())),
    }
}

/// Leads to the page that thanks, which repeats the address.
fn thank(http: &HttpRequest, layout: &Layout, given: Option<GivenAddress>) -> web::Result {
    Answer::see_other(layout.link(paths::waitlist::THANK_YOU)).with_given_address(given).send(http)
}

impl JoinPage {
    fn new(layout: Layout, form: JoinForm, errors: FieldErrors) -> Self {
        Self { t: Words::of(layout.locale), layout: layout.with_typed(paths::waitlist::JOIN), form, errors }
    }
}

impl JoinForm {
    /// An empty form that is shown now; who is signed in need not type the address.
    pub(super) fn empty(app: &App, layout: &Layout) -> Self {
        let rendered = form_age::signed_time(&app.keys, app.clock.now());
        let email = layout.viewer.as_ref().map(|viewer| viewer.email.clone()).unwrap_or_default();
        Self { rendered, email, source: layout.source.clone(), ..Self::default() }
    }

    /// What it was given, for the page after it.
    fn given(&self, layout: &Layout, address: &EmailAddress, now: Timestamp) -> GivenAddress {
        let form = paths::filled_again(&layout.link(paths::waitlist::JOIN));
        GivenAddress::new(address, form, now).with_typed(&[("role", &self.role)])
    }

    /// The entry, or what is wrong with each field in the language of the page.
    pub(super) fn parse(&self, layout: &Layout, now: Timestamp) -> Result<NewEntry, FieldErrors> {
        let mut errors = FieldErrors::default();
        let role = Role::parse(&self.role).ok_or(Words::of(layout.locale).role_missing);
        let role = errors.take("role", role);
        let email = errors.email(layout, "email", &self.email);
        let (Some(role), Some(email)) = (role, email) else { return Err(errors) };
        let signals = disposable_address::signal(&email).into_iter().collect();
        let (locale, source) = (layout.locale, self.source.clone());
        Ok(NewEntry { at: now, email, role, locale, signals, source, submission: Submission::default() })
    }
}
