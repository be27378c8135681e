//! The configuration: what operators set in the environment. It is read once, and all problems are reported at once.
//! Only this room reads the environment; it imports values alone.

mod environment;
mod settings;
mod variables;

pub use settings::{Config, LogFormat, Problems};
pub use variables::{VARIABLES, Variable};
