//! Biovity
pub mod config;
pub mod db;
pub mod mail;
pub mod schema;
pub mod values;
pub mod web;
