//! Connecting a provider after the log-in that it asked for: what it said of the visitor waits meanwhile in a cookie that only
//! this site can read, and the owner of the account confirms it.

use actix_web::HttpRequest;
use askama::Template;
use serde::{Deserialize, Serialize};

use super::asked_provider::AskedProvider;
use super::attempt::Attempt;
use super::connection::ProviderChange;
use super::connection_list::for_owner;
use super::problem::Problem;
use super::provider::Provider;
use super::words::Words;
use crate::accounts::user::user::identity::{Identity, connections_of};
use crate::values::email_address::EmailAddress;
use crate::web::page::response::{ok, see_other};
use crate::web::visitor::sealed_cookie;
use crate::web::{self, Answer, App, Error, Layout, Recent, Request, Viewer, paths};

/// An identity whose address has an account, until the owner has logged in there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Waiting {
    /// An attempt of its own, at that account: it works once, and for as long as any.
    pub(super) attempt: Attempt,
    pub(super) identity: Identity,
    /// The address there.
    pub(super) email: EmailAddress,
}

#[derive(Template)]
#[template(path = "accounts/provider/confirm.html")]
struct ConfirmPage {
    t: &'static Words,
    layout: Layout,
    name: &'static str,
    label: String,
    email: EmailAddress,
}

/// Asks whether to connect it; without anything that waits, the list of what can be connected.
///
/// # Errors
/// When the password was given too long ago, or when what waits is of another account.
pub async fn show(
    Request { app, layout, .. }: Request,
    http: HttpRequest,
    AskedProvider { provider, .. }: AskedProvider,
    Recent(viewer): Recent,
) -> web::Result {
    let provider = for_owner(&provider, &viewer)?;
    let Some(waiting) = Waiting::of(&app, &http, provider, &viewer)? else {
        return see_other(paths::accounts::PROVIDERS);
    };
    let (t, label) = (Words::of(layout.locale), provider.settings.label.clone());
    ok(ConfirmPage { t, layout, name: provider.settings.name, label, email: waiting.email })
}

/// Connects it, once.
///
/// # Errors
/// When the password was given too long ago, when what waits is of another account, or when the database is unavailable.
pub async fn create(
    request: Request,
    http: HttpRequest,
    AskedProvider { provider, .. }: AskedProvider,
    Recent(viewer): Recent,
) -> web::Result {
    let (provider, Request { app, layout, submission, .. }) = (for_owner(&provider, &viewer)?, request.clone());
    let Some(Waiting { attempt, identity, .. }) = Waiting::of(&app, &http, provider, &viewer)? else {
        return Problem::TooOld.page(layout, provider);
    };
    let answer = Answer::see_other(paths::accounts::PROVIDERS).about(connections_of(&viewer.id));
    let answer = answer.with_flash(Words::of(layout.locale).connected(&provider.settings.label));
    let change = ProviderChange::of(&request, &viewer, provider);
    let now = app.clock.now();
    let answer = answer.with_cookie(&sealed_cookie::WAITING.removal(&app));
    let of_form = answer.clone();
    let connected = app.db.write(move |conn| {
        if !attempt.redeem(conn, now)? {
            submission.refuse_equal(conn)?;
            return Ok(Err(Problem::Used));
        }
        let connected = change.connect(conn, now, &identity)?;
        let done = Problem::of_connected(connected);
        if done.is_ok() {
            submission.record(conn, &of_form)?;
        }
        Ok(done)
    });
    match connected.await? {
        Ok(()) => answer.send(&http),
        Err(problem) => problem.page(layout, provider),
    }
}

impl Waiting {
    /// What waits in this browser for this provider.
    fn of(app: &App, http: &HttpRequest, provider: &Provider, viewer: &Viewer) -> Result<Option<Self>, Error> {
        let waiting: Option<Self> = sealed_cookie::WAITING.open(app, http);
        let is_for_it =
            |attempt: &Attempt| attempt.provider == provider.settings.name && !attempt.is_over(app.clock.now());
        match waiting.filter(|waiting| is_for_it(&waiting.attempt)) {
            Some(waiting) if waiting.attempt.owner.as_ref() != Some(&viewer.id) => Err(Error::OtherAccount),
            waiting => Ok(waiting),
        }
    }
}
