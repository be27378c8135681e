//! `biovity serve`: the site and its mail, until a signal stops it.

use std::net::TcpListener;
use std::process::ExitCode;

use anyhow::anyhow;

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
    let listener = Listener::open(&config.listen).map_err(|error| cannot_listen(&config, &error))?;
    let metrics = metrics_listener(&config)?;
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
    say_ready(format, &base_url, mailbox);
    if mailbox {
        tracing::info!("SMTP_URL is not set: email goes to the development mailbox at {base_url}/dev/mailbox");
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

/// Says where the site is, and what to do there where mail goes to the development mailbox.
fn say_ready(format: LogFormat, base_url: &str, mailbox: bool) {
    match format {
        LogFormat::Text => {
            println!("Biovity is at {base_url}{}", if mailbox { first_steps(base_url) } else { String::new() });
        }
        // In the shape of a line of the log, which may be set to say less.
        LogFormat::Json => {
            let (now, message) = (Clock::default().now(), format!("Biovity is at {base_url}"));
            let fields = serde_json::json!({ "message": message });
            let line = serde_json::json!({ "timestamp": now, "level": "INFO", "fields": fields, "target": "biovity" });
            println!("{line}");
        }
    }
}

/// What to open where mail goes to the development mailbox, and so most likely on the machine of somebody who looks around.
fn first_steps(base_url: &str) -> String {
    format!(
        "\n  join the waitlist   {base_url}/waitlist\n  read the emails     {base_url}/dev/mailbox\n  \
         log in as an admin  {base_url}/login\n  Ctrl-C stops it."
    )
}

/// Where the metrics are asked for, if anywhere.
pub(super) fn metrics_listener(config: &Config) -> anyhow::Result<Option<TcpListener>> {
    let listen = |address| {
        TcpListener::bind(address)
            .map_err(|error| anyhow!("cannot listen on {address}: {error}; METRICS_LISTEN names another address"))
    };
    config.metrics_listen.map(listen).transpose()
}

/// Most often it is another Biovity that has the port.
fn cannot_listen(config: &Config, error: &std::io::Error) -> anyhow::Error {
    let (address, data_dir) = (&config.listen, config.data_dir.display());
    let other = if Database::is_running(config) {
        format!(" (another Biovity is running on {data_dir})")
    } else {
        String::new()
    };
    anyhow!("cannot listen on {address}: {error}{other}; LISTEN names another address, such as LISTEN=127.0.0.1:8090")
}
