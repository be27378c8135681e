//! Answering the invitation of an organization: opening an account by it, or agreeing with the one that there is.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::acceptance::{Joined, Joining, Refusal, Standing};
use crate::accounts::session::invited_fields::{InvitedFields, TypedFields};
use crate::accounts::session::invited_sign_up::InvitedSignUp;
use crate::accounts::session::new_session::Proof;
use crate::accounts::session::start_session::start_session;
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::TokenForm;
use crate::accounts::user::password_hashing::hash;
use crate::accounts::user::user::User;
use crate::accounts::user::words::{Membership, Words};
use crate::audit::event::Actor;
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::values::site_path::SitePath;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{see_other, with_status};
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Error, FieldErrors, Form, Layout, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/organization/answer.html")]
struct AnswerPage {
    t: &'static Membership,
    words: &'static Words,
    layout: Layout,
    joining: Joining,
    token: SecretToken,
    way: Way,
    form: AnswerForm,
    errors: FieldErrors,
}

/// How the visitor may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// By opening an account.
    Open,
    /// By agreeing.
    Agree,
    /// After logging in.
    LogIn,
    /// Not as who is signed in.
    Other,
    /// Not at all.
    Refused(Refusal),
}

/// An answer. Neither the address nor the organization nor the kind of account is the form's to say: the link knows.
#[derive(Default, Deserialize)]
pub struct AnswerForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    profession: String,
    #[serde(default)]
    password: String,
}

/// Who invites, what joining means, and the way to answer. Looking changes nothing.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, Query(query): Query<TokenForm>) -> web::Result {
    let Some(token) = SecretToken::parse(&query.token) else { return link_gone::invitation(layout) };
    ask(&app, layout, token).await
}

/// Accepts or declines. What is typed wrong does not use up the link.
///
/// # Errors
/// When limited, or when the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    from: (HttpRequest, Client),
    form: Form<AnswerForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&from.1)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::invitation(layout) };
    let of_link = token.clone();
    let now = app.clock.now();
    let Some(joining) = app.db.read(move |conn| Joining::find(conn, now, &of_link)).await? else {
        return link_gone::invitation(layout);
    };
    let way = Way::of(&joining, layout.viewer.as_ref());
    match way {
        _ if form.answer == "decline" => decline(&app, layout, from, (joining, token)).await,
        Way::Open => open(&app, layout, from, (form.into_inner(), joining, token)).await,
        Way::Agree => agree(&app, layout, from, token).await,
        Way::LogIn => Err(Error::SignInFirst(come_back(&token))),
        Way::Other | Way::Refused(_) => page(layout, (joining, token), AnswerForm::default(), FieldErrors::default()),
    }
}

/// The page of the link as it stands now.
async fn ask(app: &App, layout: Layout, token: SecretToken) -> web::Result {
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| Joining::find(conn, now, &of_link)).await? {
        Some(joining) => page(layout, (joining, token), AnswerForm::default(), FieldErrors::default()),
        None => link_gone::invitation(layout),
    }
}

/// Opens the account and signs in.
async fn open(
    app: &App,
    layout: Layout,
    (request, client): (HttpRequest, Client),
    (form, joining, token): (AnswerForm, Joining, SecretToken),
) -> web::Result {
    let InvitedFields { name, profession, password } = match form.parse(&layout, &joining.email) {
        Ok(fields) => fields,
        Err(errors) => return page(layout, (joining, token), form, errors),
    };
    let password = hash(app, password).await?;
    let (now, of_link) = (app.clock.now(), token.clone());
    let newcomer = InvitedSignUp { kind: AccountKind::Employee, name, profession, password, client: client.clone() };
    let proved = app.address_proved;
    let opened = app.db.write(move |conn| {
        let opened = Joining::open_account(conn, now, &of_link, &newcomer)?;
        if let Joined::Yes(user) = &opened {
            proved(conn, now, &user.email)?;
        }
        Ok(opened)
    });
    let user = match opened.await? {
        Joined::Yes(user) => *user,
        Joined::Gone => return link_gone::invitation(layout),
        Joined::Changed => return ask(app, layout, token).await,
    };
    app.viewer_cache.invalidate(&user.id, now);
    let (t, cookie) = (&Words::of(layout.locale).membership, SessionCookie::of(&request));
    let mail = MailContext { locale: layout.locale, keys: app.keys.clone() };
    match start_session(app, &request, Proof::by_link(user, client), mail).await? {
        Some(signed_in) => {
            cookie.leave(&Flash::success(t.joined))?;
            signed_in.see(|_| paths::accounts::ACCOUNT.to_owned())
        }
        None => see_other(paths::accounts::LOG_IN),
    }
}

