//! The page of one's own entry, by the private link: how far it has come, and what its owner can do about it.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::role_change::{RoleChange, role_of};
use super::words::Words;
use crate::audit::event::Actor;
use crate::mail::letter_history::WrittenLetter;
use crate::values::clock::Timestamp;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::waitlist::joining::links::{PLACE, PresentedLink, has_working_invitation};
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::waitlist::joining::words::Words as JoiningWords;
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::protection::limits;
use crate::web::waitlist_place::Turn;
use crate::web::{self, Answer, App, Error, FieldErrors, Form, Layout, Request, paths};

/// The form that corrects the role.
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
    joining: &'static JoiningWords,
    layout: Layout,
    token: SecretToken,
    entry: Entry,
    turn: Option<Turn>,
    /// From when the mail that confirms it is sent again, if enough were within a day.
    asked_again_from: Option<Timestamp>,
    /// Whether the link of the invitation works still.
    has_invitation: bool,
    mails: Vec<WrittenLetter>,
    errors: FieldErrors,
}

/// What is read of an entry for its page.
struct Held {
    entry: Entry,
    turn: Option<Turn>,
    asked_again_from: Option<Timestamp>,
    has_invitation: bool,
    mails: Vec<WrittenLetter>,
}

/// How far the entry has come, and what is held about it.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(app: Data<App>, layout: Layout, Query(field): Query<TokenField>) -> web::Result {
    let Some(token) = SecretToken::parse(&field.token) else { return link_gone::show_place(layout, &field.token) };
    match PlacePage::load(&app, layout.clone(), token).await? {
        Some(place) => response::ok(place),
        None => link_gone::show_place(layout, &field.token),
    }
}

/// Changes the role.
///
/// # Errors
/// Too many, or when the database is unavailable.
pub async fn update(request: Request, http: HttpRequest, form: Form<RoleForm>) -> web::Result {
    let Request { app, layout, client, submission } = request;
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show_place(layout, &form.token) };
    let Some(role) = Role::parse(&form.role) else { return no_role(&app, layout, token).await };
    let (now, actor) = (app.clock.now(), Actor::visitor(&client));
    let link = PresentedLink { purpose: PLACE, token: token.clone(), keys: app.keys.clone() };
    let (shown, db) = (token.clone(), app.db.for_row(token.hash().as_str()));
    let answer = Answer::see_other(paths::with_token(paths::waitlist::PLACE, &token));
    let answer = answer.with_flash(Words::of(layout.locale).role_changed);
    let recorded = answer.clone();
    let changed = db.write(move |conn| {
        let Some(entry) = Entry::lock_by_link(conn, now, &link)? else { return Ok(None) };
        if entry.is_gone() {
            return Ok(Some(false));
        }
        let answer = recorded.clone().about(role_of(entry.id));
        RoleChange { entry, to: role }.save(conn, now, &actor)?;
        submission.record(conn, &answer)?;
        Ok(Some(true))
    });
    match changed.await? {
        Some(true) => answer.send(&http),
        // The page says that its owner has left.
        Some(false) => response::see_other(paths::with_token(paths::waitlist::PLACE, &shown)),
        None => link_gone::show_place(layout, &form.token),
    }
}

/// The page again, which says that the role is missing.
async fn no_role(app: &App, layout: Layout, token: SecretToken) -> web::Result {
    let Some(mut place) = PlacePage::load(app, layout.clone(), token.clone()).await? else {
        return link_gone::show_place(layout, token.reveal());
    };
    place.errors.add("role", place.joining.role_missing);
    response::invalid(place)
}

impl PlacePage {
    async fn load(app: &App, layout: Layout, token: SecretToken) -> Result<Option<Self>, Error> {
        let now = app.clock.now();
        let link = PresentedLink { purpose: PLACE, token: token.clone(), keys: app.keys.clone() };
        let held = app.db.read(move |conn| {
            let Some(entry) = Entry::find_by_link(conn, now, &link)? else { return Ok(None) };
            let turn = entry.turn(conn, now)?;
            let has_invitation = entry.state == State::Invited && has_working_invitation(conn, now, entry.id)?;
            let asked_again_from = if entry.has_to_confirm() { entry.asked_again_from(conn, now)? } else { None };
            let mut mails = entry.mails(conn)?;
            // Those that a newer one replaced before they were sent tell their reader nothing.
            mails.retain(|mail| ["queued", "sending", "sent", "dead"].contains(&mail.status.as_str()));
            Ok(Some(Held { entry, turn, asked_again_from, has_invitation, mails }))
        });
        let (t, joining) = (Words::of(layout.locale), JoiningWords::of(layout.locale));
        let Some(Held { entry, turn, asked_again_from, has_invitation, mails }) = held.await? else { return Ok(None) };
        let errors = FieldErrors::default();
        Ok(Some(Self { t, joining, layout, token, entry, turn, asked_again_from, has_invitation, mails, errors }))
    }

    /// The role in the words of the form.
    fn role(&self) -> &'static str {
        match self.entry.role {
            Role::Employee => self.layout.t.role_employee,
            Role::Organization => self.layout.t.role_organization,
        }
    }

    /// How far the entry has come, in a sentence.
    fn lead(&self) -> &'static str {
        let t = self.t;
        match self.entry.state {
            State::Joined => t.unconfirmed,
            State::Confirmed => t.confirmed,
            State::Invited if self.has_invitation => t.invited,
            State::Invited => t.invited_before,
            State::SignedUp => t.signed_up,
            State::Bounced => t.bounced,
            State::Left => t.left,
            State::Deleted => t.deleted,
        }
    }

    /// The times of the row, but for when it was made.
    fn times(&self) -> Vec<(&'static str, &Timestamp)> {
        let (t, entry) = (self.t, &self.entry);
        let known = [
            (t.asked_at, &entry.asked_at),
            (t.step_confirmed, &entry.confirmed_at),
            (t.invited_at, &entry.invited_at),
            (t.signed_up_at, &entry.signed_up_at),
            (t.bounced_at, &entry.bounced_at),
            (t.left_at, &entry.left_at),
            (t.deleted_at, &entry.deleted_at),
        ];
        known.into_iter().filter_map(|(name, at)| Some((name, at.as_ref()?))).collect()
    }

    /// What became of a mail.
    fn outcome(&self, mail: &WrittenLetter) -> &'static str {
        let t = self.t;
        match mail.status.as_str() {
            "sent" => t.mail_sent,
            "dead" => t.mail_refused,
            _ => t.mail_waits,
        }
    }
}
