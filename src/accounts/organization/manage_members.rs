//! The members of an organization: inviting people, and what it may do with the accounts that it manages.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::employer::Employer;
use super::invitation::{Invitation, NewInvitation, Sent};
use super::invite_form::InviteForm;
use super::managing_organization;
use super::member::{Member, MemberPage, MemberState};
use super::member_change::{MemberAction, MemberChange, Outcome};
use super::words::{ManageMembers, Words};
use crate::accounts::user::avatar;
use crate::accounts::user::link_purposes::ORGANIZATION_INVITATION;
use crate::mail::mail_context::MailContext;
use crate::values::email_address::EmailAddress;
use crate::values::id::{LinkId, UserId};
use crate::web::page::query::Query;
use crate::web::page::response::with_status;
use crate::web::protection::limits;
use crate::web::{
    self, Answer, App, Error, FieldErrors, Form, Layout, Organization, PathId, Request, Subject, Viewer, paths,
};

#[derive(Template)]
#[template(path = "accounts/organization/manage_members.html")]
struct MembersPage {
    t: &'static ManageMembers,
    layout: Layout,
    page: MemberPage,
    pending: Vec<Invitation>,
    form: InviteForm,
    errors: FieldErrors,
    /// Why a change was refused.
    refusal: Option<&'static str>,
}

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
pub struct View {
    #[serde(default)]
    after: String,
}

/// A request of an organization about its members.
struct OrganizationRequest {
    request: Request,
    viewer: Arc<Viewer>,
}

/// The state of the page besides the members: its position, the form and what went wrong.
#[derive(Default)]
struct ListState {
    status: StatusCode,
    after: String,
    form: InviteForm,
    errors: FieldErrors,
    refusal: Option<&'static str>,
}

/// The form, who has not answered yet, and who is a member.
///
/// # Errors
/// When the viewer is no organization, or the database is unavailable.
pub async fn show(
    Organization(viewer): Organization,
    request: Request,
    Query(View { after }): Query<View>,
) -> web::Result {
    OrganizationRequest { request, viewer }.list(ListState { after, ..ListState::default() }).await
}

/// Invites the owner of an address; the answer is the same whether or not it has an account.
///
/// # Errors
/// When the viewer is no organization, when limited, or when the database is unavailable.
pub async fn create(
    Organization(viewer): Organization,
    request: Request,
    http: HttpRequest,
    form: Form<InviteForm>,
) -> web::Result {
    let (parsed, form) = (form.parse(&request.layout, &viewer), form.into_inner());
    let organization = OrganizationRequest { request, viewer };
    let email = match parsed {
        Ok(email) if organization.request.layout.unsent.is_none() => email,
        read => {
            let errors = FieldErrors::to_tell(&organization.request.layout, read);
            return organization.list(ListState::again(form, errors)).await;
        }
    };
    organization.limit_invitations(&email).await?;
    let t = organization.words();
    let problem = match organization.invite(&email).await? {
        Sent::Queued(_) => return done(t.invited(email.as_str())).send(&http),
        Sent::NotAllowed => return Err(Error::NOT_FOUND),
        Sent::AlreadyMember => t.already_member,
        Sent::TooMany => t.too_many_pending,
    };
    let mut errors = FieldErrors::default();
    errors.add("email", problem);
    organization.list(ListState::again(form, errors)).await
}

/// Refuses a member's log-ins from now on and ends the sessions.
///
/// # Errors
/// When the viewer is no organization, or the database is unavailable.
pub async fn deactivate(
    Organization(viewer): Organization,
    request: Request,
    http: HttpRequest,
    PathId(id): PathId<UserId>,
) -> web::Result {
    OrganizationRequest { request, viewer }.change(&http, MemberAction::Deactivate, id).await
}

/// Allows a member's log-ins again, unless somebody else had the account deactivated.
///
/// # Errors
/// When the viewer is no organization, or the database is unavailable.
pub async fn reactivate(
    Organization(viewer): Organization,
    request: Request,
    http: HttpRequest,
    PathId(id): PathId<UserId>,
) -> web::Result {
    OrganizationRequest { request, viewer }.change(&http, MemberAction::Reactivate, id).await
}

/// Manages an account no more.
///
/// # Errors
/// When the viewer is no organization, or the database is unavailable.
pub async fn release(
    Organization(viewer): Organization,
    request: Request,
    http: HttpRequest,
    PathId(id): PathId<UserId>,
) -> web::Result {
    OrganizationRequest { request, viewer }.change(&http, MemberAction::Release, id).await
}

/// Takes an invitation back, unless it was answered or has expired.
///
/// # Errors
/// When the viewer is no organization, or the database is unavailable.
pub async fn revoke(
    Organization(viewer): Organization,
    request: Request,
    http: HttpRequest,
    PathId(id): PathId<LinkId>,
) -> web::Result {
    OrganizationRequest { request, viewer }.revoke(&http, id).await
}

