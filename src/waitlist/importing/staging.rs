//! Reading a list and keeping its lines, so that they can be checked; again where a process died while it did so.

use super::import_file::problem::Problem;
use super::import_file::{self, ParsedLine, ParsedList};
use super::import_line;
use super::new_import::{self, InterruptedFile, NewImport};
use crate::audit::event::Actor;
use crate::db;
use crate::values::id::ImportId;
use crate::waitlist::joining::role::Role;
use crate::web::{Answer, App, Error, Submission};

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

/// A file that was sent to be imported, and how that is answered.
#[derive(Debug)]
pub(super) struct SentFile {
    pub(super) import: NewImport,
    pub(super) file: Vec<u8>,
    pub(super) submission: Submission,
    pub(super) answer: Answer,
}

/// Begins an import with this file. Its lines are staged after the form was answered, since those of a long list take half a
/// minute. Until then `memory` is held: the share of the memory of all files that this one has.
///
/// # Errors
/// When the database is unavailable.
pub(super) async fn begin(
    app: &App,
    sent: SentFile,
    lines: Vec<ParsedLine>,
    memory: impl Send + 'static,
) -> Result<(), Error> {
    let SentFile { import, file, submission, answer } = sent;
    let (now, staging) = (app.clock.now(), Staging { id: import.id.clone(), actor: import.actor.clone(), lines });
    submission.write(&app.db, &answer, move |conn| import.begin(conn, now, &file).map(Some)).await?;
    let app = app.clone();
    tokio::spawn(async move {
        staging.run(&app).await;
        drop(memory);
    });
    Ok(())
}

/// An import that was interrupted, who goes on with it, and how that is answered.
#[derive(Debug)]
pub(super) struct InterruptedImport {
    pub(super) id: ImportId,
    pub(super) actor: Actor,
    pub(super) submission: Submission,
    pub(super) answer: Answer,
}

/// Goes on with an import, if it still is interrupted; returns whether it was.
///
/// # Errors
/// When too many files come in at once, or the database is unavailable.
pub(super) async fn resume(app: &App, interrupted: InterruptedImport) -> Result<bool, Error> {
    let InterruptedImport { id, actor, submission, answer } = interrupted;
    let of = id.clone();
    let found = app.db.read(move |conn| InterruptedFile::find(conn, &of)).await?;
    let Some(InterruptedFile { file, role_of_all }) = found else { return Ok(false) };
    // It was a list when it came; should it not be one any more, a part of it must not pass for the whole. Only what was read is
    // taken up: what is refused before is still interrupted, and the answer of a success is not stored with it.
    let Ok(list) = read(app, file, role_of_all).await?.list else { return Ok(false) };
    let of = id.clone();
    let take_up = move |conn: &mut _| Ok(new_import::take_up(conn, &of)?.then_some(()));
    if submission.write(&app.db, &answer, take_up).await?.is_none() {
        return Ok(false);
    }
    let (app, staging) = (app.clone(), Staging { id, actor, lines: list.lines });
    tokio::spawn(async move { staging.run(&app).await });
    Ok(true)
}

/// The lines of an import that are to be staged.
struct Staging {
    id: ImportId,
    actor: Actor,
    lines: Vec<ParsedLine>,
}

impl Staging {
    /// Stages them. Where that fails, no line comes in any more: the page says so in a moment, and offers to go on.
    async fn run(self, app: &App) {
        let id = self.id.clone();
        if let Err(error) = self.stage(app).await {
            tracing::warn!(
                import = id.as_str(),
                error = &error as &dyn std::error::Error,
                "a list was not read to its end"
            );
        }
    }

    /// Writes the lines in many short transactions: one of a hundred thousand lines would hold a connection for long.
    async fn stage(self, app: &App) -> Result<(), db::Error> {
        let Self { id, actor, mut lines } = self;
        let now = app.clock.now();
        while !lines.is_empty() {
            let (id, batch) = (id.clone(), lines.split_off(lines.len().saturating_sub(AT_ONCE)));
            app.db.write(move |conn| import_line::stage(conn, &id, &batch)).await?;
        }
        app.db.write(move |conn| new_import::check(conn, now, &actor, &id)).await
    }
}
