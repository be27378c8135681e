//! `biovity waitlist import`: a list of places from a file, in the terminal.

use std::fs::{self, File};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use diesel::{Connection, PgConnection, QueryResult};
use indicatif::{ProgressBar, ProgressStyle};

use crate::audit::event::Actor;
use crate::cli::database::Database;
use crate::cli::secret_file;
use crate::config::Config;
use crate::db::migrations::statistics;
use crate::server;
use crate::values::clock::{Clock, Timestamp};
use crate::values::id::ImportId;
use crate::values::locale::Locale;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::importing::import::{Import, ImportRecord};
use crate::waitlist::importing::import_file::problem::Problem;
use crate::waitlist::importing::import_file::{self, ParsedList};
use crate::waitlist::importing::import_line::{self, Reject};
use crate::waitlist::importing::new_import::{self, NewImport};
use crate::waitlist::importing::words::Words;
use crate::waitlist::importing::{import_batch, rejects};
use crate::waitlist::joining::role::Role;

/// Lines of one transaction, and of one batch of rejects.
const AT_ONCE: usize = 5_000;
const REJECTS_AT_ONCE: i64 = 1_000;

/// The arguments of `biovity waitlist import`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArgs {
    /// A list as CSV, with a column for the address and one for the role
    #[arg(required_unless_present = "undo")]
    file: Option<PathBuf>,
    /// These people confirmed their address elsewhere; without it each of them is asked
    #[arg(long)]
    confirmed: bool,
    /// The language to write to them in: es or en
    #[arg(long, default_value = "es", value_parser = ["es", "en"])]
    language: String,
    /// The role of all of them, where the list has no column for it
    #[arg(long, value_parser = ["employee", "organization"])]
    role: Option<String>,
    /// Only report what would happen
    #[arg(long)]
    dry_run: bool,
    /// Add them without asking
    #[arg(long)]
    yes: bool,
    /// Write the rejected lines into this file
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Undo this import: remove the places it added
    #[arg(long, value_name = "ID", conflicts_with_all = ["file", "confirmed", "dry_run", "rejects", "role"])]
    undo: Option<String>,
}

/// The connection, and what every step needs; the operator is the actor.
struct Terminal {
    conn: PgConnection,
    clock: Clock,
    keys: SecretKeys,
    actor: Actor,
}

/// Imports a file, or undoes an import. The exit code is 1 when nobody was added although somebody could have been.
pub(super) fn run(config: &Config, import: &ImportArgs) -> anyhow::Result<ExitCode> {
    let database = Database::open_migrated(config)?;
    let mut terminal = Terminal {
        conn: server::connect(&database.url)?,
        clock: Clock::default(),
        keys: secret_file::keys(config)?,
        actor: Actor::operator(),
    };
    let code = match (&import.file, &import.undo) {
        (_, Some(id)) => terminal.undo(&ImportId::from(id.clone())),
        (Some(file), None) => terminal.import(file, import),
        (None, None) => Ok(ExitCode::FAILURE),
    };
    database.close();
    code
}

impl Terminal {
    fn import(&mut self, file: &Path, args: &ImportArgs) -> anyhow::Result<ExitCode> {
        let id = self.stage(file, args)?;
        let import = self.finish(&id)?;
        report(&import);
        if let Some(path) = &args.rejects {
            self.write_rejects(&import, path)?;
        }
        if args.dry_run || import.fresh == 0 {
            self.write(|conn, now, actor| Import::cancel(conn, now, actor, &id))?;
            println!("nothing was added");
            return Ok(ExitCode::SUCCESS);
        }
        if !args.yes && !agrees(&import)? {
            self.write(|conn, now, actor| Import::cancel(conn, now, actor, &id))?;
            bail!("nothing was added: not confirmed; --yes adds without asking");
        }
        self.write(|conn, now, actor| Import::start(conn, now, actor, &id))?;
        let import = self.finish(&id)?;
        self.conn.transaction(statistics::analyze_all)?;
        println!("added {}; to remove them again: biovity waitlist import --undo {id}", people(import.added));
        Ok(ExitCode::SUCCESS)
    }

