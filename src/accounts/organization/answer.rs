//! Answering the invitation of an organization: signing up by it, accepting it with an account, or declining it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::acceptance::{Acceptance, Ineligibility, Invitee, ReceivedInvitation};
use super::managing_organization::membership_of;
use super::words::{Membership, Words};
use crate::accounts::session::invited_fields::{InvitedFields, TypedFields};
use crate::accounts::session::new_session::LinkAnswers;
use crate::accounts::session::sign_up_by_link::SignUpByLink;
use crate::accounts::session::start_session::{answer_by_invitation, session_by_link};
use crate::accounts::user::link_gone::GoneLink;
use crate::accounts::user::link_page::TokenForm;
use crate::accounts::user::link_purposes::ORGANIZATION_INVITATION;
use crate::accounts::user::password_hashing::hash;
use crate::accounts::user::user::{User, way_in::WayIn};
use crate::accounts::user::words::{Words as CommonWords, professions};
use crate::audit::event::Actor;
use crate::values::account_kind::AccountKind;
use crate::values::secret_token::SecretToken;
use crate::values::site_path::SitePath;
use crate::web::page::query::Query;
use crate::web::page::response::with_status;
use crate::web::protection::limits;
use crate::web::{self, Answer, App, Error, FieldErrors, Form, Layout, Request, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/organization/answer.html")]
struct AnswerPage {
    t: &'static Membership,
    common: &'static CommonWords,
    layout: Layout,
    invitation: ReceivedInvitation,
    token: SecretToken,
    choice: Choice,
    form: AnswerForm,
    errors: FieldErrors,
}

/// How the visitor may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// By signing up.
    SignUp,
    /// By accepting.
    Accept,
    /// After logging in.
    LogIn,
    /// Not with the account that is signed in.
    OtherAccount,
    /// Not at all.
    Ineligible(Ineligibility),
}

/// An answer. The link alone tells the address, the organization and the kind of account, so no field does.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    token: String,
    answer: String,
    name: String,
    profession: String,
    password: String,
}

/// The link that a visitor followed, and where it leads.
struct FollowedLink {
    token: SecretToken,
    invitation: ReceivedInvitation,
}

/// Who invites, what joining means, and the way to answer. Opening the page changes nothing.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, Query(query): Query<TokenForm>) -> web::Result {
    let Some(token) = SecretToken::parse(&query.token) else { return gone(&app, layout, &query.token).await };
    show_current(&app, layout, token).await
}

