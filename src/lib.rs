//! Biovity
pub mod accounts;
pub mod app;
pub mod cli;
pub mod config;
pub mod db;
pub mod mail;
pub mod routes;
pub mod schema;
pub mod values;
pub mod waitlist;
pub mod web;
