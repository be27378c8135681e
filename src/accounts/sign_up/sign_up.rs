//! Signing up: the choice, the two forms, and what to do next.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::password::Password;
use crate::accounts::user::password_hashing::hash;
use crate::accounts::user::profile_fields;
use crate::accounts::user::words::Words;
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;
use crate::values::id::LinkId;
use crate::values::one_line::{self, OrganizationName, Profession};
use crate::web::page::response::{invalid, ok, see_other};
use crate::web::protection::abuse_counters::Reason;
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, FieldErrors, Form, Layout, paths};

#[derive(Template)]
#[template(path = "accounts/sign_up/choose.html")]
struct ChoosePage {
    t: &'static Words,
    layout: Layout,
}

#[derive(Template)]
#[template(path = "accounts/sign_up/sign_up.html")]
struct SignUpPage {
    t: &'static Words,
    layout: Layout,
    kind: AccountKind,
    form: SignUpForm,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "accounts/sign_up/check_email.html")]
struct CheckEmailPage {
    t: &'static Words,
    layout: Layout,
}

/// What a sign-up sends. There is no field for the kind or an organization: those are never a form's to say.
#[derive(Default, Deserialize)]
pub struct SignUpForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    profession: String,
    #[serde(default)]
    password: String,
}

/// The fields of a sign-up, read.
struct SignUp {
    name: OrganizationName,
    email: EmailAddress,
    profession: Option<Profession>,
    password: Password,
}

/// The choice between the two kinds of accounts.
///
/// # Errors
/// When the template fails.
pub async fn choose(layout: Layout) -> web::Result {
    ok(ChoosePage { t: Words::of(layout.locale), layout })
}

/// The form.
///
/// # Errors
/// When the template fails.
pub async fn show(request: HttpRequest, layout: Layout) -> web::Result {
    let (t, kind) = (Words::of(layout.locale), kind(&request));
    ok(SignUpPage { t, layout, kind, form: SignUpForm::default(), errors: FieldErrors::default() })
}

/// Signs up. The answer is the same whether or not the address has an account; its owner gets a mail that says so.
///
/// # Errors
/// When limited, or when the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    (request, client): (HttpRequest, Client),
    form: Form<SignUpForm>,
) -> web::Result {
    let watch = Stopwatch::start();
    app.limits.count(&app.db, &[limits::SIGN_UP.for_network(&client)]).await?;
    let (t, kind) = (Words::of(layout.locale), kind(&request));
    if form.is_trapped() {
        app.abuse_counters.note(Reason::Trapped);
        SessionCookie::of(&request).mark_sign_up(&LinkId::generate())?;
        pad_to_constant_time(watch).await;
        return see_other(paths::accounts::CHECK_EMAIL);
    }
    let sign_up = match form.parse(kind, &layout) {
        Ok(sign_up) => sign_up,
        Err(errors) => return invalid(SignUpPage { t, layout, kind, form: form.into_inner(), errors }),
    };
    let new = sign_up.with_hash(&app, kind).await?;
    let (now, mail) = (app.clock.now(), MailContext { locale: layout.locale, keys: app.keys.clone() });
    let link = app.db.write(move |conn| new.sign_up(conn, now, &mail)).await?;
    SessionCookie::of(&request).mark_sign_up(&link)?;
    pad_to_constant_time(watch).await;
    see_other(paths::accounts::CHECK_EMAIL)
}

/// Where to go from here: the inbox.
///
/// # Errors
/// When the template fails.
pub async fn check_email(layout: Layout) -> web::Result {
    ok(CheckEmailPage { t: Words::of(layout.locale), layout })
}

impl SignUpPage {
    fn is_organization(&self) -> bool {
        self.kind == AccountKind::Organization
    }

    fn title(&self) -> &'static str {
        if self.is_organization() { self.t.open_ours } else { self.t.open_mine }
    }

    fn lead(&self) -> &'static str {
        if self.is_organization() { self.t.open_ours_lead } else { self.t.open_mine_lead }
    }

    fn submit(&self) -> &'static str {
        if self.is_organization() { self.t.for_organizations_more } else { self.t.for_people_more }
    }

    fn action(&self) -> &'static str {
        if self.is_organization() { paths::accounts::SIGN_UP_ORGANIZATION } else { paths::accounts::SIGN_UP_EMPLOYEE }
    }
}

/// The kind comes from the route alone (better-auth#2988: a form field made admins).
fn kind(request: &HttpRequest) -> AccountKind {
    if request.path() == paths::accounts::SIGN_UP_ORGANIZATION {
        AccountKind::Organization
    } else {
        AccountKind::Employee
    }
}

impl SignUpForm {
    fn parse(&self, kind: AccountKind, layout: &Layout) -> Result<SignUp, FieldErrors> {
        let t = Words::of(layout.locale);
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.parse_name(kind).map_err(|problem| t.name_problem(kind, problem)));
        let email =
            errors.take("email", EmailAddress::parse(&self.email).map_err(|problem| layout.t.email_problem(problem)));
        let profession =
            errors.take("profession", self.parse_profession(kind).map_err(|problem| t.profession_problem(problem)));
        let password = Password::parse(&self.password, &[&self.email, &self.name]);
        let password = errors.take("password", password.map_err(|problem| t.password_problem(&problem)));
        match (name, email, profession, password) {
            (Some(name), Some(email), Some(profession), Some(password)) => {
                Ok(SignUp { name, email, profession, password })
            }
            _ => Err(errors),
        }
    }

    fn parse_name(&self, kind: AccountKind) -> Result<OrganizationName, one_line::Problem> {
        profile_fields::parse_name(kind, &self.name)
    }

    fn parse_profession(&self, kind: AccountKind) -> Result<Option<Profession>, one_line::Problem> {
        profile_fields::parse_profession(kind, &self.profession)
    }
}

impl SignUp {
    /// Hashes the password, known address or not, before a connection is held.
    async fn with_hash(self, app: &App, kind: AccountKind) -> Result<NewUser, web::Error> {
        let Self { name, email, profession, password } = self;
        let password = hash(app, password).await?;
        Ok(NewUser { kind, name, email, profession, password })
    }
}
