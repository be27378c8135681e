//! Finishing a sign-up with another provider: what it does not tell, and our own mail where its word proves no mailbox.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::opening::{Opened, Opening};
use super::pending_sign_up::PendingSignUp;
use super::registration;
use super::words::Words;
use crate::accounts::provider::identified::Identified;
use crate::accounts::provider::problem::Problem;
use crate::accounts::provider::provider::{Provider, Providers};
use crate::accounts::session::log_in::first_factor::destination;
use crate::accounts::session::new_session::LinkAnswers;
use crate::accounts::session::sign_up_by_link::SignUpByLink;
use crate::accounts::session::start_session::{answer_by_invitation, session_by_link};
use crate::accounts::user::link_purposes::EMAIL_VERIFICATION;
use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::profile_fields;
use crate::accounts::user::user::way_in::WayIn;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::clock::{Stopwatch, Timestamp};
use crate::values::email_address::EmailAddress;
use crate::values::single_line::{OrganizationName, Profession};
use crate::values::site_path::{self, SitePath};
use crate::web::page::query::Query;
use crate::web::page::response::{ok, with_status};
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits;
use crate::web::visitor::given_address::GivenAddress;
use crate::web::visitor::sealed_cookie;
use crate::web::{self, Answer, App, Error, FieldErrors, Form, Layout, Request, paths};

/// How long what the provider said counts: nobody is hurried who fills in the form.
const FINISHES_WITHIN: TimeDelta = TimeDelta::hours(1);

#[derive(Template)]
#[template(path = "accounts/sign_up/by_provider.html")]
struct FinishPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
    email: EmailAddress,
    is_mailbox_proved: bool,
    /// The provider, as its address and as people read it.
    provider: &'static str,
    label: String,
    /// When our mail was sent that waits to be read, where the same was done before.
    sent_at: Option<Timestamp>,
    form: FinishForm,
    errors: FieldErrors,
}

/// The kind of account that was chosen before, and where to go on.
#[derive(Default, Deserialize)]
pub struct FinishQuery {
    #[serde(default)]
    role: String,
    #[serde(default, deserialize_with = "site_path::lenient")]
    next: Option<SitePath>,
}

/// What finishing sends. It has no field for the address or the provider: the sealed cookie knows both.
#[derive(Default, Deserialize)]
pub struct FinishForm {
    /// For whom the page was made.
    #[serde(default)]
    account: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    profession: String,
    #[serde(default, deserialize_with = "site_path::lenient")]
    next: Option<SitePath>,
}

/// The fields, read.
struct Fields {
    kind: AccountKind,
    name: OrganizationName,
    profession: Option<Profession>,
    next: Option<SitePath>,
}

/// Somebody whom a provider identified a moment ago.
struct Newcomer {
    provider: Arc<Provider>,
    identified: Identified,
    email: EmailAddress,
}

/// The form; who finished it before, and has not read our mail yet, finds the answers of then.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(
    Request { app, layout, .. }: Request,
    http: HttpRequest,
    providers: Data<Providers>,
    Query(query): Query<FinishQuery>,
) -> web::Result {
    let newcomer = Newcomer::of(&app, &http, &providers).ok_or(Error::SignUpFirst)?;
    if newcomer.is_late(&app) {
        return Problem::TooOld.page(layout, &newcomer.provider);
    }
    let (form, sent_at) = newcomer.answers_before(&app, query).await?;
    let mut page = ok(FinishPage { sent_at, ..newcomer.page(layout, form, FieldErrors::default()) })?;
    // A guest's page, and yet it names somebody.
    page.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(page)
}

