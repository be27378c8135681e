//! Choosing a new password by the link of a mail.

use std::sync::Arc;

use actix_web::HttpRequest;
use askama::Template;
use serde::Deserialize;

use super::new_password::{OwnerDetails, PasswordReset, ResetOutcome};
use super::other_ways_in::OtherWaysIn;
use super::reset_link;
use super::words::Words;
use crate::accounts::one_time_code::words::Words as CodeWords;
use crate::accounts::session::log_in::prove_code::{CountedCode, Wrong};
use crate::accounts::session::start_session::no_random_bytes;
use crate::accounts::session::words::{LogInCode, Words as SessionWords};
use crate::accounts::user::link_gone::GoneLink;
use crate::accounts::user::link_page::TokenForm;
use crate::accounts::user::link_purposes::PASSWORD_RESET;
use crate::accounts::user::password::{Password, Problem};
use crate::accounts::user::password_hashing::{hash, read_new};
use crate::accounts::user::user::{CREDENTIAL, User};
use crate::accounts::user::words::Words as CommonWords;
use crate::accounts::user::{profile_fields, unverified};
use crate::db::sliding_window::Window;
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::secret_token::SecretToken;
use crate::values::site_path::SitePath;
use crate::web::page::query::Query;
use crate::web::page::response::{invalid, ok};
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::device::Device;
use crate::web::{self, Answer, App, Error, FieldErrors, Form, Layout, Request, Subject, paths};

#[derive(Template)]
#[template(path = "accounts/recovery/reset_password.html")]
struct ResetPasswordPage {
    t: &'static Words,
    common: &'static CommonWords,
    codes: &'static CodeWords,
    without_code: &'static LogInCode,
    layout: Layout,
    link: ResetLink,
    form: ResetForm,
    errors: FieldErrors,
}

/// A new password and the token of the link that sets it. The link alone says whose password it is. For an account that is
/// no more than a sign-up which nobody verified, the form also asks who its owner is: a stranger may have signed up.
#[derive(Default, Deserialize)]
pub struct ResetForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    role: String,
    name: Option<String>,
    #[serde(default)]
    profession: String,
    /// Of the second factor, where the account has one: whoever reads the mail must have the phone as well.
    #[serde(default)]
    code: String,
}

/// The fields, read.
struct ReadForm {
    password: Password,
    owner: Option<OwnerDetails>,
}

/// A link that works.
struct ResetLink {
    token: SecretToken,
    /// Whose password it sets. The form has the address for password managers, which file the new password under it.
    user: User,
    /// Whether the account is no more than a sign-up.
    is_only_sign_up: bool,
}

/// The form. Opening the page changes nothing: mail scanners open every link before its reader does.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, Query(query): Query<TokenForm>) -> web::Result {
    match ResetLink::find(&app, &query.token).await? {
        Some(link) => ok(ResetPasswordPage::new(layout, link, ResetForm::default(), FieldErrors::default())),
        None => gone(&app, layout, &query.token).await,
    }
}

