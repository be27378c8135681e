//! Reading a list and keeping its lines, so that they can be checked; again where a process died while it did so.

use super::import_file::problem::Problem;
use super::import_file::{self, ParsedLine, ParsedList};
use super::import_line;
use super::new_import::{self, InterruptedFile, NewImport};
use crate::audit::event::Actor;
use crate::values::id::ImportId;
use crate::waitlist::joining::role::Role;
use crate::web::{App, Error};

/// Lines that one transaction stages.
const AT_ONCE: usize = 5_000;

/// A file, and the list in it or why it is none.
#[derive(Debug)]
pub(super) struct ReadFile {
    pub(super) file: Vec<u8>,
    pub(super) list: Result<ParsedList, Problem>,
}

/// Reads a file: one at a time, so that all of them together take the memory of one.
///
/// # Errors
/// When too many files come in at once.
pub(super) async fn read(app: &App, file: Vec<u8>, role_of_all: Option<Role>) -> Result<ReadFile, Error> {
    let read = move || ReadFile { list: import_file::read(&file, role_of_all), file };
    Ok(app.image_worker.run(read).await?)
}

/// Begins an import with this file, and has its lines checked.
///
/// # Errors
/// When the database is unavailable.
pub(super) async fn begin(app: &App, import: NewImport, file: Vec<u8>, lines: Vec<ParsedLine>) -> Result<(), Error> {
    let (now, id, actor) = (app.clock.now(), import.id.clone(), import.actor.clone());
    app.db.write(move |conn| import.begin(conn, now, &file)).await?;
    stage(app, id, actor, lines).await
}

/// Goes on with an import that was interrupted, if it still is.
///
/// # Errors
/// When too many files come in at once, or the database is unavailable.
pub(super) async fn resume(app: &App, id: ImportId, actor: Actor) -> Result<(), Error> {
    let of = id.clone();
    let taken = app.db.write(move |conn| InterruptedFile::take_up(conn, &of)).await?;
    let Some(InterruptedFile { file, role_of_all }) = taken else { return Ok(()) };
    let read = read(app, file, role_of_all).await?;
    // It was a list when it came; should it not be one any more, a part of it must not pass for the whole.
    let Ok(list) = read.list else { return Ok(()) };
    stage(app, id, actor, list.lines).await
}

/// Writes the lines in many short transactions: one of a hundred thousand lines would hold a connection for long.
async fn stage(app: &App, id: ImportId, actor: Actor, mut lines: Vec<ParsedLine>) -> Result<(), Error> {
    let now = app.clock.now();
    while !lines.is_empty() {
        let (id, batch) = (id.clone(), lines.split_off(lines.len().saturating_sub(AT_ONCE)));
        app.db.write(move |conn| import_line::stage(conn, &id, &batch)).await?;
    }
    app.db.write(move |conn| new_import::check(conn, now, &actor, &id)).await?;
    Ok(())
}
