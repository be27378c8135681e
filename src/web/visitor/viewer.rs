//! Who is looking at a page, and the guards that let only some of them in.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::sync::{Arc, PoisonError, RwLock};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::db;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::{SessionId, UserId};
use crate::values::site_path::SitePath;
use crate::web::app::App;
use crate::web::page::error::Error;

/// How long the cookie's copy of the viewer spares a query (the seed's cookie cache: 5 minutes).
const CACHE: TimeDelta = TimeDelta::minutes(5);
/// A cached viewer is believed only while we heard of changes this recently.
const NEWS: TimeDelta = TimeDelta::seconds(2);
/// Sensitive pages ask for the password again after this.
const RECENT: TimeDelta = TimeDelta::minutes(10);
/// Admin pages after this.
const RECENT_FOR_ADMINS: TimeDelta = TimeDelta::minutes(60);
/// How far the clocks of two replicas may be apart.
const SKEW: TimeDelta = TimeDelta::seconds(2);

/// The person who is signed in, as read from the database: what the pages show of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Their account.
    pub id: UserId,
    /// The session of this browser.
    pub session: SessionId,
    /// Their name, or their address when they gave none.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What their account is for.
    pub kind: AccountKind,
    /// Their profession, or the position of an organization's contact.
    pub profession: String,
    /// The path of the picture; nothing while it is generated.
    pub avatar: Option<String>,
    /// Whether an organization manages the account.
    pub is_managed: bool,
    /// When the password was last proved.
    pub authenticated_at: Timestamp,
    /// When this session ends.
    pub session_expires_at: Timestamp,
    /// When this was read from the database.
    pub read_at: Timestamp,
}

impl Viewer {
    /// Whether the admin pages are theirs.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.kind == AccountKind::Admin
    }

    /// Whether this is a company's account.
    #[must_use]
    pub fn is_organization(&self) -> bool {
        self.kind == AccountKind::Organization
    }

    /// Up to two letters for the generated picture.
    #[must_use]
    pub fn initials(&self) -> String {
        initials(&self.name)
    }
}

/// The first letters of the first and the last word of a name.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let ends = [words.next(), words.next_back()];
    ends.into_iter().flatten().flat_map(char::to_uppercase).collect()
}

/// What the middleware found out about a request.
#[derive(Clone, Debug)]
pub enum Visitor {
    /// Nobody is signed in.
    Guest,
    /// This person.
    SignedIn(Viewer),
    /// There is a session, but the database could not be asked about it.
    Unknown,
}

impl Visitor {
    /// Who makes this request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or(Self::Guest)
    }
}

/// A page of someone's account: guests go to the log-in page and come back.
#[derive(Debug)]
pub struct SignedIn(pub Viewer);

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match Visitor::of(request) {
            Visitor::SignedIn(viewer) => Ok(Self(viewer)),
            Visitor::Guest => Err(Error::SignInFirst(come_back_to(request))),
            Visitor::Unknown => Err(Error::Unavailable(db::Error::Away("the session could not be read".to_owned()))),
        })
    }
}

/// A sensitive page of someone's account: asks for the password again when it was given more than 10 minutes ago. A form
/// that carries the password itself needs [`SignedIn`] alone.
#[derive(Debug)]
pub struct Recent(pub Viewer);

impl FromRequest for Recent {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload).into_inner();
        ready(signed_in.and_then(|SignedIn(viewer)| proved_within(RECENT, viewer, request).map(Self)))
    }
}

/// The viewer, if the password was given lately.
fn proved_within(recently: TimeDelta, viewer: Viewer, request: &HttpRequest) -> Result<Viewer, Error> {
    let now = request.app_data::<Data<App>>().map(|app| app.clock.now());
    let is_recent = now.is_some_and(|now| viewer.authenticated_at + recently > now);
    if is_recent { Ok(viewer) } else { Err(Error::ReauthFirst(come_back_to(request))) }
}

/// An admin page, for who proved the password within the hour: to everyone else who is signed in it does not exist.
#[derive(Debug)]
pub struct Admin(pub Viewer);

impl FromRequest for Admin {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload).into_inner();
        ready(signed_in.and_then(|SignedIn(viewer)| {
            if !viewer.is_admin() {
                return Err(Error::NOT_FOUND);
            }
            proved_within(RECENT_FOR_ADMINS, viewer, request).map(Self)
        }))
    }
}

/// Only a page can be come back to, not a form that was sent.
fn come_back_to(request: &HttpRequest) -> Option<SitePath> {
    request.method().is_safe().then(|| SitePath::parse(&request.uri().to_string())).flatten()
}