/// Sets the password and ends every session. Signs nobody in: whoever holds the mail must know the password too.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(request: Request, http: HttpRequest, mail: MailContext, form: Form<ResetForm>) -> web::Result {
    let Request { app, layout, client, submission } = request.clone();
    let Some(link) = ResetLink::find(&app, &form.token).await? else {
        // A link that works is not limited by network: an owner gets in whatever others on the same network do.
        app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
        return gone(&app, layout, &form.token).await;
    };
    app.limits.count(&app.db, &[limits::NEW_PASSWORDS.for_user(&link.user.id)]).await?;
    // The form is read before the link is touched: a refused password must not use it up (better-auth#10632).
    let password = link.read_password(&app, &client, &form).await?;
    let ReadForm { password, owner } = match form.parse(&link, &layout, password) {
        Ok(read) => read,
        Err(errors) => return invalid(ResetPasswordPage::new(layout, link, form.into_inner(), errors)),
    };
    let password = hash(&app, &client, password).await?;
    let Some(code) = CountedCode::of(&request, &link.user, &form.code, limits::CODES_OF_RESET).await? else {
        return invalid(ResetPasswordPage::new(layout, link, form.into_inner(), FieldErrors::default()).wrong_code());
    };
    let (device, here) = (Device::of(&http, &app.config), layout.clone());
    let (failures, config) = (failures(&app, &link.user, device.as_ref(), &client), Arc::clone(&app.config));
    let reset = PasswordReset { token: link.token, password, client, owner, code, failures, config };
    // The failures of others on the same network keep no owner out, who has just read the account's mail.
    let device = Device::remember(device, &app.config, &app.keys, &link.user.email).map_err(no_random_bytes)?;
    let (now, proved, about) = (app.clock.now(), app.address_proved, Subject::new(CREDENTIAL, link.user.id.as_str()));
    let answer = move |user: &User, other: &_| done(&here, user, other).with_cookie(&device).about(about.clone());
    let (recorded, db) = (answer.clone(), app.db.for_row(link.user.id.as_str()));
    let saved = db.write(move |conn| {
        let outcome = reset.save(conn, now, &mail)?;
        if let ResetOutcome::Done(user, other) = &outcome {
            // Tells the other rooms that the address is proved.
            proved(conn, now, &user.email)?;
            submission.record(conn, &recorded(user, other))?;
        }
        Ok(outcome)
    });
    match saved.await? {
        ResetOutcome::Done(user, other) => {
            app.viewer_cache.invalidate(&user.id);
            answer(&user, &other).send(&http)
        }
        ResetOutcome::Gone => gone(&app, layout, &form.token).await,
        ResetOutcome::WrongCode => ask_again(&app, layout, form.into_inner()).await,
    }
}

/// On to the log-in. Whoever took the account may have connected a provider: its owner is led on to where it is disconnected.
/// Whoever is signed in to another account is told what happened to which one.
fn done(layout: &Layout, user: &User, other: &OtherWaysIn) -> Answer {
    let (t, common, labels) = (Words::of(layout.locale), CommonWords::of(layout.locale), other.labels.join(", "));
    let opened_by = match other {
        _ if labels.is_empty() => String::new(),
        OtherWaysIn { stay: true, .. } => format!(" {} {labels}.", t.still_open),
        OtherWaysIn { .. } => format!(" {} {labels}.", t.no_longer_open),
    };
    if let Some(viewer) = layout.viewer.as_ref().filter(|viewer| viewer.id != user.id) {
        let (changed, here) = (t.reset_done_of(user.email.as_str()), common.logged_in_here(&viewer.email));
        return Answer::see_other(paths::accounts::ACCOUNT).with_flash(format!("{changed}{opened_by} {here}"));
    }
    let changed = match user.leaves_at() {
        _ if !user.is_active => t.reset_done_inactive,
        Some(_) => t.reset_done_closed,
        None => t.reset_done,
    };
    let next = SitePath::parse(paths::accounts::PROVIDERS).filter(|_| other.stay && !labels.is_empty());
    let then = next.as_ref().map(|_| format!(" {}", t.disconnect_next)).unwrap_or_default();
    Answer::see_other(paths::accounts::log_in_then(next.as_ref())).with_flash(format!("{changed}{opened_by}{then}"))
}

/// The form again, since the code did not work. The choice of a language does not send it once more: that would count as
/// another wrong code.
async fn ask_again(app: &App, layout: Layout, form: ResetForm) -> web::Result {
    match ResetLink::find(app, &form.token).await? {
        Some(link) => {
            invalid(ResetPasswordPage::new(layout.without_form(), link, form, FieldErrors::default()).wrong_code())
        }
        None => gone(app, layout, &form.token).await,
    }
}

async fn gone(app: &App, layout: Layout, token: &str) -> web::Result {
    let t = Words::of(layout.locale);
    let link = GoneLink {
        purpose: PASSWORD_RESET,
        done: if layout.viewer.is_some() { t.reset_changed } else { t.reset_done },
        next: paths::accounts::LOG_IN,
        again: Some(paths::accounts::FORGOT),
        instead: None,
    };
    link.page(app, layout, token).await
}

