//! The configuration: what operators set in the environment, read once and checked whole, every problem told at once. It
//! imports values alone.

mod environment;
mod settings;
mod variables;

pub use settings::{Config, LogFormat, Problems};
pub use variables::{VARIABLES, Variable};
