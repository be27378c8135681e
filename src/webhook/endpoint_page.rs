//! One endpoint's page: its state, what it is told, its secret, its last deliveries.

use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use askama::Template;
use serde::Deserialize;

use super::endpoint::{Choice, Endpoint, State};
use super::endpoint_acts::PressedButton;
use super::endpoint_control::Act;
use super::endpoint_list::choice;
use super::event::Event;
use super::past_delivery::{self, Counts, PastDelivery};
use super::words::Words;
use crate::values::clock::Timestamp;
use crate::values::id::WebhookId;
use crate::web::page::response;
use crate::web::{self, Admin, App, Error, FieldErrors, Form, Layout, PathId, Request, paths};

/// The form of what it is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChoiceForm {
    event: Vec<String>,
    with_address: String,
}

#[derive(Template)]
#[template(path = "webhook/endpoint_page.html")]
struct EndpointPage {
    t: &'static Words,
    layout: Layout,
    now: Timestamp,
    endpoint: Endpoint,
    chosen: Choice,
    counts: Counts,
    deliveries: Vec<PastDelivery>,
    errors: FieldErrors,
}

/// Its state and its last deliveries.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, PathId(id): PathId<WebhookId>) -> web::Result {
    response::ok(EndpointPage::read(&app, layout, id).await?)
}

/// Has it told what was ticked.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn update(admin: Admin, context: Request, http: HttpRequest, form: Form<ChoiceForm>) -> web::Result {
    let PathId(endpoint) = PathId::<WebhookId>::extract(&http).await?;
    if let Some(choice) = choice(&form.event, &form.with_address) {
        return PressedButton { admin, context, endpoint, act: Act::Choose(choice) }.apply(&http).await;
    }
    let page = EndpointPage::read(&context.app, context.layout, endpoint).await?;
    let mut errors = FieldErrors::default();
    errors.add("event", page.t.no_event);
    let chosen = Choice { events: Vec::new(), with_address: !form.with_address.is_empty() };
    response::invalid(EndpointPage { chosen, errors, ..page })
}

impl EndpointPage {
    async fn read(app: &App, layout: Layout, id: WebhookId) -> Result<Self, Error> {
        let read = app.db.read(move |conn| {
            let Some(endpoint) = Endpoint::find(conn, &id)? else { return Ok(None) };
            Ok(Some((endpoint, past_delivery::counts(conn, &id)?, PastDelivery::last(conn, &id)?)))
        });
        let (endpoint, counts, deliveries) = read.await?.ok_or(Error::NOT_FOUND)?;
        let (t, now, chosen) = (Words::of(layout.locale), app.clock.now(), endpoint.choice());
        Ok(Self { t, layout, now, endpoint, chosen, counts, deliveries, errors: FieldErrors::default() })
    }

    fn path(&self, pattern: &str) -> String {
        paths::with_id(pattern, self.endpoint.id.as_str())
    }

    fn is_chosen(&self, event: &Event) -> bool {
        self.chosen.events.contains(event)
    }

    fn tells_address(&self) -> bool {
        self.chosen.with_address
    }

    /// Until when the former secret signs too, while it does.
    fn former_until(&self) -> Option<&Timestamp> {
        self.endpoint.former_until.as_ref().filter(|until| self.now < **until)
    }
}
