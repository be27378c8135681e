//! The account page of who is signed in: the profile, and the way to everything else.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::account_summary::{AccountSummary, SummaryRequest};
use super::profile::ProfileChange;
use super::words::Words;
use crate::accounts::provider::words::Words as ProviderWords;
use crate::accounts::session::words::{Sessions, Words as SessionWords};
use crate::accounts::user::avatar::{NewAvatar, PROFILE};
use crate::accounts::user::profile_fields;
use crate::accounts::user::words::{Words as CommonWords, professions};
use crate::audit::event::Actor;
use crate::values::account_kind::AccountKind;
use crate::values::picture::{MAX_BYTES, Picture, Problem};
use crate::values::single_line::{OrganizationName, Profession};
use crate::web::page::form::FilledForm;
use crate::web::page::multipart::File;
use crate::web::page::response::{ok, with_status};
use crate::web::protection::limits;
use crate::web::submission::sent_form;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::waitlist_place::{Standing, WaitlistPlace};
use crate::web::{self, Answer, App, Error, FieldErrors, Layout, Request, SignedIn, Subject, Upload, Viewer, paths};

/// The field of the picture.
const PICTURE: &str = "avatar";

#[derive(Template)]
#[template(path = "accounts/profile/account.html")]
struct AccountPage {
    t: &'static Words,
    common: &'static CommonWords,
    sessions: &'static Sessions,
    layout: Layout,
    viewer: Arc<Viewer>,
    /// Nothing where the form came back wrong: that page is about the form alone.
    summary: Option<AccountSummary>,
    form: AccountForm,
    errors: FieldErrors,
    providers: Option<&'static ProviderWords>,
}

/// What the profile's form sends, besides the picture.
#[derive(Deserialize)]
pub struct AccountForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    profession: String,
    /// Says that there was a picture, where the choice of a language sends the form once more without it.
    #[serde(default)]
    picture_was_chosen: String,
    /// The name of the picture's file, where the buttons of the languages send the form as it is being filled in.
    #[serde(default)]
    avatar: String,
}

/// The profile as it is.
///
/// # Errors
/// When nobody is signed in.
pub async fn show(app: Data<App>, http: HttpRequest, layout: Layout, SignedIn(viewer): SignedIn) -> web::Result {
    let page = AccountPage::new(layout, AccountForm::of(&viewer), viewer, FieldErrors::default());
    ok(page.complete(&app, &http).await?)
}

/// What the page tells beside the profile, while the cookie has it.
fn cached_summary(http: &HttpRequest, viewer: &Viewer) -> Option<AccountSummary> {
    SessionCookie::of(http).summary().filter(|summary: &AccountSummary| summary.goes_with(viewer))
}

/// The same from the database, for the cookie too.
async fn read_summary(app: &App, http: &HttpRequest, request: SummaryRequest) -> Result<AccountSummary, Error> {
    let now = app.clock.now();
    let summary = app.db.read(move |conn| request.read(conn, now)).await?;
    SessionCookie::of(http).cache_summary(&summary)?;
    Ok(summary)
}

/// Changes the profile. A stranger is refused before anything of a large body is read.
///
/// # Errors
/// When limited, when too many pictures wait already, or when the database is unavailable.
pub async fn update(
    Request { app, layout, client, .. }: Request,
    http: HttpRequest,
    SignedIn(viewer): SignedIn,
    mut upload: Upload<AccountForm, MAX_BYTES>,
) -> web::Result {
    let file = upload.take_file(PICTURE)?;
    if layout.unsent.is_some() {
        let page = AccountPage::new(layout, upload.into_inner(), viewer, FieldErrors::default());
        return show_unsent(page, &app, &http).await;
    }
    app.limits.count(&app.db, &[limits::PROFILE.for_user(&viewer.id)]).await?;
    let ((name, profession), picture) = match (upload.parse(&viewer, &layout), decode(&app, file).await?) {
        (Ok(read), Ok(picture)) => (read, picture),
        (read, picture) => {
            let layout = Layout { filled: filled(&http, &picture), ..layout };
            let page = AccountPage::new(layout, upload.into_inner(), viewer, read.err().unwrap_or_default());
            return refuse(page.with_providers(&app), &picture);
        }
    };
    let avatar = picture.map(NewAvatar::new).transpose();
    let avatar = avatar.map_err(|error| Error::Internal(anyhow::Error::msg(error.to_string())))?;
    let (now, user, actor) = (app.clock.now(), viewer.id.clone(), Actor::new(&viewer.id, &client));
    let change = ProfileChange { user, actor, name, profession, avatar };
    let (subject, submission) = (Subject::new(PROFILE, viewer.id.as_str()), sent_form::of(&http));
    let answer = Answer::see_other(paths::accounts::ACCOUNT).with_flash(Words::of(layout.locale).saved);
    let (answer, of_form) = (answer.about(subject.clone()), submission.clone());
    let save = move |conn: &mut _| {
        let has_changed = change.save(conn, now)?;
        if has_changed {
            of_form.forget_others(conn, &subject)?;
        }
        Ok(Some(has_changed))
    };
    let saved = submission.write(&app.db, &answer, save).await?;
    if saved == Some(true) {
        app.viewer_cache.invalidate(&viewer.id);
    }
    answer.send(&http)
}

