//! Signing up by the invitation of somebody on the waitlist: the link says whose address it is, and proves it.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::invitee::{Invitee, Opened, Standing};
use crate::accounts::session::invited_fields::{InvitedFields, TypedFields};
use crate::accounts::session::invited_sign_up::InvitedSignUp;
use crate::accounts::session::new_session::Proof;
use crate::accounts::session::start_session::start_session;
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::TokenForm;
use crate::accounts::user::password_hashing::hash;
use crate::accounts::user::words::Words;
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{conflict, invalid, ok, see_other};
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, FieldErrors, Form, Layout, paths};

#[derive(Template)]
#[template(path = "accounts/sign_up/by_invitation.html")]
struct InvitedPage {
    t: &'static Words,
    layout: Layout,
    invitee: Invitee,
    token: SecretToken,
    form: InvitedForm,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "accounts/sign_up/invited_taken.html")]
struct TakenPage {
    t: &'static Words,
    layout: Layout,
    email: EmailAddress,
}

/// What a sign-up by invitation sends. Neither the address nor the kind is the form's to say: the link knows.
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

/// The form of the kind that was asked for. Looking changes nothing: mail scanners open every link before its reader.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, Query(query): Query<TokenForm>) -> web::Result {
    let Some((invitee, token)) = find(&app, &query.token).await? else { return link_gone::place(layout) };
    if invitee.standing == Standing::Taken {
        return taken(layout, invitee.email);
    }
    let (t, form) = (Words::of(layout.locale), InvitedForm::default());
    ok(InvitedPage { t, layout, invitee, token, form, errors: FieldErrors::default() })
}

/// Opens the account and signs in. What is typed wrong does not use up the link.
///
/// # Errors
/// When limited, or when the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    (request, client): (HttpRequest, Client),
    form: Form<InvitedForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some((invitee, token)) = find(&app, &form.token).await? else { return link_gone::place(layout) };
    if invitee.standing == Standing::Taken {
        return taken(layout, invitee.email);
    }
    let t = Words::of(layout.locale);
    let InvitedFields { name, profession, password } = match form.parse(t, &invitee) {
        Ok(fields) => fields,
        Err(errors) => {
            return invalid(InvitedPage { t, layout, invitee, token, form: form.into_inner(), errors });
        }
    };
    let Invitee { email, kind, .. } = invitee;
    let password = hash(&app, password).await?;
    let (now, proved) = (app.clock.now(), app.address_proved);
    let newcomer = InvitedSignUp { kind, name, profession, password, client: client.clone() };
    let opened = app.db.write(move |conn| {
        let opened = Invitee::open_account(conn, now, &token, &newcomer)?;
        if let Opened::Yes(user) = &opened {
            proved(conn, now, &user.email)?;
        }
        Ok(opened)
    });
    let user = match opened.await? {
        Opened::Yes(user) => *user,
        Opened::Gone => return link_gone::place(layout),
        Opened::Taken => return taken(layout, email),
    };
    app.changes.note(&user.id, now);
    let mail = MailContext { locale: layout.locale, keys: app.keys.clone() };
    match start_session(&app, &request, Proof::by_link(user, client), mail).await? {
        Some(signed_in) => {
            SessionCookie::of(&request).leave(&Flash::success(t.invited.welcome))?;
            signed_in.see(|_| paths::accounts::ACCOUNT.to_owned())
        }
        None => see_other(paths::accounts::LOG_IN),
    }
}

async fn find(app: &App, token: &str) -> Result<Option<(Invitee, SecretToken)>, web::Error> {
    let Some(token) = SecretToken::parse(token) else { return Ok(None) };
    let (now, of_link) = (app.clock.now(), token.clone());
    let invitee = app.db.read(move |conn| Invitee::find(conn, now, &of_link)).await?;
    Ok(invitee.map(|invitee| (invitee, token)))
}

/// 409: only whoever has the mail learns that there is an account.
fn taken(layout: Layout, email: EmailAddress) -> web::Result {
    conflict(TakenPage { t: Words::of(layout.locale), layout, email })
}

impl InvitedPage {
    fn is_organization(&self) -> bool {
        self.invitee.kind == AccountKind::Organization
    }

    fn title(&self) -> &'static str {
        if self.is_organization() { self.t.open_ours } else { self.t.open_mine }
    }

    fn submit(&self) -> &'static str {
        if self.is_organization() { self.t.for_organizations_more } else { self.t.for_people_more }
    }
}

impl InvitedForm {
    fn parse(&self, t: &Words, Invitee { email, kind, .. }: &Invitee) -> Result<InvitedFields, FieldErrors> {
        let Self { name, profession, password, .. } = self;
        TypedFields { name, profession, password }.parse(t, *kind, email)
    }
}
