//! `biovity work`: the mail alone, until a signal stops it.

use std::process::ExitCode;

use super::database::Database;
use super::secret_file;
use super::stop_signal::StopSignal;
use crate::config::{self, Config, ServiceState};
use crate::server;
use crate::values::clock::Clock;

/// Sends mail.
pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let database = Database::open(&config)?;
    let keys = secret_file::keys(&config)?;
    let app = server::assemble(config, database.url.clone(), keys, Clock::default());
    tokio::task::spawn_local(server::jobs::run_steps(app.clone()));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::task::spawn_local(server::worker(&app)?.run(stopped));
    let mut signal = StopSignal::listen()?;
    config::tell_service_manager(ServiceState::Ready);
    signal.received().await;
    config::tell_service_manager(ServiceState::Stopping);
    stop.send_replace(true);
    tokio::select! {
        ended = worker => ended?,
        () = signal.received() => tracing::warn!("stopped before everything had finished"),
    }
    database.close();
    Ok(ExitCode::SUCCESS)
}
