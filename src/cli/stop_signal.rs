//! The signals that stop a running command.

/// Waits for Ctrl-C (SIGINT) or for the SIGTERM that a service manager sends.
pub(super) async fn stop_signal() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
