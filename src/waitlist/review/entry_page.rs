//! One place's page for admins: its history, and what can be done to it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use askama::Template;

use super::bounce;
use super::bulk;
use super::entry_record::{EntryAct, EntryInvitation, EntryRecord};
use super::restoration;
use super::signals;
use super::words::Words;
use super::words::bulk::BulkWords;
use super::words::entry_acts::EntryActWords;
use crate::audit;
use crate::audit::event::Actor;
use crate::values::clock::Timestamp;
use crate::values::id::{DeletionId, EntryId};
use crate::waitlist::joining::entry_mail;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::web::page::query::Origin;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, App, Error, Layout, PathId, Request, Subject, paths};

#[derive(Template)]
#[template(path = "waitlist/review/entry_page.html")]
struct EntryPage {
    t: &'static Words,
    acts: &'static BulkWords,
    own: &'static EntryActWords,
    audit: &'static audit::words::Words,
    layout: Layout,
    record: EntryRecord,
    /// The page from which it was opened.
    origin: Origin,
    /// The place changed between the page and its button.
    has_moved: bool,
}

/// Instead of a place that is not there.
#[derive(Template)]
#[template(path = "waitlist/review/entry_gone.html")]
struct GonePage {
    own: &'static EntryActWords,
    acts: &'static BulkWords,
    layout: Layout,
    /// The page from which it was opened.
    origin: Origin,
}

/// A place. One that is not there is a 404 that says so: it may have been on the list until a moment ago.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(
    _: Admin,
    Request { app, layout, .. }: Request,
    http: HttpRequest,
    PathId(id): PathId<EntryId>,
) -> web::Result {
    let origin = Origin::of(&http);
    match find(&app, id).await? {
        Some(record) => response::ok(EntryPage::of(record, layout, origin)),
        None => GonePage::show(layout, origin),
    }
}

/// The request of an admin who does something to a place.
struct AdminRequest {
    request: Request,
    http: HttpRequest,
    admin: Admin,
    id: EntryId,
}

/// Brings a deleted place back.
///
/// # Errors
/// When the database is unavailable.
pub async fn restore(request: Request, http: HttpRequest, admin: Admin, PathId(id): PathId<EntryId>) -> web::Result {
    let about = Some(restoration::places_restored());
    AdminRequest { request, http, admin, id }.apply(restoration::restore, |own| own.restored, about).await
}

/// Clears the bounce of a place.
///
/// # Errors
/// When the database is unavailable.
pub async fn clear_bounce(
    request: Request,
    http: HttpRequest,
    admin: Admin,
    PathId(id): PathId<EntryId>,
) -> web::Result {
    let about = Some(entry_mail::mail_to(id));
    AdminRequest { request, http, admin, id }.apply(bounce::clear, |own| own.bounce_cleared, about).await
}

/// Marks a place as reviewed: nothing suggests a bot any more.
///
/// # Errors
/// When the database is unavailable.
pub async fn review(request: Request, http: HttpRequest, admin: Admin, PathId(id): PathId<EntryId>) -> web::Result {
    AdminRequest { request, http, admin, id }.apply(signals::review, |own| own.reviewed, None).await
}

impl AdminRequest {
    /// Does it, and leads back to the place, whose page says what was done; `about` is what that tells of.
    async fn apply(
        self,
        act: EntryAct,
        done: fn(&EntryActWords) -> &'static str,
        about: Option<Subject>,
    ) -> web::Result {
        let Self { request: Request { app, layout, client, submission }, http, admin: Admin(admin), id } = self;
        let (now, actor) = (app.clock.now(), Actor::new(&admin.id, &client));
        let origin = Origin::of(&http);
        let answer = Answer::see_other(origin.kept_in(&EntryPage::page_of(&id)))
            .with_flash(done(EntryActWords::of(layout.locale)));
        let answer = about.into_iter().fold(answer, Answer::about);
        let work = move |conn: &mut _| Ok(act(conn, now, &actor, id)?.then_some(()));
        match submission.write(&app.db, &answer, work).await? {
            Some(()) => answer.send(&http),
            None => EntryPage::refuse(&app, layout, id, origin).await,
        }
    }
}