/// A page of an organization: to everyone else who is signed in it does not exist.
#[derive(Debug)]
pub struct Organization(pub Viewer);

impl FromRequest for Organization {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload).into_inner();
        let guarded =
            signed_in.and_then(|SignedIn(viewer)| viewer.is_organization().then_some(viewer).ok_or(Error::NOT_FOUND));
        ready(guarded.map(Self))
    }
}

/// Whose cached view is out of date: sessions ended, accounts changed. Every replica learns of it from the database
/// each second (a poll, since `LISTEN` does not work behind a pooler); the one that made the change knows at once.
#[derive(Clone, Debug, Default)]
pub struct Changes(Arc<RwLock<News>>);

#[derive(Debug, Default)]
struct News {
    /// When we last asked the database with success.
    heard_at: Option<Timestamp>,
    /// When we learned of the last change of each user.
    changed: HashMap<UserId, Timestamp>,
    /// The changes that the database told, by their numbers, so that none counts twice.
    told: HashMap<i64, Timestamp>,
}

impl Changes {
    /// Remembers that this user's view has changed.
    pub fn note(&self, user: &UserId, now: Timestamp) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).changed.insert(user.clone(), now);
    }

    /// Takes in what the database told when it was asked at `asked_at`. A change that it told before counts from when we
    /// first heard of it.
    pub fn hear(&self, changes: Vec<(i64, UserId)>, asked_at: Timestamp) {
        let mut news = self.0.write().unwrap_or_else(PoisonError::into_inner);
        news.heard_at = Some(asked_at);
        news.changed.retain(|_, at| *at + CACHE + SKEW > asked_at);
        news.told.retain(|_, at| *at + CACHE + SKEW > asked_at);
        for (number, user) in changes {
            if news.told.insert(number, asked_at).is_none() {
                news.changed.insert(user, asked_at);
            }
        }
    }

    /// When the database was last asked with success.
    #[must_use]
    pub fn heard_at(&self) -> Option<Timestamp> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).heard_at
    }

    /// Whether a cached viewer may be believed now. Without news from the database none is: the session may have been
    /// ended elsewhere.
    #[must_use]
    pub fn trusts(&self, viewer: &Viewer, now: Timestamp) -> bool {
        let news = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let informed = news.heard_at.is_some_and(|at| at + NEWS > now);
        let unchanged = news.changed.get(&viewer.id).is_none_or(|at| viewer.read_at > *at + SKEW);
        let recent = viewer.read_at + CACHE > now && viewer.read_at <= now + SKEW;
        informed && unchanged && recent && viewer.session_expires_at > now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(read_at: Timestamp) -> Viewer {
        Viewer {
            id: UserId::from("ana".to_owned()),
            session: SessionId::generate(),
            name: "Ana María Rojas".to_owned(),
            email: "ana@example.cl".to_owned(),
            kind: AccountKind::Employee,
            profession: String::new(),
            avatar: None,
            is_managed: false,
            authenticated_at: read_at,
            session_expires_at: read_at + TimeDelta::days(7),
            read_at,
        }
    }

    #[test]
    fn a_cached_view_is_believed_for_five_minutes_while_there_is_news() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let (changes, ana) = (Changes::default(), viewer(now));
        assert!(!changes.trusts(&ana, now), "nothing heard yet");
        changes.hear(vec![], now);
        assert!(changes.trusts(&ana, now));
        assert!(!changes.trusts(&ana, now + TimeDelta::seconds(3)), "no news for too long");
        changes.hear(vec![], now + TimeDelta::minutes(5));
        assert!(!changes.trusts(&ana, now + TimeDelta::minutes(5)), "too old");
    }

    #[test]
    fn a_change_ends_what_was_read_before_it() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let changes = Changes::default();
        let ana = || UserId::from("ana".to_owned());
        changes.hear(vec![(7, ana())], now);
        assert!(!changes.trusts(&viewer(now), now));
        let later = now + TimeDelta::seconds(10);
        changes.hear(vec![(7, ana())], later);
        assert!(changes.trusts(&viewer(later), later), "read after the change, which was told twice");
        changes.hear(vec![(7, ana()), (6, ana())], later);
        assert!(!changes.trusts(&viewer(later), later), "another change, which was committed late");
        changes.note(&UserId::from("ana".to_owned()), later);
        assert!(!changes.trusts(&viewer(later), later));
    }

    #[test]
    fn initials_are_of_the_first_and_last_name() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(viewer(now).initials(), "AR");
        assert_eq!(Viewer { name: "ñandú".to_owned(), ..viewer(now) }.initials(), "Ñ");
    }
}
