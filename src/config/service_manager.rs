//! What the service manager (systemd) hands over in the environment, and what it is told.

use listenfd::ListenFd;
use sd_notify::NotifyState;

/// What the service manager waits for.
#[derive(Clone, Copy, Debug)]
pub enum ServiceState {
    /// The server answers.
    Ready,
    /// It was asked to stop and finishes what is under way.
    Stopping,
}

/// The sockets that the service manager opened for this process (`LISTEN_FDS`). Its children do not get them.
#[must_use]
pub fn handed_over_sockets() -> ListenFd {
    ListenFd::from_env()
}

/// Tells the service manager, if there is one (`NOTIFY_SOCKET`).
pub fn tell_service_manager(state: ServiceState) {
    let state = match state {
        ServiceState::Ready => NotifyState::Ready,
        ServiceState::Stopping => NotifyState::Stopping,
    };
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!("the service manager cannot be told: {error}");
    }
}
