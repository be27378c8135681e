//! One endpoint's page: its state, what it is told, its secret, its last deliveries.

use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use askama::Template;
use serde::Deserialize;

use super::delivery::message;
use super::endpoint::{Choice, Endpoint, State};
use super::endpoint_acts::PressedButton;
use super::endpoint_control::Act;
use super::endpoint_list::choice;
use super::event::Event;
use super::past_delivery::counts::{self, Counts};
use super::past_delivery::{PastDelivery, Shown};
use super::signing_secret::SigningSecret;
use super::words::Words;
use crate::values::clock::Timestamp;
use crate::values::id::WebhookId;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::{self, Admin, App, Error, FieldErrors, Form, Layout, PathId, Request, paths};

/// The form of what it is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChoiceForm {
    event: Vec<String>,
    with_address: String,
    /// What it was told when the page was opened.
    seen: Vec<String>,
    seen_address: String,
}

/// What the address of the page asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    /// The mark with which it shows the secret.
    shown: String,
    /// Which deliveries.
    state: String,
}

#[derive(Template)]
#[template(path = "webhook/endpoint_page.html")]
struct EndpointPage {
    t: &'static Words,
    layout: Layout,
    now: Timestamp,
    view: View,
    endpoint: Endpoint,
    /// Its secret, just after it was made; nothing where the time of that is over.
    secret: Option<SigningSecret>,
    /// Whether it has taken a probe, while it was never on.
    is_probed: bool,
    /// What it is told while the page is shown.
    seen: Choice,
    chosen: Choice,
    counts: Counts,
    deliveries: Vec<PastDelivery>,
    /// What it did not accept last, while it fails or is off.
    refused: Option<PastDelivery>,
    errors: FieldErrors,
}

/// Its state and its last deliveries.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, http: HttpRequest) -> web::Result {
    let PathId(id) = PathId::<WebhookId>::extract(&http).await?;
    let Query(view) = Query::<View>::extract(&http).await.unwrap_or_default();
    response::ok(EndpointPage::read(&app, layout, id, view).await?)
}

/// Has it told what was ticked.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn update(admin: Admin, context: Request, http: HttpRequest, form: Form<ChoiceForm>) -> web::Result {
    let PathId(endpoint) = PathId::<WebhookId>::extract(&http).await?;
    let read = choice(&form.event, &form.with_address).ok_or_else(|| {
        let mut errors = FieldErrors::default();
        errors.add("event", Words::of(context.layout.locale).no_event);
        errors
    });
    match read {
        Ok(choice) if context.layout.unsent.is_none() => {
            let act = Act::Choose { choice, seen: form.seen() };
            PressedButton { admin, context, endpoint, act }.apply(&http).await
        }
        read => {
            let errors = FieldErrors::to_tell(&context.layout, read.as_ref().map(|_| ()).map_err(Clone::clone));
            let Query(view) = Query::<View>::extract(&http).await.unwrap_or_default();
            let page = EndpointPage::read(&context.app, context.layout, endpoint, view).await?;
            // Not what it is told by now: the admin has not seen that yet.
            let seen = form.seen().unwrap_or_else(|| page.seen.clone());
            let with_address = !form.with_address.is_empty();
            let chosen = read.unwrap_or(Choice { events: Vec::new(), with_address });
            response::with_status(errors.status(), EndpointPage { seen, chosen, errors, ..page })
        }
    }
}

impl ChoiceForm {
    fn seen(&self) -> Option<Choice> {
        choice(&self.seen, &self.seen_address)
    }
}

impl EndpointPage {
    async fn read(app: &App, layout: Layout, id: WebhookId, view: View) -> Result<Self, Error> {
        let (now, listed) = (app.clock.now(), view.listed());
        let read = app.db.read(move |conn| {
            let Some(endpoint) = Endpoint::find(conn, &id)? else { return Ok(None) };
            let is_probed = endpoint.state == State::New && PastDelivery::was_probed(conn, &id)?;
            let (counts, deliveries) = (counts::find(conn, now, &id)?, PastDelivery::shown(conn, &id, listed)?);
            let fails = endpoint.is_failing() || endpoint.state == State::Off;
            let refused = if fails { PastDelivery::last_refused(conn, &id)? } else { None };
            Ok(Some((endpoint, is_probed, counts, deliveries, refused)))
        });
        let (endpoint, is_probed, counts, deliveries, refused) = read.await?.ok_or(Error::NOT_FOUND)?;
        let secret = endpoint.shown_secret(&app.keys, now, &view.shown);
        let (t, seen, errors) = (Words::of(layout.locale), endpoint.choice(), FieldErrors::default());
        let chosen = seen.clone();
        let typed = paths::with_id(paths::webhook::ENDPOINT, endpoint.id.as_str());
        let layout = layout.with_typed(&view.of(&typed));
        Ok(Self {
            t,
            layout,
            now,
            view,
            endpoint,
            secret,
            is_probed,
            seen,
            chosen,
            counts,
            deliveries,
            refused,
            errors,
        })
    }

    /// The same page with other deliveries.
    fn listing(&self, state: &str) -> String {
        paths::with_query(&self.path(paths::webhook::ENDPOINT), &[("state", state)])
    }

    /// Whether the button of this delivery sends it before its time, or before the endpoint's.
    fn can_be_sent_now(&self, delivery: &PastDelivery) -> bool {
        let rests = self.endpoint.is_left_alone_until(self.now).is_some();
        let is_held_up = delivery.waits_at(self.now) || delivery.state == "waiting" && rests;
        self.endpoint.state == State::Active && is_held_up
    }

    /// What a delivery sends, a member a line.
    fn sent(&self, delivery: &PastDelivery) -> String {
        let data = delivery.data.clone();
        let data = if self.endpoint.choice().with_address { data } else { message::unaddressed(data) };
        let data = message::numbered(data, delivery.id.as_i64());
        format!("{:#}", message::message(&delivery.event, delivery.happened_at, &data))
    }

    /// Whether it may be sent at all: its event is still ticked.
    fn is_told(&self, delivery: &PastDelivery) -> bool {
        self.endpoint.is_told(&delivery.event, delivery.id.as_i64())
    }

    /// Whether anything waits that could be sent now.
    fn has_late(&self) -> bool {
        let rests = self.endpoint.is_left_alone_until(self.now).is_some();
        self.counts.late > 0 || self.counts.waiting > 0 && rests
    }

    /// Where a button leads whose act comes back to the deliveries that are shown.
    fn act(&self, pattern: &str) -> String {
        paths::with_query(&self.path(pattern), &[("state", self.view.listed().as_str())])
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
}

impl View {
    fn listed(&self) -> Shown {
        Shown::parse(&self.state)
    }

    /// The same view at this path.
    fn of(&self, path: &str) -> String {
        paths::with_query(path, &[("shown", &self.shown), ("state", self.listed().as_str())])
    }
}
