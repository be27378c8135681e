//! Verifying an address by the link of a mail, or saying "it wasn't me".

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::mailbox_proof::{self, MailboxProof, Rejected, VerifyRequest};
use super::words::Words;
use crate::accounts::provider::problem::Problem;
use crate::accounts::provider::provider::{Provider, Providers};
use crate::accounts::session::new_session::LinkAnswers;
use crate::accounts::session::start_session::{answer_by_link, session_by_link};
use crate::accounts::user::link_gone::GoneLink;
use crate::accounts::user::link_page::{TokenForm, db_for_link};
use crate::accounts::user::link_purposes::{EMAIL_VERIFICATION, SIGN_UP_REJECTION};
use crate::accounts::user::password_hashing::find_match;
use crate::accounts::user::words::Words as CommonWords;
use crate::values::account_kind::AccountKind;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::page::query::Query;
use crate::web::page::response::{invalid, ok};
use crate::web::protection::limits;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Answer, App, Error, FieldErrors, Form, Layout, Request, paths};

/// What the link verifies. Names and kinds of sign-ups are not on it: they may be a stranger's.
#[derive(Template)]
#[template(path = "accounts/sign_up/verify_email.html")]
struct VerifyEmailPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
    email: EmailAddress,
    token: SecretToken,
    way: Way,
    /// What the reader does where no password is asked for.
    no_password: &'static str,
    /// What "it wasn't me" does.
    not_me_hint: &'static str,
    errors: FieldErrors,
}

/// How this browser can verify the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It signed up: by a button.
    Button,
    /// With the password of a sign-up.
    Password,
    /// No sign-up has a password, as in accounts of the old application: by a mail that sets one.
    Reset,
}

/// The token of the link and, in a browser that did not sign up, the password.
#[derive(Default, Deserialize)]
pub struct VerifyForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

/// A link that works, as this browser sees it.
struct VerificationLink {
    token: SecretToken,
    proof: MailboxProof,
}

/// The page. Opening it changes nothing: mail scanners open every link before its reader does.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(
    Request { app, layout, .. }: Request,
    http: HttpRequest,
    providers: Data<Providers>,
    Query(query): Query<TokenForm>,
) -> web::Result {
    let Some(link) = VerificationLink::find(&app, &query.token, &http).await? else {
        return gone(&app, layout, &query.token).await;
    };
    match link.provider_of_another(&providers) {
        Some(provider) => Problem::Elsewhere.page(layout, &provider),
        None => ok(VerifyEmailPage::new(layout, link, FieldErrors::default())),
    }
}

/// Verifies, and signs in the browser that signed up. In every other one only the sign-up whose password is given takes
/// effect: whoever has the mail may press the button of a stranger's.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    request: Request,
    http: HttpRequest,
    providers: Data<Providers>,
    form: Form<VerifyForm>,
) -> web::Result {
    let (app, client) = (request.app.clone(), request.client.clone());
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(link) = VerificationLink::find(&app, &form.token, &http).await? else {
        return gone(&app, request.layout, &form.token).await;
    };
    let Some(sign_up) = link.proof.own.clone() else {
        return verify_by_password(request, &http, link, &form.password).await;
    };
    let VerificationLink { token, proof } = link;
    let verify = VerifyRequest { token, sign_up, client, attempt: Vec::new() };
    let t = Words::of(request.layout.locale);
    let answers = LinkAnswers {
        signed_in: Answer::see_other(paths::accounts::ACCOUNT).with_flash(t.verified),
        otherwise: Answer::see_other(paths::accounts::LOG_IN).with_flash(t.verified_other),
    };
    let session = session_by_link(&request, &http, proof.email(), answers)?;
    let (now, proved, db) = (app.clock.now(), app.address_proved, app.db.for_row(proof.account().as_str()));
    let verified = db.write(move |conn| {
        let Some(user) = verify.redeem(conn, now)? else { return Ok(None) };
        // Tells the other rooms that the address is proved.
        proved(conn, now, &user.email)?;
        session.start(conn, now, user).map(Some)
    });
    match verified.await? {
        Some(started) => {
            SessionCookie::of(&http).forget_sign_up();
            answer_by_link(&app, &http, started)
        }
        None => not_verified(request, &http, &providers, &form.token).await,
    }
}

/// Why it had no effect: the provider with which this browser signed up opens another account since, or the link works no more.
async fn not_verified(request: Request, http: &HttpRequest, providers: &Providers, token: &str) -> web::Result {
    let Request { app, layout, .. } = request;
    let link = VerificationLink::find(&app, token, http).await?;
    match link.and_then(|link| link.provider_of_another(providers)) {
        Some(provider) => Problem::Elsewhere.page(layout, &provider),
        None => gone(&app, layout, token).await,
    }
}

