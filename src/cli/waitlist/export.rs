//! `biovity waitlist export`: the waitlist as CSV, at constant memory.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Args;

use crate::audit::event::Actor;
use crate::cli::database::Database;
use crate::config::Config;
use crate::server;
use crate::values::clock::Clock;
use crate::values::search_term::SearchTerm;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::waitlist::review::entry_filter::EntryFilter;
use crate::waitlist::review::entry_search::{self, ListedEntry};
use crate::waitlist::review::export;
use crate::web::page::search::Order;
use crate::web::visitor::source::Source;

/// The arguments of `biovity waitlist export`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ExportArgs {
    /// Only those of this role
    #[arg(long, value_parser = ["employee", "organization"])]
    role: Option<String>,
    /// Only those in this state; without it everyone but the deleted
    #[arg(long, value_parser = State::ALL.map(State::as_str))]
    state: Option<String>,
    /// Only those who joined on this day or later, such as 2026-03-31
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Option<NaiveDate>,
    /// Only those who joined on this day or earlier
    #[arg(long, value_name = "DAY", value_parser = day)]
    to: Option<NaiveDate>,
    /// Only those whose address has this in it
    #[arg(long, value_name = "TEXT", value_parser = term)]
    search: Option<SearchTerm>,
    /// Only those who came from this source
    #[arg(long, value_name = "NAME", value_parser = source)]
    source: Option<Source>,
    /// Write into this file instead of to standard output, which is -
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn day(typed: &str) -> Result<NaiveDate, &'static str> {
    EntryFilter::day(typed).ok_or("a day is written as year, month and day, such as 2026-03-31")
}

fn source(typed: &str) -> Result<Source, &'static str> {
    Source::parse(typed).ok_or("a source has at most 64 letters, digits, dots, hyphens and underscores")
}

/// A search for nothing would export everybody.
fn term(typed: &str) -> Result<SearchTerm, &'static str> {
    SearchTerm::parse(typed).ok_or("this text cannot be searched for")
}

/// Writes the CSV, and records the download in the audit log.
pub(super) fn run(config: &Config, args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let output: Box<dyn Write> = match &args.output {
        Some(path) if path.as_os_str() != "-" => {
            Box::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?)
        }
        _ => Box::new(io::stdout()),
    };
    let filter = EntryFilter {
        role: args.role.as_deref().and_then(Role::parse),
        state: args.state.as_deref().and_then(State::parse),
        needs_review: false,
        from: args.from,
        to: args.to,
        term: args.search.clone(),
        source: args.source.clone(),
        order: Order::Newest,
    };
    let database = Database::open_migrated(config)?;
    let written = write(&database, &filter, BufWriter::new(output));
    database.close();
    match written {
        // A reader such as `head` closes the pipe when it has enough.
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe) => {
            Ok(ExitCode::SUCCESS)
        }
        written => written.map(|()| ExitCode::SUCCESS),
    }
}

fn write(database: &Database, filter: &EntryFilter, mut output: impl Write) -> anyhow::Result<()> {
    let mut conn = server::connect(&database.url)?;
    output.write_all(&export::head())?;
    entry_search::record_export(&mut conn, Clock::default().now(), &Actor::operator(), filter)?;
    let mut reached = None;
    loop {
        let batch = entry_search::batch(&mut conn, filter, reached)?;
        let Some(last) = batch.last() else { break };
        reached = Some(ListedEntry::cursor(last));
        output.write_all(&export::lines(&batch))?;
    }
    Ok(output.flush()?)
}