/// The failed log-ins that count no longer, those of this address alone: whoever forgot a password has tried some.
fn failures(app: &App, user: &User, device: Option<&Device>, client: &Client) -> Vec<Window> {
    let rule = limits::LOG_IN_FAILURES_OF_ADDRESS;
    let of_device = device.map(|device| rule.for_address_and_device(&user.email, device));
    let of_network = rule.for_address_and_network(&user.email, client);
    app.limits.provisional(&of_device.into_iter().chain([of_network]).collect::<Vec<_>>())
}

impl ResetLink {
    async fn find(app: &App, token: &str) -> Result<Option<Self>, Error> {
        let Some(token) = SecretToken::parse(token) else { return Ok(None) };
        let (now, of_link) = (app.clock.now(), token);
        let found = app.db.read(move |conn| {
            let Some(user) = reset_link::find_user(conn, now, &of_link)? else { return Ok(None) };
            let is_only_sign_up = unverified::is_only_sign_up(conn, &user)?;
            Ok(Some(Self { token: of_link.clone(), user, is_only_sign_up }))
        });
        Ok(found.await?)
    }

    async fn read_password(
        &self,
        app: &App,
        client: &Client,
        form: &ResetForm,
    ) -> Result<Result<Password, Problem>, Error> {
        let name = form.name.as_deref().or(self.user.name.as_deref());
        read_new(app, client, &form.password, &[self.user.email.as_str(), name.unwrap_or_default()]).await
    }
}

impl ResetPasswordPage {
    fn new(layout: Layout, link: ResetLink, form: ResetForm, errors: FieldErrors) -> Self {
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        let (codes, without_code) = (CodeWords::of(layout.locale), &SessionWords::of(layout.locale).code);
        Self { t, common, codes, without_code, layout, link, form, errors }
    }

    fn wrong_code(self) -> Self {
        let errors = Wrong::code_of(&self.form.code).errors(&self.layout, "password");
        Self { errors, ..self }
    }
}

impl ResetForm {
    fn parse(
        &self,
        link: &ResetLink,
        layout: &Layout,
        password: Result<Password, Problem>,
    ) -> Result<ReadForm, FieldErrors> {
        let common = CommonWords::of(layout.locale);
        let mut errors = FieldErrors::default();
        let name = self.name.as_deref().filter(|_| link.is_only_sign_up);
        let owner = name.map(|name| self.parse_owner(name, layout, &mut errors));
        let password = errors.take("password", password.map_err(|problem| common.password_problem(&problem)));
        match (owner, password) {
            (None, Some(password)) => Ok(ReadForm { password, owner: None }),
            (Some(Some(owner)), Some(password)) => Ok(ReadForm { password, owner: Some(owner) }),
            _ => Err(errors),
        }
    }

    fn parse_owner(&self, name: &str, layout: &Layout, errors: &mut FieldErrors) -> Option<OwnerDetails> {
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        let kinds = [AccountKind::Employee, AccountKind::Organization];
        let chosen = kinds.into_iter().find(|kind| kind.as_str() == self.role);
        let chosen = errors.take("role", chosen.ok_or(t.choose_kind));
        // Before the kind is known, no word of the name speaks of an organization, and a profession may be missing.
        let of_name = chosen.unwrap_or(AccountKind::Employee);
        let kind = chosen.unwrap_or(AccountKind::Organization);
        let name = profile_fields::parse_name(kind, name).map_err(|problem| common.name_problem(of_name, problem));
        let name = errors.take("name", name);
        let profession = profile_fields::parse_profession(kind, &self.profession);
        let profession = errors.take("profession", profession.map_err(|problem| common.profession_problem(problem)));
        Some(OwnerDetails { kind: chosen?, name: name?, profession: profession? })
    }

    fn typed_name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }
}