    fn stage(&mut self, file: &Path, args: &ImportArgs) -> anyhow::Result<ImportId> {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let role_of_all = args.role.as_deref().and_then(Role::parse);
        let ParsedList { heading, lines } = match import_file::read(&bytes, role_of_all) {
            Ok(list) => list,
            Err(Problem::NoRoleColumn) => {
                bail!("{}: there is no column for the role; --role gives all of them one", file.display())
            }
            Err(problem) => bail!("{}: {}", file.display(), Words::of(Locale::En).problem(problem)),
        };
        let new = NewImport {
            id: ImportId::generate(),
            locale: Locale::parse(&args.language).unwrap_or(Locale::Es),
            role_of_all,
            are_confirmed: args.confirmed,
            heading,
            actor: self.actor.clone(),
        };
        self.write(|conn, now, _| new.begin(conn, now, &bytes))?;
        for batch in lines.chunks(AT_ONCE) {
            self.write(|conn, _, _| import_line::stage(conn, &new.id, batch))?;
        }
        self.write(|conn, now, actor| new_import::check(conn, now, actor, &new.id))?;
        Ok(new.id)
    }

    fn undo(&mut self, id: &ImportId) -> anyhow::Result<ExitCode> {
        if !self.write(|conn, now, actor| Import::undo(conn, now, actor, id))? {
            bail!("no import {id} has places to remove");
        }
        let import = self.finish(id)?;
        println!("removed {}, kept {}, who have done something since", people(import.removed), import.kept());
        Ok(ExitCode::SUCCESS)
    }

    /// Runs the step of the import that is under way to its end. A server may do some of its batches meanwhile.
    fn finish(&mut self, id: &ImportId) -> anyhow::Result<Import> {
        let bar = ProgressBar::no_length();
        bar.set_style(ProgressStyle::with_template("{bar:40} {pos} of {len} lines, {eta} left")?);
        loop {
            let found = ImportRecord::find(&mut self.conn, id)?;
            let ImportRecord { import, .. } = found.with_context(|| format!("the import {id} is gone"))?;
            bar.set_length(import.lines.unsigned_abs().into());
            bar.set_position(import.done.unsigned_abs().into());
            if !import.is_under_way() {
                bar.finish_and_clear();
                return Ok(import);
            }
            let (now, keys) = (self.clock.now(), self.keys.clone());
            self.conn.transaction(|conn| import_batch::run(conn, now, &keys, id))?;
        }
    }

    fn write_rejects(&mut self, import: &Import, path: &Path) -> anyhow::Result<()> {
        let mut file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        file.write_all(&rejects::head(import))?;
        let mut reached = 0;
        loop {
            let batch = Reject::after(&mut self.conn, &import.id, reached, REJECTS_AT_ONCE)?;
            let Some(last) = batch.last() else { return Ok(()) };
            reached = last.line;
            file.write_all(&rejects::lines(&batch, Locale::En))?;
        }
    }

    fn write<T>(&mut self, write: impl Fn(&mut PgConnection, Timestamp, &Actor) -> QueryResult<T>) -> QueryResult<T> {
        let (now, actor) = (self.clock.now(), self.actor.clone());
        self.conn.transaction(|conn| write(conn, now, &actor))
    }
}

fn report(import: &Import) {
    println!("{} {}", import.lines, if import.lines == 1 { "line" } else { "lines" });
    println!("{:>8} new", import.fresh);
    println!("{:>8} already on the list", import.duplicate);
    println!("{:>8} twice in the file", import.repeated);
    println!("{:>8} cannot be read", import.invalid);
    println!("{:>8} left or were erased; they stay out", import.opted_out);
}

/// Asks for consent; without a terminal nobody can give it.
fn agrees(import: &Import) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    let how = match (import.are_confirmed, import.fresh) {
        (true, _) => "as confirmed",
        (false, 1) => "and ask them to confirm",
        (false, _) => "and ask each of them to confirm",
    };
    print!("Add {} {how}? [y/N] ", people(import.fresh));
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn people(number: i32) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{number} people") }
}
