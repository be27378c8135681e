//! Verifying an address by the link of a mail, or saying "it wasn't me".

use actix_web::HttpRequest;
use askama::Template;
use serde::Deserialize;

use super::mailbox_proof::{self, MailboxProof, VerifyRequest};
use super::words::Words;
use crate::accounts::session::new_session::Proof;
use crate::accounts::session::start_session::start_session;
use crate::accounts::user::link_gone::GoneLink;
use crate::accounts::user::link_page::TokenForm;
use crate::accounts::user::link_purposes::EMAIL_VERIFICATION;
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::password_hashing::find_match;
use crate::accounts::user::user::User;
use crate::accounts::user::words::Words as CommonWords;
use crate::values::account_kind::AccountKind;
use crate::values::email_address::EmailAddress;
use crate::values::id::LinkId;
use crate::values::secret_token::SecretToken;
use crate::web::page::query::Query;
use crate::web::page::response::{invalid, ok};
use crate::web::protection::limits;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Answer, App, Error, FieldErrors, Form, Layout, Request, Submission, paths};

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

/// What was sent, and the words of its answer.
struct Sent {
    submission: Submission,
    t: &'static Words,
}

/// A link that works, as this browser sees it.
struct VerificationLink {
    token: SecretToken,
    email: EmailAddress,
    /// The sign-up that this browser made.
    own: Option<PasswordHash>,
    /// Those of every sign-up.
    passwords: Vec<PasswordHash>,
}

/// The page. Opening it changes nothing: mail scanners open every link before its reader does.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(
    Request { app, layout, .. }: Request,
    http: HttpRequest,
    Query(query): Query<TokenForm>,
) -> web::Result {
    match VerificationLink::find(&app, &query.token, &http).await? {
        Some(link) => ok(VerifyEmailPage::new(layout, link, FieldErrors::default())),
        None => gone(&app, layout, &query.token).await,
    }
}

/// Verifies, and signs in the browser that signed up. In every other one only the sign-up whose password is given takes
/// effect: whoever has the mail may press the button of a stranger's.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(request: Request, http: HttpRequest, form: Form<VerifyForm>) -> web::Result {
    let (app, client) = (request.app.clone(), request.client.clone());
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(link) = VerificationLink::find(&app, &form.token, &http).await? else {
        return gone(&app, request.layout, &form.token).await;
    };
    let Some(sign_up) = link.own else { return verify_by_password(request, &http, link, &form.password).await };
    let verify = VerifyRequest { token: link.token, sign_up, client, attempt: Vec::new() };
    match verify_address(&app, verify, None).await? {
        Some(user) => sign_in(request, &http, user).await,
        None => gone(&app, request.layout, &form.token).await,
    }
}

/// "It wasn't me": removes the unverified account.
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
    let now = app.clock.now();
    let answer = Answer::see_other(paths::HOME).with_flash(Words::of(layout.locale).removed);
    let rejected = move |conn: &mut _| Ok(mailbox_proof::reject(conn, now, &token)?.then_some(()));
    match submission.write(&app.db, &answer, rejected).await? {
        Some(()) => answer.send(&http),
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
    if typed.is_empty() || link.passwords.is_empty() {
        let problem = CommonWords::of(layout.locale).enter_password;
        return refuse(layout, link, problem);
    }
    // A guess counts like a failed log-in: the page must not be a quicker way to try passwords.
    let attempt = [
        limits::LOG_IN_FAILURES.for_network(&client),
        limits::LOG_IN_FAILURES_OF_ADDRESS.for_address_and_network(&link.email, &client),
    ];
    app.limits.count(&app.db, &attempt).await?;
    let Some(sign_up) = find_match(&app, link.passwords.clone(), typed).await? else {
        return refuse(layout, link, t.no_such_sign_up);
    };
    let (attempt, of_link) = (app.limits.provisional(&attempt), link.token.clone());
    let verify = VerifyRequest { token: link.token, sign_up, client, attempt };
    match verify_address(&app, verify, Some(Sent { submission, t })).await? {
        Some(user) => log_in(t, user.kind).send(http),
        None => gone(&app, layout, of_link.reveal()).await,
    }
}

/// Verifies the address, and tells the other rooms that it is proved. An answer is stored with it, unless the session that
/// follows stores one.
async fn verify_address(app: &App, request: VerifyRequest, sent: Option<Sent>) -> Result<Option<User>, Error> {
    let (now, proved) = (app.clock.now(), app.address_proved);
    let verified = app.db.write(move |conn| {
        let Some(user) = request.redeem(conn, now)? else { return Ok(None) };
        proved(conn, now, &user.email)?;
        if let Some(Sent { submission, t }) = &sent {
            submission.record(conn, &log_in(t, user.kind))?;
        }
        Ok(Some(user))
    });
    Ok(verified.await?)
}

/// The page for who verified in another browser than that of the sign-up.
fn log_in(t: &Words, kind: AccountKind) -> Answer {
    Answer::see_other(paths::accounts::LOG_IN).with_flash(t.verified_log_in(kind))
}

/// Signs in the browser that signed up.
async fn sign_in(request: Request, http: &HttpRequest, user: User) -> web::Result {
    let t = Words::of(request.layout.locale);
    let log_in = log_in(t, user.kind);
    let answer = Answer::see_other(paths::accounts::ACCOUNT).with_flash(t.verified);
    let proof = Proof::by_link(user, request.client.clone());
    start_session(&request, http, proof, answer).await?.map_or_else(|| log_in.send(http), Ok)
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
    let link = GoneLink {
        purpose: EMAIL_VERIFICATION,
        done: Words::of(layout.locale).verified_before,
        next: paths::accounts::LOG_IN,
        again: Some(paths::accounts::RESEND),
        instead: None,
    };
    link.page(app, layout, token).await
}

impl VerificationLink {
    async fn find(app: &App, token: &str, http: &HttpRequest) -> Result<Option<Self>, Error> {
        let Some(token) = SecretToken::parse(token) else { return Ok(None) };
        let (now, of_link) = (app.clock.now(), token.clone());
        let proof = app.db.read(move |conn| MailboxProof::find(conn, now, &of_link)).await?;
        let mark = SessionCookie::of(http).sign_up_mark();
        Ok(proof.map(|proof| Self::new(&proof, token, mark.as_ref())))
    }

    fn new(proof: &MailboxProof, token: SecretToken, mark: Option<&LinkId>) -> Self {
        Self { token, email: proof.email().clone(), own: proof.marked(mark), passwords: proof.passwords() }
    }

    const fn way(&self) -> Way {
        match (self.own.is_some(), self.passwords.is_empty()) {
            (true, _) => Way::Button,
            (false, false) => Way::Password,
            (false, true) => Way::Reset,
        }
    }
}

impl VerifyEmailPage {
    fn new(layout: Layout, link: VerificationLink, errors: FieldErrors) -> Self {
        let (t, common, way) = (Words::of(layout.locale), CommonWords::of(layout.locale), link.way());
        Self { t, common, layout, email: link.email, token: link.token, way, errors }
    }
}