/// Accepts or declines. A form that is refused does not use up the link.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(request: Request, http: HttpRequest, form: Form<AnswerForm>) -> web::Result {
    let Request { app, layout, client, .. } = &request;
    app.limits.count(&app.db, &[limits::LINKS.for_network(client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(app, layout.clone(), &form.token).await };
    let Some(followed) = FollowedLink::find(app, token).await? else {
        return gone(app, layout.clone(), &form.token).await;
    };
    match Choice::of(&followed.invitation, layout.viewer.as_deref()) {
        _ if form.answer == "decline" && layout.unsent.is_none() => decline(request, &http, followed).await,
        Choice::SignUp => sign_up(request, &http, followed, form.into_inner()).await,
        Choice::Accept if layout.unsent.is_none() => accept(request, &http, followed.token).await,
        Choice::LogIn => Err(Error::SessionEnded(path_of(&followed.token))),
        Choice::Accept | Choice::OtherAccount | Choice::Ineligible(_) => {
            page(request.layout, followed, AnswerForm::default(), FieldErrors::default())
        }
    }
}

/// The page of the link as it is now.
async fn show_current(app: &App, layout: Layout, token: SecretToken) -> web::Result {
    match FollowedLink::find(app, token.clone()).await? {
        Some(followed) => page(layout, followed, AnswerForm::default(), FieldErrors::default()),
        None => gone(app, layout, token.reveal()).await,
    }
}

/// Opens the account and signs in.
async fn sign_up(request: Request, http: &HttpRequest, followed: FollowedLink, form: AnswerForm) -> web::Result {
    let Request { app, layout, client, .. } = request.clone();
    let (kind, email) = (AccountKind::Employee, &followed.invitation.email);
    let password = form.fields().read_password(&app, &client, email).await?;
    let fields = match form.fields().parse(CommonWords::of(layout.locale), kind, password) {
        Ok(fields) if layout.unsent.is_none() => fields,
        read => {
            let errors = FieldErrors::to_tell(&layout, read);
            return page(layout, followed, form, errors);
        }
    };
    let InvitedFields { name, profession, password } = fields;
    let password = hash(&app, &client, password).await?;
    let sign_up =
        SignUpByLink { kind, name, profession, way_in: WayIn::Password(password), locale: layout.locale, client };
    let session = session_by_link(&request, http, email, answers(&Words::of(layout.locale).membership))?;
    let (now, token, proved) = (app.clock.now(), followed.token.clone(), app.address_proved);
    // All whom an organization invites want its row.
    let db = app.db.for_row(followed.invitation.organization.as_str());
    let opened = db.write(move |conn| match ReceivedInvitation::sign_up(conn, now, &token, &sign_up)? {
        Acceptance::Accepted(user) => {
            // Tells the other rooms that the address is proved.
            proved(conn, now, &user.email)?;
            session.clone().about(membership_of(&user.id)).start(conn, now, *user).map(Ok)
        }
        not_opened => Ok(Err(not_opened)),
    });
    match opened.await? {
        Ok(started) => answer_by_invitation(&app, http, started),
        Err(Acceptance::Changed) => show_current(&app, layout, followed.token).await,
        Err(_) => gone(&app, layout, followed.token.reveal()).await,
    }
}

fn answers(t: &Membership) -> LinkAnswers {
    LinkAnswers {
        signed_in: Answer::see_other(paths::accounts::ACCOUNT).with_flash(t.joined),
        otherwise: Answer::see_other(paths::accounts::LOG_IN),
    }
}

/// Makes the account that is signed in a member's.
async fn accept(request: Request, http: &HttpRequest, token: SecretToken) -> web::Result {
    let Request { app, layout, client, submission } = request;
    let Some(viewer) = &layout.viewer else { return Err(Error::SessionEnded(path_of(&token))) };
    let (now, of_link, owner) = (app.clock.now(), token.clone(), Actor::new(&viewer.id, &client));
    let answer = Answer::see_other(paths::accounts::MANAGED_BY);
    let answer = answer.with_flash(Words::of(layout.locale).membership.joined).about(membership_of(&viewer.id));
    let recorded = answer.clone();
    let accepted = app.db.write(move |conn| {
        let accepted = ReceivedInvitation::accept(conn, now, &of_link, &owner)?;
        if matches!(accepted, Acceptance::Accepted(_)) {
            submission.record(conn, &recorded)?;
        }
        Ok(accepted)
    });
    let User { id, .. } = match accepted.await? {
        Acceptance::Accepted(user) => *user,
        Acceptance::Gone => return gone(&app, layout, token.reveal()).await,
        Acceptance::Changed => return show_current(&app, layout, token).await,
    };
    app.viewer_cache.invalidate(&id);
    answer.send(http)
}

/// Ends the invitation: whoever has the mail may, with an account or without.
async fn decline(request: Request, http: &HttpRequest, followed: FollowedLink) -> web::Result {
    let Request { app, layout, client, submission } = request;
    let FollowedLink { token, invitation } = followed;
    let (now, of_link) = (app.clock.now(), token.clone());
    let owner = layout.viewer.as_ref().filter(|viewer| invitation.is_for(&viewer.id));
    let owner = owner.map(|viewer| Actor::new(&viewer.id, &client));
    let next = if layout.viewer.is_some() { paths::accounts::ACCOUNT } else { paths::HOME };
    let answer = Answer::see_other(next).with_flash(Words::of(layout.locale).membership.declined);
    let declined = submission.write(&app.db, &answer, move |conn| {
        Ok(ReceivedInvitation::decline(conn, now, &of_link, owner.as_ref())?.then_some(()))
    });
    match declined.await? {
        Some(()) => answer.send(http),
        None => gone(&app, layout, token.reveal()).await,
    }
}

fn page(layout: Layout, followed: FollowedLink, form: AnswerForm, errors: FieldErrors) -> web::Result {
    let FollowedLink { token, invitation } = followed;
    let choice = Choice::of(&invitation, layout.viewer.as_deref());
    let layout = if errors.is_empty() { layout.without_form() } else { layout };
    let layout = if choice == Choice::SignUp { layout.with_typed(paths::accounts::INVITATION) } else { layout };
    let status = if errors.is_empty() { choice.status() } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (t, common) = (&Words::of(layout.locale).membership, CommonWords::of(layout.locale));
    with_status(status, AnswerPage { t, common, layout, invitation, token, choice, form, errors })
}

/// 410: only the organization can send another invitation.
async fn gone(app: &App, layout: Layout, token: &str) -> web::Result {
    let t = &Words::of(layout.locale).membership;
    let link = GoneLink {
        purpose: ORGANIZATION_INVITATION,
        done: t.answered_before,
        next: paths::accounts::ACCOUNT,
        again: None,
        instead: Some(t.link_gone_text),
    };
    link.page(app, layout, token).await
}

fn path_of(token: &SecretToken) -> Option<SitePath> {
    SitePath::parse(&paths::with_token(paths::accounts::INVITATION, token))
}

impl FollowedLink {
    async fn find(app: &App, token: SecretToken) -> Result<Option<Self>, Error> {
        let (now, of_link) = (app.clock.now(), token.clone());
        let invitation = app.db.read(move |conn| ReceivedInvitation::find(conn, now, &of_link)).await?;
        Ok(invitation.map(|invitation| Self { token, invitation }))
    }
}

impl Choice {
    fn of(invitation: &ReceivedInvitation, viewer: Option<&Viewer>) -> Self {
        match (&invitation.invitee, viewer) {
            (Invitee::Ineligible(why), _) => Self::Ineligible(*why),
            // A session of another account would end without a word.
            (Invitee::Unproved(of), Some(viewer)) if of.as_ref() != Some(&viewer.id) => Self::OtherAccount,
            (Invitee::Unproved(_), _) => Self::SignUp,
            (Invitee::Employee(_), None) => Self::LogIn,
            (Invitee::Employee(owner), Some(viewer)) if *owner == viewer.id => Self::Accept,
            (Invitee::Employee(_), Some(_)) => Self::OtherAccount,
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::SignUp | Self::Accept | Self::LogIn => StatusCode::OK,
            Self::OtherAccount => StatusCode::FORBIDDEN,
            Self::Ineligible(_) => StatusCode::CONFLICT,
        }
    }
}

impl AnswerForm {
    fn fields(&self) -> TypedFields<'_> {
        let Self { name, profession, password, .. } = self;
        TypedFields { name, profession, password }
    }
}