/// Opens the account and signs in, where the provider proves the mailbox; else our mail goes on as after any sign-up, and
/// nobody learns whether the address has an account.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    request: Request,
    http: HttpRequest,
    providers: Data<Providers>,
    form: Form<FinishForm>,
) -> web::Result {
    let (app, layout) = (request.app.clone(), request.layout.clone());
    if layout.unsent.is_none() {
        app.limits.count(&app.db, &[limits::SIGN_UP.for_network(&request.client)]).await?;
    }
    // Of a form that took effect, the cookie is gone: as a refusal, it is answered like the first time.
    let newcomer = Newcomer::of(&app, &http, &providers).ok_or(Error::SignUpFirst)?;
    if newcomer.is_late(&app) {
        return Problem::TooOld.page(layout, &newcomer.provider);
    }
    if !newcomer.is_of_form(&app, &form) {
        return Problem::OtherTab.page(layout.without_form(), &newcomer.provider);
    }
    let fields = match form.parse(layout_words(&layout)) {
        Ok(fields) if layout.unsent.is_none() => fields,
        read => {
            let errors = FieldErrors::to_tell(&layout, read);
            return with_status(errors.status(), newcomer.page(layout, form.into_inner(), errors));
        }
    };
    let mut answer = if newcomer.identified.is_mailbox_proved {
        newcomer.open(&request, &http, fields).await?
    } else {
        newcomer.register(&request, &http, fields).await?
    };
    let name = sealed_cookie::IDENTIFIED.name(&app.config);
    if answer.status().is_redirection() && answer.cookies().all(|cookie| cookie.name() != name) {
        let used = sealed_cookie::IDENTIFIED.removal(&app);
        answer.add_cookie(&used).map_err(|error| Error::Internal(error.into()))?;
    }
    Ok(answer)
}

fn layout_words(layout: &Layout) -> Texts {
    Texts { t: Words::of(layout.locale), common: CommonWords::of(layout.locale) }
}

struct Texts {
    t: &'static Words,
    common: &'static CommonWords,
}

impl Newcomer {
    fn of(app: &App, http: &HttpRequest, providers: &Providers) -> Option<Self> {
        let identified: Identified = sealed_cookie::IDENTIFIED.open(app, http)?;
        let provider = providers.find(&identified.identity.provider)?;
        Some(Self { provider, email: identified.email.clone()?, identified })
    }

    fn is_late(&self, app: &App) -> bool {
        self.identified.at + FINISHES_WITHIN <= app.clock.now()
    }

    /// Whether the form was made for them, as far as it says: somebody else may have come back in another tab since.
    fn is_of_form(&self, app: &App, form: &FinishForm) -> bool {
        form.account.is_empty() || app.keys.iter().any(|key| self.identified.mark(key) == form.account)
    }

    fn page(&self, layout: Layout, form: FinishForm, errors: FieldErrors) -> FinishPage {
        let Texts { t, common } = layout_words(&layout);
        let (provider, label) = (self.provider.settings.name, self.provider.settings.label.clone());
        let (email, is_mailbox_proved) = (self.email.clone(), self.identified.is_mailbox_proved);
        let layout = layout.with_typed(paths::accounts::SIGN_UP_FINISH);
        FinishPage { t, common, layout, email, is_mailbox_proved, provider, label, sent_at: None, form, errors }
    }

    /// What fills the form in at first, and when our mail was sent if they finished it before and the link still works.
    async fn answers_before(&self, app: &App, query: FinishQuery) -> Result<(FinishForm, Option<Timestamp>), Error> {
        let (name, account) = (self.identified.name.clone(), self.identified.mark(&app.keys.current));
        let form = FinishForm { account, name, role: query.role, next: query.next, ..FinishForm::default() };
        let (identity, email, now) = (self.identified.identity.clone(), self.email.clone(), app.clock.now());
        let found = app.db.read(move |conn| PendingSignUp::made_by(conn, &identity, &email)).await?;
        let Some((before, ends_at)) = found else { return Ok((form, None)) };
        let role = if form.role.is_empty() { before.kind.as_str().to_owned() } else { form.role };
        let form = FinishForm { role, name: before.name, profession: before.profession, ..form };
        Ok((form, (ends_at > now).then(|| ends_at - EMAIL_VERIFICATION.lasts)))
    }

