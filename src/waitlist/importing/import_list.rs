//! Importing a list of places: the form, and the imports so far.

use std::borrow::Cow;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::import::{Import, ImportRecord};
use super::import_file::MAX_BYTES;
use super::import_file::problem::Problem;
use super::import_state::ImportState;
use super::new_import::NewImport;
use super::staging::{self, ReadFile, SentFile};
use super::words::Words;
use crate::audit::event::Actor;
use crate::values::id::ImportId;
use crate::values::locale::Locale;
use crate::waitlist::joining::role::Role;
use crate::web::page::form::FilledForm;
use crate::web::page::kept_upload::KeptUpload;
use crate::web::page::multipart::{self, File};
use crate::web::page::response;
use crate::web::submission::sent_form;
use crate::web::{self, Admin, Answer, App, Error, FieldErrors, Layout, Request, Upload, paths};

/// The field of the file.
const LIST: &str = "list";
/// The field of the role of all.
const ROLE: &str = "role";

/// What the form sends, besides the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ImportForm {
    language: String,
    confirmation: String,
    /// The role of all, where the list has no column for it.
    role: String,
    /// The file, when it came before.
    kept_file: String,
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
    let form = ImportForm { language: layout.locale.code().to_owned(), ..ImportForm::default() };
    response::ok(ImportsPage::read(&app, layout, form).await?)
}

const _: () = assert!(MAX_BYTES <= multipart::MOST_KEPT, "a list can wait for the password, or for its role");

/// Takes a list, to be checked.
///
/// # Errors
/// When too many files come in at once, or the database is unavailable.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client, .. }: Request,
    http: HttpRequest,
    mut upload: Upload<ImportForm, MAX_BYTES>,
) -> web::Result {
    let file = match upload.take_file(LIST)? {
        None => return refuse(&app, layout, upload.into_inner(), None).await,
        Some(File::TooLarge) => return refuse(&app, layout, upload.into_inner(), Some(Problem::TooLong)).await,
        Some(File::Whole(file)) => file,
    };
    let role_of_all = Role::parse(&upload.role);
    let ReadFile { file, list } = staging::read(&app, file, role_of_all).await?;
    let list = match list {
        Ok(list) => list,
        Err(Problem::NoRoleColumn) => {
            // What is missing is a word, not another file.
            let file = KeptUpload { field: LIST.to_owned(), file };
            let kept = upload.keep_file(&app, &viewer, file).await?.to_string();
            let layout = Layout { filled: filled(&http, &kept), ..layout };
            let form = ImportForm { kept_file: kept, ..upload.into_inner() };
            return refuse(&app, layout, form, Some(Problem::NoRoleColumn)).await;
        }
        Err(problem) => return refuse(&app, layout, upload.into_inner(), Some(problem)).await,
    };
    let import = NewImport {
        id: ImportId::generate(),
        locale: Locale::parse(&upload.language).unwrap_or(layout.locale),
        role_of_all,
        are_confirmed: upload.confirmation == "confirmed",
        heading: list.heading,
        actor: Actor::new(&viewer.id, &client),
    };
    let answer = Answer::see_other(paths::with_id(paths::waitlist::IMPORT, import.id.as_str()));
    let sent = SentFile { import, file, submission: sent_form::of(&http), answer: answer.clone() };
    staging::begin(&app, sent, list.lines, upload).await?;
    answer.send(&http)
}

/// The form with the file that was kept, for the choice of a language.
fn filled(http: &HttpRequest, kept: &str) -> Option<FilledForm> {
    let mut filled = FilledForm::of(http)?;
    filled.fields.retain(|(name, _)| name != multipart::KEPT);
    filled.fields.push((multipart::KEPT.to_owned(), kept.to_owned()));
    Some(filled)
}

/// The form again, with what is wrong with the file.
async fn refuse(app: &App, layout: Layout, form: ImportForm, problem: Option<Problem>) -> web::Result {
    let mut again = ImportsPage::read(app, layout, form).await?;
    let text = problem.map_or(Cow::Borrowed(again.t.file.none), |problem| again.t.problem(problem));
    again.errors.add(if problem == Some(Problem::NoRoleColumn) { ROLE } else { LIST }, text);
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
        [(Locale::Es.code(), Locale::Es.name()), (Locale::En.code(), Locale::En.name())]
    }

    /// What stands beside the choice of a file.
    const fn file_hint(&self) -> &'static str {
        if self.form.kept_file.is_empty() { self.t.file.hint } else { self.t.file.is_kept }
    }

    fn path(import: &Import) -> String {
        paths::with_id(paths::waitlist::IMPORT, import.id.as_str())
    }

    fn number(&self, count: i32) -> String {
        self.layout.locale.number(count.into())
    }
}
