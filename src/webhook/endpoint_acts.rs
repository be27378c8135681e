//! The buttons of an endpoint's page: probe, switch on, pause, send deliveries once more.

use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::delivery::client::Client;
use super::endpoint::Endpoint;
use super::endpoint_control::{Act, Control, Outcome};
use super::past_delivery::Shown;
use super::probe as probing;
use super::signing_secret::SigningSecret;
use super::words::Words;
use crate::audit::event::Actor;
use crate::values::clock::Timestamp;
use crate::values::id::WebhookId;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, Error, Form, Layout, PathId, Request, Subject, paths};

/// The parameter of an endpoint's page that has it show the secret.
const SHOWN: &str = "shown";
/// The longest time since which what failed is sent once more, in hours: deliveries are kept no longer.
const MOST_HOURS: i64 = 30 * 24;

/// Which deliveries to send once more: one, what failed in the last hours, or all that waits.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReplayForm {
    delivery: String,
    hours: String,
    waiting: String,
}

/// Which deliveries the page of a button shows, as its address says: it leads back to them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Listed {
    state: String,
}

#[derive(Template)]
#[template(path = "webhook/refused.html")]
struct RefusedPage {
    t: &'static Words,
    layout: Layout,
    heading: &'static str,
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
    let (app, of, submission) = (&context.app, endpoint.clone(), context.submission.clone());
    let read = app.db.read(move |conn| Ok((Endpoint::find(conn, &of)?, submission.find_answer(conn)?)));
    let (found, answered) = read.await?;
    let found = found.ok_or(Error::NOT_FOUND)?;
    if answered.is_some() {
        // Ends the handler: it is answered like the first time, and the endpoint is called once.
        return Err(Error::Refused(StatusCode::CONFLICT));
    }
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

/// Sends deliveries once more.
///
/// # Errors
/// When there is no such endpoint, the form names nothing, or the database is unavailable.
pub async fn replay(admin: Admin, context: Request, http: HttpRequest, form: Form<ReplayForm>) -> web::Result {
    let PathId(endpoint) = PathId::<WebhookId>::extract(&http).await?;
    let hours = || form.hours.parse().ok().filter(|hours| (1..=MOST_HOURS).contains(hours)).map(TimeDelta::hours);
    let act = if let Ok(delivery) = form.delivery.parse() {
        Act::Replay(delivery)
    } else if !form.waiting.is_empty() {
        Act::SendWaiting { before: 0 }
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
        let actor = Actor::new(&viewer.id, &client);
        let page = page_of_button(http, &endpoint).await;
        let mut control = Control { endpoint, actor, ahead: app.clock.ahead(), act };
        let now = app.clock.now();
        let told = Told { t: Words::of(layout.locale), now, page: page.clone() };
        let done = loop {
            let (act, submission, told) = (control.clone(), submission.clone(), told.clone());
            let done = app.db.write(move |conn| {
                let outcome = act.apply(conn, now)?;
                let answer = told.answer(&act, &outcome);
                if act.rest(&outcome).is_some() {
                    submission.refuse_equal(conn)?;
                } else if outcome.is_done() {
                    submission.forget_others(conn, &subject(&act))?;
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
            (outcome, _) => refuse(layout, page, told.t, &outcome),
        }
    }
}

/// 409: why nothing was done.
fn refuse(layout: Layout, back: String, t: &'static Words, outcome: &Outcome) -> web::Result {
    let (heading, reason) = (t.acts.not_done(outcome), t.done(outcome));
    // The address of the button has no page to come back to in another language.
    let layout = Layout { path: back.clone(), ..layout.without_form() };
    response::conflict(RefusedPage { t, layout, heading, reason, back })
}

/// The page on which a button was pressed, with the deliveries that it shows.
async fn page_of_button(http: &HttpRequest, endpoint: &WebhookId) -> String {
    let Query(Listed { state }) = Query::<Listed>::extract(http).await.unwrap_or_default();
    paths::with_query(&page_of(endpoint), &[("state", Shown::parse(&state).as_str())])
}

/// What the act changes. Replacing a secret is answered once more like the first time, whatever else was done to the
/// endpoint meanwhile.
fn subject(Control { endpoint, act, .. }: &Control) -> Subject {
    Subject::new(if matches!(act, Act::Rotate(_)) { "webhook_secret" } else { "webhook" }, endpoint.as_str())
}

/// What is told of an act.
#[derive(Clone)]
struct Told {
    t: &'static Words,
    now: Timestamp,
    /// The page of the button.
    page: String,
}

impl Told {
    /// Where it leads, and what is said there.
    fn answer(&self, control: &Control, outcome: &Outcome) -> Answer {
        let back = || Answer::see_other(self.page.clone());
        let text = self.t.done(outcome);
        let answer = match outcome {
            Outcome::Deleted => Answer::see_other(paths::webhook::ENDPOINTS).with_flash(text),
            Outcome::Rotated(secret) => Answer::see_other(shown_at(&page_of(&control.endpoint), secret, self.now)),
            Outcome::Probed(answer) if !answer.is_success() => back().with_problem(text),
            _ => back().with_flash(text),
        };
        answer.about(subject(control))
    }
}

/// The address of an endpoint's page that shows its secret for a minute.
pub(super) fn shown_at(page: &str, secret: &SigningSecret, now: Timestamp) -> String {
    paths::with_query(page, &[(SHOWN, &secret.mark(now))])
}

/// The page of an endpoint.
pub(super) fn page_of(endpoint: &WebhookId) -> String {
    paths::with_id(paths::webhook::ENDPOINT, endpoint.as_str())
}
