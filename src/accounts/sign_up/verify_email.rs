//! Verifying an address by the link of a mail, or saying "it wasn't me".

use actix_web::HttpRequest;
use askama::Template;
use serde::Deserialize;

use super::mailbox_proof::{self, MailboxProof, VerifyRequest};
use super::words::Words;
use crate::accounts::session::new_session::Proof;
use crate::accounts::session::start_session::start_session;
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::TokenForm;
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::password_hashing::find_match;
use crate::accounts::user::user::User;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::email_address::EmailAddress;
use crate::values::id::LinkId;
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{invalid, ok, see_other};
use crate::web::protection::limits;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Error, FieldErrors, Form, Layout, Request, paths};

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

/// A link that works, as this browser sees it.
struct UsedLink {
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
    match UsedLink::find(&app, &query.token, &http).await? {
        Some(link) => ok(VerifyEmailPage::new(layout, link, FieldErrors::default())),
        None => gone(layout),
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
    let Some(link) = UsedLink::find(&app, &form.token, &http).await? else { return gone(request.layout) };
    let Some(sign_up) = link.own else { return verify_by_password(request, &http, link, &form.password).await };
    let verify = VerifyRequest { token: link.token, sign_up, client, attempt: Vec::new() };
    match verify_address(&app, verify).await? {
        Some(user) => sign_in(request, &http, user).await,
        None => gone(request.layout),
    }
}

/// "It wasn't me": removes the unverified account.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn delete(Request { app, layout, client }: Request, http: HttpRequest, form: Form<TokenForm>) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(layout) };
    let now = app.clock.now();
    if !app.db.write(move |conn| mailbox_proof::reject(conn, now, &token)).await? {
        return gone(layout);
    }
    SessionCookie::of(&http).set_flash(&Flash::success(Words::of(layout.locale).removed))?;
    see_other(paths::HOME)
}

/// Gives effect to the sign-up whose password this is.
async fn verify_by_password(
    Request { app, layout, client }: Request,
    http: &HttpRequest,
    link: UsedLink,
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
    let attempt = app.limits.provisional(&attempt);
    let verify = VerifyRequest { token: link.token, sign_up, client, attempt };
    let Some(user) = verify_address(&app, verify).await? else { return gone(layout) };
    SessionCookie::of(http).set_flash(&Flash::success(t.verified_log_in(user.kind)))?;
    see_other(paths::accounts::LOG_IN)
}

/// Verifies the address, and tells the other rooms that it is proved.
async fn verify_address(app: &App, request: VerifyRequest) -> Result<Option<User>, Error> {
    let (now, proved) = (app.clock.now(), app.address_proved);
    let verified = app.db.write(move |conn| {
        let user = request.redeem(conn, now)?;
        if let Some(user) = &user {
            proved(conn, now, &user.email)?;
        }
        Ok(user)
    });
    Ok(verified.await?)
}

/// Signs in the browser that signed up.
async fn sign_in(Request { app, layout, client }: Request, http: &HttpRequest, user: User) -> web::Result {
    let (t, cookie, kind) = (Words::of(layout.locale), SessionCookie::of(http), user.kind);
    let mail = MailContext { locale: layout.locale, keys: app.keys.clone() };
    if let Some(signed_in) = start_session(&app, http, Proof::by_link(user, client), mail).await? {
        cookie.set_flash(&Flash::success(t.verified))?;
        return signed_in.redirect(|_| paths::accounts::ACCOUNT.to_owned());
    }
    cookie.set_flash(&Flash::success(t.verified_log_in(kind)))?;
    see_other(paths::accounts::LOG_IN)
}

/// 422: the page again, with the way to a new password. The link still works.
fn refuse(layout: Layout, link: UsedLink, problem: &'static str) -> web::Result {
    let mut errors = FieldErrors::default();
    if link.way() == Way::Password {
        errors.add("password", problem);
    }
    invalid(VerifyEmailPage::new(layout, link, errors))
}

/// The page of a link that does not work, with the way to another.
fn gone(layout: Layout) -> web::Result {
    link_gone::page(layout, paths::accounts::RESEND)
}

impl UsedLink {
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
    fn new(layout: Layout, link: UsedLink, errors: FieldErrors) -> Self {
        let (t, common, way) = (Words::of(layout.locale), CommonWords::of(layout.locale), link.way());
        Self { t, common, layout, email: link.email, token: link.token, way, errors }
    }
}
