//! Biovity
pub mod values;
