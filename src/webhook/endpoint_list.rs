//! The page of all endpoints, with the form that adds one.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;
use serde_json::json;

use super::endpoint::{Choice, Endpoint, NewEndpoint, State};
use super::endpoint_acts::{page_of, shown_at};
use super::endpoint_control::told;
use super::endpoint_url::{self, UrlProblem};
use super::event::Event;
use super::past_delivery::counts::{self, Counts};
use super::signing_secret::SigningSecret;
use super::words::Words;
use crate::audit::event::{Action, Actor};
use crate::values::clock::Timestamp;
use crate::values::id::WebhookId;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, App, Error, FieldErrors, Form, Layout, Request, paths};

/// The form that adds an endpoint.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AddForm {
    url: String,
    event: Vec<String>,
    with_address: String,
}

#[derive(Template)]
#[template(path = "webhook/endpoint_list.html")]
struct ListPage {
    t: &'static Words,
    layout: Layout,
    now: Timestamp,
    endpoints: Vec<(Endpoint, Counts)>,
    form: AddForm,
    errors: FieldErrors,
}

/// The endpoints, and the form of a new one.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout) -> web::Result {
    response::ok(ListPage::read(&app, layout).await?)
}

/// Adds an endpoint, and goes on to its page, which shows its secret once.
///
/// # Errors
/// When the database is unavailable.
pub async fn create(Admin(viewer): Admin, request: Request, http: HttpRequest, form: Form<AddForm>) -> web::Result {
    let Request { app, layout, client, submission } = request;
    let t = Words::of(layout.locale);
    let new = match form.parse(t, &app.config.webhook_allowed_hosts) {
        Ok(new) if layout.unsent.is_none() => new,
        read => {
            let errors = FieldErrors::to_tell(&layout, read);
            return show_again(&app, layout, form.into_inner(), errors).await;
        }
    };
    let (now, keys, actor) = (app.clock.now(), app.keys.clone(), Actor::new(&viewer.id, &client));
    let (page, secret) = (page_of(&new.id), SigningSecret::derive(&keys.current, &new.id, 1));
    let answer = Answer::see_other(shown_at(&page, &secret, now));
    let add = move |conn: &mut _| {
        let Some(id) = Endpoint::add(conn, now, &keys, &new)? else { return Ok(None) };
        let details = json!({ "webhook": id, "after": told(&new.choice), "before": {} });
        Action::WebhookAdded.to_many(&actor).with(details).record(conn, now).map(Some)
    };
    if submission.write(&app.db, &answer, add).await?.is_some() {
        return answer.send(&http);
    }
    let mut errors = FieldErrors::default();
    errors.add("url", t.too_many);
    show_again(&app, layout, form.into_inner(), errors).await
}

async fn show_again(app: &App, layout: Layout, form: AddForm, errors: FieldErrors) -> web::Result {
    let page = ListPage::read(app, layout).await?;
    response::with_status(errors.status(), ListPage { form, errors, ..page })
}

impl AddForm {
    /// With all ticked that happens on the waitlist: what most are added for.
    fn fresh() -> Self {
        let of_waitlist = Event::ALL.iter().map(|event| event.as_str()).filter(|name| name.starts_with("waitlist."));
        Self { event: of_waitlist.map(str::to_owned).collect(), ..Self::default() }
    }

    fn parse(&self, t: &Words, allowed_hosts: &[String]) -> Result<NewEndpoint, FieldErrors> {
        let mut errors = FieldErrors::default();
        let url = errors.take(
            "url",
            endpoint_url::parse(&self.url, allowed_hosts).map_err(|problem| match problem {
                UrlProblem::Empty => t.nothing_typed,
                UrlProblem::NotAnAddress => t.no_address,
                UrlProblem::NamesUser => t.names_user,
                UrlProblem::NotHttps => t.no_https,
                UrlProblem::Private => t.private_address,
            }),
        );
        let choice = errors.take("event", choice(&self.event, &self.with_address).ok_or(t.no_event));
        let (Some(url), Some(choice)) = (url, choice) else { return Err(errors) };
        Ok(NewEndpoint { id: WebhookId::generate(), url: url.into(), choice })
    }
}

/// What was ticked; nothing without an event.
pub(super) fn choice(events: &[String], with_address: &str) -> Option<Choice> {
    let events: Vec<_> =
        Event::ALL.into_iter().filter(|event| events.iter().any(|name| name == event.as_str())).collect();
    (!events.is_empty()).then_some(Choice { events, with_address: !with_address.is_empty() })
}

impl ListPage {
    async fn read(app: &App, layout: Layout) -> Result<Self, Error> {
        let now = app.clock.now();
        let read = app.db.read(move |conn| {
            let endpoints = Endpoint::all(conn)?.into_iter();
            let counted = endpoints.map(|endpoint| {
                let counts = counts::find(conn, now, &endpoint.id)?;
                Ok((endpoint, counts))
            });
            counted.collect::<Result<Vec<_>, _>>()
        });
        let (endpoints, t) = (read.await?, Words::of(layout.locale));
        let layout = layout.with_typed(paths::webhook::ENDPOINTS);
        Ok(Self { t, layout, now, endpoints, form: AddForm::fresh(), errors: FieldErrors::default() })
    }

    fn page_of(endpoint: &Endpoint) -> String {
        page_of(&endpoint.id)
    }

    fn is_chosen(&self, event: &Event) -> bool {
        self.form.event.iter().any(|name| name == event.as_str())
    }

    fn tells_address(&self) -> bool {
        !self.form.with_address.is_empty()
    }
}
