//! The page of what opens an account: the password, and the providers that are connected or can be.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use super::asked_provider::AskedProvider;
use super::connection::ProviderChange;
use super::log_in_with::{LogInWithPage, keep, start};
use super::problem::Problem;
use super::provider::{Asking, Provider, Providers};
use super::words::Words;
use crate::accounts::user::user::User;
use crate::accounts::user::user::identity::{Disconnected, Identity, connections_of};
use crate::accounts::user::words::Words as CommonWords;
use crate::web::page::response::{ok, with_status};
use crate::web::protection::limits;
use crate::web::{self, Answer, App, Error, Layout, Recent, Request, SignedIn, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/provider/connection_list.html")]
struct ConnectionsPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
    has_password: bool,
    connections: Vec<Connection>,
    /// Why the last wish was refused.
    refusal: Option<&'static str>,
}

/// A provider as the page shows it.
struct Connection {
    name: String,
    label: String,
    is_connected: bool,
    /// Whether the operator lets people log in with it.
    is_offered: bool,
    /// Whether nothing else opens the account.
    is_last: bool,
}

/// The page. Admins have none: no provider opens their accounts.
///
/// # Errors
/// When nobody is signed in, or when the database is unavailable.
pub async fn show(
    app: Data<App>,
    layout: Layout,
    providers: Data<Providers>,
    SignedIn(viewer): SignedIn,
) -> web::Result {
    ok(ConnectionsPage::of(&app, layout, &providers, &viewer).await?)
}

/// Leads on to the provider by a link: browsers stop a form whose answer sends them to another site.
///
/// # Errors
/// When the password was given too long ago, when there is no such provider, or when limited.
pub async fn create(
    Request { app, layout, .. }: Request,
    http: HttpRequest,
    AskedProvider { provider, .. }: AskedProvider,
    Recent(viewer): Recent,
) -> web::Result {
    let provider = for_owner(&provider, &viewer)?;
    app.limits.count(&app.db, &[limits::PROOFS.for_user(&viewer.id)]).await?;
    let attempt = start(&app, provider, None)?.connecting(&viewer.id);
    match provider.address(&attempt, Asking::Who).await {
        Ok(address) => {
            let t = Words::of(layout.locale);
            let (text, label) = (t.connect_text, t.go_on_to(&provider.settings.label));
            let layout = Layout { path: paths::accounts::PROVIDERS.to_owned(), ..layout.without_form() };
            let way_back = Some((paths::accounts::PROVIDERS, t.not_connecting));
            let page = ok(LogInWithPage { layout, text, path: address.into(), label, way_back })?;
            keep(&app, &http, &attempt, page)
        }
        Err(fault) => Problem::from(fault).page(layout, provider),
    }
}

/// Lets the provider open the account no more. One that the operator has unset since would open it again once it is set.
///
/// # Errors
/// When the password was given too long ago, when there is no such provider, or when the database is unavailable.
pub async fn delete(request: Request, http: HttpRequest, all: Data<Providers>, Recent(viewer): Recent) -> web::Result {
    let name = http.match_info().get("id").and_then(paths::id_in).filter(|_| !viewer.is_admin());
    let name = name.ok_or(Error::NOT_FOUND)?;
    let offered = all.find(&name);
    let label = offered.as_ref().map_or(&name, |provider| &provider.settings.label).clone();
    let done = Words::of(request.layout.locale).disconnected(&label);
    let change = ProviderChange::named(&request, &viewer, name, label);
    let Request { app, layout, submission, .. } = request;
    let (now, ways_in) = (app.clock.now(), ways_in(&all));
    let answer = Answer::see_other(paths::accounts::PROVIDERS).about(connections_of(&viewer.id)).with_flash(done);
    let of_form = answer.clone();
    let disconnected = app.db.write(move |conn| {
        let disconnected = change.disconnect(conn, now, &ways_in)?;
        if disconnected == Disconnected::Done {
            submission.record(conn, &of_form)?;
        } else {
            submission.refuse_equal(conn)?;
        }
        Ok(disconnected)
    });
    match disconnected.await? {
        Disconnected::Done => {
            app.viewer_cache.invalidate(&viewer.id);
            answer.send(&http)
        }
        Disconnected::NotConnected if offered.is_none() => Err(Error::NOT_FOUND),
        Disconnected::NotConnected => Answer::see_other(paths::accounts::PROVIDERS).send(&http),
        Disconnected::LastWayIn => {
            let refusal = Some(Words::of(layout.locale).last_way_in);
            let layout = Layout { path: paths::accounts::PROVIDERS.to_owned(), ..layout.without_form() };
            let page = ConnectionsPage::of(&app, layout, &all, &viewer).await?;
            with_status(StatusCode::CONFLICT, ConnectionsPage { refusal, ..page })
        }
    }
}

/// The provider, for anybody but an admin.
pub(super) fn for_owner<'a>(provider: &'a Provider, viewer: &Viewer) -> Result<&'a Provider, Error> {
    if viewer.is_admin() { Err(Error::NOT_FOUND) } else { Ok(provider) }
}

/// The names of the providers that people can log in with.
fn ways_in(providers: &Providers) -> Vec<&'static str> {
    providers.iter().map(|provider| provider.settings.name).collect()
}

impl ConnectionsPage {
    async fn of(app: &App, layout: Layout, providers: &Providers, viewer: &Viewer) -> Result<Self, Error> {
        let id = viewer.id.clone();
        let read = move |conn: &mut _| Ok((User::find(conn, &id)?, Identity::all_of(conn, &id)?));
        let (user, identities) = app.db.read(read).await?;
        let offered = providers.iter().map(|provider| Connection {
            name: provider.settings.name.to_owned(),
            label: provider.settings.label.clone(),
            is_connected: identities.iter().any(|identity| identity.provider == provider.settings.name),
            is_offered: true,
            is_last: false,
        });
        let unset = identities.iter().map(|identity| &identity.provider).filter(|name| providers.find(name).is_none());
        let unset = unset.map(|name| Connection {
            name: name.clone(),
            label: name.clone(),
            is_connected: true,
            is_offered: false,
            is_last: false,
        });
        let mut connections: Vec<_> = offered.chain(unset).collect();
        if viewer.is_admin() || connections.is_empty() {
            return Err(Error::NOT_FOUND);
        }
        let has_password = user.is_some_and(|user| user.password.is_some());
        let opens = |connection: &&Connection| connection.is_connected && connection.is_offered;
        let opening = connections.iter().filter(opens).count();
        for connection in connections.iter_mut().filter(|connection| connection.is_connected && !has_password) {
            connection.is_last = opening == usize::from(connection.is_offered);
        }
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        Ok(Self { t, common, layout, has_password, connections, refusal: None })
    }
}