impl AnswerPage {
    fn title(&self) -> &'static str {
        match self.choice {
            Choice::SignUp | Choice::Accept | Choice::LogIn => self.t.answer,
            Choice::OtherAccount => self.common.other_account,
            Choice::Ineligible(_) => self.t.cannot_accept,
        }
    }

    fn log_in(&self) -> String {
        paths::accounts::log_in_then(path_of(&self.token).as_ref())
    }

    /// Why the invitation cannot be accepted, and what to do.
    fn why(&self, ineligibility: &Ineligibility) -> &'static str {
        match ineligibility {
            Ineligibility::AlreadyMember => self.t.already_yours,
            Ineligibility::ManagedElsewhere => self.t.managed_elsewhere,
            Ineligibility::OtherKind => self.t.other_kind,
            Ineligibility::Deactivated => self.t.closed,
        }
    }

    /// Whom to write to, where that helps.
    fn contact(&self) -> Option<&str> {
        let is_closed = matches!(self.choice, Choice::Ineligible(Ineligibility::Deactivated));
        self.layout.contact.as_deref().filter(|_| is_closed)
    }

    /// Where the link below leads: to the organization that manages the account, or to the account.
    fn next(&self) -> (&'static str, &'static str) {
        match self.choice {
            Choice::Ineligible(Ineligibility::AlreadyMember | Ineligibility::ManagedElsewhere) => {
                (paths::accounts::MANAGED_BY, self.t.to_managed_by)
            }
            _ => (paths::accounts::ACCOUNT, self.t.to_account),
        }
    }
}