/// The form in another language, as it is filled in or corrected. No picture is carried: it is to be chosen again.
async fn show_unsent(mut page: AccountPage, app: &App, http: &HttpRequest) -> web::Result {
    page.errors = FieldErrors::to_tell(&page.layout, page.form.parse(&page.viewer, &page.layout));
    if !page.form.avatar.is_empty() {
        page.errors.add(PICTURE, page.t.choose_again);
    }
    let page = if page.errors.is_empty() { page.complete(app, http).await? } else { page.with_providers(app) };
    with_status(page.errors.status(), page)
}

/// The picture of an upload, decoded on a thread of its own, or what is wrong with it.
async fn decode(app: &App, file: Option<File>) -> Result<Result<Option<Picture>, Problem>, Error> {
    match file {
        None => Ok(Ok(None)),
        Some(File::TooLarge) => Ok(Err(Problem::TooLarge)),
        Some(File::Whole(bytes)) => Ok(app.image_worker.run(move || Picture::parse(&bytes)).await?.map(Some)),
    }
}

/// The form as it came, for the choice of a language.
fn filled(http: &HttpRequest, picture: &Result<Option<Picture>, Problem>) -> Option<FilledForm> {
    let mut filled = FilledForm::of(http)?;
    if !matches!(picture, Ok(None)) {
        filled.fields.push(("picture_was_chosen".to_owned(), "yes".to_owned()));
    }
    Some(filled)
}

/// The form again, with what is wrong with the picture besides the rest.
fn refuse(mut page: AccountPage, picture: &Result<Option<Picture>, Problem>) -> web::Result {
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    match picture {
        Err(problem) => {
            if *problem == Problem::TooLarge {
                status = StatusCode::PAYLOAD_TOO_LARGE;
            }
            page.errors.add(PICTURE, page.t.picture_problem(*problem));
        }
        // The picture was not kept, and no browser chooses a file again by itself.
        Ok(Some(_)) => page.errors.add(PICTURE, page.t.choose_again),
        Ok(None) => {}
    }
    with_status(status, page)
}

impl AccountForm {
    /// As it is now.
    fn of(viewer: &Viewer) -> Self {
        // The viewer of a user without a name is named by the address; the form shows no name.
        let name = if viewer.name == viewer.email { String::new() } else { viewer.name.clone() };
        Self { name, profession: viewer.profession.clone(), picture_was_chosen: String::new(), avatar: String::new() }
    }

    fn parse(&self, viewer: &Viewer, layout: &Layout) -> Result<(OrganizationName, Option<Profession>), FieldErrors> {
        let common = CommonWords::of(layout.locale);
        let mut errors = FieldErrors::default();
        let name = profile_fields::parse_name(viewer.kind, &self.name);
        let name = errors.take("name", name.map_err(|problem| common.name_problem(viewer.kind, problem)));
        let profession = profile_fields::parse_profession(viewer.kind, &self.profession);
        let profession = errors.take("profession", profession.map_err(|problem| common.profession_problem(problem)));
        if !self.picture_was_chosen.is_empty() {
            errors.add(PICTURE, Words::of(layout.locale).choose_again);
        }
        name.zip(profession).filter(|_| errors.is_empty()).ok_or(errors)
    }
}

impl AccountPage {
    fn new(layout: Layout, form: AccountForm, viewer: Arc<Viewer>, errors: FieldErrors) -> Self {
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        let sessions = &SessionWords::of(layout.locale).sessions;
        let layout = layout.with_typed(paths::accounts::ACCOUNT);
        Self { t, common, sessions, layout, viewer, summary: None, form, errors, providers: None }
    }

    /// With all that it tells beside the profile.
    async fn complete(self, app: &App, http: &HttpRequest) -> Result<Self, Error> {
        let summary = match cached_summary(http, &self.viewer) {
            Some(summary) => summary,
            None => Box::pin(read_summary(app, http, SummaryRequest::new(app, &self.viewer))).await?,
        };
        Ok(Self { summary: Some(summary), ..self.with_providers(app) })
    }

    /// With the way to the providers, where the operator set some: they open no account of an admin.
    fn with_providers(self, app: &App) -> Self {
        let is_shown = !app.config.providers.is_empty() && !self.viewer.is_admin();
        Self { providers: is_shown.then(|| ProviderWords::of(self.layout.locale)), ..self }
    }

    /// How far the place on the waitlist has come, and what comes next.
    fn standing(&self, place: &WaitlistPlace) -> &'static str {
        let t = &self.t.summary;
        match place.standing {
            Standing::Unconfirmed => t.unconfirmed,
            Standing::Waits => t.waits,
            Standing::Invited => t.invited,
            Standing::SignedUp => t.signed_up,
            Standing::Refused => t.refused,
        }
    }

    /// What is unfinished: where it is done, and in words.
    fn unfinished(&self) -> Vec<(&'static str, &'static str)> {
        let (t, viewer) = (&self.t.summary, &self.viewer);
        let is_pending = self.summary.as_ref().is_some_and(|summary| summary.is_email_change_pending);
        let lacks_profession = viewer.profession.is_empty() && viewer.kind == AccountKind::Employee;
        let all = [
            (is_pending, paths::accounts::EMAIL, t.email_change),
            (viewer.name == viewer.email, "#name", t.no_name),
            (lacks_profession, "#profession", t.no_profession),
            (viewer.avatar.is_none(), "#avatar", t.no_picture),
        ];
        all.into_iter().filter(|(is_unfinished, ..)| *is_unfinished).map(|(_, path, words)| (path, words)).collect()
    }

    fn kind(&self) -> &'static str {
        self.common.kind(self.viewer.kind)
    }
}
