//! The recovery codes: the page that shows them once, the same as a file, and making new ones.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::confirm::{self, ConfirmForm, Confirmed, Proved};
use super::switch::Switch;
use super::words::Words;
use crate::accounts::one_time_code::recovery_code::{AT_ONCE, RecoveryCode};
use crate::accounts::one_time_code::typed_code::TypedCode;
use crate::accounts::session::log_in::prove_code::Wrong;
use crate::accounts::session::start_session::no_random_bytes;
use crate::values::site_path::SitePath;
use crate::web::page::form::FilledForm;
use crate::web::page::response::ok;
use crate::web::{self, Answer, Error, Form, Layout, Recent, Request, SignedIn, Viewer, paths};

/// The name of the file.
const FILE: &str = "attachment; filename=\"biovity-recovery-codes.txt\"";
/// Stands between two codes in the field that asks for the file.
const BETWEEN: char = ',';

/// The page that shows them, this once.
#[derive(Template)]
#[template(path = "accounts/second_factor/codes.html")]
pub(super) struct CodesPage {
    t: &'static Words,
    layout: Layout,
    codes: Vec<String>,
    is_admin: bool,
}

/// The codes that the page showed, and how they are wanted.
#[derive(Default, Deserialize)]
pub struct FileForm {
    #[serde(default)]
    codes: String,
    /// Not empty where the same page is shown in another language.
    #[serde(default)]
    again: String,
}

/// The form that makes new ones.
///
/// # Errors
/// When the password was given too long ago.
pub async fn show(layout: Layout, Recent(viewer): Recent) -> web::Result {
    confirm::show(layout, viewer, Confirmed::NewCodes)
}

/// Makes new ones: the others work no more.
///
/// # Errors
/// When nobody is signed in, when limited, or when the database is unavailable.
pub async fn create(
    request: Request,
    http: HttpRequest,
    SignedIn(viewer): SignedIn,
    form: Form<ConfirmForm>,
) -> web::Result {
    let confirmed = Confirmed::NewCodes;
    let code = match confirm::prove(&request, &viewer, &form, confirmed).await? {
        Ok(code) => code,
        Err(answer) => return answer,
    };
    let codes = RecoveryCode::generate_all().map_err(no_random_bytes)?;
    let answer = CodesPage::answer(&request.layout, &viewer, &codes)?;
    let wrong_code = confirm::refuse(Wrong::code_of(&form.code), request.layout.clone(), &viewer, confirmed);
    Proved { request, viewer, code, wrong_code, switch: Switch::NewCodes(codes), answer }.save(&http).await
}

/// The codes as a file, or the page that shows them in another language. The page sends them, since no row holds them:
/// nothing but codes comes back.
///
/// # Errors
/// When nobody is signed in.
pub async fn download(layout: Layout, SignedIn(viewer): SignedIn, form: Form<FileForm>) -> web::Result {
    let codes = form.codes.split(BETWEEN).take(AT_ONCE).filter_map(TypedCode::parse).filter_map(|code| match code {
        TypedCode::Recovery(code) => Some(code.reveal()),
        TypedCode::App(_) => None,
    });
    let codes: Vec<_> = codes.collect();
    if codes.is_empty() {
        return Err(Error::BAD_REQUEST);
    }
    if !form.again.is_empty() {
        return ok(CodesPage::new(&layout, &viewer, codes));
    }
    let lines = [Words::of(layout.locale).file_heading, &viewer.email, &layout.origin, ""];
    let lines = lines.into_iter().map(str::to_owned).chain(codes);
    let text: String = lines.map(|line| line + "\r\n").collect();
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, FILE))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text))
}

impl CodesPage {
    /// The page with these codes, as the answer of the form that made them.
    pub(super) fn answer(layout: &Layout, viewer: &Viewer, codes: &[RecoveryCode]) -> Result<Answer, Error> {
        let codes = codes.iter().map(RecoveryCode::reveal).collect();
        Ok(Answer::page(Self::new(layout, viewer, codes).render()?))
    }

    /// The choice of a language sends the codes once more, to be shown: the form that made them would make others.
    fn new(layout: &Layout, viewer: &Viewer, codes: Vec<String>) -> Self {
        let t = Words::of(layout.locale);
        let mut page = Self { t, layout: layout.clone().without_form(), codes, is_admin: viewer.is_admin() };
        let fields = [("codes", page.all()), ("again", "yes".to_owned())];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        page.layout.filled =
            SitePath::parse(paths::accounts::RECOVERY_FILE).map(|action| FilledForm { action, fields });
        page
    }

    /// What the form sends that asks for the file.
    fn all(&self) -> String {
        self.codes.join(&BETWEEN.to_string())
    }
}