/// Makes the account of who is signed in a member's.
async fn agree(app: &App, layout: Layout, (request, client): (HttpRequest, Client), token: SecretToken) -> web::Result {
    let Some(viewer) = &layout.viewer else { return Err(Error::SignInFirst(come_back(&token))) };
    let (now, of_link, id) = (app.clock.now(), token.clone(), viewer.id.clone());
    let accepted = app.db.write(move |conn| Joining::accept(conn, now, &of_link, (&id, &client))).await?;
    let User { id, .. } = match accepted {
        Joined::Yes(user) => *user,
        Joined::Gone => return link_gone::invitation(layout),
        Joined::Changed => return ask(app, layout, token).await,
    };
    app.viewer_cache.invalidate(&id, now);
    SessionCookie::of(&request).leave(&Flash::success(Words::of(layout.locale).membership.joined))?;
    see_other(paths::accounts::MANAGED_BY)
}

/// Ends the invitation: whoever has the mail may, with an account or without.
async fn decline(
    app: &App,
    layout: Layout,
    (request, client): (HttpRequest, Client),
    (joining, token): (Joining, SecretToken),
) -> web::Result {
    let now = app.clock.now();
    let owner = layout.viewer.as_ref().filter(|viewer| joining.standing == Standing::Employee(viewer.id.clone()));
    let owner = owner.map(|viewer| Actor::new(&viewer.id, &client));
    if !app.db.write(move |conn| Joining::decline(conn, now, &token, owner.as_ref())).await? {
        return link_gone::invitation(layout);
    }
    SessionCookie::of(&request).leave(&Flash::success(Words::of(layout.locale).membership.declined))?;
    see_other(if layout.viewer.is_some() { paths::accounts::ACCOUNT } else { paths::HOME })
}

fn page(
    layout: Layout,
    (joining, token): (Joining, SecretToken),
    form: AnswerForm,
    errors: FieldErrors,
) -> web::Result {
    let way = Way::of(&joining, layout.viewer.as_ref());
    let status = match way {
        _ if !errors.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        Way::Open | Way::Agree | Way::LogIn => StatusCode::OK,
        Way::Other => StatusCode::FORBIDDEN,
        Way::Refused(_) => StatusCode::CONFLICT,
    };
    let words = Words::of(layout.locale);
    with_status(status, AnswerPage { t: &words.membership, words, layout, joining, token, way, form, errors })
}

fn come_back(token: &SecretToken) -> Option<SitePath> {
    SitePath::parse(&paths::with_token(paths::accounts::INVITATION, token))
}

impl Way {
    fn of(joining: &Joining, viewer: Option<&Viewer>) -> Self {
        match (&joining.standing, viewer) {
            (Standing::Refused(refusal), _) => Self::Refused(*refusal),
            (Standing::Free(_), _) => Self::Open,
            (Standing::Employee(_), None) => Self::LogIn,
            (Standing::Employee(owner), Some(viewer)) if *owner == viewer.id => Self::Agree,
            (Standing::Employee(_), Some(_)) => Self::Other,
        }
    }
}

impl AnswerForm {
    fn parse(&self, layout: &Layout, email: &EmailAddress) -> Result<InvitedFields, FieldErrors> {
        let Self { name, profession, password, .. } = self;
        TypedFields { name, profession, password }.parse(Words::of(layout.locale), AccountKind::Employee, email)
    }
}

impl AnswerPage {
    fn title(&self) -> &'static str {
        match self.way {
            Way::Open | Way::Agree | Way::LogIn => self.t.answer,
            Way::Other => self.t.other_account,
            Way::Refused(_) => self.t.cannot_accept,
        }
    }

    fn log_in(&self) -> String {
        paths::accounts::log_in_then(come_back(&self.token).as_ref())
    }

    /// Why the invitation cannot be accepted, and what to do.
    fn why(&self, refusal: &Refusal) -> &'static str {
        match refusal {
            Refusal::AlreadyMember => self.t.already_yours,
            Refusal::ManagedElsewhere => self.t.managed_elsewhere,
            Refusal::OtherKind => self.t.other_kind,
            Refusal::Closed => self.t.closed,
        }
    }

    /// Where to go on: to who manages the account, or to the account.
    fn next(&self) -> (&'static str, &'static str) {
        match self.way {
            Way::Refused(Refusal::AlreadyMember | Refusal::ManagedElsewhere) => {
                (paths::accounts::MANAGED_BY, self.t.to_managed_by)
            }
            _ => (paths::accounts::ACCOUNT, self.t.to_account),
        }
    }
}