impl OrganizationRequest {
    fn words(&self) -> &'static ManageMembers {
        &Words::of(self.request.layout.locale).manage_members
    }

    fn employer(&self) -> Employer {
        let (id, email) = (self.viewer.id.clone(), EmailAddress::from(self.viewer.email.clone()));
        Employer { id, email, client: self.request.client.clone() }
    }

    fn mail(&self) -> MailContext {
        MailContext::of(&self.request.app, self.request.layout.locale)
    }

    async fn limit_invitations(&self, email: &EmailAddress) -> Result<(), Error> {
        let counts = [
            limits::INVITATIONS.for_user(&self.viewer.id),
            limits::INVITATIONS_PER_MINUTE.for_address(email),
            limits::INVITATIONS_PER_DAY.for_address(email),
        ];
        self.request.app.limits.count(&self.request.app.db, &counts).await
    }

    async fn invite(&self, email: &EmailAddress) -> Result<Sent, Error> {
        let (app, now) = (&self.request.app, self.request.app.clock.now());
        let (form, answer) = (self.request.submission.clone(), done(self.words().invited(email.as_str())));
        let new = NewInvitation { employer: self.employer(), email: email.clone(), mail: self.mail(), form };
        let sent = app.db.write(move |conn| {
            let sent = new.send(conn, now)?;
            if let Sent::Queued(link) = &sent {
                let subject = Subject::new(ORGANIZATION_INVITATION.name, link.as_str());
                new.form.record(conn, &answer.clone().about(subject))?;
            }
            Ok(sent)
        });
        Ok(sent.await?)
    }

    async fn change(self, http: &HttpRequest, action: MemberAction, member: UserId) -> web::Result {
        let (app, t, now) = (&self.request.app, self.words(), self.request.app.clock.now());
        let change = MemberChange { employer: self.employer(), action, member: member.clone(), mail: self.mail() };
        let answer = done(match action {
            MemberAction::Deactivate => t.deactivated,
            MemberAction::Reactivate => t.reactivated,
            MemberAction::Release => t.released,
        });
        let recorded = answer.clone().about(managing_organization::membership_of(&member));
        let submission = self.request.submission.clone();
        let outcome = app.db.write(move |conn| {
            let outcome = change.apply(conn, now)?;
            // Nothing else changes anything a second time, and is answered the same without being stored.
            if action == MemberAction::Release && outcome == Outcome::Done {
                submission.record(conn, &recorded)?;
            }
            Ok(outcome)
        });
        let outcome = outcome.await?;
        if outcome == Outcome::Done {
            app.viewer_cache.invalidate(&member);
        }
        let refusal = match outcome {
            Outcome::Done | Outcome::Unchanged => return answer.send(http),
            Outcome::NotFound => t.no_member,
            Outcome::DeactivatedByOthers => t.inactive_by_us,
        };
        self.list(ListState::conflict(refusal)).await
    }

    async fn revoke(self, http: &HttpRequest, id: LinkId) -> web::Result {
        let (app, t, now, employer) = (&self.request.app, self.words(), self.request.app.clock.now(), self.employer());
        let answer = done(t.revoked);
        let revoke = move |conn: &mut _| Ok(Invitation::revoke(conn, now, &employer, &id)?.then_some(()));
        let revoked = self.request.submission.write(&app.db, &answer, revoke).await?;
        match revoked {
            Some(()) => answer.send(http),
            None => self.list(ListState::conflict(t.no_invitation)).await,
        }
    }

    async fn list(self, state: ListState) -> web::Result {
        let t = self.words();
        let Self { request: Request { app, layout, .. }, viewer } = self;
        let ListState { status, after, form, errors, refusal } = state;
        let layout = if status == StatusCode::CONFLICT { layout.without_form() } else { layout };
        let layout = layout.with_typed(paths::accounts::MEMBERS);
        let (page, pending) = read(&app, viewer, after).await?;
        with_status(status, MembersPage { t, layout, page, pending, form, errors, refusal })
    }
}

async fn read(app: &App, viewer: Arc<Viewer>, after: String) -> Result<(MemberPage, Vec<Invitation>), Error> {
    let now = app.clock.now();
    let after = after.parse::<UserId>().ok();
    let read = app.db.read(move |conn| {
        let page = Member::page(conn, &viewer.id, after.as_ref())?;
        Ok((page, Invitation::pending(conn, now, &viewer.id)?))
    });
    Ok(read.await?)
}

fn done(text: impl Into<String>) -> Answer {
    Answer::see_other(paths::accounts::MEMBERS).with_flash(text)
}

impl ListState {
    fn again(form: InviteForm, errors: FieldErrors) -> Self {
        Self { status: errors.status(), form, errors, ..Self::default() }
    }

    fn conflict(refusal: &'static str) -> Self {
        Self { status: StatusCode::CONFLICT, refusal: Some(refusal), ..Self::default() }
    }
}

impl MembersPage {
    /// The picture; one on another site would tell that site who looks at it, and the browser would refuse it.
    fn picture(member: &Member) -> Option<&str> {
        member.avatar.as_deref().filter(|path| avatar::is_ours(path))
    }

    fn path_of(pattern: &str, member: &Member) -> String {
        paths::with_id(pattern, member.id.as_str())
    }

    fn revoke(invitation: &Invitation) -> String {
        paths::with_id(paths::accounts::INVITATION_REVOKE, invitation.id.as_str())
    }

    fn more(&self) -> Option<String> {
        self.page.last.as_ref().map(paths::accounts::members_after)
    }
}