/// "It wasn't me": removes what somebody else made with the address.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn delete(
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    form: Form<TokenForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(&app, layout, &form.token).await };
    let (now, db) = (app.clock.now(), db_for_link(&app, EMAIL_VERIFICATION, &token).await?);
    let t = Words::of(layout.locale);
    let rejected = db.write(move |conn| {
        let Some(rejected) = mailbox_proof::reject(conn, now, &token)? else { return Ok(None) };
        let done = if rejected == Rejected::Account { t.removed } else { t.rejected };
        let answer = Answer::see_other(paths::HOME).with_flash(done);
        submission.record(conn, &answer)?;
        Ok(Some(answer))
    });
    match rejected.await? {
        Some(answer) => answer.send(&http),
        None => gone(&app, layout, &form.token).await,
    }
}

/// Gives effect to the sign-up whose password this is.
async fn verify_by_password(
    Request { app, layout, client, submission }: Request,
    http: &HttpRequest,
    link: VerificationLink,
    typed: &str,
) -> web::Result {
    let t = Words::of(layout.locale);
    if typed.is_empty() || link.proof.passwords.is_empty() {
        let problem = CommonWords::of(layout.locale).enter_password;
        return refuse(layout, link, problem);
    }
    // A guess counts like a failed log-in: the page must not be a quicker way to try passwords.
    let attempt = [
        limits::LOG_IN_FAILURES.for_network(&client),
        limits::LOG_IN_FAILURES_OF_ADDRESS.for_address_and_network(link.proof.email(), &client),
    ];
    app.limits.count(&app.db, &attempt).await?;
    let Some(sign_up) = find_match(&app, &client, link.proof.passwords.clone(), typed).await? else {
        return refuse(layout, link, t.no_such_sign_up);
    };
    let (attempt, of_link) = (app.limits.provisional(&attempt), link.token.clone());
    let verify = VerifyRequest { token: link.token, sign_up, client, attempt };
    let (now, proved, db) = (app.clock.now(), app.address_proved, app.db.for_row(link.proof.account().as_str()));
    let verified = db.write(move |conn| {
        let Some(user) = verify.redeem(conn, now)? else { return Ok(None) };
        proved(conn, now, &user.email)?;
        let answer = log_in(t, user.kind);
        submission.record(conn, &answer)?;
        Ok(Some(answer))
    });
    match verified.await? {
        Some(answer) => answer.send(http),
        None => gone(&app, layout, of_link.reveal()).await,
    }
}

/// The page for who verified in another browser than that of the sign-up.
fn log_in(t: &Words, kind: AccountKind) -> Answer {
    Answer::see_other(paths::accounts::LOG_IN).with_flash(t.verified_log_in(kind))
}

/// 422: the page again, with the way to a new password. The link still works.
fn refuse(layout: Layout, link: VerificationLink, problem: &'static str) -> web::Result {
    let mut errors = FieldErrors::default();
    if link.way() == Way::Password {
        errors.add("password", problem);
    }
    invalid(VerifyEmailPage::new(layout, link, errors))
}

/// The page of a link that does not work, with the way to another.
async fn gone(app: &App, layout: Layout, token: &str) -> web::Result {
    let t = Words::of(layout.locale);
    let verified = GoneLink {
        purpose: EMAIL_VERIFICATION,
        done: t.verified_before,
        next: paths::accounts::LOG_IN,
        again: Some(paths::accounts::RESEND),
        instead: None,
    };
    let rejected =
        GoneLink { purpose: SIGN_UP_REJECTION, done: t.rejected_before, next: paths::accounts::SIGN_UP, ..verified };
    let link = if rejected.was_just_used(app, token).await? { rejected } else { verified };
    link.page(app, layout, token).await
}

impl VerificationLink {
    async fn find(app: &App, token: &str, http: &HttpRequest) -> Result<Option<Self>, Error> {
        let Some(token) = SecretToken::parse(token) else { return Ok(None) };
        let (now, of_link) = (app.clock.now(), token.clone());
        let mark = SessionCookie::of(http).sign_up_mark();
        let proof = app.db.read(move |conn| MailboxProof::find(conn, now, &of_link, mark.as_ref())).await?;
        Ok(proof.map(|proof| Self { token, proof }))
    }

    /// The provider of this browser's sign-up, where it opens another account. Only who came back from there as its owner is
    /// told: others who have the link are not.
    fn provider_of_another(&self, providers: &Providers) -> Option<Arc<Provider>> {
        providers.find(self.proof.provider_of_another.as_ref()?)
    }

    const fn way(&self) -> Way {
        match (self.proof.own.is_some(), self.proof.passwords.is_empty()) {
            (true, _) => Way::Button,
            (false, false) => Way::Password,
            (false, true) => Way::Reset,
        }
    }
}

impl VerifyEmailPage {
    fn new(layout: Layout, link: VerificationLink, errors: FieldErrors) -> Self {
        let (t, common, way) = (Words::of(layout.locale), CommonWords::of(layout.locale), link.way());
        let VerificationLink { token, proof } = link;
        let not_me_hint = if proof.is_only_sign_up { t.not_me_hint } else { t.not_me_keeps_hint };
        let no_password = if proof.is_any_by_provider { t.no_password_of_provider } else { t.no_password_yet };
        Self { t, common, layout, email: proof.email().clone(), token, way, no_password, not_me_hint, errors }
    }
}
