//! The log of the process, on standard error.

use std::io::IsTerminal;

use crate::config::{Config, LogFormat};

/// Starts it in the format and at the level of the configuration.
pub(super) fn start(config: &Config) -> anyhow::Result<()> {
    // What actix's server logs at level info is in our own lines already.
    let filter = tracing_subscriber::EnvFilter::try_new(format!("actix_server=warn,{}", config.log_level))?;
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}