    async fn open(self, request: &Request, http: &HttpRequest, fields: Fields) -> web::Result {
        let (app, t) = (&request.app, Words::of(request.layout.locale));
        let answers = LinkAnswers {
            signed_in: Answer::see_other(destination(fields.kind, fields.next.as_ref())).with_flash(t.invited_welcome),
            otherwise: Answer::see_other(paths::accounts::LOG_IN),
        };
        let session = session_by_link(request, http, &self.email, answers)?;
        let Fields { kind, name, profession, .. } = fields;
        let way_in = WayIn::Provider(self.identified.identity);
        let (locale, client) = (request.layout.locale, request.client.clone());
        let sign_up = SignUpByLink { kind, name, profession, way_in, locale, client };
        let (now, db) = (app.clock.now(), registration::db_for_address(app, &self.email).await?);
        let opening = Opening { sign_up, email: self.email, session, proved: app.address_proved };
        match db.write(move |conn| opening.apply(conn, now)).await? {
            Opened::Yes(started) => answer_by_invitation(app, http, *started),
            Opened::Elsewhere => Problem::Elsewhere.page(request.layout.clone(), &self.provider),
            Opened::KnownAddress => Problem::KnownAddress.page(request.layout.clone(), &self.provider),
        }
    }

    /// The answer is the same whether or not the address has an account.
    async fn register(self, request: &Request, http: &HttpRequest, fields: Fields) -> Result<HttpResponse, Error> {
        let (watch, Request { app, layout, submission, .. }) = (Stopwatch::start(), request);
        let Fields { kind, name, profession, next } = fields;
        let (locale, way_in) = (Some(layout.locale), WayIn::Provider(self.identified.identity));
        let (now, mail) = (app.clock.now(), MailContext::of(app, layout.locale));
        let db = registration::db_for_address(app, &self.email).await?;
        let other = paths::accounts::log_in_again_with(self.provider.settings.name, next.as_ref());
        let given = GivenAddress::new(&self.email, other, now);
        let new = NewUser { kind, name, email: self.email, profession, way_in, locale };
        let sent = Answer::see_other(layout.link(paths::accounts::CHECK_EMAIL)).with_given_address(given);
        let submission = submission.clone();
        let answer = db.write(move |conn| {
            let link = registration::register(conn, now, &new, &mail)?;
            let answer = sent.clone().with_sign_up_mark(link);
            submission.record(conn, &answer)?;
            Ok(answer)
        });
        let answer = answer.await?;
        pad_to_constant_time(watch).await;
        answer.send(http)
    }
}

impl FinishPage {
    /// Where the provider lets them be another.
    fn other_account(&self) -> String {
        paths::accounts::log_in_again_with(self.provider, self.form.next.as_ref())
    }

    /// The log-in that leads on to where a provider is connected.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn log_in(&self) -> String {
        paths::accounts::log_in_then(SitePath::parse(paths::accounts::PROVIDERS).as_ref())
    }
}

impl FinishForm {
    fn parse(&self, Texts { t, common }: Texts) -> Result<Fields, FieldErrors> {
        let mut errors = FieldErrors::default();
        let kinds = [AccountKind::Employee, AccountKind::Organization];
        let chosen = kinds.into_iter().find(|kind| kind.as_str() == self.role);
        let chosen = errors.take("role", chosen.ok_or(t.finish.choose_role));
        // Before the kind is known, no word of the name speaks of an organization, and a profession may be missing.
        let of_name = chosen.unwrap_or(AccountKind::Employee);
        let kind = chosen.unwrap_or(AccountKind::Organization);
        let name = profile_fields::parse_name(kind, &self.name);
        let name = errors.take("name", name.map_err(|problem| common.name_problem(of_name, problem)));
        let profession = profile_fields::parse_profession(kind, &self.profession);
        let profession = errors.take("profession", profession.map_err(|problem| common.profession_problem(problem)));
        match (chosen, name, profession) {
            (Some(kind), Some(name), Some(profession)) => {
                Ok(Fields { kind, name, profession, next: self.next.clone() })
            }
            _ => Err(errors),
        }
    }
}
