//! The link that begins a log-in with a provider. It writes nothing but the attempt, into a cookie of the browser.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::asked_provider::AskedProvider;
use super::attempt::{Attempt, cookie_id};
use super::problem::Problem;
use super::provider::{Asking, Provider};
use super::words::Words;
use crate::accounts::session::log_in::first_factor::destination;
use crate::values::account_kind::AccountKind;
use crate::values::site_path::{self, SitePath};
use crate::web::page::query::Query;
use crate::web::page::response::{see_other, with_status};
use crate::web::protection::limits;
use crate::web::visitor::device::Device;
use crate::web::visitor::sealed_cookie;
use crate::web::{self, App, Error, Layout, Request, paths};

/// Where to go on after logging in.
#[derive(Debug, Default, Deserialize)]
pub struct LogInWithQuery {
    #[serde(default, deserialize_with = "site_path::lenient")]
    next: Option<SitePath>,
    /// The kind of account that a newcomer chose before.
    #[serde(default)]
    role: String,
    /// Not empty where the provider is to ask once more who it is, also of who is signed in here.
    #[serde(default)]
    again: String,
}

/// The link to a provider, or to the start of the log-in, for the visitor to press.
#[derive(Template)]
#[template(path = "accounts/provider/log_in_with.html")]
pub(super) struct LogInWithPage {
    pub(super) layout: Layout,
    pub(super) text: &'static str,
    /// Where the link leads, and what it says.
    pub(super) path: String,
    pub(super) label: String,
    /// Where another link leads that goes back, and what it says.
    pub(super) way_back: Option<(&'static str, &'static str)>,
}

/// Sends the browser to the provider. Another site may not begin it: it could sign a visitor in who did not ask for it.
///
/// # Errors
/// When there is no such provider, or when limited.
pub async fn show(
    Request { app, layout, client, .. }: Request,
    http: HttpRequest,
    AskedProvider { provider, .. }: AskedProvider,
    Query(query): Query<LogInWithQuery>,
) -> web::Result {
    let provider = provider.as_ref();
    if let Some(viewer) = layout.viewer.as_ref().filter(|_| query.again.is_empty()) {
        return see_other(destination(viewer.kind, query.next.as_ref()));
    }
    if !is_asked_for_here(&http) {
        let t = Words::of(layout.locale);
        let (text, label) = (t.continue_text, t.go_on_to(&provider.settings.label));
        let path = paths::accounts::log_in_with(provider.settings.name, query.next.as_ref());
        return with_status(StatusCode::FORBIDDEN, LogInWithPage { layout, text, path, label, way_back: None });
    }
    let device = known_device(&app, &http);
    app.limits.count(&app.db, &[limits::LOG_IN_WITH.for_visitor(&client, device.as_ref())]).await?;
    let again = layout.viewer.as_ref().map(|viewer| viewer.id.clone());
    let attempt = start(&app, provider, query.next.as_ref())?.asked_by(again, query.kind());
    let asking = if query.again.is_empty() { Asking::Who } else { Asking::WhoAgain };
    match provider.address(&attempt, asking).await {
        Ok(address) => {
            let mut answer = HttpResponse::SeeOther();
            answer.insert_header((header::LOCATION, address.as_str()));
            keep(&app, &http, &attempt, answer.finish())
        }
        Err(fault) => Problem::from(fault).page(layout, provider),
    }
}

impl LogInWithQuery {
    fn kind(&self) -> Option<AccountKind> {
        [AccountKind::Employee, AccountKind::Organization].into_iter().find(|kind| kind.as_str() == self.role)
    }
}

/// The device, if anybody logged in on it before. Who comes is not known yet; strangers on the same network keep no owner out.
/// That is why such devices are not counted by their network as well, by whatever wider rule: whoever has some accounts has some
/// devices, and would fill it for everybody there. What many devices can do is what as many networks can.
pub(super) fn known_device(app: &App, http: &HttpRequest) -> Option<Device> {
    Device::of(http, &app.config).filter(|device| device.is_ours(&app.keys))
}

/// A new attempt.
pub(super) fn start(app: &App, provider: &Provider, next: Option<&SitePath>) -> Result<Attempt, Error> {
    let started = Attempt::start(app.clock.now(), provider.settings.name, next);
    started.map_err(|error| Error::Internal(anyhow::Error::msg(error.to_string())))
}

/// The answer, with the attempt in a cookie beside the others that the browser has.
pub(super) fn keep(app: &App, http: &HttpRequest, attempt: &Attempt, mut answer: HttpResponse) -> web::Result {
    let id = |attempt: &Attempt| cookie_id(attempt.state.reveal());
    let ended = Attempt::beyond(sealed_cookie::ATTEMPT.open_all(app, http));
    let removals = ended.iter().map(|ended| sealed_cookie::ATTEMPT.removal_of_one(app, &id(ended)));
    for cookie in [sealed_cookie::ATTEMPT.seal_one(app, &id(attempt), attempt)?].into_iter().chain(removals) {
        answer.add_cookie(&cookie).map_err(|error| Error::Internal(error.into()))?;
    }
    Ok(answer)
}

/// Whether the visitor asked for it, on a page of this site or by typing the address, as far as the browser says.
fn is_asked_for_here(http: &HttpRequest) -> bool {
    let site = http.headers().get("sec-fetch-site").map(header::HeaderValue::as_bytes);
    http.method() == Method::GET && matches!(site, None | Some(b"same-origin" | b"none"))
}
