//! Importing a list of places: the form, and the imports so far.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::import::{Import, ImportRecord};
use super::import_file::{self, MAX_BYTES, ParsedLine, Problem};
use super::import_line;
use super::new_import::NewImport;
use super::words::Words;
use crate::audit::event::Actor;
use crate::values::id::ImportId;
use crate::values::locale::Locale;
use crate::web::page::multipart::File;
use crate::web::page::response;
use crate::web::{self, Admin, App, Error, FieldErrors, Layout, Request, Upload, paths};

/// The field of the file.
const LIST: &str = "list";
/// Lines that one transaction stages.
const AT_ONCE: usize = 5_000;

/// What the form sends, besides the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ImportForm {
    language: String,
    confirmation: String,
}

#[derive(Template)]
#[template(path = "waitlist/importing/import_list.html")]
struct ImportsPage {
    t: &'static Words,
    layout: Layout,
    imports: Vec<ImportRecord>,
    form: ImportForm,
    errors: FieldErrors,
}

/// The form and the imports so far.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout) -> web::Result {
    let form = ImportForm { language: layout.locale.code().to_owned(), confirmation: String::new() };
    response::ok(ImportsPage::read(&app, layout, form).await?)
}

/// Takes a list, to be checked.
///
/// # Errors
/// When too many files come in at once, or the database is unavailable.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client }: Request,
    mut upload: Upload<ImportForm, MAX_BYTES>,
) -> web::Result {
    let lines = match upload.take_file(LIST)? {
        None => Ok(None),
        Some(File::TooLarge) => Err(Problem::TooLong),
        Some(File::Whole(file)) => app.image_worker.run(move || import_file::read(&file)).await?.map(Some),
    };
    let lines = match lines {
        Ok(Some(lines)) => lines,
        refused => return refuse(&app, layout, upload.into_inner(), refused.err()).await,
    };
    let import = NewImport {
        id: ImportId::generate(),
        locale: Locale::parse(&upload.language).unwrap_or(layout.locale),
        are_confirmed: upload.confirmation == "confirmed",
        actor: Actor::new(&viewer.id, &client),
    };
    let path = paths::with_id(paths::waitlist::IMPORT, import.id.as_str());
    stage(&app, import, lines).await?;
    response::see_other(path)
}

/// Writes the lines in many short transactions: one of a hundred thousand lines would hold a connection for long.
async fn stage(app: &App, import: NewImport, mut lines: Vec<ParsedLine>) -> Result<(), Error> {
    let (now, begun, count) = (app.clock.now(), import.clone(), lines.len());
    app.db.write(move |conn| begun.begin(conn, now)).await?;
    while !lines.is_empty() {
        let (id, batch) = (import.id.clone(), lines.split_off(lines.len().saturating_sub(AT_ONCE)));
        app.db.write(move |conn| import_line::stage(conn, &id, &batch)).await?;
    }
    app.db.write(move |conn| import.check(conn, now, count)).await?;
    Ok(())
}

/// The form again, with what is wrong with the file.
async fn refuse(app: &App, layout: Layout, form: ImportForm, problem: Option<Problem>) -> web::Result {
    let mut again = ImportsPage::read(app, layout, form).await?;
    again.errors.add(LIST, problem.map_or(again.t.no_file, |problem| again.t.problem(problem)));
    let is_too_long = problem == Some(Problem::TooLong);
    let status = if is_too_long { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
    response::with_status(status, again)
}

impl ImportsPage {
    async fn read(app: &App, layout: Layout, form: ImportForm) -> Result<Self, Error> {
        let imports = app.db.read(ImportRecord::recent).await?;
        let t = Words::of(layout.locale);
        Ok(Self { t, layout, imports, form, errors: FieldErrors::default() })
    }

    /// The values of the language's field, each in its own language.
    const fn languages() -> [(&'static str, &'static str); 2] {
        [(Locale::Es.code(), "Español"), (Locale::En.code(), "English")]
    }

    fn path(import: &Import) -> String {
        paths::with_id(paths::waitlist::IMPORT, import.id.as_str())
    }

    fn number(&self, count: i32) -> String {
        self.layout.locale.number(count.into())
    }
}
