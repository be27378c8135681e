//! The members of an organization: inviting people, and what it may do with the accounts that it manages.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use super::invitation::{Invitation, NewInvitation, Sent};
use super::member::{Act, Carried, Employer, Member, Order, Page, State};
use crate::accounts::user::words;
use crate::mail::mail_context::MailContext;
use crate::values::email_address::EmailAddress;
use crate::values::id::{LinkId, UserId};
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{see_other, with_status};
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Error, FieldErrors, Form, Layout, Organization, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/organization/manage_members.html")]
struct MembersPage {
    t: &'static words::Organization,
    layout: Layout,
    page: Page,
    pending: Vec<Invitation>,
    form: InviteForm,
    errors: FieldErrors,
    /// Why an act was refused.
    refusal: Option<&'static str>,
}

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
pub struct View {
    #[serde(default)]
    after: String,
}

/// Whom to invite.
#[derive(Debug, Default, Deserialize)]
pub struct InviteForm {
    #[serde(default)]
    email: String,
}

/// A page of the list with what was typed and what is wrong.
#[derive(Default)]
struct Shown {
    after: String,
    form: InviteForm,
    errors: FieldErrors,
    refusal: Option<&'static str>,
}

/// The form, who waits to answer, and who is a member.
///
/// # Errors
/// When the viewer is no organization, or the database is away.
pub async fn show(
    Organization(viewer): Organization,
    (app, layout): (Data<App>, Layout),
    Query(View { after }): Query<View>,
) -> web::Result {
    list(&app, layout, (viewer, StatusCode::OK), Shown { after, ..Shown::default() }).await
}

/// Invites the owner of an address; the answer is the same whether or not it has an account.
///
/// # Errors
/// When the viewer is no organization, when limited, or when the database is away.
pub async fn create(
    Organization(viewer): Organization,
    (app, layout): (Data<App>, Layout),
    (request, client): (HttpRequest, Client),
    form: Form<InviteForm>,
) -> web::Result {
    let t = &words::Words::of(layout.locale).organization;
    let parsed = form.parse(&layout, &viewer);
    let form = form.into_inner();
    let email = match parsed {
        Ok(email) => email,
        Err(errors) => return refuse(&app, layout, viewer, Shown { form, errors, ..Shown::default() }).await,
    };
    let counts = [
        limits::INVITATIONS.for_user(&viewer.id),
        limits::INVITATIONS_PER_MINUTE.for_address(&email),
        limits::INVITATIONS_PER_DAY.for_address(&email),
    ];
    app.limits.count(&app.db, &counts).await?;
    let new = NewInvitation { employer: employer(&viewer, &client), email };
    let (now, mail, invited) = (app.clock.now(), mail(&app, &layout), t.invited(new.email.as_str()));
    let problem = match app.db.write(move |conn| new.send(conn, now, &mail)).await? {
        Sent::OnItsWay => return done(&request, invited),
        Sent::NotAllowed => return Err(Error::NOT_FOUND),
        Sent::AlreadyMember => t.already_member,
        Sent::TooMany => t.too_many_pending,
    };
    let mut errors = FieldErrors::default();
    errors.add("email", problem);
    refuse(&app, layout, viewer, Shown { form, errors, ..Shown::default() }).await
}

/// Refuses a member's log-ins from now on and ends the sessions.
///
/// # Errors
/// When the organization manages no such account, or the database is away.
pub async fn deactivate(
    Organization(viewer): Organization,
    (app, layout): (Data<App>, Layout),
    from: (HttpRequest, Client),
    id: Path<String>,
) -> web::Result {
    carry_out((&app, layout), viewer, from, (Act::Deactivate, id)).await
}

/// Allows a member's log-ins again, unless somebody else had the account deactivated.
///
/// # Errors
/// When the organization manages no such account, or the database is away.
pub async fn reactivate(
    Organization(viewer): Organization,
    (app, layout): (Data<App>, Layout),
    from: (HttpRequest, Client),
    id: Path<String>,
) -> web::Result {
    carry_out((&app, layout), viewer, from, (Act::Reactivate, id)).await
}

/// Manages an account no more.
///
/// # Errors
/// When the organization manages no such account, or the database is away.
pub async fn release(
    Organization(viewer): Organization,
    (app, layout): (Data<App>, Layout),
    from: (HttpRequest, Client),
    id: Path<String>,
) -> web::Result {
    carry_out((&app, layout), viewer, from, (Act::Release, id)).await
}

