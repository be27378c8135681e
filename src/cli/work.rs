//! `biovity work`: email, webhooks, waves and imports without pages, until a signal stops it.

use std::process::ExitCode;

use super::database::Database;
use super::secret_file;
use super::serve::metrics_listener;
use super::stop_signal::StopSignal;
use crate::config::{self, Config, ServiceState};
use crate::server::{self, metrics_page};
use crate::values::clock::Clock;

/// Works.
pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let metrics = metrics_listener(&config)?;
    let database = Database::open(&config)?;
    let keys = secret_file::keys(&config)?;
    // Nobody reads lists here.
    let config = Config { database_replica: None, ..config };
    let app = server::assemble(config, database.url.clone(), keys, Clock::default());
    server::jobs::start_steps(&app);
    let metrics = metrics.map(|listener| metrics_page::start(&app, listener)).transpose()?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let webhooks = tokio::task::spawn_local(server::webhook_worker(&app).run(stopped.clone()));
    let mail = tokio::task::spawn_local(server::worker(&app)?.run(stopped));
    let mut signal = StopSignal::listen()?;
    config::tell_service_manager(ServiceState::Ready);
    signal.received().await;
    config::tell_service_manager(ServiceState::Stopping);
    stop.send_replace(true);
    tokio::select! {
        ended = async { mail.await.and(webhooks.await) } => ended?,
        () = signal.received() => tracing::warn!("stopped before everything had finished"),
    }
    if let Some(metrics) = metrics {
        metrics.stop(false).await;
    }
    database.close();
    Ok(ExitCode::SUCCESS)
}
