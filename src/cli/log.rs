//! The log of the process, on standard error.

use std::io::IsTerminal;
use std::process::ExitCode;

use crate::config::{Config, LogFormat};
use crate::server::panics;

/// Starts it in the format of the configuration, for what this filter lets through.
pub(super) fn start(config: &Config, filter: &str) -> anyhow::Result<()> {
    // What actix's server logs at level info is in our own lines already, and so is what is wrong with a certificate: whose
    // server it is, who waits for it sees.
    let quiet = "actix_server=warn,rustls_platform_verifier=off";
    let filter = tracing_subscriber::EnvFilter::try_new(format!("{quiet},{filter}"))?;
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => {
            log.json().init();
            std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
        }
    }
    panics::install();
    Ok(())
}

/// Logs what ended a command, in the format of the log.
pub(super) fn failure(format: LogFormat, error: anyhow::Error) -> anyhow::Result<ExitCode> {
    match format {
        LogFormat::Text => Err(error),
        LogFormat::Json => {
            tracing::error!("{error:#}");
            Ok(ExitCode::FAILURE)
        }
    }
}