async fn find(app: &App, id: EntryId) -> Result<Option<EntryRecord>, Error> {
    let now = app.clock.now();
    Ok(app.db.read(move |conn| EntryRecord::find(conn, now, id)).await?)
}

impl GonePage {
    fn show(layout: Layout, origin: Origin) -> web::Result {
        let (own, acts) = (EntryActWords::of(layout.locale), BulkWords::of(layout.locale));
        response::with_status(StatusCode::NOT_FOUND, Self { own, acts, layout, origin })
    }

    fn back(&self) -> String {
        self.origin.back(paths::waitlist::LIST)
    }
}

impl EntryPage {
    fn of(record: EntryRecord, layout: Layout, origin: Origin) -> Self {
        let (t, acts, own) = (Words::of(layout.locale), BulkWords::of(layout.locale), EntryActWords::of(layout.locale));
        let audit = audit::words::Words::of(layout.locale);
        Self { t, acts, own, audit, layout, record, origin, has_moved: false }
    }

    /// 409 with the place as it is now: somebody did it before, or it has changed.
    async fn refuse(app: &App, layout: Layout, id: EntryId, origin: Origin) -> web::Result {
        let layout = layout.without_form();
        match find(app, id).await? {
            Some(record) => response::conflict(Self { has_moved: true, ..Self::of(record, layout, origin) }),
            None => GonePage::show(layout, origin),
        }
    }

    /// The steps that were taken, with their times.
    fn steps(&self) -> Vec<(&'static str, Timestamp)> {
        let (entry, t) = (&self.record.entry, self.t);
        let steps = [
            (t.joined, Some(entry.created_at)),
            (t.asked, entry.asked_at),
            (t.confirmed, entry.confirmed_at),
            (t.invited, entry.invited_at),
            (t.signed_up, entry.signed_up_at),
            (t.bounced, entry.bounced_at),
            (t.left, entry.left_at),
            (t.deleted, entry.deleted_at),
        ];
        steps.into_iter().filter_map(|(step, at)| Some((step, at?))).collect()
    }

    fn page_of(id: &EntryId) -> String {
        paths::with_id(paths::waitlist::ENTRY, &id.to_string())
    }

    /// The address of a button of this place.
    fn button(&self, pattern: &str) -> String {
        self.origin.kept_in(&paths::with_id(pattern, &self.record.entry.id.to_string()))
    }

    /// The page of another place, which leads back to the same list.
    fn other(&self, id: &EntryId) -> String {
        self.origin.kept_in(&Self::page_of(id))
    }

    fn deletion(&self, id: &DeletionId) -> String {
        self.origin.kept_in(&paths::with_id(paths::waitlist::DELETION, id.as_str()))
    }

    /// The page from which it was opened.
    fn back(&self) -> String {
        self.origin.back(paths::waitlist::LIST)
    }

    /// The page of an email about it, which leads back here.
    fn letter(&self, id: &str) -> String {
        let here = self.other(&self.record.entry.id);
        Origin::page(&here).kept_in(&paths::with_id(paths::mail::QUEUED_LETTER, id))
    }

    /// What is known of its address, the account too.
    fn story(&self) -> String {
        paths::search::search_for(self.record.entry.email.as_str())
    }

    fn invite_label(&self) -> &'static str {
        if self.record.entry.state == State::Invited { self.own.invite_again } else { self.own.invite_now }
    }

    fn wave_of(invitation: &EntryInvitation) -> String {
        paths::with_id(paths::waitlist::WAVE, &invitation.wave_id.to_string())
    }

    /// The confirmation of an act on this place.
    fn act(&self, act: &str) -> String {
        let (act, id) = ([act, bulk::ONE].concat(), self.record.entry.id.to_string());
        self.origin.kept_beside(paths::waitlist::BULK, &[("act", &act), ("id", &id)])
    }
}
