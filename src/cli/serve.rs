//! `biovity serve`: the site and its mail, until a signal stops it.

use std::net::TcpListener;
use std::process::ExitCode;

use anyhow::Context;

use super::database::Database;
use super::secret_file;
use super::stop_signal::StopSignal;
use crate::config::{self, Config, LogFormat, ServiceState};
use crate::server::{self, Listener, Running};
use crate::values::clock::Clock;

pub(super) mod first_admin;

/// Serves.
pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    // The port comes first, because a port that is taken is the most frequent mistake.
    let listener = Listener::open(&config.listen).with_context(|| cannot_listen(&config))?;
    let metrics = config.metrics_listen.map(TcpListener::bind).transpose().context("METRICS_LISTEN")?;
    let database = Database::own(&config)?;
    let keys = secret_file::keys(&config)?;
    let embedded = database.migrate_own()?;
    let (base_url, mailbox, format) =
        (config.base_url.origin().to_owned(), config.smtp_url.is_none(), config.log_format);
    let app = server::assemble(config, database.url.clone(), keys, Clock::default());
    if embedded {
        first_admin::create(&app, &database.url).await?;
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut running = Running::start(&app, listener, threads)?;
    metrics.map(|listener| running.show_metrics(listener)).transpose()?;
    running.deliver(server::worker(&app)?, server::webhook_worker(&app));
    let mut signal = StopSignal::listen()?;
    config::tell_service_manager(ServiceState::Ready);
    match format {
        LogFormat::Text => {
            println!("Biovity is at {base_url}{}", if mailbox { first_steps(&base_url) } else { String::new() });
        }
        LogFormat::Json => println!("{}", serde_json::json!({ "message": format!("Biovity is at {base_url}") })),
    }
    if mailbox {
        tracing::info!("SMTP_URL is not set: mail goes to the development mailbox at {base_url}/dev/mailbox");
    }
    signal.received().await;
    config::tell_service_manager(ServiceState::Stopping);
    tracing::info!("stopping; a second signal stops at once");
    tokio::select! {
        () = running.stop() => {}
        () = signal.received() => tracing::warn!("stopped before everything had finished"),
    }
    database.close();
    Ok(ExitCode::SUCCESS)
}

/// What to open where mail goes to the development mailbox, and so most likely on the machine of somebody who looks around.
fn first_steps(base_url: &str) -> String {
    format!(
        "\n  join the waitlist   {base_url}/waitlist\n  read the emails     {base_url}/dev/mailbox\n  \
         log in as an admin  {base_url}/login\n  Ctrl-C stops it."
    )
}

/// Most often it is another Biovity that has the port.
fn cannot_listen(config: &Config) -> String {
    let data_dir = config.data_dir.display();
    let other = if Database::is_running(config) {
        format!(": another Biovity is running on {data_dir}")
    } else {
        String::new()
    };
    format!(
        "cannot listen on {}{other}; with LISTEN it takes another address, such as LISTEN=127.0.0.1:8090",
        config.listen
    )
}
