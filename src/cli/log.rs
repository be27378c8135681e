//! The log of the process, on standard error.

use std::io::IsTerminal;
use std::process::ExitCode;

use crate::config::{Config, LogFormat};
use crate::server::panics;

/// Starts it in the format and at the level of the configuration.
pub(super) fn start(config: &Config) -> anyhow::Result<()> {
    // What actix's server logs at level info is in our own lines already.
    let filter = tracing_subscriber::EnvFilter::try_new(format!("actix_server=warn,{}", config.log_level))?;
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
