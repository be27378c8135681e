//! Signing up: the forms of the two kinds of accounts.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::registration;
use super::words::Words;
use crate::accounts::user::link_purposes::EMAIL_VERIFICATION;
use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::password::{Password, Problem};
use crate::accounts::user::password_hashing::{hash, read_new};
use crate::accounts::user::profile_fields;
use crate::accounts::user::user::provider_link::{self, ProviderLink};
use crate::accounts::user::user::way_in::WayIn;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::clock::{Stopwatch, Timestamp};
use crate::values::email_address::EmailAddress;
use crate::values::id::LinkId;
use crate::values::single_line::{self, OrganizationName, Profession};
use crate::web::page::address::Unsent;
use crate::web::page::response::{invalid, ok};
use crate::web::protection::abuse_counters::Reason;
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::given_address::GivenAddress;
use crate::web::{self, Answer, App, FieldErrors, Form, Layout, Request, Subject, paths};

#[derive(Template)]
#[template(path = "accounts/sign_up/sign_up.html")]
struct SignUpPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
    kind: AccountKind,
    form: SignUpForm,
    errors: FieldErrors,
    providers: Vec<ProviderLink>,
}

/// What a sign-up sends. There is no field for the kind or an organization: no form may choose those.
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

/// The form.
///
/// # Errors
/// When the template fails.
pub async fn show(app: Data<App>, http: HttpRequest, layout: Layout) -> web::Result {
    let form = GivenAddress::to_correct(&app, &http).map(|given| SignUpForm::of(&given)).unwrap_or_default();
    let page = SignUpPage::new(layout, kind(&http), form, FieldErrors::default());
    ok(page.with_providers(&app))
}

/// Signs up. The answer is the same whether or not the address has an account; its owner gets a mail that says so.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(request: Request, http: HttpRequest, mail: MailContext, form: Form<SignUpForm>) -> web::Result {
    let (watch, kind) = (Stopwatch::start(), kind(&http));
    if let Some(unsent) = request.layout.unsent {
        return show_unsent(request, kind, form.into_inner(), unsent).await;
    }
    let Request { app, layout, client, submission } = request;
    if form.is_honeypot_filled() {
        app.abuse_counters.count(Reason::Honeypot);
        let address = EmailAddress::parse(&form.email).ok();
        let given = address.map(|address| form.given(&layout.link(http.path()), &address, app.clock.now()));
        let answer = Answer::see_other(layout.link(paths::accounts::CHECK_EMAIL)).with_given_address(given);
        pad_to_constant_time(watch).await;
        return answer.with_sign_up_mark(LinkId::generate()).send(&http);
    }
    app.limits.count(&app.db, &[limits::SIGN_UP.for_network(&client)]).await?;
    let password = read_new(&app, &client, &form.password, &[&form.email, &form.name]).await?;
    let sign_up = match form.parse(kind, &layout, password) {
        Ok(sign_up) => sign_up,
        Err(errors) => return invalid(SignUpPage::new(layout, kind, form.into_inner(), errors).with_providers(&app)),
    };
    let new = NewUser { locale: Some(layout.locale), ..sign_up.with_hash(&app, &client, kind).await? };
    let (now, db) = (app.clock.now(), registration::db_for_address(&app, &new.email).await?);
    let given = form.given(&layout.link(http.path()), &new.email, now);
    let answer = db.write(move |conn| {
        let link = registration::register(conn, now, &new, &mail)?;
        let subject = Subject::new(EMAIL_VERIFICATION.name, link.as_str());
        let answer = Answer::see_other(layout.link(paths::accounts::CHECK_EMAIL)).with_given_address(given.clone());
        let answer = answer.with_sign_up_mark(link).about(subject);
        submission.record(conn, &answer)?;
        Ok(answer)
    });
    let answer = answer.await?;
    pad_to_constant_time(watch).await;
    answer.send(&http)
}

/// The form in another language, as it is filled in or corrected.
async fn show_unsent(request: Request, kind: AccountKind, form: SignUpForm, unsent: Unsent) -> web::Result {
    let Request { app, layout, client, .. } = request;
    if unsent == Unsent::Corrected {
        app.limits.count(&app.db, &[limits::SIGN_UP.for_network(&client)]).await?;
        let password = read_new(&app, &client, &form.password, &[&form.email, &form.name]).await?;
        if let Err(errors) = form.parse(kind, &layout, password) {
            return invalid(SignUpPage::new(layout, kind, form, errors).with_providers(&app));
        }
    }
    ok(SignUpPage::new(layout, kind, form, FieldErrors::default()).with_providers(&app))
}

impl SignUpPage {
    fn new(layout: Layout, kind: AccountKind, form: SignUpForm, errors: FieldErrors) -> Self {
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        Self { t, common, layout: layout.with_typed(path(kind)), kind, form, errors, providers: Vec::new() }
    }

    fn with_providers(self, app: &App) -> Self {
        Self { providers: provider_link::for_kind(&app.config, self.kind), ..self }
    }

    fn is_organization(&self) -> bool {
        self.kind == AccountKind::Organization
    }

    fn action(&self) -> &'static str {
        path(self.kind)
    }
}

const fn path(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Organization => paths::accounts::SIGN_UP_ORGANIZATION,
        _ => paths::accounts::SIGN_UP_EMPLOYEE,
    }
}

/// The kind comes from the route alone (better-auth#2988: a form field made admins).
fn kind(http: &HttpRequest) -> AccountKind {
    if http.path() == paths::accounts::SIGN_UP_ORGANIZATION { AccountKind::Organization } else { AccountKind::Employee }
}

impl SignUpForm {
    /// The form with what it was given before.
    fn of(given: &GivenAddress) -> Self {
        let email = given.address.to_string();
        Self { name: given.typed("name"), email, profession: given.typed("profession"), password: String::new() }
    }

    /// What it was given, for the page after it.
    fn given(&self, path: &str, address: &EmailAddress, now: Timestamp) -> GivenAddress {
        let typed = [("name", self.name.as_str()), ("profession", &self.profession)];
        GivenAddress::new(address, paths::filled_again(path), now).with_typed(&typed)
    }

    fn parse(
        &self,
        kind: AccountKind,
        layout: &Layout,
        password: Result<Password, Problem>,
    ) -> Result<SignUp, FieldErrors> {
        let common = CommonWords::of(layout.locale);
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.parse_name(kind).map_err(|problem| common.name_problem(kind, problem)));
        let email = errors.email(layout, "email", &self.email);
        let profession = errors
            .take("profession", self.parse_profession(kind).map_err(|problem| common.profession_problem(problem)));
        let password = errors.take("password", password.map_err(|problem| common.password_problem(&problem)));
        match (name, email, profession, password) {
            (Some(name), Some(email), Some(profession), Some(password)) => {
                Ok(SignUp { name, email, profession, password })
            }
            _ => Err(errors),
        }
    }

    fn parse_name(&self, kind: AccountKind) -> Result<OrganizationName, single_line::Problem> {
        profile_fields::parse_name(kind, &self.name)
    }

    fn parse_profession(&self, kind: AccountKind) -> Result<Option<Profession>, single_line::Problem> {
        profile_fields::parse_profession(kind, &self.profession)
    }
}

impl SignUp {
    /// Hashes the password, known address or not, before a connection is held.
    async fn with_hash(self, app: &App, client: &Client, kind: AccountKind) -> Result<NewUser, web::Error> {
        let Self { name, email, profession, password } = self;
        let way_in = WayIn::Password(hash(app, client, password).await?);
        Ok(NewUser { kind, name, email, profession, way_in, locale: None })
    }
}
