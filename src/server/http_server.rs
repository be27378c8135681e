//! The HTTP server: its threads, its connections and their bounds.

use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::{AppConfig, Server};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::watch;

use super::client_connection::ClientConnection;
use super::listener::Listener;
use super::middleware_order::site;
use crate::accounts::provider::provider::Providers;
use crate::waitlist::joining::new_entry::join_queue::JoinQueue;
use crate::web::App;
use crate::web::protection::network_shares::NetworkShares;

/// Longest wait for requests that are being served when the process is asked to stop.
const DRAIN_SECONDS: u64 = 10;
/// Longest wait for the head of the first request of a connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// Idle connections are closed after this.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Connections of one worker; slow clients beyond them wait in the listener's queue.
const CONNECTIONS: usize = 8_192;
/// Connections of one client network: of a hundred browsers behind one address. Our own proxies have no such bound.
pub const CONNECTIONS_OF_NETWORK: usize = 512;

/// What every connection of the server needs.
#[derive(Clone)]
struct Site {
    app: App,
    joins: JoinQueue,
    providers: Providers,
    shares: NetworkShares,
    is_stopping: watch::Receiver<bool>,
}

/// A server that runs when it is awaited, and the Unix socket that goes with it.
pub(super) fn build(
    app: &App,
    joins: &JoinQueue,
    listener: Listener,
    settings: ServerSettings,
) -> anyhow::Result<(Server, Option<PathBuf>)> {
    let (shares, providers) = (NetworkShares::new(CONNECTIONS_OF_NETWORK), Providers::new(&app.config, &app.clock)?);
    let site = Site { app: app.clone(), joins: joins.clone(), providers, shares, is_stopping: settings.is_stopping };
    let server = Server::build()
        .workers(settings.threads)
        .max_concurrent_connections(CONNECTIONS)
        .shutdown_timeout(DRAIN_SECONDS)
        .disable_signals();
    Ok(match listener {
        Listener::Tcp(listener) => {
            let accept = move || site.clone().serve(|io: &TcpStream| io.peer_addr().ok());
            (server.listen("site", listener, accept)?.run(), None)
        }
        Listener::Unix(listener, made) => {
            let accept = move || site.clone().serve(|_: &UnixStream| None);
            (server.listen_uds("site", listener, accept)?.run(), made)
        }
    })
}

/// How the server runs.
#[derive(Debug)]
pub(super) struct ServerSettings {
    /// Its threads.
    pub(super) threads: usize,
    /// Whether it is about to stop: idle connections are closed then.
    pub(super) is_stopping: watch::Receiver<bool>,
}

impl Site {
    fn serve<Io: AsyncRead + AsyncWrite + Unpin + 'static>(
        self,
        peer_of: impl Fn(&Io) -> Option<SocketAddr> + Clone + 'static,
    ) -> impl ServiceFactory<Io, Config = ()> {
        let Self { app, joins, providers, shares, is_stopping } = self;
        let handler = site(app.clone(), joins, providers)
            .into_factory()
            .map_err(|error: actix_web::Error| error.error_response());
        let http = HttpService::build()
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(HEAD_TIMEOUT)
            .graceful_shutdown_signal(move || stopped(is_stopping.clone()))
            .on_connect_ext(|connection: &ClientConnection<Io>, data| {
                data.insert(connection.requests());
            })
            .h1(map_config(handler, |()| AppConfig::default()));
        fn_service(move |io: Io| {
            let peer = peer_of(&io);
            ready(accept(&app, &shares, io, peer).map(|connection| (connection, peer)))
        })
        .and_then(http)
    }
}

/// Refuses a connection of a network that has its share.
fn accept<Io>(
    app: &App,
    shares: &NetworkShares,
    io: Io,
    peer: Option<SocketAddr>,
) -> Result<ClientConnection<Io>, DispatchError> {
    let address = peer.map(|peer| peer.ip().to_canonical());
    let is_proxy = |address| app.config.trusted_proxies.iter().any(|network| network.contains(&address));
    let counted = address.filter(|address| app.config.rate_limits && !is_proxy(*address));
    let share = counted.map(|address| {
        shares.take(address).ok_or_else(|| {
            app.metrics.overloads().count("connections_of_network");
            DispatchError::Io(io::ErrorKind::ConnectionRefused.into())
        })
    });
    Ok(ClientConnection::new(io, app.metrics.clone(), share.transpose()?))
}

async fn stopped(mut is_stopping: watch::Receiver<bool>) {
    let _ = is_stopping.wait_for(|is_stopping| *is_stopping).await;
}
