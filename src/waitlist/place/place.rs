//! A person's own place on the waitlist, by the private link: where it stands, and what its owner can do about it.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::audit::event::Actor;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::waitlist::joining::own_mail::OwnMail;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::waitlist::words::Words;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Error, FieldErrors, Form, Layout, paths};

/// The answer to what brings somebody here, given anew.
#[derive(Deserialize)]
pub struct RoleForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    role: String,
}

#[derive(Template)]
#[template(path = "waitlist/place/place.html")]
struct PlacePage {
    t: &'static Words,
    layout: Layout,
    token: SecretToken,
    entry: Entry,
    rank: Option<String>,
    mails: Vec<OwnMail>,
    errors: FieldErrors,
}

/// Where the place stands, and what is held about it.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, Query(field): Query<TokenField>) -> web::Result {
    let Some(token) = SecretToken::parse(&field.token) else { return link_gone::show(layout) };
    match PlacePage::load(&app, layout.clone(), token).await? {
        Some(place) => response::ok(place),
        None => link_gone::show(layout),
    }
}

/// Changes the role.
///
/// # Errors
/// Too many, or when the database is away.
pub async fn update(
    app: Data<App>,
    layout: Layout,
    client: Client,
    (request, form): (HttpRequest, Form<RoleForm>),
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show(layout) };
    let t = Words::of(layout.locale);
    let Some(role) = Role::parse(&form.role) else {
        let Some(mut place) = PlacePage::load(&app, layout.clone(), token).await? else {
            return link_gone::show(layout);
        };
        place.errors.add("role", t.role_missing);
        return response::invalid(place);
    };
    let (now, actor, of) = (app.clock.now(), Actor::visitor(&client), token.clone());
    if !app.db.write(move |conn| Entry::change_role(conn, now, &actor, (role, &of))).await? {
        return link_gone::show(layout);
    }
    SessionCookie::of(&request).leave(&Flash::success(t.place.role_changed))?;
    response::see_other(paths::with_token(paths::waitlist::PLACE, &token))
}

impl PlacePage {
    async fn load(app: &App, layout: Layout, token: SecretToken) -> Result<Option<Self>, Error> {
        let (now, of) = (app.clock.now(), token.clone());
        let held = app.db.read(move |conn| {
            let Some(entry) = Entry::find(conn, now, &of)? else { return Ok(None) };
            Ok(Some((entry.rank(conn)?, entry.mails(conn)?, entry)))
        });
        let t = Words::of(layout.locale);
        let Some((rank, mails, entry)) = held.await? else { return Ok(None) };
        let rank = rank.map(|rank| layout.locale.number(rank));
        Ok(Some(Self { t, layout, token, entry, rank, mails, errors: FieldErrors::default() }))
    }

    /// The answer as the form words it.
    fn role(&self) -> &'static str {
        match self.entry.role {
            Role::Employee => self.layout.t.role_employee,
            Role::Organization => self.layout.t.role_organization,
        }
    }

    /// What it is a number of.
    fn among(&self) -> &'static str {
        match self.entry.role {
            Role::Employee => self.t.place.among_employees,
            Role::Organization => self.t.place.among_organizations,
        }
    }

    /// Where the place stands, in a sentence.
    fn lead(&self) -> &'static str {
        let t = &self.t.place;
        match self.entry.state {
            State::Joined => t.unconfirmed,
            State::Confirmed => t.confirmed,
            State::Invited => t.invited,
            State::SignedUp => t.signed_up,
            State::Bounced => t.bounced,
            State::Left => t.left,
            State::Deleted => t.deleted,
        }
    }

    /// The times that its row knows, but for those of the steps.
    fn times(&self) -> Vec<(&'static str, &crate::values::clock::Timestamp)> {
        let (t, entry) = (&self.t.place, &self.entry);
        let known = [
            (t.asked_at, &entry.asked_at),
            (t.invited_at, &entry.invited_at),
            (t.signed_up_at, &entry.signed_up_at),
            (t.bounced_at, &entry.bounced_at),
            (t.left_at, &entry.left_at),
            (t.deleted_at, &entry.deleted_at),
        ];
        known.into_iter().filter_map(|(name, at)| Some((name, at.as_ref()?))).collect()
    }

    /// What became of a mail.
    fn became(&self, mail: &OwnMail) -> &'static str {
        let t = &self.t.place;
        match mail.status.as_str() {
            "sent" => t.mail_sent,
            "dead" => t.mail_refused,
            "queued" | "sending" => t.mail_waits,
            _ => t.mail_ended,
        }
    }
}
