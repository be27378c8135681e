//! Signing up by the invitation of somebody on the waitlist: the link says whose address it is, and proves it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::invitee::{AddressStatus, Invitee, Opened};
use super::registration::db_for_address;
use super::words::Words;
use crate::accounts::session::invited_fields::{InvitedFields, TypedFields};
use crate::accounts::session::new_session::LinkAnswers;
use crate::accounts::session::sign_up_by_link::SignUpByLink;
use crate::accounts::session::start_session::{answer_by_invitation, session_by_link};
use crate::accounts::user::link_gone::GoneLink;
use crate::accounts::user::link_page::TokenForm;
use crate::accounts::user::password_hashing::hash;
use crate::accounts::user::user::way_in::WayIn;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::link::WAITLIST_INVITATION;
use crate::values::account_kind::AccountKind;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::page::query::Query;
use crate::web::page::response::{conflict, ok, with_status};
use crate::web::protection::limits;
use crate::web::{self, Answer, App, Error, FieldErrors, Form, Layout, Request, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/sign_up/by_invitation.html")]
struct InvitedPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
    invited: Invited,
    /// The names of the providers that can be connected afterwards.
    providers: String,
    form: InvitedForm,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "accounts/sign_up/by_invitation_taken.html")]
struct TakenPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
    email: EmailAddress,
}

/// Somebody else is signed in, whose session would end.
#[derive(Template)]
#[template(path = "accounts/sign_up/by_invitation_other.html")]
struct OtherAccountPage {
    common: &'static CommonWords,
    layout: Layout,
    invited: EmailAddress,
}

/// Why nobody signs up by a link that works.
enum Obstacle {
    /// Another account is signed in.
    OtherAccount,
    /// The address has an account.
    Taken,
}

/// What a sign-up by invitation sends. It has no field for the address or the kind: the link knows both.
#[derive(Default, Deserialize)]
pub struct InvitedForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    profession: String,
    #[serde(default)]
    password: String,
}

/// Who is invited, and the token of a link that works.
struct Invited {
    invitee: Invitee,
    token: SecretToken,
}

/// The form of the kind that was asked for. Opening the page changes nothing: mail scanners open every link before its
/// reader does.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, Query(query): Query<TokenForm>) -> web::Result {
    let Some(invited) = Invited::find(&app, &query.token).await? else { return gone(&app, layout, &query.token).await };
    match Obstacle::of(&invited.invitee, layout.viewer.as_deref()) {
        Some(obstacle) => obstacle.page(layout, invited.invitee.email),
        None => {
            ok(InvitedPage::new(layout, invited, InvitedForm::default(), FieldErrors::default()).with_providers(&app))
        }
    }
}

/// Opens the account and signs in. What is typed wrong does not use up the link.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(request: Request, http: HttpRequest, form: Form<InvitedForm>) -> web::Result {
    let (app, client) = (request.app.clone(), request.client.clone());
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(invited) = Invited::find(&app, &form.token).await? else {
        return gone(&app, request.layout, &form.token).await;
    };
    if let Some(obstacle) = Obstacle::of(&invited.invitee, request.layout.viewer.as_deref()) {
        return obstacle.page(request.layout, invited.invitee.email);
    }
    let Invitee { email, kind, .. } = &invited.invitee;
    let password = form.fields().read_password(&app, &client, email).await?;
    let fields = match form.fields().parse(CommonWords::of(request.layout.locale), *kind, password) {
        Ok(fields) if request.layout.unsent.is_none() => fields,
        read => {
            let errors = FieldErrors::to_tell(&request.layout, read);
            return InvitedPage::new(request.layout, invited, form.into_inner(), errors).again(&app);
        }
    };
    let InvitedFields { name, profession, password } = fields;
    let way_in = WayIn::Password(hash(&app, &client, password).await?);
    let Invited { invitee: Invitee { email, kind, .. }, token } = invited;
    let new = SignUpByLink { kind, name, profession, way_in, locale: request.layout.locale, client };
    let session = session_by_link(&request, &http, &email, answers(Words::of(request.layout.locale)))?;
    let (now, proved, db) = (app.clock.now(), app.address_proved, db_for_address(&app, &email).await?);
    let opened = db.write(move |conn| match Invitee::open_account(conn, now, &token, &new)? {
        Opened::Yes(user) => {
            // Tells the other rooms that the address is proved.
            proved(conn, now, &user.email)?;
            session.start(conn, now, *user).map(Ok)
        }
        not_opened => Ok(Err(not_opened)),
    });
    match opened.await? {
        Ok(started) => answer_by_invitation(&app, &http, started),
        Err(Opened::Taken) => Obstacle::Taken.page(request.layout, email),
        Err(_) => gone(&app, request.layout, &form.token).await,
    }
}

fn answers(t: &Words) -> LinkAnswers {
    LinkAnswers {
        signed_in: Answer::see_other(paths::accounts::ACCOUNT).with_flash(t.invited_welcome),
        otherwise: Answer::see_other(paths::accounts::LOG_IN),
    }
}

/// 410: the waitlist sends another link itself.
async fn gone(app: &App, layout: Layout, token: &str) -> web::Result {
    let t = Words::of(layout.locale);
    let link = GoneLink {
        purpose: WAITLIST_INVITATION,
        done: if layout.viewer.is_some() { t.invited_opened } else { t.invited_before },
        next: paths::accounts::LOG_IN,
        again: None,
        instead: Some(t.invitation_gone),
    };
    link.page(app, layout, token).await
}

impl Obstacle {
    fn of(invitee: &Invitee, viewer: Option<&Viewer>) -> Option<Self> {
        // Rows of the old application may hold mixed case.
        let is_other = |viewer: &Viewer| !viewer.email.eq_ignore_ascii_case(invitee.email.as_str());
        if viewer.is_some_and(is_other) {
            return Some(Self::OtherAccount);
        }
        (invitee.address_status == AddressStatus::Taken).then_some(Self::Taken)
    }

    fn page(self, layout: Layout, email: EmailAddress) -> web::Result {
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        match self {
            Self::OtherAccount => {
                with_status(StatusCode::FORBIDDEN, OtherAccountPage { common, layout, invited: email })
            }
            // Only whoever has the mail learns that there is an account.
            Self::Taken => conflict(TakenPage { t, common, layout: layout.without_form(), email }),
        }
    }
}

impl Invited {
    async fn find(app: &App, token: &str) -> Result<Option<Self>, Error> {
        let Some(token) = SecretToken::parse(token) else { return Ok(None) };
        let (now, of_link) = (app.clock.now(), token.clone());
        let invitee = app.db.read(move |conn| Invitee::find(conn, now, &of_link)).await?;
        Ok(invitee.map(|invitee| Self { invitee, token }))
    }
}

impl InvitedPage {
    fn new(layout: Layout, invited: Invited, form: InvitedForm, errors: FieldErrors) -> Self {
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        let layout = layout.with_typed(paths::accounts::SIGN_UP_INVITED);
        Self { t, common, layout, invited, providers: String::new(), form, errors }
    }

    fn again(self, app: &App) -> web::Result {
        with_status(self.errors.status(), self.with_providers(app))
    }

    fn with_providers(self, app: &App) -> Self {
        let labels: Vec<_> = app.config.providers.iter().map(|provider| provider.label.as_str()).collect();
        Self { providers: labels.join(", "), ..self }
    }

    fn is_organization(&self) -> bool {
        self.invited.invitee.kind == AccountKind::Organization
    }
}

impl InvitedForm {
    fn fields(&self) -> TypedFields<'_> {
        let Self { name, profession, password, .. } = self;
        TypedFields { name, profession, password }
    }
}