/// Takes an invitation back.
///
/// # Errors
/// When there is no such invitation of this organization, or the database is away.
pub async fn revoke(
    Organization(viewer): Organization,
    (app, layout): (Data<App>, Layout),
    (request, client): (HttpRequest, Client),
    id: Path<String>,
) -> web::Result {
    let (now, id, employer) = (app.clock.now(), LinkId::from(known(id)?), employer(&viewer, &client));
    if !app.db.write(move |conn| Invitation::revoke(conn, now, &employer, &id)).await? {
        return Err(Error::NOT_FOUND);
    }
    done(&request, words::Words::of(layout.locale).organization.revoked)
}

async fn carry_out(
    (app, layout): (&App, Layout),
    viewer: Viewer,
    (request, client): (HttpRequest, Client),
    (act, id): (Act, Path<String>),
) -> web::Result {
    let (now, t, member) = (app.clock.now(), &words::Words::of(layout.locale).organization, UserId::from(known(id)?));
    let order = Order { employer: employer(&viewer, &client), act, member: member.clone() };
    let mail = mail(app, &layout);
    let carried = app.db.write(move |conn| order.carry_out(conn, now, &mail)).await?;
    app.viewer_cache.invalidate(&member, now);
    match (carried, act) {
        (Carried::Unknown, _) => Err(Error::NOT_FOUND),
        (Carried::NotTheirs, _) => {
            let shown = Shown { refusal: Some(t.inactive_by_us), ..Shown::default() };
            list(app, layout, (viewer, StatusCode::CONFLICT), shown).await
        }
        (Carried::Out, Act::Deactivate) => done(&request, t.deactivated),
        (Carried::Out, Act::Reactivate) => done(&request, t.reactivated),
        (Carried::Out, Act::Release) => done(&request, t.released),
    }
}

fn known(id: Path<String>) -> Result<String, Error> {
    paths::id_in(&id.into_inner()).ok_or(Error::NOT_FOUND)
}

fn employer(viewer: &Viewer, client: &Client) -> Employer {
    Employer { id: viewer.id.clone(), email: EmailAddress::from(viewer.email.clone()), client: client.clone() }
}

fn mail(app: &App, layout: &Layout) -> MailContext {
    MailContext { locale: layout.locale, keys: app.keys.clone() }
}

fn done(request: &HttpRequest, text: impl Into<String>) -> web::Result {
    SessionCookie::of(request).leave(&Flash::success(text))?;
    see_other(paths::accounts::MEMBERS)
}

async fn refuse(app: &App, layout: Layout, viewer: Viewer, shown: Shown) -> web::Result {
    list(app, layout, (viewer, StatusCode::UNPROCESSABLE_ENTITY), shown).await
}

async fn list(app: &App, layout: Layout, (viewer, status): (Viewer, StatusCode), shown: Shown) -> web::Result {
    let Shown { after, form, errors, refusal } = shown;
    let (now, t) = (app.clock.now(), &words::Words::of(layout.locale).organization);
    let after = Some(after).filter(|id| !id.is_empty() && !id.contains('\0')).map(UserId::from);
    let read = app.db.read(move |conn| {
        let page = Member::page(conn, &viewer.id, after.as_ref())?;
        Ok((page, Invitation::pending(conn, now, &viewer.id)?))
    });
    let (page, pending) = read.await?;
    with_status(status, MembersPage { t, layout, page, pending, form, errors, refusal })
}

impl InviteForm {
    fn parse(&self, layout: &Layout, viewer: &Viewer) -> Result<EmailAddress, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.email(layout, "email", &self.email);
        let is_own = |email: &EmailAddress| email.as_str().eq_ignore_ascii_case(&viewer.email);
        if email.as_ref().is_some_and(is_own) {
            errors.add("email", words::Words::of(layout.locale).organization.own_address);
        }
        email.filter(|_| errors.is_empty()).ok_or(errors)
    }
}

impl MembersPage {
    /// The picture; one on another site would tell that site who looks at it, and the browser would refuse it.
    fn picture(member: &Member) -> Option<&str> {
        member.avatar.as_deref().filter(|path| path.starts_with(paths::AVATAR_FOLDER))
    }

    fn of(pattern: &str, member: &Member) -> String {
        paths::with_id(pattern, member.id.as_str())
    }

    fn revoke(invitation: &Invitation) -> String {
        paths::with_id(paths::accounts::INVITATION_REVOKE, invitation.id.as_str())
    }

    fn more(&self) -> Option<String> {
        self.page.last.as_ref().map(paths::accounts::members_after)
    }
}
