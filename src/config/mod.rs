//! The configuration: what operators set in the environment. It is read once, and all problems are reported at once.
//! Only this room reads the environment; it imports values alone.

mod environment;
mod listen_address;
mod provider_settings;
mod service_manager;
mod settings;
mod variables;

pub use environment::unknown_variables;
pub use listen_address::ListenAddress;
pub use provider_settings::{Authority, ClientAuth, NonceUse, Pkce, ProviderSettings, may_be_asked, provider_label};
pub use service_manager::{ServiceState, handed_over_sockets, tell_service_manager};
pub use settings::{Config, LogFormat, Problems};
pub use variables::{VARIABLES, Variable};
