//! The buttons of an endpoint's page: probe, switch on, pause, replace the secret, send deliveries once more.

use actix_web::{FromRequest, HttpRequest};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::delivery::client::Client;
use super::endpoint::Endpoint;
use super::endpoint_control::{Act, Control, Outcome};
use super::probe as probing;
use super::words::Words;
use crate::audit::event::Actor;
use crate::values::id::WebhookId;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, Error, Form, Layout, PathId, Request, Subject, paths};

/// The longest time since which what failed is sent once more, in hours: deliveries are kept no longer.
const MOST_HOURS: i64 = 30 * 24;

/// Which deliveries to send once more: one, or what failed in the last hours.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReplayForm {
    delivery: String,
    hours: String,
}

#[derive(Template)]
#[template(path = "webhook/refused.html")]
struct RefusedPage {
    t: &'static Words,
    layout: Layout,
    reason: String,
    back: String,
}

/// A button that an admin pressed.
pub(super) struct PressedButton {
    pub(super) admin: Admin,
    pub(super) context: Request,
    pub(super) endpoint: WebhookId,
    pub(super) act: Act,
}

/// Sends a probe and shows its answer.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn probe(
    admin: Admin,
    context: Request,
    http: HttpRequest,
    PathId(endpoint): PathId<WebhookId>,
) -> web::Result {
    let (app, of) = (&context.app, endpoint.clone());
    let found = app.db.read(move |conn| Endpoint::find(conn, &of)).await?.ok_or(Error::NOT_FOUND)?;
    let client = Client::new(&app.config.webhook_allowed_hosts);
    let answer = probing::send(&client, &app.keys, app.clock.now(), &found).await;
    PressedButton { admin, context, endpoint, act: Act::KeepProbe(answer) }.apply(&http).await
}

/// Switches it on.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn switch_on(
    admin: Admin,
    context: Request,
    http: HttpRequest,
    PathId(endpoint): PathId<WebhookId>,
) -> web::Result {
    PressedButton { admin, context, endpoint, act: Act::SwitchOn }.apply(&http).await
}

/// Pauses it.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn pause(
    admin: Admin,
    context: Request,
    http: HttpRequest,
    PathId(endpoint): PathId<WebhookId>,
) -> web::Result {
    PressedButton { admin, context, endpoint, act: Act::Pause }.apply(&http).await
}

/// Replaces its secret, and shows the new one once.
///
/// # Errors
/// When there is no such endpoint, or the database is unavailable.
pub async fn rotate(
    admin: Admin,
    context: Request,
    http: HttpRequest,
    PathId(endpoint): PathId<WebhookId>,
) -> web::Result {
    let act = Act::Rotate(context.app.keys.clone());
    PressedButton { admin, context, endpoint, act }.apply(&http).await
}

/// Sends deliveries once more.
///
/// # Errors
/// When there is no such endpoint, the form names nothing, or the database is unavailable.
pub async fn replay(admin: Admin, context: Request, http: HttpRequest, form: Form<ReplayForm>) -> web::Result {
    let PathId(endpoint) = PathId::<WebhookId>::extract(&http).await?;
    let hours = || form.hours.parse().ok().filter(|hours| (1..=MOST_HOURS).contains(hours)).map(TimeDelta::hours);
    let act = if let Ok(delivery) = form.delivery.parse() {
        Act::Replay(delivery)
    } else {
        let since = context.app.clock.now() - hours().ok_or(Error::BAD_REQUEST)?;
        Act::ReplayFailed { since, before: 0 }
    };
    PressedButton { admin, context, endpoint, act }.apply(&http).await
}

impl PressedButton {
    /// Does it, and goes back to the endpoint, whose page says what was done.
    pub(super) async fn apply(self, http: &HttpRequest) -> web::Result {
        let Self { admin: Admin(viewer), context, endpoint, act } = self;
        let Request { app, layout, client, submission } = context;
        let (t, now) = (Words::of(layout.locale), app.clock.now());
        let (page, subject) = (page_of(&endpoint), Subject::new("webhook", endpoint.as_str()));
        let to = if matches!(act, Act::Delete) { paths::webhook::ENDPOINTS } else { &page };
        let answer = Answer::see_other(to).about(subject.clone());
        let mut control = Control { endpoint, actor: Actor::new(&viewer.id, &client), ahead: app.clock.ahead(), act };
        let done = loop {
            let (act, answer) = (control.clone(), answer.clone());
            let (submission, subject) = (submission.clone(), subject.clone());
            let done = app.db.write(move |conn| {
                let outcome = act.apply(conn, now)?;
                let answer = answer.clone().with_flash(t.done(&outcome));
                if act.rest(&outcome).is_some() {
                    submission.refuse_equal(conn)?;
                } else if outcome.is_done() {
                    submission.forget_others(conn, &subject)?;
                    submission.record(conn, &answer)?;
                }
                Ok((outcome, answer))
            });
            let done = done.await?;
            match control.rest(&done.0) {
                Some(rest) => control = rest,
                None => break done,
            }
        };
        match done {
            (Outcome::NotFound, _) => Err(Error::NOT_FOUND),
            (outcome, answer) if outcome.is_done() => answer.send(http),
            (outcome, _) => {
                let layout = layout.without_form();
                response::conflict(RefusedPage { t, layout, reason: t.done(&outcome), back: page })
            }
        }
    }
}

fn page_of(endpoint: &WebhookId) -> String {
    paths::with_id(paths::webhook::ENDPOINT, endpoint.as_str())
}
